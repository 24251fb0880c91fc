"""Quadratic models of a loss on a working set, minimised together with the penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels.cd_softmax import cd_softmax
from .active_set import Effort, Quadratic, minimise
from .pieces import piece
from .terms import Terms, violations


class CurvedModel:
    """One score a row: X' diag(h) X of the chosen columns, the intercept at its optimum throughout.

    The matrix is kept from step to step while the steps gain enough: a step with an old matrix costs
    one pass over the rows, a new matrix as many as there are columns / 20.

    A row predicted wrongly and with confidence has a steep loss and next to no curvature, so the model
    would send it hundreds of units of z away.  `caution` lifts h to caution |g| / (2 + |z|): with 1, no
    row by itself is sent further than to the other side of zero and 2 beyond.
    """

    def __init__(self, f: Any, terms: Terms, chosen: np.ndarray) -> None:
        self.f, self.chosen, self.terms = f, chosen, terms.at(chosen)
        self.caution = 0.0
        self.columns = piece(f.X, chosen)
        self.order = np.arange(len(chosen))
        self.G: np.ndarray | None = None

    def look(self, point: Any) -> float:
        """The worst violation among the chosen coefficients and the intercept."""
        self.g = self.columns.transpose_dot(point.g) / self.f.weight
        self.gb = float(self.f.intercept_gradient(point))
        v = violations(self.terms, point.w[self.chosen], self.g)
        return max(float(v.max(initial=0.0)), abs(self.gb))

    def minimum(
        self, point: Any, *, fresh: bool, goal: float
    ) -> tuple[np.ndarray, Any, np.ndarray]:
        """Where the model has its minimum: coefficients, change of the intercept and of the scores."""
        if fresh or self.G is None:
            h = point.h / self.f.weight
            if self.caution:
                rows = np.abs(point.g) / (self.f.weight * (2.0 + np.abs(point.z)))
                h = np.maximum(h, self.caution * rows)
            self.G = np.ascontiguousarray(self.columns.gram(h))
            self.c, self.total = self.columns.transpose_dot(h), float(h.sum())
            self.center = self.f.problem.fit_intercept and self.total > 0.0
            if self.center:
                self.G -= np.outer(self.c, self.c / self.total)
        g = self.g - self.c * (self.gb / self.total) if self.center else self.g.copy()
        sub = point.w[self.chosen]
        q = Quadratic(self.G, len(sub), np.zeros(len(sub)), sub.copy(), g)
        minimise(q, self.order, self.terms, Effort(tol=0.1 * goal, rough=0.05))
        d = q.w - sub
        db = -(self.gb + float(self.c @ d)) / self.total if self.center else 0.0
        to = point.w.copy()
        to[self.chosen] = q.w
        return to, np.asarray(db), self.columns.dot(d) + db

    def slope(self, point: Any, to: np.ndarray, db: Any) -> float:
        """First-order change of the objective along the step."""
        old, new = point.w[self.chosen], to[self.chosen]
        rise = self.terms.value(new) - self.terms.value(old)
        return float(self.g @ (new - old) + self.gb * db) + rise


class SoftmaxModel:
    """Several coupled scores a row: the chosen (feature, output) pairs, by residuals."""

    def __init__(self, f: Any, terms: Terms, chosen: np.ndarray) -> None:
        k = f.problem.n_outputs
        order = np.lexsort((chosen // k, chosen % k))  # output by output
        self.f, self.chosen, self.k = f, chosen[order], k
        self.terms = Terms(
            terms.l1.ravel()[self.chosen], terms.l2.ravel()[self.chosen], terms.low, terms.high
        )
        features, place = np.unique(self.chosen // k, return_inverse=True)
        self.columns = piece(f.X, features)
        self.runs = self.columns.runs()
        self.place = place.astype(np.int64)
        self.output = self.chosen % k
        self.first = np.searchsorted(self.output, np.arange(k + 1)).astype(np.int64)
        self.caution = 0.0

    def look(self, point: Any) -> float:
        slope = self.columns.transpose_dot(point.g) / self.f.weight
        self.g = np.ascontiguousarray(slope[self.place, self.output])
        self.gb = self.f.intercept_gradient(point)
        v = violations(self.terms, point.w.ravel()[self.chosen], self.g)
        return max(float(v.max(initial=0.0)), float(np.abs(self.gb).max()))

    def minimum(
        self, point: Any, *, fresh: bool, goal: float
    ) -> tuple[np.ndarray, Any, np.ndarray]:
        P = np.ascontiguousarray(point.h.T)
        H = P * (self.f.block.weight / self.f.weight)
        new, db, dz = point.w.ravel()[self.chosen], np.zeros(self.k), np.zeros_like(P)
        cd_softmax(
            *self.runs, self.place, self.first, P, H, self.f.problem.fit_intercept,
            new, self.g, *self.terms, db, self.gb, dz, 50, 0.1,
        )  # fmt: skip
        to = point.w.copy()
        to.ravel()[self.chosen] = new
        return to, db, dz.T

    def slope(self, point: Any, to: np.ndarray, db: Any) -> float:
        old, new = point.w.ravel()[self.chosen], to.ravel()[self.chosen]
        rise = self.terms.value(new) - self.terms.value(old)
        return float(self.g @ (new - old) + self.gb @ db) + rise
