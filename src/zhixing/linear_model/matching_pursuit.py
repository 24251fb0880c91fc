"""Orthogonal matching pursuit."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import MultiOutputMixin
from sklearn.utils.validation import check_array, check_consistent_length

from ..core.estimator import Estimator
from ..core.parallel import single_threaded_blas
from ..data.check import check_fit
from ..solvers.design import as_design
from ..solvers.omp import Pursuit, omp
from ..solvers.products import GivenProducts, products_of
from ..solvers.single_task import SingleTask
from ..solvers.tasks import tasks
from .base import LinearRegressorMixin
from .least_angle import use_all


def pursue(
    problems: list[SingleTask], most: int, *, enough: float = -1.0, path: bool = False
) -> list[Pursuit]:
    """The pursuits of problems over shared columns."""
    C = np.stack([q.c for q in problems], axis=1)
    yy = np.array([q.yy for q in problems])
    with single_threaded_blas():
        return omp(C, yy, products_of(problems[0].columns), most, enough=enough, path=path)


def limit(n_nonzero_coefs: int | None, tol: float | None, p: int) -> int:
    """The most columns: given, all with `tol`, else a tenth of them."""
    if tol is not None:
        if not tol >= 0:
            raise ValueError(f"tol is {tol!r}; it must not be negative")
        return p
    if n_nonzero_coefs is None:
        return max(int(0.1 * p), 1)
    if not 1 <= n_nonzero_coefs <= p:
        raise ValueError(
            f"n_nonzero_coefs is {n_nonzero_coefs!r}; X has {p} columns to choose from"
        )
    return int(n_nonzero_coefs)


def orthogonal_mp(
    X: Any,
    y: Any,
    *,
    n_nonzero_coefs: int | None = None,
    tol: float | None = None,
    precompute: Any = False,
    copy_X: bool = True,
    return_path: bool = False,
    return_n_iter: bool = False,
) -> Any:
    """Coefficients of few columns that explain y, without an intercept.

    Looks for  min |y - X w|^2  with at most `n_nonzero_coefs` entries of w, greedily: the column most
    correlated with what is left joins, and all are refitted.

    Parameters
    ----------
    X : (n, p), dense or sparse.     y : (n,) or (n, k).
    n_nonzero_coefs : None for a tenth of the columns.    tol : instead, the squares that may be left.
    precompute : True forms X'X (for many targets), ``"auto"`` where there are more rows than columns.
    return_path : coefficients of every step, along a last axis.     copy_X : accepted.

    Returns
    -------
    coef : (p,), (p, k) or with `return_path` (p, m), (p, k, m).    n_iters : with `return_n_iter`.

    Notes
    -----
    Cost: one pass over X a step; with X'X, O(p m) a step and target, over threads.  Columns that are
    combinations of those taken are passed over, where scikit-learn stops with a warning.
    Sources: Mallat and Zhang (1993); Rubinstein, Zibulevsky and Elad (2008), for the products.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    >>> orthogonal_mp(X, X @ [0.0, 2.0, 0.0], n_nonzero_coefs=2)
    array([0., 2., 0.])
    """
    X = check_array(X, accept_sparse=("csr", "csc"), dtype=[np.float64, np.float32], input_name="X")
    y = check_array(y, dtype=np.float64, ensure_2d=False, input_name="y")
    check_consistent_length(X, y)
    n, p = X.shape
    most = limit(n_nonzero_coefs, tol, p)
    gram = None
    if np.ndim(precompute) == 2:
        gram = np.asarray(precompute, dtype=np.float64) / n
        precompute = False
    problems = tasks(
        as_design(X),
        y.reshape(n, -1),
        None,
        False,
        gram=gram,
        all_columns=bool(use_all(precompute, n, p, hasattr(X, "tocsr"))),
    )
    found = pursue(problems, most, enough=-1.0 if tol is None else tol / n, path=return_path)
    return _answer(found, p, X.dtype, return_path, return_n_iter)


def orthogonal_mp_gram(
    Gram: Any,
    Xy: Any,
    *,
    n_nonzero_coefs: int | None = None,
    tol: float | None = None,
    norms_squared: Any = None,
    copy_Gram: bool = True,
    copy_Xy: bool = True,
    return_path: bool = False,
    return_n_iter: bool = False,
) -> Any:
    """`orthogonal_mp` from X'X (p, p), X'y (p,) or (p, k), and with `tol` the squared norms of y.

    >>> orthogonal_mp_gram(np.eye(3), np.array([3.0, 1.0, -2.0]), n_nonzero_coefs=2)
    array([ 3.,  0., -2.])
    """
    Gram = check_array(Gram, dtype=np.float64, input_name="Gram")
    C = check_array(Xy, dtype=np.float64, ensure_2d=False, input_name="Xy").reshape(len(Gram), -1)
    p, k = C.shape
    if Gram.shape != (p, p):
        raise ValueError(f"Gram has shape {Gram.shape}; it must be square")
    most = limit(n_nonzero_coefs, tol, p)
    if tol is not None and norms_squared is None:
        raise ValueError("tol needs norms_squared, the squared norms of the targets")
    yy = np.broadcast_to(np.asarray(1.0 if tol is None else norms_squared, dtype=float), (k,))
    enough = -np.inf if tol is None else float(tol)
    products = GivenProducts(np.ascontiguousarray(Gram))
    found = omp(C, yy, products, most, enough=enough, path=return_path)
    return _answer(found, p, np.float64, return_path, return_n_iter)


def _answer(
    found: list[Pursuit], p: int, dtype: Any, return_path: bool, return_n_iter: bool
) -> Any:
    steps = [len(one.chosen) for one in found]
    if return_path:
        coef = np.zeros((p, len(found), max(max(steps), 1)), dtype=dtype)
        for t, one in enumerate(found):
            path = one.path(p)
            coef[:, t, : len(path)] = path.T
            if 0 < len(path) < coef.shape[2]:  # a target that was done earlier stays as it is
                coef[:, t, len(path) :] = path[-1][:, None]
    else:
        coef = np.stack([one.path(p)[-1] for one in found], axis=1).astype(dtype)
    coef = np.ascontiguousarray(coef[:, 0] if len(found) == 1 else coef)
    if not return_n_iter:
        return coef
    return coef, steps[0] if len(steps) == 1 else steps


class OrthogonalMatchingPursuit(MultiOutputMixin, LinearRegressorMixin, Estimator):
    """Few columns that explain y: the one that says most about what is left joins, and all are refitted.

    Looks greedily for  min sum_i weight_i (y_i - x_i w - b)^2  with at most `n_nonzero_coefs` entries of w.

    Parameters
    ----------
    n_nonzero_coefs : None for a tenth of the columns.    tol : instead, the squares that may be left.
    fit_intercept : whether b is fitted.    precompute : ``"auto"`` and True form X'X, False does not.

    Attributes
    ----------
    coef_ : (p,) or (k, p).     intercept_ : float or (k,).     n_iter_ : columns in use, by target.
    n_nonzero_coefs_ : the most columns, None with `tol`.

    Notes
    -----
    Cost and differences from scikit-learn: see `orthogonal_mp`.  X may be sparse and rows may have
    weights.  Columns compete by |x_j'r|, so bring them to one scale first.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 10)); y = 3.0 * X[:, 2] - X[:, 5]
    >>> np.flatnonzero(OrthogonalMatchingPursuit(n_nonzero_coefs=2).fit(X, y).coef_)
    array([2, 5])
    """

    def __init__(
        self,
        *,
        n_nonzero_coefs: int | None = None,
        tol: float | None = None,
        fit_intercept: bool = True,
        precompute: Any = "auto",
    ) -> None:
        self.n_nonzero_coefs = n_nonzero_coefs
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.precompute = precompute

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> OrthogonalMatchingPursuit:
        """Fit on X (n, p), dense or sparse, and y (n,) or (n, k); returns self."""
        X, y, weight = check_fit(self, X, y, sample_weight, multi_output=True, y_numeric=True)
        n, p = X.shape
        most = limit(self.n_nonzero_coefs, self.tol, p)
        Y = np.asarray(y, dtype=np.float64).reshape(n, -1)
        everything = use_all(self.precompute, n, p, hasattr(X, "tocsr"))
        problems = tasks(as_design(X), Y, weight, self.fit_intercept, all_columns=everything)
        total = float(n) if weight is None else float(weight.sum())
        found = pursue(problems, most, enough=-1.0 if self.tol is None else self.tol / total)
        coef = np.stack([one.path(p)[-1] for one in found])
        b = [q.intercept(w) for q, w in zip(problems, coef)]
        single = len(found) == 1
        self.n_nonzero_coefs_ = None if self.tol is not None else most
        steps = [len(one.chosen) for one in found]
        self.n_iter_ = steps[0] if single else steps
        self.coef_ = (coef[0] if single else coef).astype(X.dtype)
        self.intercept_ = np.asarray(b[0] if np.ndim(y) == 1 else b).astype(X.dtype)[()]
        return self
