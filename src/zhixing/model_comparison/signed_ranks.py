"""Two methods over many data sets: Wilcoxon's signed ranks, and the sign test."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ..core.estimate import Estimate
from .comparison import Comparison, check_levels

# Up to here the null distribution is counted out, ties included; beyond it is as good as normal.
EXACT = 200


def _paired_scores(a: ArrayLike, b: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.asarray(a, dtype=float).ravel(), np.asarray(b, dtype=float).ravel()
    if first.shape != second.shape:
        raise ValueError(f"scores are paired by data set: {first.size} against {second.size}")
    if first.size == 0:
        raise ValueError("no data sets to compare")
    if not (np.all(np.isfinite(first)) and np.all(np.isfinite(second))):
        raise ValueError("a score is missing or infinite; leave that data set out for both")
    return first, second


def signed_rank_null(ranks: np.ndarray) -> np.ndarray:
    """Probabilities of twice the sum of positive ranks, when each sign is a coin.

    One convolution per rank: exact for tied ranks too, which are halves.  Cost O(m sum of ranks).

    >>> signed_rank_null(np.array([1.0, 2.0])).tolist()
    [0.25, 0.0, 0.25, 0.0, 0.25, 0.0, 0.25]
    """
    twice = np.rint(2 * ranks).astype(int)
    chances = np.zeros(int(twice.sum()) + 1)
    chances[0] = 1.0
    for step in twice:
        moved = np.zeros_like(chances)
        moved[step:] = chances[: chances.size - step]
        chances = 0.5 * (chances + moved)
    return chances


def wilcoxon(
    a: ArrayLike,
    b: ArrayLike,
    *,
    alpha: float = 0.05,
    greater_is_better: bool = True,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """Wilcoxon's signed-rank test for two methods' scores over many data sets.

    Rank the absolute differences; ``W+ = sum of ranks of positive differences`` has, if the
    differences are symmetric about zero, the distribution of a sum with random signs.

    Parameters
    ----------
    a, b : arrays of shape (N,)
        One score per data set, e.g. the cross-validated mean; data sets are the independent units,
        so folds of one data set do not belong here.

    Returns
    -------
    Comparison
        The difference is the Hodges-Lehmann estimate (median of the Walsh averages) with the
        interval that inverts the test; the effect size is the matched-pairs rank-biserial
        correlation.

    Notes
    -----
    Source: Wilcoxon (1945); zero differences: Pratt (1959), ranked and then dropped, so that they
    weaken the evidence; use over data sets: Demsar (2006), section 3.1.3.  The p-value is exact up
    to 200 data sets, ties included, where SciPy turns to the normal approximation.  Cost O(N^2) and
    O(N^3) for the exact table.

    >>> a = [0.86, 0.91, 0.77, 0.68, 0.95, 0.82, 0.73, 0.88]
    >>> b = [0.84, 0.90, 0.74, 0.69, 0.91, 0.77, 0.67, 0.81]
    >>> result = wilcoxon(a, b)
    >>> result.verdict, round(result.p_value, 4)
    ('A better', 0.0234)
    """
    check_levels(alpha, None)
    first, second = _paired_scores(a, b)
    d = first - second
    # Scores with a few decimals leave differences equal only up to rounding; ties must stay ties.
    d = np.round(d, 12 - int(np.floor(np.log10(max(float(np.abs(d).max()), 1e-300)))))
    ranks = stats.rankdata(np.abs(d))[d != 0]
    signs = np.sign(d[d != 0])
    plus, total = float(ranks[signs > 0].sum()), float(ranks.sum())
    if ranks.size == 0:
        p = 1.0
    elif ranks.size <= EXACT:
        chances = signed_rank_null(ranks)
        place = int(np.rint(2 * min(plus, total - plus)))
        p = min(1.0, 2 * float(chances[: place + 1].sum()))
    else:
        z = (abs(plus - total / 2) - 0.5) / math.sqrt(float(np.sum(ranks**2)) / 4)
        p = min(1.0, 2 * float(stats.norm.sf(z)))
    middle, low, high = hodges_lehmann(d, 1 - alpha)
    return Comparison(
        difference=Estimate(middle, low, high, 1 - alpha, "Hodges-Lehmann"),
        p_value=p,
        test="Wilcoxon signed-rank test" + (", exact" if ranks.size <= EXACT else ""),
        effect_size=(2 * plus - total) / total if total else 0.0,
        effect_name="rank-biserial correlation",
        statistic=min(plus, total - plus),
        n=d.size,
        scores=(float(first.mean()), float(second.mean())),
        alpha=alpha,
        greater_is_better=greater_is_better,
        names=names,
        notes=_too_few(ranks.size, alpha),
    )


def hodges_lehmann(d: np.ndarray, confidence: float) -> tuple[float, float, float]:
    """Median of the Walsh averages ``(d_i + d_j) / 2``, i <= j, and its signed-rank interval."""
    i, j = np.triu_indices(d.size)
    walsh = np.sort((d[i] + d[j]) / 2)
    if d.size <= EXACT:
        below = np.cumsum(signed_rank_null(np.arange(1.0, d.size + 1)))[::2]
        skip = int(np.searchsorted(below, (1 - confidence) / 2, side="right"))
    else:
        m = d.size
        spread = math.sqrt(m * (m + 1) * (2 * m + 1) / 24)
        skip = int(m * (m + 1) / 4 - float(stats.norm.ppf(0.5 + confidence / 2)) * spread)
    if skip < 1:  # too few data sets for any interval at this confidence
        return float(np.median(walsh)), -math.inf, math.inf
    return float(np.median(walsh)), float(walsh[skip - 1]), float(walsh[-skip])


def sign_test(
    a: ArrayLike,
    b: ArrayLike,
    *,
    alpha: float = 0.05,
    greater_is_better: bool = True,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """Sign test: on how many data sets does A win?

    ``wins ~ Binomial(wins + losses, 1/2)`` if neither is better; ties are left out.  It assumes
    nothing of the differences' size or symmetry, and needs many data sets.

    Returns
    -------
    Comparison
        Median difference with its order-statistics interval; the effect size is the share of wins
        minus 1/2.

    Notes
    -----
    Source: Demsar (2006), section 3.1.4, there approximated; here exact, hence conservative.  Cost
    O(N log N).

    >>> result = sign_test([3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6])
    >>> result.p_value
    0.03125
    """
    check_levels(alpha, None)
    first, second = _paired_scores(a, b)
    d = np.sort(first - second)
    wins, losses = int(np.count_nonzero(d > 0)), int(np.count_nonzero(d < 0))
    m = wins + losses
    p = min(1.0, 2 * float(stats.binom.cdf(min(wins, losses), m, 0.5))) if m else 1.0
    skip = int(stats.binom.ppf(alpha / 2, d.size, 0.5))
    if float(stats.binom.cdf(skip, d.size, 0.5)) > alpha / 2:
        skip -= 1
    low, high = (d[skip], d[-skip - 1]) if skip >= 0 else (-math.inf, math.inf)
    return Comparison(
        difference=Estimate(float(np.median(d)), float(low), float(high), 1 - alpha, "sign"),
        p_value=p,
        test=f"sign test ({wins} wins, {losses} losses)",
        effect_size=wins / m - 0.5 if m else 0.0,
        effect_name="share of wins - 1/2",
        statistic=float(min(wins, losses)),
        n=d.size,
        scores=(float(first.mean()), float(second.mean())),
        alpha=alpha,
        greater_is_better=greater_is_better,
        names=names,
        notes=_too_few(m, alpha),
    )


def _too_few(m: int, alpha: float) -> tuple[str, ...]:
    if 0.5 ** (m - 1) <= alpha:
        return ()
    return (f"{m} differing data sets can never reach p <= {alpha:g}, whatever the scores",)
