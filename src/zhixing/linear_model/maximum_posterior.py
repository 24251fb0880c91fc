"""Linear regression under a prior, which is the penalty in other words."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.linalg
from scipy import sparse, stats
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.parallel import single_threaded_blas
from ..data.check import check_fit, check_rows
from ..solvers.cd import cd
from ..solvers.design import as_design
from ..solvers.least_squares import least_squares
from ..solvers.moments import moments
from ..solvers.tasks import tasks
from ..solvers.terms import Terms
from .base import LinearRegressorMixin
from .inference import NoInference

PRIORS = ("gaussian", "laplace")


class MAPRegression(LinearRegressorMixin, Estimator):
    """The most probable coefficients given the data, a prior on them, and Gaussian noise.

    With y_i ~ N(x_i w + b, v / weight_i), b flat, and each w_j by itself from the prior::

        gaussian:  w_j ~ N(0, t^2)          -log posterior = sum_i weight_i r_i^2 / 2v + |w|^2 / 2t^2
        laplace:   density exp(-|w_j| / t) / 2t                                        + |w|_1 / t

    So the Gaussian prior is ridge with alpha = v / t^2 (`Ridge`), and the Laplace prior the lasso with
    alpha = v / (t s), s the sum of the weights (`Lasso`): the noisier the data against the prior, the
    stronger the penalty.

    Parameters
    ----------
    prior : ``"gaussian"`` or ``"laplace"``.     scale : t; ``inf`` for a flat prior.
    noise_variance : v; None for that of least squares, R / (s - p - 1), which needs more rows than
        columns.     fit_intercept : whether b is fitted.
    covariance : keep the posterior's covariance (Gaussian prior), p^2 numbers.
    max_iter, tol : sweeps, and duality gap at the end relative to y'y (Laplace prior only).

    Attributes
    ----------
    coef_ : (p,).   intercept_ : float.   noise_variance_ : v.    alpha_ : of the `Ridge` or `Lasso` with the
    same coefficients.    objective_ : the negative log posterior, up to terms in v and t alone.
    covariance_ : (p, p), of w given the data, v (X'X + v / t^2)^-1 with X centred; None for the Laplace
    prior, whose posterior has no closed form.    x_mean_ : (p,).    total_weight_ : s.    n_iter_ : sweeps.

    Notes
    -----
    Cost: O(n p^2 + p^3); O(n p) a round for the Laplace prior, see `Lasso`.  Under a Gaussian prior the
    mode is the mean of the posterior, and `predict` and `credible_interval` give its spread; under a
    Laplace prior the zeros of the mode are not zeros of the posterior mean.
    Sources: Bishop (2006), eq. 3.53 to 3.58; Tibshirani (1996), section 5.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> model = MAPRegression(scale=1.0, noise_variance=1.0).fit(X, [0.0, 2.0, 4.0, 6.0])
    >>> model.coef_.round(3), model.alpha_, model.credible_interval().round(2)
    (array([1.667]), 1.0, array([[0.87, 2.47]]))
    >>> MAPRegression("laplace", scale=0.5, noise_variance=1.0).fit(X, [0.0, 2.0, 4.0, 6.0]).alpha_
    0.5
    """

    _no_inference = (
        "its coefficients were drawn to a prior, so they have a posterior and no sampling distribution; "
        "credible_interval gives it for the Gaussian prior"
    )

    def __init__(
        self,
        prior: str = "gaussian",
        *,
        scale: float = 1.0,
        noise_variance: float | None = None,
        fit_intercept: bool = True,
        covariance: bool = True,
        max_iter: int = 10_000,
        tol: float = 1e-8,
    ) -> None:
        self.prior = prior
        self.scale = scale
        self.noise_variance = noise_variance
        self.fit_intercept = fit_intercept
        self.covariance = covariance
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MAPRegression:
        """Fit on X (n, p), dense or sparse, and y (n,); returns self."""
        if self.prior not in PRIORS:
            raise ValueError(f"prior={self.prior!r} is not one of {PRIORS}")
        if not self.scale > 0:
            raise ValueError(f"scale is {self.scale!r}; it must be positive")
        if self.noise_variance is not None and not self.noise_variance >= 0:
            raise ValueError(f"noise_variance is {self.noise_variance!r}; it must not be negative")
        X, y, weight = check_fit(self, X, y, sample_weight, y_numeric=True)
        y = np.asarray(y, dtype=np.float64)
        omega = np.ones(len(y)) if weight is None else weight
        total = float(omega.sum())
        v = self._noise(X, y, weight, total)
        self.noise_variance_, self.total_weight_ = v, total
        if self.prior == "gaussian":
            self.alpha_ = float(v / self.scale**2)
            w, b = self._ridge(X, y, weight)
        else:
            self.alpha_ = float(v / (self.scale * total))
            w, b = self._lasso(X, y, weight)
        self.x_mean_ = np.asarray(omega @ X, dtype=np.float64).ravel() / total
        self.covariance_ = None
        if self.prior == "gaussian" and self.covariance:
            self.covariance_ = self._spread(X, y, weight, total)
        r = y - np.asarray(X @ w).ravel() - b
        size = (
            w @ w / (2 * self.scale**2)
            if self.prior == "gaussian"
            else np.abs(w).sum() / self.scale
        )
        self.objective_ = float(omega @ (r * r) / (2 * max(v, np.finfo(float).tiny)) + size)
        self.coef_, self.intercept_ = w.astype(X.dtype), X.dtype.type(b)
        return self

    def _noise(self, X: Any, y: np.ndarray, weight: np.ndarray | None, total: float) -> float:
        if self.noise_variance is not None:
            return float(self.noise_variance)
        left = total - X.shape[1] - self.fit_intercept
        if left <= 0:
            raise ValueError(
                f"{total:g} rows cannot show the noise beside {X.shape[1]} columns (n_samples = "
                f"{X.shape[0]}); give noise_variance"
            )
        plain = least_squares(X, y[:, None], weight, fit_intercept=self.fit_intercept)
        r = y - np.asarray(X @ plain.W).ravel() - plain.b
        return float((r * r if weight is None else weight * r * r).sum()) / left

    def _ridge(self, X: Any, y: np.ndarray, weight: np.ndarray | None) -> tuple[np.ndarray, float]:
        found = least_squares(
            X, y[:, None], weight, alpha=self.alpha_, fit_intercept=self.fit_intercept
        )
        self.n_iter_ = 1
        return found.W[:, 0], float(found.b[0])

    def _lasso(self, X: Any, y: np.ndarray, weight: np.ndarray | None) -> tuple[np.ndarray, float]:
        p = X.shape[1]
        (problem,) = tasks(as_design(X), y[:, None], weight, self.fit_intercept)
        terms = Terms(np.full(p, self.alpha_), np.zeros(p))
        found = cd(problem, terms, tol=self.tol, max_iter=self.max_iter)
        if not found.gap <= self.tol * problem.yy * (1 + 1e-12):
            warnings.warn(
                f"MAPRegression stopped after {found.sweeps} sweeps with duality gap {found.gap:.2g}; "
                "raise max_iter, scale the features, or loosen tol",
                ConvergenceWarning,
                stacklevel=3,
            )
        self.n_iter_ = found.sweeps
        return found.w, float(problem.intercept(found.w))

    def _spread(self, X: Any, y: np.ndarray, weight: np.ndarray | None, total: float) -> np.ndarray:
        sums = moments(as_design(X), y[:, None], weight, center=self.fit_intercept)
        S = sums.about_mean()[1] if self.fit_intercept else sums.about_zero()
        with single_threaded_blas():
            d, V = scipy.linalg.eigh(S[:-1, :-1] * total)
        d = np.where(d > len(d) * np.finfo(float).eps * max(float(d[-1]), 0.0), d, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):  # a flat prior leaves some w unbounded
            scaled = np.where(
                d + self.alpha_ > 0.0, self.noise_variance_ / (d + self.alpha_), np.inf
            )
        if not np.isfinite(scaled).all():
            raise ValueError(
                "a flat prior has no posterior where columns are collinear; lower scale"
            )
        return (V * scaled) @ V.T

    def credible_interval(self, confidence: float = 0.95) -> np.ndarray:
        """Bounds (p, 2) within which each coefficient lies with this probability (Gaussian prior)."""
        check_is_fitted(self)
        if not 0 < confidence < 1:
            raise ValueError(f"confidence is {confidence!r}; it must lie between 0 and 1")
        half = float(stats.norm.ppf(0.5 + confidence / 2)) * np.sqrt(np.diag(self._posterior()))
        return np.column_stack([self.coef_ - half, self.coef_ + half])

    def predict(self, X: Any, return_std: bool = False) -> Any:
        """The prediction of every row, (n,); with `return_std` also the deviation of a new y there."""
        mean = super().predict(X)
        if not return_std:
            return mean
        C = self._posterior()
        X = check_rows(self, X)
        X = X.toarray() if sparse.issparse(X) else np.asarray(X, dtype=np.float64)
        centred = X - self.x_mean_ if self.fit_intercept else X
        own = 1.0 + (1.0 / self.total_weight_ if self.fit_intercept else 0.0)
        variance = self.noise_variance_ * own + np.einsum("ij,ij->i", centred @ C, centred)
        return mean, np.sqrt(variance)

    def _posterior(self) -> np.ndarray:
        if self.covariance_ is None:
            raise NoInference(
                "MAPRegression keeps no posterior: "
                + (
                    "covariance=False"
                    if self.prior == "gaussian"
                    else "under a Laplace prior it has no closed form; use prior='gaussian'"
                )
            )
        return self.covariance_
