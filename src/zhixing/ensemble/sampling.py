"""Which rows a tree is grown on, and with what weight."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from ..core.part import part


class Sampling(Protocol):
    """Draws rows for one round; g and h are (outputs, n) and may be scaled in place."""

    def draw(self, rng: np.random.Generator, g: np.ndarray, h: np.ndarray) -> np.ndarray | None:
        """Rows in increasing order as uint32, or None for all."""
        ...


@part
class Fraction(NamedTuple):
    """A share of the rows without replacement (Friedman 2002, "Stochastic gradient boosting")."""

    share: float = 1.0

    def draw(self, rng, g, h):
        n = g.shape[1]
        if self.share >= 1.0:
            return None
        size = max(1, round(self.share * n))
        return np.sort(rng.choice(n, size, replace=False, shuffle=False)).astype(np.uint32)


@part
class OneSide(NamedTuple):
    """Gradient-based one-side sampling: all rows of large gradients, some of the others.

    The `top` share by |g| (summed over outputs, times h as LightGBM does) stays; of the rest a share
    `other` of all rows is drawn and weighs (1 - top) / other.  Ke et al. (2017), algorithm 2.
    """

    top: float = 0.2
    other: float = 0.1

    def draw(self, rng, g, h):
        n = g.shape[1]
        size = np.abs(g * h).sum(axis=0)
        large = max(1, int(self.top * n))
        few = max(1, int(self.other * n))
        if large + few >= n:
            return None
        order = np.argpartition(-size, large)
        rest = np.sort(order[large:])
        drawn = rest[np.sort(rng.choice(len(rest), few, replace=False, shuffle=False))]
        scale = (n - large) / few
        g[:, drawn] *= scale
        h[:, drawn] *= scale
        return np.sort(np.concatenate([order[:large], drawn])).astype(np.uint32)


@part
class BayesianBootstrap(NamedTuple):
    """Every row with a weight of (-log u)^temperature, u uniform: CatBoost's default."""

    temperature: float = 1.0

    def draw(self, rng, g, h):
        if self.temperature > 0.0:
            weight = rng.standard_exponential(g.shape[1]) ** self.temperature
            g *= weight
            h *= weight
        return None


ALL_ROWS = Fraction(1.0)
