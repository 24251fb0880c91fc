"""The mean of scores from folds that share training rows, and how well it is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ..core.errors import InputError
from ..core.estimate import Estimate


class FoldMean(NamedTuple):
    """Mean over J folds, its corrected standard error, and the degrees of freedom J - 1.

    `deviation` is the plain standard deviation between folds.
    """

    mean: float
    std_error: float
    df: int
    deviation: float
    n: int

    def interval(
        self,
        confidence: float = 0.95,
        method: str = "corrected t",
        limits: tuple[float, float] | None = None,
    ) -> Estimate:
        """``mean -+ t std_error``, cut off at the limits of the score where it has any."""
        half = float(stats.t.ppf(0.5 + confidence / 2, self.df)) * self.std_error
        lowest, highest = limits or (-np.inf, np.inf)
        low, high = max(self.mean - half, lowest), min(self.mean + half, highest)
        return Estimate(self.mean, low, high, confidence, method, self.std_error)


def size_ratio(n_train: ArrayLike, n_test: ArrayLike) -> float:
    """``n_test / n_train``, the mean over folds where they differ in size."""
    train, test = np.asarray(n_train, dtype=float), np.asarray(n_test, dtype=float)
    if not (np.all(train > 0) and np.all(test > 0)):
        raise InputError("n_train and n_test are positive numbers of rows")
    return float(np.mean(test / train))


def fold_mean(
    values: ArrayLike, n_train: ArrayLike, n_test: ArrayLike, scale: float = 1.0
) -> FoldMean:
    """Nadeau and Bengio's standard error of a mean over folds, ``sqrt(1/J + n_test/n_train) s``.

    Folds share training rows, so their scores are correlated, by about ``n_test/(n_train +
    n_test)``, and ``s / sqrt(J)`` is too small.  `values` are scores, or paired differences of
    scores, (J,); a spread below rounding of `scale` counts as none.

    >>> seen = fold_mean([0.80, 0.84, 0.82, 0.78, 0.81], n_train=80, n_test=20)
    >>> print(seen.interval())
    0.8100 [0.7684, 0.8516] (95 % corrected t)
    """
    x = np.asarray(values, dtype=float).ravel()
    if x.size < 2:
        raise InputError("one fold has no variance; give the scores of at least two")
    if not np.all(np.isfinite(x)):
        raise InputError("a fold's score is missing or infinite; a failed fit cannot be compared")
    mean, deviation = float(np.mean(x)), float(np.std(x, ddof=1))
    # Values equal up to rounding have no variance; noise of the last bit is no evidence.
    rounding = 1e-14 * max(1.0, scale, float(np.abs(x).max()))
    if deviation <= rounding:
        deviation = 0.0
        mean = 0.0 if abs(mean) <= rounding else mean
    std_error = float(np.sqrt(1.0 / x.size + size_ratio(n_train, n_test)) * deviation)
    return FoldMean(mean, std_error, x.size - 1, deviation, x.size)
