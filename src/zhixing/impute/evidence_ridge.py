"""Ridge regression from sums of products, its strength found by maximal evidence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg import eigh

# The flat Gamma priors of noise and weight precision, and the stopping rule, are scikit-learn's.
_PRIOR = 1e-6
_TOL = 1e-3
_MAX_ITER = 300


class EvidenceRidge(NamedTuple):
    """A fitted regression: coefficients, noise precision, and what a draw of both needs."""

    coef: np.ndarray
    intercept: float
    noise_precision: float
    basis: np.ndarray
    spectrum: np.ndarray  # variances of the coefficients along the basis
    rss: float
    freedom: float  # n minus the effective number of parameters
    n: float
    x_mean: np.ndarray

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, float, float]:
        """Coefficients, intercept and noise deviation from the posterior.

        The noise variance is RSS / chi^2, the coefficients normal around the estimate with the
        posterior covariance at that variance; one draw holds for all rows (Rubin 1987, ch. 5).
        """
        freedom = max(self.freedom, 1.0)
        variance = self.rss / rng.chisquare(freedom)
        inflate = variance * self.noise_precision
        z = rng.standard_normal(len(self.coef)) * np.sqrt(self.spectrum * inflate)
        change = self.basis @ z
        level = rng.standard_normal() * np.sqrt(variance / self.n)
        intercept = self.intercept - float(self.x_mean @ change) + level
        return self.coef + change, intercept, float(np.sqrt(variance))


def evidence_ridge(
    G: np.ndarray, b: np.ndarray, yy: float, n: float, x_mean: np.ndarray, y_mean: float
) -> EvidenceRidge:
    """Bayesian ridge from centred sums G = X'X, b = X'y, yy = y'y over n rows.

    With eigenvalues s of G, r = lambda / alpha, coefficients (G + r)^-1 b; MacKay (1992), eq. 4.5:
    gamma = sum s / (s + r), lambda = gamma / |w|^2, alpha = (n - gamma) / RSS, until the
    coefficients settle.  O(p^3) once, O(p^2) per iteration, whatever the number of rows.
    """
    s, V = eigh(G, check_finite=False)
    s = np.maximum(s, 0.0)
    along = V.T @ b
    alpha = 1.0 / (yy / n + np.finfo(np.float64).eps)
    strength = 1.0
    floor = np.finfo(np.float64).eps * yy + np.finfo(np.float64).tiny
    before = None
    for _ in range(_MAX_ITER):
        coef, rss = _solve(s, V, along, yy, strength / alpha, floor)
        gamma = float((s / (s + strength / alpha)).sum()) if s.size else 0.0
        strength = (gamma + 2 * _PRIOR) / (float(coef @ coef) + 2 * _PRIOR)
        alpha = (n - gamma + 2 * _PRIOR) / (rss + 2 * _PRIOR)
        if before is not None and np.abs(before - coef).sum() < _TOL:
            break
        before = coef
    coef, rss = _solve(s, V, along, yy, strength / alpha, floor)
    gamma = float((s / (s + strength / alpha)).sum()) if s.size else 0.0
    intercept = y_mean - float(x_mean @ coef)
    spectrum = 1.0 / (alpha * s + strength)
    return EvidenceRidge(coef, intercept, alpha, V, spectrum, rss, n - gamma - 1.0, n, x_mean)


def _solve(
    s: np.ndarray, V: np.ndarray, along: np.ndarray, yy: float, r: float, floor: float
) -> tuple[np.ndarray, float]:
    scaled = along / (s + r)
    rss = yy - float((scaled * scaled * (s + 2 * r)).sum())
    return V @ scaled, max(rss, floor)
