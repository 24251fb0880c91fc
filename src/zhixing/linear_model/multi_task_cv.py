"""Several targets whose coefficients vanish together, with the strength chosen by cross-validation."""

from __future__ import annotations

from typing import Any

from .path_cv import PathCV


class MultiTaskElasticNetCV(PathCV):
    """`MultiTaskElasticNet` with alpha, and l1_ratio where several are given, by cross-validation.

    Parameters, attributes and cost are those of `ElasticNetCV`, with errors averaged over the targets;
    y has shape (n, k), `coef_` (k, p) and `intercept_` (k,).  The folds share products of the columns
    where there are more rows than columns.  X may be sparse.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 4)); Y = X[:, :1] * [3.0, -2.0] + rng.normal(size=(60, 2))
    >>> model = MultiTaskElasticNetCV(l1_ratio=[0.1, 1.0], alphas=20, cv=3).fit(X, Y)
    >>> model.l1_ratio_, model.coef_.shape
    (1.0, (2, 4))
    """

    _together = True

    def __init__(
        self,
        *,
        l1_ratio: Any = 0.5,
        eps: float = 1e-3,
        alphas: Any = 100,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-4,
        cv: Any = None,
        copy_X: bool = True,
        verbose: int = 0,
        n_jobs: int | None = None,
        random_state: Any = None,
        selection: str = "cyclic",
    ) -> None:
        self.l1_ratio = l1_ratio
        self.eps = eps
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.cv = cv
        self.copy_X = copy_X
        self.verbose = verbose
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.selection = selection


class MultiTaskLassoCV(PathCV):
    """`MultiTaskLasso` with alpha chosen by cross-validation.

    This is `MultiTaskElasticNetCV` with ``l1_ratio=1``; the rest is described there.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 4)); Y = X[:, :1] * [3.0, -2.0] + rng.normal(size=(60, 2))
    >>> MultiTaskLassoCV(cv=3).fit(X, Y).mse_path_.shape
    (100, 3)
    """

    _together = True

    def __init__(
        self,
        *,
        eps: float = 1e-3,
        alphas: Any = 100,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-4,
        copy_X: bool = True,
        cv: Any = None,
        verbose: bool = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        selection: str = "cyclic",
    ) -> None:
        self.eps = eps
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.copy_X = copy_X
        self.cv = cv
        self.verbose = verbose
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.selection = selection
