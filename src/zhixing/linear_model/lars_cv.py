"""Least angle regression and the lasso, with the end of the path chosen by cross-validation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimator import Estimator
from ..core.parallel import each, single_threaded_blas
from ..data.check import check_fit
from ..solvers.cd import Fit
from ..solvers.folds import Folds
from .base import LinearRegressorMixin
from .least_angle import EPS, follow, use_all
from .splits import SplitsRows


class _LarsCV(SplitsRows, LinearRegressorMixin, Estimator):
    _method = "lar"
    positive = False

    def __init__(
        self,
        *,
        fit_intercept: bool = True,
        verbose: bool = False,
        max_iter: int = 500,
        precompute: Any = "auto",
        cv: Any = None,
        max_n_alphas: int = 1000,
        n_jobs: int | None = None,
        eps: float = EPS,
        copy_X: bool = True,
    ) -> None:
        self.fit_intercept = fit_intercept
        self.verbose = verbose
        self.max_iter = max_iter
        self.precompute = precompute
        self.cv = cv
        self.max_n_alphas = max_n_alphas
        self.n_jobs = n_jobs
        self.eps = eps
        self.copy_X = copy_X

    def fit(self, X: Any, y: Any, sample_weight: Any = None, **params: Any) -> Any:
        """Choose the end and fit on X (n, p), dense or sparse, and y (n,); returns self.

        `params` (such as groups) go to the splitter, with metadata routing.
        """
        for name in ("max_iter", "max_n_alphas"):
            if not getattr(self, name) >= 1:
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be at least 1")
        if np.ndim(self.precompute):
            raise ValueError("one precompute matrix cannot serve all folds; give 'auto'")
        X, y, weight = check_fit(self, X, y, sample_weight, y_numeric=True)
        splits = self._splits(X, y, params, sample_weight=sample_weight)
        products = use_all(self.precompute, X.shape[0], X.shape[1], hasattr(X, "tocsr"))
        folds = Folds(
            X,
            np.asarray(y, dtype=np.float64)[:, None],
            weight,
            self.fit_intercept,
            products=bool(products),
        )
        whole = folds.whole()
        options: Any = {"positive": self.positive, "max_iter": int(self.max_iter)}

        def walk(split: tuple[np.ndarray, np.ndarray]) -> Any:
            fold = folds.fold(*split)
            return fold, follow(fold.problem, self._method, **options)

        with single_threaded_blas():
            walks = each(walk, splits)
            alphas = np.unique(np.concatenate([found.alphas for _, found in walks]))
            alphas = alphas[:: max(len(alphas) // int(self.max_n_alphas), 1)]

            def judge(pair: Any) -> np.ndarray:
                fold, found = pair
                fits = [Fit(w, (w, 0.0, 0.0), 0.0, 0) for w in between(found, alphas)]
                return fold.errors(fits)

            errors = np.stack(each(judge, walks), axis=1)
        best = int(errors.mean(axis=1).argmin())
        self.alpha_, self.cv_alphas_, self.mse_path_ = float(alphas[best]), alphas, errors
        found = follow(whole, self._method, alpha_min=self.alpha_, **options)
        self.alphas_, self.active_, self.n_iter_ = found.alphas, found.active, found.n_iter
        self.coef_path_ = np.ascontiguousarray(found.coefs.T).astype(X.dtype)
        self.coef_ = found.coefs[-1].astype(X.dtype)
        self.intercept_ = X.dtype.type(whole.intercept(found.coefs[-1]))
        return self


def between(found: Any, alphas: np.ndarray) -> np.ndarray:
    """Coefficients (m, p) of a path at other strengths: it is linear from corner to corner."""
    corners, coefs = found.alphas[::-1], found.coefs[::-1]
    at = np.clip(alphas, corners[0], corners[-1])
    right = np.clip(np.searchsorted(corners, at), 1, max(len(corners) - 1, 1))
    if len(corners) == 1:
        return np.repeat(coefs, len(alphas), axis=0)
    left = right - 1
    width = corners[right] - corners[left]
    share = np.where(width > 0.0, (at - corners[left]) / np.where(width > 0.0, width, 1.0), 1.0)
    return coefs[left] + share[:, None] * (coefs[right] - coefs[left])


class LarsCV(_LarsCV):
    """`Lars` whose end is the strength of least mean squared error on the rows left out.

    Parameters
    ----------
    cv : None for five folds, a number, a splitter of scikit-learn, or (train, test) rows.
    max_iter : the most corners.     max_n_alphas : the most strengths at which errors are compared.
    fit_intercept, precompute, eps, copy_X, verbose : as `Lars`.    n_jobs : accepted; threads are set by
    `zhixing.threads`.

    Attributes
    ----------
    alpha_ : the choice.   cv_alphas_ : (m,), the corners of all folds.   mse_path_ : (m, folds).
    coef_, intercept_, alphas_, coef_path_, active_, n_iter_ : the path of all rows down to `alpha_`.

    Cost: one path a fold; folds share products of columns as in `ElasticNetCV`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 5)); y = 3.0 * X[:, 0] + rng.normal(size=60)
    >>> model = LarsCV(cv=3).fit(X, y)
    >>> model.mse_path_.shape[1], int(model.coef_.argmax())
    (3, 0)
    """


class LassoLarsCV(_LarsCV):
    """`LassoLars` with alpha chosen among the corners of the folds by mean squared error.

    Parameters and attributes are those of `LarsCV`, with

    positive : hold w at or above zero.

    Where columns are many or nearly collinear the corners are too; `LassoCV` then looks at fewer strengths.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 5)); y = 3.0 * X[:, 0] + rng.normal(size=60)
    >>> round(LassoLarsCV(cv=3).fit(X, y).alpha_, 1)
    0.0
    """

    _method = "lasso"

    def __init__(
        self,
        *,
        fit_intercept: bool = True,
        verbose: bool = False,
        max_iter: int = 500,
        precompute: Any = "auto",
        cv: Any = None,
        max_n_alphas: int = 1000,
        n_jobs: int | None = None,
        eps: float = EPS,
        copy_X: bool = True,
        positive: bool = False,
    ) -> None:
        super().__init__(
            fit_intercept=fit_intercept,
            verbose=verbose,
            max_iter=max_iter,
            precompute=precompute,
            cv=cv,
            max_n_alphas=max_n_alphas,
            n_jobs=n_jobs,
            eps=eps,
            copy_X=copy_X,
        )
        self.positive = positive
