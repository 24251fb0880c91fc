"""The bootstrap samples of a forest's trees."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..growth.tree_parameters import is_share, is_whole
from .drawing_rows import Units

#: Rows that weights may stand for.
MOST_COPIES = 1 << 28


class Draws:
    """Samples with replacement of rows by content: how often each row is drawn, and who never is.

    Copies of a row are one unit, see `drawing_rows`; its first row stands for it.
    """

    def __init__(self, held: Units, asked: Any, n: int) -> None:
        self.units, self.n = held, n
        # Weights of more than so many copies are not copies: there are as many rows as have a weight.
        copies = held.total <= MOST_COPIES
        self.size = _size(asked, held.total if copies else len(held.order))
        self.first = held.order[held.first[:-1]]
        # Whole masses are drawn by the number of a copy, which needs no search.
        self.owner = None
        if held.whole and copies:
            self.owner = np.repeat(np.arange(len(held.mass)), held.mass.astype(np.int64))
        self.single = len(held.mass) == len(held.order)

    def draw(self, seed: Any) -> tuple[np.ndarray, np.ndarray]:
        """(n,) how often each row was drawn, and the bits of the rows of which no copy was."""
        rng = np.random.default_rng(int(seed))
        if self.owner is not None:
            places = self.owner[rng.integers(0, len(self.owner), self.size)]
        else:
            ends = self.units.ends
            places = np.searchsorted(ends, rng.random(self.size) * ends[-1], side="right")
            places = np.minimum(places, len(ends) - 1)
        times = np.bincount(places, minlength=len(self.first))
        counts = np.zeros(self.n, np.int64)
        counts[self.first] = times
        if self.single:
            return counts, np.packbits(counts == 0)
        outside = np.ones(self.n, bool)
        outside[self.units.order[np.repeat(times > 0, np.diff(self.units.first))]] = False
        return counts, np.packbits(outside)


def _size(asked: Any, total: int) -> int:
    """How many rows are drawn of so many."""
    if asked is None:
        return total
    if is_whole(asked):
        if not 1 <= asked <= total:
            raise ValueError(f"max_samples={asked} must be from 1 to the {total} rows")
        return int(asked)
    if is_share(asked):
        return max(round(asked * total), 1)
    raise ValueError(f"max_samples={asked!r} must be None, a whole number or a share in (0, 1]")
