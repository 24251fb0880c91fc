"""What chooses the strength of an L1 or elastic-net penalty by cross-validation."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import MultiOutputMixin

from ..core.estimator import Estimator
from ..core.parallel import each, single_threaded_blas
from ..core.random import generator
from ..data.check import check_fit
from ..solvers.cd import Fit, cd
from ..solvers.folds import Folds
from ..solvers.path import path
from ..solvers.single_task import SingleTask
from .base import LinearRegressorMixin
from .elastic_net import check_strengths, elastic_terms, warn_of_gaps
from .path import strengths
from .splits import SplitsRows


class PathCV(SplitsRows, MultiOutputMixin, LinearRegressorMixin, Estimator):
    """The mean squared error on rows left out, along a path for each fold, and the fit at the best alpha.

    A member says what its parameters are, and whether its targets are fitted together.
    """

    _together = False
    positive = False
    precompute: Any = "auto"
    l1_ratio: Any = 1.0
    eps: float
    alphas: Any
    fit_intercept: bool
    max_iter: int
    tol: float
    random_state: Any
    selection: str

    def fit(self, X: Any, y: Any, sample_weight: Any = None, **params: Any) -> Any:
        """Choose alpha and fit on X (n, p), dense or sparse, and y; returns self.

        Weights count in the fits, in the errors of a fold and in the last fit; the mean over folds is
        plain.  `params` (such as groups) go to the splitter, with metadata routing.
        """
        check_strengths(self)
        X, y, weight = check_fit(
            self, X, y, sample_weight, multi_output=self._together, y_numeric=True
        )
        if self._together and np.ndim(y) == 1:
            raise ValueError(
                f"{type(self).__name__} needs y of shape (n, k); for one target use "
                f"{type(self).__name__.removeprefix('MultiTask')}"
            )
        splits = self._splits(X, y, params, sample_weight=sample_weight)
        Y = np.asarray(y, dtype=np.float64).reshape(len(y), -1)
        folds = Folds(
            X, Y, weight, self.fit_intercept, together=self._together, products=self._products()
        )
        whole = folds.whole()
        ratios = np.atleast_1d(np.asarray(self.l1_ratio, dtype=np.float64))
        grids = np.stack(
            [strengths(whole, r, self.eps, self.alphas, self.positive) for r in ratios]
        )

        def judge(split: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
            fold = folds.fold(*split)
            return np.stack(
                [fold.errors(self._path(fold.problem, r, grid)) for r, grid in zip(ratios, grids)]
            )

        with single_threaded_blas():
            errors = np.stack(each(judge, splits), axis=-1)  # (ratios, alphas, folds)
        means = errors.mean(axis=2)
        i, j = np.unravel_index(int(means.argmin()), means.shape)
        self.mse_path_ = np.squeeze(errors)
        self.alphas_ = grids[0] if len(ratios) == 1 or np.ndim(self.alphas) else grids
        self.alpha_ = float(grids[i, j])
        if "l1_ratio" in self.get_params(deep=False):
            self.l1_ratio_ = float(ratios[i])
        return self._refit(whole, float(ratios[i]), X.dtype)

    def _products(self) -> bool | None:
        return bool(self.precompute) if isinstance(self.precompute, bool | np.bool_) else None

    def _order(self) -> np.random.Generator | None:
        return generator(self.random_state) if self.selection == "random" else None

    def _path(self, problem: SingleTask, ratio: float, grid: np.ndarray) -> list[Fit]:
        p = len(problem.c)
        return path(
            problem,
            grid,
            lambda alpha: elastic_terms(p, alpha, ratio, self.positive),
            tol=self.tol,
            max_iter=self.max_iter,
            random=self._order(),
        )

    def _refit(self, problem: SingleTask, ratio: float, dtype: Any) -> Any:
        terms = elastic_terms(len(problem.c), self.alpha_, ratio, self.positive)
        found = cd(problem, terms, tol=self.tol, max_iter=self.max_iter, random=self._order())
        warn_of_gaps(self, [found], [self.tol * problem.yy])
        self.coef_ = np.ascontiguousarray(found.w.T).astype(dtype)
        b = np.asarray(problem.intercept(found.w)).astype(dtype)
        self.intercept_ = b if self._together else b[()]
        self.n_iter_, self.dual_gap_ = found.sweeps, found.gap
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = self._together
        tags.target_tags.single_output = not self._together
        return tags
