"""The multiclass hinge loss."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class CrammerSinger(NamedTuple):
    """Multiclass hinge, l = max(0, 1 + max_{k != y} z_k - z_y), with y a class code.

    The score of the true class should lead every other by 1.  The subgradient moves the true class
    and its strongest rival.  Crammer and Singer (2001), "On the algorithmic implementation of
    multiclass kernel-based vector machines", eq. 4.

    >>> float(CrammerSinger(3).value(np.array([0]), np.array([[1.0, 0.5, -1.0]]))[0])
    0.5
    """

    n_outputs: int = 3

    domain = "classes"
    curvature = "none"
    coupled = False
    smoothness = np.inf

    def value(self, y, z, xp=np):
        true = xp.arange(z.shape[-1]) == y[..., None]
        own = xp.where(true, z, 0.0).sum(-1)
        short = 1.0 + xp.amax(xp.where(true, -np.inf, z), -1) - own
        return 0.5 * (short + xp.abs(short))

    def value_row(self, y, z):
        own = int(y)
        rival = -np.inf
        for k in range(z.size):
            if k != own:
                rival = max(rival, z[k])
        return max(0.0, 1.0 + rival - z[own])

    def derivatives_row(self, y, z, g, h):
        """Fill g with a subgradient and h with zeros; return the loss."""
        own = int(y)
        rival = -1
        for k in range(z.size):
            g[k] = 0.0
            h[k] = 0.0
            if k != own and (rival < 0 or z[k] > z[rival]):
                rival = k
        short = 1.0 + z[rival] - z[own]
        if short > 0.0:
            g[own] = -1.0
            g[rival] = 1.0
        return max(0.0, short)

    def mean(self, z, xp=np):
        """The classes of the largest score, shared where several are largest."""
        top = 1.0 * (z >= xp.amax(z, -1)[..., None])
        return top / top.sum(-1)[..., None]

    def start(self, y, weight):
        # A lead for the largest class costs 2 (1 - share), no lead at all costs 1.
        counts = np.bincount(y.astype(np.intp), weights=weight, minlength=self.n_outputs)
        z = np.zeros(self.n_outputs)
        z[np.argmax(counts)] = 1.0 if 2.0 * counts.max() > counts.sum() else 0.0
        return z
