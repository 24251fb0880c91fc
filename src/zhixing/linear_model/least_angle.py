"""Paths of least angle regression and of the lasso, exact at every corner."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.validation import check_array, check_consistent_length

from ..core.parallel import single_threaded_blas
from ..solvers.design import as_design
from ..solvers.lars import Corners, lars
from ..solvers.products import GivenProducts, products_of
from ..solvers.single_task import SingleTask
from ..solvers.tasks import tasks
from .path import WIDEST

#: scikit-learn's default of a parameter that is accepted and not needed.
EPS = float(np.finfo(float).eps)


def use_all(precompute: Any, n: int, p: int, sparse: bool) -> bool | None:
    """Whether products of all columns are formed at once, from scikit-learn's `precompute`."""
    if isinstance(precompute, str):
        if precompute != "auto":
            raise ValueError(f"precompute={precompute!r} is not 'auto', True, False or a matrix")
        return True if n > p and p <= WIDEST and not sparse else None
    return True if precompute is True else None


def follow(problem: SingleTask, method: str, **options: Any) -> Corners:
    """The path of a problem by ``"lar"`` or ``"lasso"``."""
    products = products_of(problem.columns)
    with single_threaded_blas():
        return lars(problem.c, products, lasso=method == "lasso", **options)


def lars_path(
    X: Any,
    y: Any,
    Xy: Any = None,
    *,
    Gram: Any = None,
    max_iter: int = 500,
    alpha_min: float = 0.0,
    method: str = "lar",
    copy_X: bool = True,
    eps: float = EPS,
    copy_Gram: bool = True,
    verbose: int = 0,
    return_path: bool = True,
    return_n_iter: bool = False,
    positive: bool = False,
    sample_weight: Any = None,
) -> tuple[Any, ...]:
    """All corners of the path of least angle regression, or of the lasso, without an intercept.

    Follows the solutions of  (1 / 2 s) |y - X w|^2 + alpha |w|_1  for falling alpha, which are linear in
    alpha between corners (`zhixing.solvers.lars`).

    Parameters
    ----------
    X : (n, p), dense or sparse.    y : (n,).    Xy, copy_X, copy_Gram, eps, verbose : accepted, not needed.
    Gram : None or False reads X at every corner, ``"auto"`` or True forms X'X, or X'X itself.
    method : ``"lar"``, whose columns stay, or ``"lasso"``, whose columns leave at zero.
    alpha_min : where to stop.     max_iter : the most corners.    positive : hold w at or above zero.

    Returns
    -------
    alphas : (m,).    active : columns in use at the end.    coefs : (p, m), or (p,) without `return_path`.

    Notes
    -----
    Unlike in scikit-learn ties, duplicates and collinear columns are dealt with exactly, with no warning;
    tied columns join in one corner; the signs of correlations do not flip when a coefficient of
    ``method="lar"`` crosses zero (Efron et al. 2004, section 2); the path ends at alpha_min itself.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    >>> alphas, active, coefs = lars_path(X, np.array([1.0, 2.0, 1.5]), method="lasso")
    >>> alphas.round(3), active, coefs.shape
    (array([1.833, 0.583, 0.   ]), [1, 0], (2, 3))
    """
    X = check_array(X, accept_sparse=("csr", "csc"), dtype=[np.float64, np.float32], input_name="X")
    y = check_array(y, dtype=np.float64, ensure_2d=False, input_name="y").ravel()
    check_consistent_length(X, y)
    _check_method(method)
    n, p = X.shape
    gram, everything = None, None
    if Gram is not None and not isinstance(Gram, str) and np.ndim(Gram) == 2:
        gram = check_array(Gram, dtype=np.float64, input_name="Gram") / n
        if gram.shape != (p, p):
            raise ValueError(f"Gram has shape {gram.shape}; X has {p} columns")
    elif Gram is not None:
        everything = use_all(Gram, n, p, hasattr(X, "tocsr"))
    weight = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    (problem,) = tasks(
        as_design(X), y[:, None], weight, False, gram=gram, all_columns=bool(everything) or None
    )
    found = follow(problem, method, positive=positive, alpha_min=alpha_min, max_iter=max_iter)
    return _answer(found, X.dtype, return_path, return_n_iter)


def lars_path_gram(
    Xy: Any,
    Gram: Any,
    *,
    n_samples: float,
    max_iter: int = 500,
    alpha_min: float = 0.0,
    method: str = "lar",
    copy_X: bool = True,
    eps: float = EPS,
    copy_Gram: bool = True,
    verbose: int = 0,
    return_path: bool = True,
    return_n_iter: bool = False,
    positive: bool = False,
) -> tuple[Any, ...]:
    """`lars_path` from X'y of shape (p,) and X'X of shape (p, p) of `n_samples` rows.

    >>> lars_path_gram(np.array([2.0, 1.0]), np.eye(2), n_samples=2, method="lasso")[0]
    array([1. , 0.5, 0. ])
    """
    _check_method(method)
    Gram = check_array(Gram, dtype=np.float64, input_name="Gram")
    c = check_array(Xy, dtype=np.float64, ensure_2d=False, input_name="Xy").ravel()
    if Gram.shape != (len(c), len(c)):
        raise ValueError(f"Gram has shape {Gram.shape} and Xy {len(c)} entries")
    if not n_samples > 0:
        raise ValueError(f"n_samples is {n_samples!r}; it must be positive")
    products = GivenProducts(np.ascontiguousarray(Gram) / n_samples)
    options: Any = {"positive": positive, "alpha_min": alpha_min, "max_iter": max_iter}
    found = lars(c / n_samples, products, lasso=method == "lasso", **options)
    return _answer(found, np.float64, return_path, return_n_iter)


def _check_method(method: str) -> None:
    if method not in ("lar", "lasso"):
        raise ValueError(f"method={method!r} is not 'lar' or 'lasso'")


def _answer(found: Corners, dtype: Any, return_path: bool, return_n_iter: bool) -> tuple[Any, ...]:
    coefs = np.ascontiguousarray(found.coefs.T).astype(dtype, copy=False)
    out: tuple[Any, ...] = (found.alphas, found.active, coefs)
    if not return_path:
        out = (found.alphas[-1:], found.active, coefs[:, -1].copy())
    return (*out, found.n_iter) if return_n_iter else out
