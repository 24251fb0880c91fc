"""McNemar's test: two classifiers judged by the rows where only one of them is right."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from ..core.estimate import Estimate
from .comparison import Comparison, check_levels
from .pairing import pair

Method = Literal["mid-p", "exact", "chi2", "asymptotic"]

_NAMES = {
    "mid-p": "McNemar mid-p test",
    "exact": "McNemar exact test",
    "chi2": "McNemar chi-square test, continuity corrected",
    "asymptotic": "McNemar chi-square test",
}


def mcnemar(
    y: ArrayLike,
    pred_a: ArrayLike,
    pred_b: ArrayLike,
    *,
    method: Method = "mid-p",
    sample_weight: ArrayLike | None = None,
    rope: float | None = None,
    alpha: float = 0.05,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """McNemar's test for the difference of two accuracies on the same rows.

    With b rows where only A is right and c where only B is, ``b ~ Binomial(b + c, 1/2)`` if both
    are equally accurate.  "exact" is that binomial test; "mid-p" counts the observed table half;
    "chi2" is ``(|b - c| - 1)^2 / (b + c)`` and "asymptotic" ``(b - c)^2 / (b + c)``, both against
    one degree of freedom.

    Parameters
    ----------
    y, pred_a, pred_b : arrays of shape (n,)
        Labels.
    method : {"mid-p", "exact", "chi2", "asymptotic"}
    sample_weight : array of whole numbers, optional
        How often each row occurs.
    rope : float, optional
        Half-width of the region of practical equivalence, in accuracy.

    Returns
    -------
    Comparison
        Difference of accuracies with Tango's score interval; the effect size is Cohen's g,
        ``b/(b+c) - 1/2``.

    Notes
    -----
    Source: McNemar (1947); continuity: Edwards (1948); mid-p: Fagerland, Lydersen and Laake (2013),
    who find that the exact test and the corrected chi-square are conservative and the mid-p test
    keeps its level nearly always; so it is here (`benchmarks/STUDY_COMPARISON.md`).  Interval:
    Tango (1998), the score interval.  Cost O(n).

    >>> y = [1] * 30
    >>> result = mcnemar(y, [1] * 24 + [0] * 6, [1] * 12 + [0] * 14 + [1] * 4)
    >>> result.verdict, round(result.p_value, 4)
    ('A better', 0.049)
    """
    check_levels(alpha, rope)
    if method not in _NAMES:
        raise ValueError(f"method is one of {list(_NAMES)}, not {method!r}")
    paired = pair(y, pred_a, pred_b, "accuracy", sample_weight=sample_weight)
    right_a, right_b = paired.a == paired.y, paired.b == paired.y
    b = int(np.count_nonzero(right_a & ~right_b))
    c = int(np.count_nonzero(right_b & ~right_a))
    n = len(paired.y)
    statistic, p = mcnemar_p(b, c, method)
    equivalence = float("nan")
    if rope is not None:
        equivalence = max(
            float(stats.norm.sf(tango_score(b, c, n, -rope))),
            float(stats.norm.cdf(tango_score(b, c, n, rope))),
        )
    low, high = tango_interval(b, c, n, 1 - alpha)
    difference = (b - c) / n
    notes = () if b + c else ("the models are right and wrong on the same rows",)
    return Comparison(
        difference=Estimate(
            difference,
            low,
            high,
            1 - alpha,
            "Tango score",
            math.sqrt(max(b + c - (b - c) ** 2 / n, 0.0)) / n,
        ),
        p_value=p,
        test=f"{_NAMES[method]} ({b} rows only {names[0]} right, {c} only {names[1]})",
        effect_size=b / (b + c) - 0.5 if b + c else 0.0,
        effect_name="Cohen's g",
        statistic=statistic,
        df=1.0 if method in ("chi2", "asymptotic") else float("nan"),
        n=n,
        scores=(float(right_a.mean()), float(right_b.mean())),
        alpha=alpha,
        rope=rope,
        p_equivalence=equivalence,
        names=names,
        notes=notes,
    )


def mcnemar_p(b: int, c: int, method: Method) -> tuple[float, float]:
    """Statistic and two-sided p-value from the two discordant counts."""
    m, less = b + c, min(b, c)
    if m == 0:
        return 0.0, 1.0
    if method in ("exact", "mid-p"):
        p = 2 * float(stats.binom.cdf(less, m, 0.5))
        if method == "mid-p":
            p -= float(stats.binom.pmf(less, m, 0.5))
        return float(less), min(1.0, p)
    gap = abs(b - c) - (1 if method == "chi2" else 0)
    statistic = max(gap, 0) ** 2 / m
    return statistic, float(stats.chi2.sf(statistic, 1))


def tango_score(b: int, c: int, n: int, delta: float) -> float:
    """Score statistic for "accuracy of A minus accuracy of B is `delta`", about N(0, 1) if it is.

    ``(b - c - n delta) / sqrt(n (2 q + delta (1 - delta)))``, q the constrained maximum-likelihood
    probability of "only B right": Tango (1998), with his b and c in our order.
    """
    if abs(delta) >= 1:
        return -math.inf if delta > 0 else math.inf
    first = -(b + c) + (2 * n - b + c) * delta
    second = -c * delta * (1 - delta)
    q = (math.sqrt(max(first**2 - 8 * n * second, 0.0)) - first) / (4 * n)
    variance = n * (2 * q + delta * (1 - delta))
    gap = b - c - n * delta
    if variance <= 0:
        return 0.0 if gap == 0 else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)


def tango_interval(b: int, c: int, n: int, confidence: float) -> tuple[float, float]:
    """The differences that Tango's score does not reject."""
    z = float(stats.norm.ppf(0.5 + confidence / 2))
    middle = (b - c) / n

    def limit(target: float, end: float) -> float:
        def gap(delta: float) -> float:
            return max(min(tango_score(b, c, n, delta), 1e6), -1e6) - target

        if abs(middle - end) < 1e-15 or gap(middle) * gap(end) > 0:
            return end
        return float(optimize.brentq(gap, *sorted((middle, end)), xtol=1e-12))

    return limit(z, -1.0), limit(-z, 1.0)
