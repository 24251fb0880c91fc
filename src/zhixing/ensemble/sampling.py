"""Which rows a tree is grown on, and with what weight."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from ..core.part import part


class Sampling(Protocol):
    """Draws rows for one round."""

    @property
    def every(self) -> int:
        """Rounds between two draws."""
        ...

    def draw(
        self, rng: np.random.Generator, t: int, g: np.ndarray, h: np.ndarray
    ) -> np.ndarray | None:
        """Rows in increasing order as uint32, or None for all.

        A draw by unequal chances multiplies the derivatives g, h (outputs, n) of the rows it
        keeps, so that sums over them estimate sums over all.
        """
        ...


@part
class Fraction(NamedTuple):
    """A share of the rows without replacement (Friedman 2002, "Stochastic gradient boosting")."""

    share: float = 1.0
    every: int = 1

    def draw(self, rng, t, g, h):
        n = g.shape[1]
        if self.share >= 1.0:
            return None
        size = max(1, round(self.share * n))
        return np.sort(rng.choice(n, size, replace=False, shuffle=False)).astype(np.uint32)


@part
class Goss(NamedTuple):
    """Gradient-based one-side sampling: the `top` share of largest |g h|, and `other` of the rest.

    The rest is drawn evenly and counts (1 - top) / other times.  The first `after` rounds see all
    rows.  Ke et al. (2017), "LightGBM", algorithm 2.
    """

    top: float = 0.2
    other: float = 0.1
    after: int = 0

    every = 1

    def draw(self, rng, t, g, h):
        n = g.shape[1]
        if t < self.after:
            return None
        size = np.abs(g * h).sum(axis=0)
        keep = max(1, int(n * self.top))
        extra = max(1, int(n * self.other))
        order = np.argpartition(size, n - keep)
        top, rest = order[n - keep :], np.sort(order[: n - keep])
        if extra >= len(rest):
            return None
        drawn = rest[rng.choice(len(rest), extra, replace=False, shuffle=False)]
        for derivative in (g, h):
            derivative[:, drawn] *= (n - keep) / extra
        return np.sort(np.concatenate([top, drawn])).astype(np.uint32)


@part
class MinimalVariance(NamedTuple):
    """Rows kept with probability in proportion to sqrt(g^2 + lam h^2), and weighed by its inverse.

    The threshold mu with sum min(1, s / mu) = share n makes the variance of a split's score least.
    Ibragimov and Gusev (2019), "Minimal variance sampling", eq. 10.
    """

    share: float = 0.8
    lam: float = 0.1

    every = 1

    def draw(self, rng, t, g, h):
        n = g.shape[1]
        if self.share >= 1.0:
            return None
        size = np.sqrt((g * g + self.lam * h * h).sum(axis=0))
        chance = np.minimum(size / self.threshold(size), 1.0)
        kept = rng.random(n) < chance
        if not kept.any():
            kept[int(np.argmax(size))] = True
        for derivative in (g, h):
            derivative[:, kept] /= np.maximum(chance[kept], 1e-12)
        return np.flatnonzero(kept).astype(np.uint32)

    def threshold(self, size):
        """mu: from the largest on, sizes above it count 1, those below size / mu."""
        wanted = self.share * len(size)
        falling = np.sort(size)[::-1]
        below = np.cumsum(falling[::-1])[::-1]  # sum of this one and all smaller
        certain = np.arange(len(size))
        mu = below / np.maximum(wanted - certain, 1e-300)
        fits = np.flatnonzero((certain < wanted) & (falling <= mu))
        return max(float(mu[fits[0]]) if len(fits) else float(falling[-1]), 1e-300)


@part
class Bayesian(NamedTuple):
    """All rows with random weights (-log u)^temperature; 1 is the Bayesian bootstrap (Rubin 1981)."""

    temperature: float = 1.0

    every = 1

    def draw(self, rng, t, g, h):
        if self.temperature > 0.0:
            weight = rng.standard_exponential(g.shape[1]) ** self.temperature
            g *= weight
            h *= weight


ALL_ROWS = Fraction(1.0)
