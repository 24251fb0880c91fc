"""Friedman's improvement of a split."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .convex import Convex


@part
class FriedmanSquared(NamedTuple):
    """The squared distance between the means of both sides, weighted by w_l w_r / (w_l + w_r).

    With one output this is the fall of the squared error, so it chooses as `Squared` does; with more
    the means are of all outputs together.  The sums are (w, w mean(y)); score = (w mean(y))^2 / w.
    Friedman (2001), eq. 35.

    >>> s = np.zeros(2)
    >>> FriedmanSquared().add(s, np.array([1.0, 3.0]), 1.0)
    >>> FriedmanSquared().score(s)
    np.float64(4.0)
    """

    n_outputs: int = 1

    target = "numbers"

    @property
    def n_stats(self) -> int:
        return 2

    @property
    def form(self) -> Convex:
        return Convex(0, 0)

    def add(self, s, y, weight):
        s[0] += weight
        s[1] += weight * y.mean()

    def score(self, s):
        return s[1] * s[1] / s[0] if s[0] > 0.0 else 0.0

    def leaf(self, s):
        s = np.asarray(s, dtype=float)
        return s[..., 1:] / np.where(s[..., :1] > 0, s[..., :1], 1.0)
