"""Ridge regression from sums of products, its strength found by maximal evidence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg import eigh, svd

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
    s, V, along = _directions(G, b)
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


def _directions(G: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Eigenvalues s and vectors V of G, and V'b, as exact as from the rows.

    The eigenvalues of G have the squared range of the columns' scales, and its small ones would
    drown: with D the scales, D^-1 G D^-1 = U L U' has none of it, and G is A'A for A = L^1/2 U' D.
    """
    d = np.sqrt(np.maximum(np.diag(G), 0.0))
    d[d == 0] = 1.0
    spread, U = eigh(G / d / d[:, None], check_finite=False)
    flat = spread <= len(d) * np.finfo(np.float64).eps * spread[-1]
    root = np.where(flat, 0.0, np.sqrt(np.maximum(spread, 0.0)))
    P, sigma, Vt = svd(root[:, None] * U.T * d, check_finite=False)
    inner = np.where(flat, 0.0, (U.T @ (b / d)) / np.where(flat, 1.0, root))
    return sigma * sigma, Vt.T, sigma * (P.T @ inner)


def _solve(
    s: np.ndarray, V: np.ndarray, along: np.ndarray, yy: float, r: float, floor: float
) -> tuple[np.ndarray, float]:
    scaled = along / (s + r)
    rss = yy - float((scaled * scaled * (s + 2 * r)).sum())
    return V @ scaled, max(rss, floor)
