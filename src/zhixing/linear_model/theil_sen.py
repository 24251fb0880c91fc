"""The Theil-Sen estimator."""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import comb
from sklearn.exceptions import ConvergenceWarning

from ..core.estimator import Estimator
from ..core.parallel import each, single_threaded_blas, slices
from ..core.random import generator
from ..data.check import check_fit
from .base import LinearRegressorMixin


class TheilSenRegressor(LinearRegressorMixin, Estimator):
    """The spatial median of the lines through many small samples of the rows.

    Up to about 29 % of the rows may be arbitrarily wrong (in x too) where a sample is a pair of rows,
    fewer with more columns; without an intercept one column gives the median of all slopes.

    Parameters
    ----------
    max_subpopulation : samples considered; all of them where there are no more.
    n_subsamples : rows in a sample; at least the number of coefficients (the default), and the more
        there are the less it withstands.
    max_iter, tol : of the spatial median; tol is the change that ends it.
    fit_intercept, random_state, verbose, n_jobs : as in scikit-learn.

    Attributes
    ----------
    coef_ : (p,).     intercept_ : float.
    breakdown_ : share of outliers it withstands.     n_iter_, n_subpopulation_.

    Notes
    -----
    The samples are solved in batches, O(samples p^3), over threads.  scikit-learn's method.
    Source: Dang, Peng, Wang and Zhang (2008), "Theil-Sen estimators in a multiple linear regression
    model"; Vardi and Zhang (2000) for the median.

    Examples
    --------
    >>> X = np.arange(10.0)[:, None]
    >>> y = 2.0 * X[:, 0] + np.where(X[:, 0] > 7, 50.0, 0.0)
    >>> TheilSenRegressor(random_state=0).fit(X, y).coef_.round(2)
    array([2.])
    """

    _no_inference = (
        "a median of many small fits has no simple standard errors; bootstrap the rows for "
        "intervals (sklearn.utils.resample)"
    )

    def __init__(
        self,
        *,
        fit_intercept: bool = True,
        max_subpopulation: float = 1e4,
        n_subsamples: int | None = None,
        max_iter: int = 300,
        tol: float = 1e-3,
        random_state: Any = None,
        n_jobs: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.fit_intercept = fit_intercept
        self.max_subpopulation = max_subpopulation
        self.n_subsamples = n_subsamples
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose

    def fit(self, X: Any, y: Any) -> TheilSenRegressor:
        """Fit on dense X (n, p) and y (n,); returns self."""
        X, y, _ = check_fit(self, X, y, sparse=False, y_numeric=True)
        n, p = X.shape
        size = self._size(n, p + int(self.fit_intercept))
        all_of_them = float(comb(n, size))
        self.n_subpopulation_ = int(max(1, min(self.max_subpopulation, np.rint(all_of_them))))
        if all_of_them <= self.max_subpopulation:
            chosen = np.array(list(combinations(range(n), size)))
        else:
            rng = generator(self.random_state)
            chosen = np.stack(
                [
                    rng.choice(n, size=size, replace=False, shuffle=False)
                    for _ in range(self.n_subpopulation_)
                ]
            )
        design = np.ones((n, p + int(self.fit_intercept)))
        design[:, int(self.fit_intercept) :] = X
        target = np.asarray(y, dtype=np.float64)
        with single_threaded_blas():
            batches = each(
                lambda s: _solve(design[chosen[s]], target[chosen[s]]), slices(len(chosen), 512)
            )
        self.n_iter_, found = spatial_median(
            np.concatenate(batches), max_iter=self.max_iter, tol=self.tol
        )
        if self.n_iter_ >= self.max_iter:
            warnings.warn(
                f"TheilSenRegressor: the spatial median still moved after {self.max_iter} rounds; "
                "raise max_iter, or loosen tol",
                ConvergenceWarning,
                stacklevel=2,
            )
        share = (0.5 ** (1 / size) * (n - size + 1) + size - 1) / n
        self.breakdown_ = 1.0 - share
        self.coef_ = found[int(self.fit_intercept) :].astype(X.dtype)
        self.intercept_ = X.dtype.type(found[0] if self.fit_intercept else 0.0)
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        return tags

    def _size(self, n: int, unknowns: int) -> int:
        least = min(unknowns, n)
        size = least if self.n_subsamples is None else self.n_subsamples
        if size > n or size < least:
            raise ValueError(
                f"n_subsamples is {size}; it must lie between {least}, the number of coefficients, and "
                f"{n}, the number of rows"
            )
        if not self.max_subpopulation >= 1:
            raise ValueError(
                f"max_subpopulation is {self.max_subpopulation!r}; it must be positive"
            )
        return size


def _solve(A: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The shortest least-squares solution of every system in a batch."""
    if A.shape[1] == A.shape[2]:
        try:
            found = np.linalg.solve(A, b[..., None])[..., 0]
            sound = np.abs(np.einsum("nij,nj->ni", A, found) - b).max(axis=1)
            good = sound <= 1e-9 * (1.0 + np.abs(b).max(axis=1))
            good &= np.isfinite(found).all(axis=1)
            if good.all():
                return found
            found[~good] = _solve_any(A[~good], b[~good])
            return found
        except np.linalg.LinAlgError:
            pass
    return _solve_any(A, b)


def _solve_any(A: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (np.linalg.pinv(A) @ b[..., None])[..., 0]


def spatial_median(points: np.ndarray, *, max_iter: int, tol: float) -> tuple[int, np.ndarray]:
    """The point of least total distance to `points`, by the modified Weiszfeld iteration.

    Vardi and Zhang (2000), "The multivariate L1-median and associated data depth", eq. 2.6.
    """
    if points.shape[1] == 1:
        return 1, np.median(points, axis=0)
    now = points.mean(axis=0)
    for step in range(max_iter):
        away = points - now
        distance = np.sqrt(np.einsum("ij,ij->i", away, away))
        apart = distance > 1e-14 * max(float(distance.max()), 1e-300)
        inverse = 1.0 / distance[apart]
        pull = inverse @ away[apart]
        length = float(np.sqrt(pull @ pull))
        here = float((~apart).sum())
        if length <= 1e-300 or here >= length:
            return step + 1, now
        change = (1.0 - here / length) * pull / inverse.sum()
        now = now + change
        if float(change @ change) < tol**2:
            return step + 1, now
    return max_iter, now
