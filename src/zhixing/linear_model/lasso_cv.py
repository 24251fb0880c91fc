"""The lasso with its strength chosen by cross-validation."""

from __future__ import annotations

from typing import Any

from .path_cv import PathCV


class LassoCV(PathCV):
    """`Lasso` with alpha chosen by cross-validation.

    This is `ElasticNetCV` with ``l1_ratio=1``; parameters, attributes and cost are described there.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 5)); y = 3.0 * X[:, 0] + rng.normal(size=60)
    >>> model = LassoCV(cv=3).fit(X, y)
    >>> round(model.alpha_, 2), model.mse_path_.shape, int(model.coef_.argmax())
    (0.05, (100, 3), 0)
    """

    def __init__(
        self,
        *,
        eps: float = 1e-3,
        alphas: Any = 100,
        fit_intercept: bool = True,
        precompute: Any = "auto",
        max_iter: int = 1000,
        tol: float = 1e-4,
        copy_X: bool = True,
        cv: Any = None,
        verbose: bool = False,
        n_jobs: int | None = None,
        positive: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
    ) -> None:
        self.eps = eps
        self.alphas = alphas
        self.fit_intercept = fit_intercept
        self.precompute = precompute
        self.max_iter = max_iter
        self.tol = tol
        self.copy_X = copy_X
        self.cv = cv
        self.verbose = verbose
        self.n_jobs = n_jobs
        self.positive = positive
        self.random_state = random_state
        self.selection = selection
