"""Rows in pieces for sums by class, and the sums put together in order."""

from __future__ import annotations

import numpy as np

from ..core.parallel import slices


def summed(parts: list[np.ndarray]) -> np.ndarray:
    for part in parts[1:]:
        parts[0] += part
    return parts[0]


def pieces(n: int, values: int, cells: int) -> list[slice]:
    """Rows in as many pieces as pay for `cells` sums each; depends on sizes only."""
    count = int(np.clip(values // max(4 * cells, 2**16), 1, 16))
    return slices(n, -(-n // count))


def steps(cut: slice, p: int) -> list[slice]:
    """The rows of a piece, a cache full at a time (a chunk may have to be converted)."""
    size = max(64, 2**16 // max(p, 1))
    return [
        slice(cut.start + s.start, cut.start + s.stop) for s in slices(cut.stop - cut.start, size)
    ]
