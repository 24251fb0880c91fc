"""Seeds: one generator for a fit, and independent ones for its pieces."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

RandomState: TypeAlias = "int | np.random.RandomState | np.random.Generator | None"


def generator(random_state: RandomState) -> np.random.Generator:
    """A NumPy generator from whatever scikit-learn accepts as `random_state`.

    >>> int(generator(0).integers(100)) == int(generator(0).integers(100))
    True
    """
    if isinstance(random_state, np.random.Generator):
        return random_state
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(2**31 - 1, size=4))
    return np.random.default_rng(random_state)


def seed(random_state: RandomState) -> int:
    """An integer seed, for libraries that want one."""
    return int(generator(random_state).integers(2**31 - 1))
