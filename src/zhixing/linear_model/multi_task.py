"""Several targets whose coefficients vanish together."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import MultiOutputMixin

from ..core.estimator import Estimator
from ..core.random import generator
from ..data.check import check_fit
from ..solvers.cd import cd
from ..solvers.design import as_design
from ..solvers.tasks import tasks
from .base import LinearRegressorMixin
from .elastic_net import check_strengths, elastic_terms, warn_of_gaps


class MultiTaskElasticNet(MultiOutputMixin, LinearRegressorMixin, Estimator):
    """Least squares of several targets that share their columns: a column serves all of them or none.

    Minimises over W of shape (p, k) and the unpenalised b, with s the sum of the weights::

        (1 / 2 s) sum_i weight_i |y_i - x_i W - b|^2  +  alpha (r sum_j |w_j| + (1 - r) |W|^2 / 2)

    with r = `l1_ratio`, w_j the row of W of feature j and |w_j| its Euclidean norm.

    Parameters
    ----------
    alpha : strength of the penalty.    l1_ratio : 1 for the lasso of rows (`MultiTaskLasso`).
    max_iter : sweeps of block coordinate descent.     selection, random_state : order of the blocks.
    tol : the duality gap at the end is at most tol |Y|^2 / s with Y centred.
    warm_start : start from the last `coef_`.     copy_X : accepted; X is never overwritten.

    Attributes
    ----------
    coef_ : (k, p).     intercept_ : (k,).     n_iter_ : sweeps.
    dual_gap_ : duality gap, in units of the objective.     sparse_coef_ : `coef_`, sparse.

    Notes
    -----
    Cost: as `ElasticNet`, a sweep k times that.  X may be sparse, unlike in
    scikit-learn.  Source: Obozinski, Taskar and Jordan (2010).

    Examples
    --------
    >>> X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 2.0]])
    >>> Y = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    >>> MultiTaskElasticNet(alpha=0.1, tol=1e-10).fit(X, Y).coef_.round(2)
    array([[0.83, 0.15],
           [0.83, 0.15]])
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        l1_ratio: float = 0.5,
        fit_intercept: bool = True,
        copy_X: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-4,
        warm_start: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
    ) -> None:
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.copy_X = copy_X
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.random_state = random_state
        self.selection = selection

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MultiTaskElasticNet:
        """Fit on X (n, p), dense or sparse, and y (n, k); returns self."""
        check_strengths(self)
        X, y, weight = check_fit(self, X, y, sample_weight, multi_output=True, y_numeric=True)
        if np.ndim(y) == 1:
            raise ValueError(
                f"{type(self).__name__} needs y of shape (n, k); for one target use "
                f"{type(self).__name__.removeprefix('MultiTask')}"
            )
        Y = np.asarray(y, dtype=np.float64)
        (problem,) = tasks(as_design(X), Y, weight, self.fit_intercept, together=True)
        p = X.shape[1]
        found = cd(
            problem,
            elastic_terms(p, float(self.alpha), float(self.l1_ratio)),
            start=self._start(p, Y.shape[1]),
            tol=self.tol,
            max_iter=self.max_iter,
            random=generator(self.random_state) if self.selection == "random" else None,
        )
        warn_of_gaps(self, [found], [self.tol * problem.yy])
        self.coef_ = np.ascontiguousarray(found.w.T).astype(X.dtype)
        self.intercept_ = np.asarray(problem.intercept(found.w)).astype(X.dtype)
        self.n_iter_, self.dual_gap_ = found.sweeps, found.gap
        return self

    def _start(self, p: int, k: int) -> np.ndarray | None:
        coef = getattr(self, "coef_", None)
        if not self.warm_start or coef is None or coef.shape != (k, p):
            return None
        return np.ascontiguousarray(coef.T, dtype=np.float64)

    @property
    def sparse_coef_(self) -> Any:
        """`coef_` as a sparse array."""
        return sparse.csr_array(self.coef_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.single_output = False
        return tags


class MultiTaskLasso(MultiTaskElasticNet):
    """Least squares of several targets with a lasso of the rows of W: columns are chosen for all at once.

    This is `MultiTaskElasticNet` with ``l1_ratio=1``; the rest is described there.

    Examples
    --------
    >>> X = np.array([[0.0, 1.0], [1.0, 2.0], [2.0, 4.0]])
    >>> Y = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 3.0]])
    >>> MultiTaskLasso(alpha=0.1, tol=1e-10).fit(X, Y).coef_.round(2)
    array([[0.  , 0.61],
           [0.  , 0.95]])
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        fit_intercept: bool = True,
        copy_X: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-4,
        warm_start: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
    ) -> None:
        super().__init__(
            alpha,
            l1_ratio=1.0,
            fit_intercept=fit_intercept,
            copy_X=copy_X,
            max_iter=max_iter,
            tol=tol,
            warm_start=warm_start,
            random_state=random_state,
            selection=selection,
        )
