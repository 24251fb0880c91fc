"""The bootstrap, for statistics with no closed form: rows are drawn as weights, never copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.estimate import Estimate
from ..core.parallel import each
from ..core.random import RandomState, generator
from .interval import check_confidence


def percentile(value: float, replicates: np.ndarray, confidence: float) -> Estimate:
    """The value with the central `confidence` share of its replicates (Efron & Tibshirani 1993, eq. 13.5)."""
    tail = 0.5 * (1.0 - check_confidence(confidence))
    seen = replicates[np.isfinite(replicates)]
    if seen.size < 2:
        return Estimate(value, float("nan"), float("nan"), confidence, "bootstrap")
    low, high = np.quantile(seen, [tail, 1.0 - tail])
    return Estimate(
        value, float(low), float(high), confidence, "bootstrap", float(seen.std(ddof=1))
    )


def bootstrap(
    statistic: Callable[[np.ndarray], float],
    n: int,
    *,
    sample_weight: np.ndarray | None = None,
    strata: np.ndarray | None = None,
    confidence: float = 0.95,
    replicates: int = 1000,
    random_state: RandomState = 0,
) -> Estimate:
    """Percentile bootstrap interval of ``statistic(weight)``, a function of row weights.

    Each replicate draws rows with replacement in proportion to `sample_weight` (which counts
    repetitions), within each stratum where `strata` is given, and passes the counts as weights.
    The replicates are seeded one by one, so the interval does not depend on the number of threads.

    >>> x = np.arange(20.0)
    >>> print(bootstrap(lambda w: np.average(x, weights=w), 20))
    9.5000 [7.0000, 12.0012] (95 % bootstrap)
    """
    weight = np.ones(n) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    groups = (
        [np.arange(n)]
        if strata is None
        else [np.flatnonzero(strata == s) for s in np.unique(strata)]
    )
    seeds = generator(random_state).integers(2**63 - 1, size=replicates)

    def one(seed: Any) -> float:
        rng = np.random.default_rng(seed)
        drawn = np.zeros(n)
        for rows in groups:
            own = weight[rows]
            count = round(float(own.sum()))
            if sample_weight is None:
                drawn[rows] = np.bincount(rng.integers(rows.size, size=count), minlength=rows.size)
            else:
                drawn[rows] = rng.multinomial(count, own / own.sum())
        return float(statistic(drawn))

    return percentile(float(statistic(weight)), np.array(each(one, list(seeds))), confidence)
