"""Least angle regression, and the lasso by the same path."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import MultiOutputMixin

from ..core.estimator import Estimator
from ..core.random import generator
from ..data.check import check_fit
from ..solvers.design import as_design
from ..solvers.single_task import SingleTask
from ..solvers.tasks import tasks
from .base import LinearRegressorMixin
from .least_angle import EPS, follow, use_all


def problems(estimator: Any, X: Any, Y: np.ndarray, weight: np.ndarray | None) -> list[SingleTask]:
    """One problem for each target, over shared columns; `precompute` as scikit-learn's."""
    given = estimator.precompute
    gram = None
    n, p = X.shape
    if given is not None and not isinstance(given, str) and np.ndim(given) == 2:
        gram = np.ascontiguousarray(given, dtype=np.float64) / n
        if gram.shape != (p, p):
            raise ValueError(f"precompute has shape {gram.shape}; X has {p} columns")
    all_columns = None if gram is not None else use_all(given, n, p, sparse.issparse(X))
    if Y.shape[1] > 1 and isinstance(given, str) and p <= 2048:
        all_columns = True
    return tasks(
        as_design(X), Y, weight, estimator.fit_intercept, gram=gram, all_columns=all_columns
    )


class LarsRegressor(MultiOutputMixin, LinearRegressorMixin, Estimator):
    """Fits the path of each target; a member says where it ends."""

    _method = "lar"
    positive = False
    jitter: float | None = None
    random_state: Any = None
    fit_intercept: bool
    precompute: Any
    fit_path: bool

    def _end(self) -> dict[str, Any]:
        """Where the path ends: `alpha_min` and `max_iter` of `zhixing.solvers.lars.lars`."""
        raise NotImplementedError

    def fit(self, X: Any, y: Any, Xy: Any = None, sample_weight: Any = None) -> Any:
        """Fit on X (n, p), dense or sparse, and y (n,) or (n, k); returns self.  Xy is not needed."""
        end = self._end()
        X, y, weight = check_fit(self, X, y, sample_weight, multi_output=True, y_numeric=True)
        Y = np.asarray(y, dtype=np.float64).reshape(len(y), -1)
        if self.jitter is not None:
            if not self.jitter >= 0:
                raise ValueError(f"jitter is {self.jitter!r}; it must not be negative")
            Y = Y + generator(self.random_state).uniform(0.0, self.jitter, len(Y))[:, None]
        tasks_ = problems(self, X, Y, weight)
        paths = [follow(q, self._method, positive=self.positive, **end) for q in tasks_]
        coef = np.stack([found.coefs[-1] for found in paths])
        b = [q.intercept(w) for q, w in zip(tasks_, coef)]
        coefs = [np.ascontiguousarray(found.coefs.T).astype(X.dtype) for found in paths]
        single = len(paths) == 1
        kept: dict[str, list[Any]] = {"alphas_": [f.alphas for f in paths]}
        kept["n_iter_"] = [f.n_iter for f in paths]
        if self.fit_path:
            kept["active_"] = [f.active for f in paths]
            kept["coef_path_"] = coefs
        for name, values in kept.items():
            setattr(self, name, values[0] if single else values)
        self.coef_ = (coef[0] if single else coef).astype(X.dtype)
        self.intercept_ = np.asarray(b[0] if np.ndim(y) == 1 else b).astype(X.dtype)[()]
        return self


class Lars(LarsRegressor):
    """Least angle regression: columns join one by one, as their correlation with the residual ties.

    Parameters
    ----------
    n_nonzero_coefs : the most columns to take up.     fit_intercept : whether b is fitted.
    precompute : ``"auto"`` and True form X'X, False reads X at every corner, or X'X of the centred X.
    fit_path : keep the path.    jitter, random_state : noise of up to `jitter` added to y.
    eps, copy_X, verbose : accepted; X is never overwritten.

    Attributes
    ----------
    coef_ : (p,) or (k, p).     intercept_ : float or (k,).    n_iter_ : corners.
    alphas_ : (m,), the largest correlation at each corner.    coef_path_ : (p, m).    active_ : columns
    in use at the end.  With several targets these are lists.

    Notes
    -----
    Cost: O(n p^2) for X'X and O(p k) a corner; see `lars_path`, also for the differences from
    scikit-learn.  X may be sparse and rows may have weights.  Source: Efron et al. (2004).

    Examples
    --------
    >>> X = np.array([[-1.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
    >>> model = Lars(n_nonzero_coefs=1).fit(X, [-1.1111, 0.0, -1.1111])
    >>> model.coef_.round(2)
    array([ 0.  , -1.11])
    """

    def __init__(
        self,
        *,
        fit_intercept: bool = True,
        verbose: bool = False,
        precompute: Any = "auto",
        n_nonzero_coefs: int = 500,
        eps: float = EPS,
        copy_X: bool = True,
        fit_path: bool = True,
        jitter: float | None = None,
        random_state: Any = None,
    ) -> None:
        self.fit_intercept = fit_intercept
        self.verbose = verbose
        self.precompute = precompute
        self.n_nonzero_coefs = n_nonzero_coefs
        self.eps = eps
        self.copy_X = copy_X
        self.fit_path = fit_path
        self.jitter = jitter
        self.random_state = random_state

    def _end(self) -> dict[str, Any]:
        if not self.n_nonzero_coefs >= 1:
            raise ValueError(f"n_nonzero_coefs is {self.n_nonzero_coefs!r}; it must be at least 1")
        return {"max_iter": int(self.n_nonzero_coefs)}


class LassoLars(LarsRegressor):
    """The lasso, with every corner of its path down to alpha.

    Minimises  (1 / 2 s) sum_i weight_i (y_i - x_i w - b)^2 + alpha |w|_1,  as `Lasso`, exactly.

    Parameters and attributes are those of `Lars`, with

    alpha : where the path ends.    max_iter : the most corners.     positive : hold w at or above zero.

    For many rows `Lasso` is faster where one alpha is wanted.  Source: Efron et al. (2004), section 3.

    Examples
    --------
    >>> X = np.array([[-1.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
    >>> model = LassoLars(alpha=0.01).fit(X, [-1.0, 0.0, -1.0])
    >>> model.coef_.round(3)
    array([ 0.   , -0.955])
    """

    _method = "lasso"

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        fit_intercept: bool = True,
        verbose: bool = False,
        precompute: Any = "auto",
        max_iter: int = 500,
        eps: float = EPS,
        copy_X: bool = True,
        fit_path: bool = True,
        positive: bool = False,
        jitter: float | None = None,
        random_state: Any = None,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.verbose = verbose
        self.precompute = precompute
        self.max_iter = max_iter
        self.eps = eps
        self.copy_X = copy_X
        self.fit_path = fit_path
        self.positive = positive
        self.jitter = jitter
        self.random_state = random_state

    def _end(self) -> dict[str, Any]:
        if not self.alpha >= 0:
            raise ValueError(f"alpha is {self.alpha!r}; it must not be negative")
        if not self.max_iter >= 1:
            raise ValueError(f"max_iter is {self.max_iter!r}; it must be at least 1")
        return {"alpha_min": float(self.alpha), "max_iter": int(self.max_iter)}
