"""The entropy of the classes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .convex import Convex


@part
class Entropy(NamedTuple):
    """The uncertainty about a row's class, H = -sum_k p_k log2 p_k, in bits.

    The sums are those of `Gini`; score = sum_k w_k log2(w_k / w) = -w H, its mean over the outputs, so
    a split gains w times its information gain.  A leaf predicts the shares.  ``log_loss`` is the same
    criterion: half the deviance of the classes, but for the base of the logarithm.
    Quinlan (1986), section 4.

    >>> float(Entropy(2).score(np.array([2.0, 2.0])))
    -4.0
    """

    n_classes: int = 2
    n_outputs: int = 1

    target = "classes"

    @property
    def n_stats(self) -> int:
        return self.n_classes * self.n_outputs

    @property
    def form(self) -> Convex:
        return Convex(self.n_classes, 1)

    def add(self, s, y, weight):
        for o in range(y.size):
            s[o * self.n_classes + int(y[o])] += weight

    def score(self, s):
        outputs = s.size // self.n_classes
        total = 0.0
        for o in range(outputs):
            w = 0.0
            for k in range(o * self.n_classes, (o + 1) * self.n_classes):
                w += s[k]
                if s[k] > 0.0:
                    total += s[k] * np.log2(s[k])
            if w > 0.0:
                total -= w * np.log2(w)
        return total / outputs

    def impurity(self, s):
        """H of sums (..., n_stats), its mean over the outputs."""
        p = self.leaf(s).reshape(*np.shape(s)[:-1], self.n_outputs, self.n_classes)
        logs = np.log2(np.where(p > 0, p, 1.0))
        return -(p * logs).sum(axis=-1).mean(axis=-1)

    def leaf(self, s):
        s = np.asarray(s, dtype=float)
        w = s[..., : self.n_classes].sum(axis=-1, keepdims=True)
        return s / np.where(w > 0, w, 1.0)
