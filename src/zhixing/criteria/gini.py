"""The Gini impurity."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part
from .convex import Convex


@part
class Gini(NamedTuple):
    """How often two rows drawn from the node differ in class, G = 1 - sum_k p_k^2.

    The sums are the weights of the classes, `n_classes` for each output, one output after the other;
    score = sum_k w_k^2 / w = w (1 - G), its mean over the outputs.  A leaf predicts the shares p_k.
    Breiman et al. (1984), section 4.3.

    >>> s = np.zeros(2)
    >>> for y in ([0], [0], [1], [1]):
    ...     Gini(2).add(s, np.array(y), 1.0)
    >>> float(Gini(2).score(s)), float(Gini(2).impurity(s))
    (2.0, 0.5)
    """

    n_classes: int = 2
    n_outputs: int = 1

    target = "classes"

    @property
    def n_stats(self) -> int:
        return self.n_classes * self.n_outputs

    @property
    def form(self) -> Convex:
        return Convex(self.n_classes, 0)

    def add(self, s, y, weight):
        for o in range(y.size):
            s[o * self.n_classes + int(y[o])] += weight

    def score(self, s):
        outputs = s.size // self.n_classes
        total = 0.0
        for o in range(outputs):
            w = 0.0
            squares = 0.0
            for k in range(o * self.n_classes, (o + 1) * self.n_classes):
                w += s[k]
                squares += s[k] * s[k]
            total += squares / w if w > 0.0 else 0.0
        return total / outputs

    def impurity(self, s):
        """G of sums (..., n_stats), its mean over the outputs."""
        p = self.leaf(s).reshape(*np.shape(s)[:-1], self.n_outputs, self.n_classes)
        return (1.0 - (p * p).sum(axis=-1)).mean(axis=-1)

    def leaf(self, s):
        s = np.asarray(s, dtype=float)
        w = s[..., : self.n_classes].sum(axis=-1, keepdims=True)
        return s / np.where(w > 0, w, 1.0)
