"""How many errors a leaf may be expected to make on other rows than its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import betaincinv

LIMITS = ("exact", "program")

# The table of prune.c: chances, and the deviations of a normal variable that belong to them.
_CHANCE = np.array([0.0, 0.001, 0.005, 0.01, 0.05, 0.10, 0.20, 0.40, 1.00])
_DEVIATION = np.array([4.0, 3.09, 2.58, 2.33, 1.65, 1.28, 0.84, 0.25, 0.00])


def error_bound(
    errors: Any, total: Any, confidence: float = 0.25, limit: str = "exact"
) -> np.ndarray:
    """The share p of errors so large that a leaf would do as well as it did with chance `confidence` only.

    P(Binomial(total, p) <= errors) = confidence: the upper limit of Clopper and Pearson (1934), which is
    ``betaincinv(errors + 1, total - errors, 1 - confidence)`` and holds for weights that are not whole.
    Source: Quinlan (1993), section 4.2 (U_CF).

    ``limit="program"`` is what C4.5's program makes of it (`AddErrs` of prune.c), and with it the trees
    printed in the book: exact without errors, a normal approximation from one error on, the line between
    them below, from a table of nine deviations.

    >>> error_bound([0, 0, 0, 1], [6, 9, 1, 16]).round(3)
    array([0.206, 0.143, 0.75 , 0.16 ])
    >>> error_bound([0, 0, 0, 1], [6, 9, 1, 16], limit="program").round(3)
    array([0.206, 0.143, 0.75 , 0.157])
    """
    errors, total = np.broadcast_arrays(np.asarray(errors, float), np.asarray(total, float))
    right = total - errors
    inside = (right > 1e-9) & (total > 0)
    if limit == "exact":
        found = betaincinv(errors + 1.0, np.where(inside, right, 1.0), 1.0 - confidence)
        return np.where(inside, found, np.where(total > 0, 1.0, 0.0))
    n = np.where(total > 0, total, 1.0)
    return np.where(total > 0, (errors + _more_errors(n, errors, confidence)) / n, 0.0)


def _more_errors(n: np.ndarray, e: np.ndarray, confidence: float) -> np.ndarray:
    deviation = float(np.interp(confidence, _CHANCE, _DEVIATION))
    c = deviation * deviation

    def from_one(e: np.ndarray) -> np.ndarray:
        inner = np.maximum(c * ((e + 0.5) * (1 - (e + 0.5) / n) + c / 4), 0.0)
        share = (e + 0.5 + c / 2 + np.sqrt(inner)) / (n + c)
        return np.where(e + 0.5 >= n, 0.67 * (n - e), n * share - e)

    none = n * (1.0 - confidence ** (1.0 / n))
    line = none + e * (from_one(np.ones_like(n)) - none)
    return np.where(e < 1e-6, none, np.where(e < 0.9999, line, from_one(e)))


def expected_errors(counts: np.ndarray, confidence: float, limit: str = "exact") -> float:
    """Weight of a leaf times `error_bound`, given its class weights."""
    total = float(counts.sum())
    if total <= 0:
        return 0.0
    return total * float(error_bound(total - counts.max(), total, confidence, limit))
