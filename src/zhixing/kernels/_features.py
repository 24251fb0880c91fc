"""The features a node may use, drawn by level and by node."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine
from ._nodes import PER_LEVEL, PER_NODE, SEED


@subroutine
def mix(state):
    """The next of a sequence of well-mixed 64-bit words (splitmix64)."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state, z ^ (z >> np.uint64(31))


@subroutine
def draw(mask, share, state):
    """Keep ceil(share) of the marked features, each as likely as any other."""
    marked = 0
    for j in range(mask.size):
        marked += mask[j]
    keep = max(np.int64(np.ceil(share * marked)), 1)
    for j in range(mask.size):
        if mask[j]:
            state, z = mix(state)
            # Kept with probability keep / marked, exactly as many as wanted (Knuth's algorithm S).
            if np.float64(z >> np.uint64(11)) * 2.0**-53 * marked < keep:
                keep -= 1
            else:
                mask[j] = 0
            marked -= 1


@subroutine
def draw_mask(mask, node, depth, living, groups, options):
    """Features a node may use: of the living groups, drawn by level, then by node."""
    for j in range(mask.size):
        mask[j] = groups[j] & living != 0
    seed = np.uint64(np.int64(options[SEED]))
    if options[PER_LEVEL] < 1.0:
        draw(mask, options[PER_LEVEL], seed ^ (np.uint64(depth + 1) << np.uint64(40)))
    if options[PER_NODE] < 1.0:
        draw(mask, options[PER_NODE], seed ^ (np.uint64(node + 1) << np.uint64(20)))
