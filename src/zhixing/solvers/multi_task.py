"""Penalised least squares of several targets whose coefficients vanish together."""

from __future__ import annotations

import numpy as np

from ..kernels.cd_group import cd_group, group_gap_and_violations
from .active_set import Effort
from .columns import Columns
from .single_task import At, SingleTask
from .terms import Terms


class MultiTask(SingleTask):
    """As `SingleTask` for Y of shape (n, k) and W of shape (p, k), with norms of the rows of W.

    The penalty is sum_j (l1_j |w_j| + l2_j |w_j|^2 / 2), w_j the row of feature j; no bounds.
    """

    def __init__(self, columns: Columns, Y: np.ndarray, c: np.ndarray | None = None) -> None:
        self.columns = columns
        self.mean = columns.weight @ Y if columns.center else np.zeros(Y.shape[1])
        self.y = Y - self.mean
        self.yy = float(columns.weight @ (self.y * self.y).sum(axis=1))
        weighted = np.ascontiguousarray(columns.weight[:, None] * self.y)
        self.c = columns.X.transpose_dot(weighted) if c is None else c

    def zeros(self) -> np.ndarray:
        return np.zeros(self.c.shape)

    @staticmethod
    def support(w: np.ndarray) -> np.ndarray:
        return np.asarray(w.any(axis=1))

    def gap(self, terms: Terms, w: np.ndarray, at: At, violation: np.ndarray) -> float:
        g = np.ascontiguousarray(at[0])
        order = np.arange(len(w))
        return group_gap_and_violations(g, w, order, terms.l1, terms.l2, at[1], at[2], violation)

    def solve(
        self, terms: Terms, w: np.ndarray, g: np.ndarray, order: np.ndarray, effort: Effort
    ) -> tuple[np.ndarray, np.ndarray, int, float]:
        G, ids, order = self._matrix(order)
        t = terms.at(ids)
        c, gradient, new = (np.ascontiguousarray(a[ids]) for a in (self.c, g, w))
        sweeps, gap = cd_group(
            G, c, gradient, new, order, len(ids), t.l1, t.l2, self.yy, effort.sweeps, effort.gap
        )
        return self._spread(ids, new), self._spread(ids, gradient), sweeps, gap
