"""Solutions for a whole range of penalties."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.validation import _check_sample_weight, check_array

from ..core.random import generator
from ..solvers.design import as_design
from ..solvers.path import path
from ..solvers.tasks import alpha_grid, largest_alpha, tasks
from .elastic_net import elastic_terms, given_gram

#: Beyond this many columns X'X is not formed at once by ``precompute="auto"``.
WIDEST = 2048


def enet_path(
    X: Any,
    y: Any,
    *,
    l1_ratio: float = 0.5,
    eps: float = 1e-3,
    n_alphas: int = 100,
    alphas: Any = None,
    precompute: Any = "auto",
    Xy: Any = None,
    copy_X: bool = True,
    coef_init: Any = None,
    verbose: bool = False,
    return_n_iter: bool = False,
    positive: bool = False,
    check_input: bool = True,
    sample_weight: Any = None,
    tol: float = 1e-4,
    max_iter: int = 1000,
    random_state: Any = None,
    selection: str = "cyclic",
) -> tuple[Any, ...]:
    """Elastic-net solutions from the alpha where all are zero down to eps times it.

    Minimises for each alpha, without an intercept, (1 / 2 s) |y - X w|^2 + alpha (r |w|_1 + (1 - r)
    |w|^2 / 2) with r = `l1_ratio`; for y of shape (n, k), norms of the rows of W replace |w_j|.

    Parameters
    ----------
    eps, n_alphas : length and number of the grid; alphas : the strengths, or their number.
    precompute : ``"auto"`` forms X'X when there are more rows than columns; True, False or X'X.
    coef_init : where the first solution starts.     tol, max_iter, selection : as `ElasticNet`.
    Xy, copy_X, verbose, check_input : accepted; one pass over X gives X'y, and X is never copied.

    Returns
    -------
    alphas : (m,) in falling order.       coefs : (p, m), or (k, p, m).
    dual_gaps : (m,).                     n_iters : sweeps by alpha, with ``return_n_iter=True``.

    Notes
    -----
    Cost: with X'X, one pass in all; otherwise about one pass an alpha, since columns are screened by
    the strong rule (Tibshirani et al. 2012) and products of columns are kept along the path.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> alphas, coefs, gaps = enet_path(X, [1.0, 0.0, 1.0], alphas=3)
    >>> coefs.shape, bool((gaps < 1e-4).all())
    ((2, 3), True)
    """
    X = check_array(X, accept_sparse=("csr", "csc"), dtype=[np.float64, np.float32], input_name="X")
    y = check_array(y, dtype=np.float64, ensure_2d=False, input_name="y")
    n, p = X.shape
    if len(y) != n:
        raise ValueError(f"X has {n} rows and y has {len(y)}")
    if y.ndim == 2 and positive:
        raise ValueError("positive=True is not allowed for y with several columns")
    weight = None
    if sample_weight is not None:
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    gram = given_gram(_Given(precompute), X, weight)
    auto = isinstance(precompute, str) and n > p and p <= WIDEST and not sparse.issparse(X)
    (problem,) = tasks(
        as_design(X),
        y.reshape(n, -1),
        weight,
        False,
        together=y.ndim == 2,
        gram=gram,
        all_columns=True if precompute is True or auto else None,
    )
    grid = strengths(problem, l1_ratio, eps, n_alphas if alphas is None else alphas, positive)
    start = None
    if coef_init is not None:
        start = np.ascontiguousarray(np.asarray(coef_init, dtype=np.float64).T)
    fits = path(
        problem,
        grid,
        lambda alpha: elastic_terms(p, alpha, l1_ratio, positive),
        start=start,
        tol=tol,
        max_iter=max_iter,
        random=generator(random_state) if selection == "random" else None,
    )
    coefs = np.stack([fit.w.T for fit in fits], axis=-1).astype(X.dtype, copy=False)
    gaps = np.array([fit.gap for fit in fits])
    if return_n_iter:
        return grid, coefs, gaps, [fit.sweeps for fit in fits]
    return grid, coefs, gaps


def lasso_path(X: Any, y: Any, **options: Any) -> tuple[Any, ...]:
    """Lasso solutions for falling alpha: `enet_path` with ``l1_ratio=1``, and its options.

    >>> X = np.array([[1.0, 2.0, 3.1], [2.3, 5.4, 4.3]]).T
    >>> lasso_path(X, [1.0, 2.0, 3.1], alphas=[5.0, 1.0, 0.5], tol=1e-10)[1].round(3)
    array([[0.   , 0.   , 0.469],
           [0.216, 0.443, 0.237]])
    """
    if "l1_ratio" in options:
        raise TypeError("lasso_path has no l1_ratio; use enet_path")
    return enet_path(X, y, l1_ratio=1.0, **options)


class _Given:
    """`precompute` as an estimator without intercept would hold it."""

    fit_intercept = False

    def __init__(self, precompute: Any) -> None:
        self.precompute = precompute


def strengths(problem: Any, l1_ratio: float, eps: float, alphas: Any, positive: bool) -> np.ndarray:
    """The grid of a path in falling order: given, or `alphas` many from the largest useful one."""
    if np.ndim(alphas) > 0:
        grid = np.sort(np.asarray(alphas, dtype=np.float64))[::-1]
        if not len(grid) or not (grid >= 0).all():
            raise ValueError(f"alphas is {alphas!r}; give at least one, none negative")
        return grid
    if l1_ratio == 0:
        raise ValueError("l1_ratio=0 has no largest alpha to start a grid from; give alphas")
    if not (int(alphas) >= 1 and eps > 0):
        raise ValueError(f"{alphas!r} alphas with eps={eps!r}: both must be positive")
    return alpha_grid(largest_alpha(problem, l1_ratio, positive), eps, int(alphas))
