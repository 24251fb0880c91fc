"""The form in which compiled loops take criteria: a convex function of the node's means."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.part import part


@part
class Convex(NamedTuple):
    """What a split gains is a Jensen gap: score = w mean_k phi(m_k) for the means m_k of a node.

    phi(m) = m^2 gives `Gini` for shares of classes and `Squared` for numbers; phi(m) = m log m
    (`logarithmic` 1) gives `Entropy`, in bits, and `Poisson`.  So one loop serves all four.
    n_classes: sums are the weights of so many classes for each output; 0: sums are (w, w y_1, ...).
    Breiman et al. (1984), section 4.3; Banerjee et al. (2005), definition 2 (Bregman information).

    >>> from zhixing.criteria import Gini
    >>> float(Gini(3).form.score(np.ones(3))) == float(Gini(3).score(np.ones(3)))
    True
    """

    n_classes: int = 2
    logarithmic: int = 0

    def score(self, s):
        total = 0.0
        if self.n_classes == 0:
            for k in range(1, s.size):
                if self.logarithmic == 0:
                    total += s[k] * s[k] / s[0] if s[0] > 0.0 else 0.0
                elif s[k] > 0.0:
                    total += s[k] * np.log(s[k] / s[0])
                else:
                    return -np.inf
            return total / (s.size - 1)
        outputs = s.size // self.n_classes
        for o in range(outputs):
            w = 0.0
            inner = 0.0
            for k in range(o * self.n_classes, (o + 1) * self.n_classes):
                x = s[k]
                w += x
                if self.logarithmic == 0:
                    inner += x * x
                elif x > 0.0:
                    inner += x * np.log2(x)
            if w > 0.0:
                total += inner / w if self.logarithmic == 0 else inner - w * np.log2(w)
        return total / outputs

    def score_pair(self, a, b):
        """`score` of two sums, which stay in registers; a > 0 for numbers."""
        if self.logarithmic == 0:
            return b * b / a if self.n_classes == 0 else (a * a + b * b) / (a + b)
        if self.n_classes == 0:
            return b * np.log(b / a) if b > 0.0 else -np.inf
        if a <= 0.0 or b <= 0.0:
            return 0.0
        w = a + b
        return a * np.log2(a / w) + b * np.log2(b / w)

    def score_sides(self, left, total):
        """``score(left) + score(total - left)`` of three sums and more, in one pass."""
        if self.n_classes == 0:
            outer = 0.0
            w, v = np.float64(left[0]), np.float64(total[0] - left[0])
            for k in range(1, total.size):
                x, y = np.float64(left[k]), np.float64(total[k] - left[k])
                if self.logarithmic == 0:
                    outer += x * x / w + y * y / v
                elif x > 0.0 and y > 0.0:
                    outer += x * np.log(x / w) + y * np.log(y / v)
                else:
                    return -np.inf
            return outer / (total.size - 1)
        outputs = total.size // self.n_classes
        outer = 0.0
        for o in range(outputs):
            w, v, inner, other = 0.0, 0.0, 0.0, 0.0
            first = o * self.n_classes
            if self.logarithmic == 0:
                for k in range(first, first + self.n_classes):
                    x, y = np.float64(left[k]), np.float64(total[k] - left[k])
                    w += x
                    v += y
                    inner += x * x
                    other += y * y
                outer += inner / w + other / v
                continue
            for k in range(first, first + self.n_classes):
                x, y = np.float64(left[k]), np.float64(total[k] - left[k])
                w += x
                v += y
                inner += x * np.log2(x) if x > 0.0 else 0.0
                inner += y * np.log2(y) if y > 0.0 else 0.0
            outer += inner - w * np.log2(w) - v * np.log2(v)
        return outer / outputs

    def ceiling(self, s):
        """A sum of scores that no split passes: that of pure sides; infinite for numbers."""
        if self.n_classes == 0:
            return np.inf
        total = 0.0
        if self.logarithmic == 0:
            for k in range(self.n_classes):
                total += s[k]
        return total
