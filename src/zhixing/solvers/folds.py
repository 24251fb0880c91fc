"""Least-squares problems of the training rows of cross-validation, and errors on the rows left out.

A fold is a weight: rows left out of it weigh nothing, so all folds share one X.  Where there are more
rows than columns the folds share products too: those of the rows left out are taken from the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from ..core.errors import InputError
from .cd import Fit
from .columns import Columns
from .design import as_design
from .moments import Moments, moments
from .multi_task import MultiTask
from .single_task import SingleTask
from .tasks import tasks

#: Beyond this many columns the products of all of them are not formed.
WIDEST = 2048
#: A sum of squares of which less than this share is left after a subtraction is computed anew.
KEPT = 1e-6


class Folds:
    """The problems of folds of (X, Y, weight); Y has shape (n, k), weight may be None.

    `together` makes one problem of all targets (`MultiTask`).  `products` says whether the folds share
    products of all columns (None: where there are more rows than columns, and not too many of these).
    Cost with products: X is read twice, whatever the number of folds.
    """

    def __init__(
        self,
        X: Any,
        Y: np.ndarray,
        weight: np.ndarray | None,
        fit_intercept: bool,
        *,
        together: bool = False,
        products: bool | None = None,
    ) -> None:
        self.X = X.tocsr() if sparse.issparse(X) else X
        self.design = as_design(X)
        self.Y, self.weight, self.fit_intercept, self.together = Y, weight, fit_intercept, together
        n, p = X.shape
        if products is None:
            products = not sparse.issparse(X) and p <= WIDEST and n > p
        self.products = products

    @cached_property
    def sums(self) -> Moments:
        return moments(self.design, self.Y, self.weight, center=self.fit_intercept)

    def sums_of(self, rows: np.ndarray, shift: np.ndarray | None = None) -> Moments:
        weight = None if self.weight is None else self.weight[rows]
        return moments(
            as_design(self.X[rows]), self.Y[rows], weight, shift=shift, center=self.fit_intercept
        )

    def problem(self, weight: np.ndarray | None, sums: Moments | None) -> SingleTask:
        """The problem of all rows with these weights, from their products if there are any."""
        if sums is None:
            options: Any = {"together": self.together}
            return tasks(self.design, self.Y, weight, self.fit_intercept, **options)[0]
        n, p = self.X.shape
        if self.fit_intercept:
            mean, S = sums.about_mean()
        else:
            mean, S = np.zeros(p), sums.about_zero()
        omega = np.full(n, 1.0 / n) if weight is None else weight / weight.sum()
        columns = Columns.complete(self.design, omega, self.fit_intercept, mean[:p], S[:p, :p])
        C = np.ascontiguousarray(S[:p, p:])
        if self.together:
            return MultiTask(columns, self.Y, C)
        return SingleTask(columns, self.Y[:, 0].copy(), C[:, 0].copy())

    def whole(self) -> SingleTask:
        """The problem of all rows."""
        return self.problem(self.weight, self.sums if self.products else None)

    def fold(self, train: np.ndarray, test: np.ndarray) -> Fold:
        """The problem of the rows `train`, which may name a row twice, to be judged on `test`."""
        return Fold(self, np.asarray(train), np.asarray(test))


class Fold:
    """One fold of `Folds`: its problem, and what fits of it are worth."""

    def __init__(self, folds: Folds, train: np.ndarray, test: np.ndarray) -> None:
        self.folds, self.test = folds, test
        count = np.bincount(train, minlength=len(folds.Y)).astype(np.float64)
        own = count if folds.weight is None else folds.weight * count
        self.weight = np.ones(len(test)) if folds.weight is None else folds.weight[test]
        for which, weight in (("training", own), ("test", self.weight)):
            if not weight.any():
                raise InputError(
                    f"a fold of cross-validation has no weight in its {which} rows",
                    do="use fewer folds, or leave rows of weight zero out",
                )
        self.own: Moments | None = None
        self.held: Moments | None = None
        if folds.products:
            out = np.flatnonzero(count == 0.0)
            if len(train) + len(out) == len(count) and len(out) <= len(train):
                self.held = folds.sums_of(out, folds.sums.shift)
                self.own = _difference(folds.sums, self.held, folds.fit_intercept)
            if self.own is None:
                self.own = folds.sums_of(train)
            if self.held is None or not np.array_equal(np.sort(test), out):
                self.held = folds.sums_of(test, folds.sums.shift)
        self.problem = folds.problem(own, self.own)

    def errors(self, fits: Sequence[Fit]) -> np.ndarray:
        """Mean squared error on the test rows, weighted, and averaged over targets: one for each fit."""
        W = np.stack([fit.w.reshape(len(fit.w), -1) for fit in fits])  # (m, p, k)
        b = np.zeros((len(fits), W.shape[2]))
        if self.folds.fit_intercept:
            for i, fit in enumerate(fits):
                b[i] = self.problem.intercept(fit.w)
        if self.held is None:
            return self._by_rows(W, b)
        total, scale = self._by_products(W, b)
        worth = total.mean(axis=1)
        # Products lose what a direct difference keeps where the errors are tiny beside the terms.
        doubtful = np.flatnonzero((total < 1e-9 * scale).any(axis=1))
        if len(doubtful):
            worth[doubtful] = self._by_rows(W[doubtful], b[doubtful])
        return worth

    def _by_products(self, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Means of squares of y - x w - b, (m, k), and the size of the terms they are sums of."""
        shift, weight, first, S = self.held  # type: ignore[misc]
        p = W.shape[1]
        A, c, yy = S[:p, :p], S[:p, p:], S.diagonal()[p:]
        AW = np.matmul(A, W)
        square = (W * AW).sum(axis=1) - 2.0 * (W * c).sum(axis=1) + yy
        spread = np.sqrt(np.maximum(S.diagonal(), 0.0))
        scale = np.tensordot(np.abs(W), spread[:p], ([1], [0])) + spread[p:]
        if self.folds.fit_intercept:
            d = shift[p:] - b - np.tensordot(W, shift[:p], ([1], [0]))
            square += (
                2.0 * d * (first[p:] - np.tensordot(W, first[:p], ([1], [0]))) + weight * d * d
            )
        return square / weight, scale * scale / weight

    def _by_rows(self, W: np.ndarray, b: np.ndarray) -> np.ndarray:
        m, _, k = W.shape
        used = np.flatnonzero(W.any(axis=(0, 2)))
        X = self.folds.X[self.test][:, used]
        flat = np.ascontiguousarray(W[:, used].transpose(1, 0, 2)).reshape(len(used), m * k)
        r = np.asarray(X @ flat).reshape(len(self.test), m, k)
        r = self.folds.Y[self.test][:, None, :] - r - b
        return np.average((r * r).mean(axis=2), axis=0, weights=self.weight)


def _difference(a: Moments, b: Moments, center: bool) -> Moments | None:
    """Moments of the rows of `a` that are not rows of `b`, or None where too few digits are left."""
    left = a - b
    if not left.weight >= KEPT * a.weight:
        return None
    spread = np.diag(left.second) / left.weight
    if center:
        spread = spread - (left.first / left.weight) ** 2
    return left if (spread >= KEPT * np.diag(a.second) / a.weight).all() else None
