"""Random numbers within a loop: uniform, whole and normal ones from a 64-bit state."""

from __future__ import annotations

import numpy as np

from ._features import mix
from ._jit import subroutine


@subroutine
def uniform(state):
    """The next state, and a number in [0, 1)."""
    state, z = mix(state)
    return state, np.float64(z >> np.uint64(11)) * 2.0**-53


@subroutine
def below(state, n):
    """The next state, and one of 0 .. n - 1."""
    state, u = uniform(state)
    return state, min(np.int64(u * n), n - 1)


@subroutine
def normal(state):
    """The next state, and a standard normal number (Box and Muller)."""
    state, u = uniform(state)
    state, v = uniform(state)
    return state, np.sqrt(-2.0 * np.log(1.0 - u)) * np.cos(2.0 * np.pi * v)
