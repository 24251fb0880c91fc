"""Scores against training size: a power law, and what it says of sizes not yet seen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import optimize, stats

from ..core.errors import InputError
from ..core.estimate import Estimate

#: Exponents considered: learning theory gives 1/2 to 1, measured curves 0.1 to 2.
EXPONENTS = np.geomspace(0.1, 2.0, 200)


class PowerLaw(NamedTuple):
    """``score(n) = a + b (n / n0)^-c``: for each exponent c the best a and b, and how likely c is.

    `limits` (k, 2) and `covariances` (k, 2, 2) belong to (a, b) given each exponent; `chances` are
    the exponents' posterior probabilities; `df` of the Student distributions.
    """

    n0: float
    exponents: np.ndarray
    limits: np.ndarray
    covariances: np.ndarray
    chances: np.ndarray
    df: int

    def at(self, n: float, less: float | None = None, confidence: float = 0.95) -> Estimate:
        """The score at n rows, or its gain over that at `less` rows, with an interval.

        The interval holds the uncertainty of a, b and c: a mixture of one Student distribution per
        exponent.
        """
        power = (n / self.n0) ** -self.exponents
        design = np.column_stack([np.ones_like(power), power])
        if less is not None:
            design -= np.column_stack([np.ones_like(power), (less / self.n0) ** -self.exponents])
        means = np.einsum("ij,ij->i", design, self.limits)
        scales = np.sqrt(np.einsum("ij,ijk,ik->i", design, self.covariances, design))
        scales = np.maximum(scales, 1e-15)

        def below(value: float) -> float:
            return float(self.chances @ stats.t.cdf((value - means) / scales, self.df))

        reach = stats.t.ppf(1 - (1 - confidence) / 4, self.df) * scales * 50
        low, high = float(np.min(means - reach)), float(np.max(means + reach))
        tail = (1 - confidence) / 2
        ends = [
            float(optimize.brentq(lambda v, p=p: below(v) - p, low, high))
            for p in (tail, 0.5, 1 - tail)
        ]
        return Estimate(ends[1], ends[0], ends[2], confidence, "power law")


def fit_power_law(
    sizes: np.ndarray, means: np.ndarray, covariance: np.ndarray, df: int
) -> PowerLaw:
    """Fit ``a + b (n/n0)^-c`` to mean scores with a known covariance.

    Given c the model is linear: generalised least squares, flat prior on a and b; c has a flat
    prior in log over `EXPONENTS` and is weighted by its marginal likelihood under Student errors.

    Source of the law: Cortes, Jackel, Solla, Vapnik and Denker (1994), eq. 1.
    """
    if sizes.size < 4:
        raise InputError(
            f"a power law has three parameters; {sizes.size} training sizes are too few",
            do="use at least four",
        )
    n0 = float(sizes.max())
    inverse = np.linalg.inv(covariance)
    limits, covariances, logs = [], [], []
    for c in EXPONENTS:
        design = np.column_stack([np.ones(sizes.size), (sizes / n0) ** -c])
        information = design.T @ inverse @ design
        spread = np.linalg.inv(information)
        best = spread @ design.T @ inverse @ means
        rest = means - design @ best
        misfit = float(rest @ inverse @ rest)
        limits.append(best)
        covariances.append(spread)
        # Student's likelihood, since the covariance itself is estimated from df + 1 folds.
        logs.append(
            0.5 * np.linalg.slogdet(spread)[1] - 0.5 * (df + sizes.size) * np.log1p(misfit / df)
        )
    chances = np.exp(np.array(logs) - max(logs))
    return PowerLaw(
        n0, EXPONENTS, np.array(limits), np.array(covariances), chances / chances.sum(), df
    )
