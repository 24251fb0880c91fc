"""Orthogonal matching pursuit, with the number of columns chosen by cross-validation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimator import Estimator
from ..core.parallel import each, single_threaded_blas
from ..data.check import check_fit
from ..solvers.cd import Fit
from ..solvers.folds import Folds
from .base import LinearRegressorMixin
from .matching_pursuit import pursue
from .splits import SplitsRows


class OrthogonalMatchingPursuitCV(SplitsRows, LinearRegressorMixin, Estimator):
    """`OrthogonalMatchingPursuit` with the number of columns of least error on the rows left out.

    Parameters
    ----------
    max_iter : the most columns; None for a tenth of them, and at least five.
    cv : None for five folds, a number, a splitter of scikit-learn, or (train, test) rows.
    fit_intercept : whether b is fitted.     copy, verbose, n_jobs : accepted; X is not copied, threads are
        set by `zhixing.threads`.

    Attributes
    ----------
    n_nonzero_coefs_ : the choice.    mse_path_ : (max_iter, folds), errors by number of columns.
    coef_ : (p,).    intercept_, n_iter_ : the fit of all rows.

    Cost: one pursuit a fold, `max_iter` steps each; folds share products as in `ElasticNetCV`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(60, 10)); y = 3.0 * X[:, 2] - X[:, 5] + 0.1 * rng.normal(size=60)
    >>> np.abs(OrthogonalMatchingPursuitCV().fit(X, y).coef_).argsort()[-2:]
    array([5, 2])
    """

    def __init__(
        self,
        *,
        copy: bool = True,
        fit_intercept: bool = True,
        max_iter: int | None = None,
        cv: Any = None,
        n_jobs: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.copy = copy
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.cv = cv
        self.n_jobs = n_jobs
        self.verbose = verbose

    def fit(self, X: Any, y: Any, sample_weight: Any = None, **params: Any) -> Any:
        """Choose the number of columns and fit on X (n, p), dense or sparse, and y (n,); returns self.

        `params` (such as groups) go to the splitter, with metadata routing.
        """
        if self.max_iter is not None and not self.max_iter >= 0:
            raise ValueError(f"max_iter is {self.max_iter!r}; it must not be negative")
        X, y, weight = check_fit(self, X, y, sample_weight, y_numeric=True)
        p = X.shape[1]
        splits = self._splits(X, y, params, sample_weight=sample_weight)
        most = min(self.max_iter or max(int(0.1 * p), 5), p)
        folds = Folds(X, np.asarray(y, dtype=np.float64)[:, None], weight, self.fit_intercept)
        whole = folds.whole()

        def judge(split: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
            fold = folds.fold(*split)
            coefs = pursue([fold.problem], most, path=True)[0].path(p)
            if not len(coefs):  # y has nothing to do with any column
                coefs = np.zeros((1, p))
            return fold.errors([Fit(w, (w, 0.0, 0.0), 0.0, 0) for w in coefs])

        with single_threaded_blas():
            errors = each(judge, splits)
        shortest = min(
            map(len, errors)
        )  # a pursuit that was done early says nothing of more columns
        self.mse_path_ = np.stack([e[:shortest] for e in errors], axis=1)
        self.n_nonzero_coefs_ = int(self.mse_path_.mean(axis=1).argmin()) + 1
        (found,) = pursue([whole], self.n_nonzero_coefs_)
        coef = found.path(p)[-1]
        self.n_iter_ = len(found.chosen)
        self.coef_ = coef.astype(X.dtype)
        self.intercept_ = X.dtype.type(whole.intercept(coef))
        return self
