"""The variance of an area under the ROC curve, and the covariance of several (DeLong et al. 1988)."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from ..core.estimate import Estimate
from ..core.parallel import each
from .interval import normal, quantile
from .labels import check_lengths, check_weight
from .sorted_scores import TwoClasses, positions, positive_rows


class Components(NamedTuple):
    """Each row's share of the other class ranked below (above) it: eq. 3 and 4 of the paper."""

    pos: np.ndarray
    neg: np.ndarray


def area(two: TwoClasses) -> float:
    """P(positive outranks negative) + half P(tie): one merge of the smaller class into the other.

    Without weights the pairs are counted in integers, so the area is exact.
    """
    pos, neg = two
    if pos.scores.size > neg.scores.size:
        return 1.0 - area(TwoClasses(neg, pos))
    left, right = positions(pos.scores, neg.scores)
    if pos.before is None:
        twice = int(left.sum()) + int(right.sum())
        return twice / (2.0 * pos.scores.size * neg.scores.size)
    below = neg.weight_before(left) + neg.weight_before(right)
    return float(np.dot(np.diff(pos.before), below)) / (2.0 * pos.total * neg.total)


def area_reference(positive: np.ndarray, score: np.ndarray, weight: np.ndarray) -> float:
    """The definition: every pair of a positive and a negative row, counted."""
    gap = score[positive][:, None] - score[~positive][None, :]
    pairs = weight[positive][:, None] * weight[~positive][None, :]
    return float((pairs * ((gap > 0) + 0.5 * (gap == 0))).sum() / pairs.sum())


def components(two: TwoClasses) -> Components:
    """Structural components in the order of the sorted scores: two merges, O(n) after the sort.

    Sun & Xu (2014) get them from midranks of the pooled sample; a merge of two sorted classes needs
    no pooled sort.
    """
    pos, neg = two

    def share(queries: np.ndarray, keys: Any) -> np.ndarray:
        left, right = positions(queries, keys.scores)
        return (keys.weight_before(left) + keys.weight_before(right)) / (2.0 * keys.total)

    return Components(share(pos.scores, neg), 1.0 - share(neg.scores, pos))


def _spread(values: np.ndarray, weight: np.ndarray | None, mean: float) -> float:
    total = float(values.size if weight is None else weight.sum())
    gap = values - mean
    squares = float(np.dot(gap, gap) if weight is None else np.einsum("i,i,i", weight, gap, gap))
    return squares / (total - 1.0) / total if total > 1.0 else math.nan


def interval(two: TwoClasses, confidence: float, scale: str = "logit") -> Estimate:
    """The area with DeLong's interval; Newcombe's where that collapses.

    The critical value is Student's with Welch and Satterthwaite's degrees of freedom, as for the
    Brunner-Munzel test: with ten positives the normal one covers 91 % instead of 95 %, this one 93 %
    (benchmarks/study_intervals.py).
    """
    parts = components(two)
    value = area(two)
    spreads = [_spread(part, side.weight, value) for part, side in zip(parts, two)]
    variance = sum(spreads)
    if math.isnan(variance) or variance <= 0.0:
        return newcombe(value, two.pos.total, two.neg.total, confidence)
    # Welch and Satterthwaite: a class of few rows leaves its part of the variance uncertain.
    dof = variance**2 / sum(s * s / (side.total - 1.0) for s, side in zip(spreads, two))
    made = normal(value, math.sqrt(variance), confidence, scale=scale, dof=dof, method="DeLong")
    if math.isnan(made.low):
        return newcombe(value, two.pos.total, two.neg.total, confidence)
    return made._replace(low=max(made.low, 0.0), high=min(made.high, 1.0))


def newcombe(value: float, positives: float, negatives: float, confidence: float) -> Estimate:
    """Score-like interval of an area from the class sizes alone: Newcombe (2006), method 5.

    Solves ``(a - A)^2 = z^2 V(a)`` for both limits, V being Hanley & McNeil's variance with both
    class sizes replaced by their mean.  It does not collapse at A = 1.

    >>> print(newcombe(1.0, 20, 20, 0.95))
    1.0000 [0.8987, 1.0000] (95 % Newcombe 5)
    """
    z = quantile(confidence)
    extra = max(0.5 * (positives + negatives) - 1.0, 0.0)

    def error(a: float) -> float:
        spread = 1.0 + extra * ((1.0 - a) / (2.0 - a) + a / (1.0 + a))
        return math.sqrt(a * (1.0 - a) * spread / (positives * negatives))

    def solve(inside: float, outside: float) -> float:
        for _ in range(60):
            middle = 0.5 * (inside + outside)
            if abs(value - middle) <= z * error(middle):
                inside = middle
            else:
                outside = middle
        return inside

    low = solve(value, 0.0) if value > 0.0 else 0.0
    high = solve(value, 1.0) if value < 1.0 else 1.0
    return Estimate(value, low, high, confidence, "Newcombe 5", error(value))


def auc_covariance(
    y_true: Any, y_scores: Any, *, sample_weight: Any = None, pos_label: Any = None
) -> tuple[np.ndarray, np.ndarray]:
    """Areas of `m` scores of the same rows, and their covariance: DeLong et al. (1988), eq. 5 to 7.

    Parameters
    ----------
    y_true : (n,) labels of two classes
    y_scores : (n, m), one column a model
    sample_weight : (n,), counts repetitions
    pos_label : the positive label, by default the greater of the two

    Cost: O(m n log n) time, O(m n) memory.

    >>> areas, covariance = auc_covariance([0, 0, 1, 1], [[1, 2], [2, 1], [3, 3], [4, 1.5]])
    >>> areas
    array([1.  , 0.75])
    >>> covariance.shape
    (2, 2)
    """
    positive = positive_rows(y_true, pos_label)
    scores = np.asarray(y_scores, dtype=np.float64)
    weight = check_weight(sample_weight, positive.size)
    if scores.ndim != 2:
        raise ValueError(f"y_scores must have one column a model, got shape {scores.shape}")
    check_lengths(positive, scores)
    if not np.isfinite(scores).all():
        raise ValueError("Input y_scores contains NaN or infinity.")
    w = np.ones(positive.size) if weight is None else weight

    def model(j: int) -> Components:
        return Components(*(_share(scores[:, j], w, side, positive) for side in (True, False)))

    parts = each(model, range(scores.shape[1]))
    areas = np.empty(scores.shape[1])
    covariance = np.zeros((scores.shape[1],) * 2)
    for chosen, rows in ((positive, [p.pos for p in parts]), (~positive, [p.neg for p in parts])):
        own, total = w[chosen], float(w[chosen].sum())
        matrix = np.array(rows)
        areas = matrix @ own / total
        centred = matrix - areas[:, None]
        covariance += (centred * own) @ centred.T / (total - 1.0) / total
    return areas, covariance


def _share(score: np.ndarray, w: np.ndarray, side: bool, positive: np.ndarray) -> np.ndarray:
    # Components of one class in the order of the rows, so that models can be set side by side.
    own, other = (positive, ~positive) if side else (~positive, positive)
    order = np.argsort(score[other])
    keys = score[other][order]
    before = np.concatenate([[0.0], np.cumsum(w[other][order])])
    left, right = (np.searchsorted(keys, score[own], s) for s in ("left", "right"))
    below = (before[left] + before[right]) / (2.0 * before[-1])
    return below if side else 1.0 - below
