"""Which rows a tree is grown on, and with what weight."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from ..core.part import part


class Sampling(Protocol):
    """Draws rows for one round."""

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray | None:
        """Rows in increasing order as uint32, or None for all."""
        ...


@part
class Fraction(NamedTuple):
    """A share of the rows without replacement (Friedman 2002, "Stochastic gradient boosting")."""

    share: float = 1.0

    def draw(self, rng, n):
        if self.share >= 1.0:
            return None
        size = max(1, round(self.share * n))
        return np.sort(rng.choice(n, size, replace=False, shuffle=False)).astype(np.uint32)


ALL_ROWS = Fraction(1.0)
