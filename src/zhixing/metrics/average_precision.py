"""Average precision: the area under the precision-recall steps."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..core.estimate import Estimate
from .average_binary import average_over_labels
from .interval import by_influence, check_confidence, wilson
from .labels import check_lengths, check_weight, column, distinct, encode, is_indicator
from .sorted_scores import TwoClasses, equals, positions, score_column, split


def average_precision_score(
    y_true: Any,
    y_score: Any,
    *,
    average: str | None = "macro",
    pos_label: Any = 1,
    sample_weight: Any = None,
    confidence: float | None = None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    r"""Mean precision at the score of each positive row.

    .. math:: AP = \sum_t (R_t - R_{t-1}) P_t = \frac1P \sum_{i: y_i = 1} P(s_i)

    Parameters
    ----------
    y_true : (n,) labels of two classes, of k classes, or an (n, k) indicator
    y_score : (n,) scores, or (n, k)
    average : "macro", "weighted", "micro", "samples" or None; only for k labels
    pos_label : the positive label of two
    sample_weight : (n,), counts repetitions
    confidence : give an `Estimate` at this level instead of a float

    Interval: delta method on the logit scale.  The influence of a row with score s is
    ``y (P(s) - AP) / pi + E+[1(S <= s) (y - P(S)) / G(S)]``, where G(t) is the share of rows at or
    above t and E+ averages over the positives: precision is itself an estimate, and the second term
    counts that.

    Cost: O(n log n) time and about 4 doubles a row.  Differs from scikit-learn: no curve is built.
    Without a positive row: 0 with a warning, as there.

    >>> round(average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 4)
    0.8333
    """
    if confidence is not None:
        check_confidence(confidence)
    check_lengths(y_true, y_score)
    if is_indicator(y_true):
        if pos_label != 1:
            raise ValueError(
                "Parameter pos_label is fixed to 1 for multilabel-indicator y_true. "
                "Do not set pos_label or set pos_label to 1."
            )
        scores = np.asarray(y_score, dtype=np.float64)
        return average_over_labels(
            _binary, influence, y_true, scores, average, sample_weight, confidence
        )
    y = column(y_true, "y_true")
    classes = distinct(y)
    if classes.size > 2:
        if pos_label != 1:
            raise ValueError(
                "Parameter pos_label is fixed to 1 for multiclass y_true. "
                "Do not set pos_label or set pos_label to 1."
            )
        scores = np.asarray(y_score, dtype=np.float64)
        if scores.shape != (y.size, classes.size):
            raise ValueError(
                "`y_score` needs to be of shape `(n_samples, n_classes)`, since `y_true` contains "
                "multiple "
                f"classes. Got `y_score.shape={scores.shape}`."
            )
        truth = encode(y, classes)[:, None] == np.arange(classes.size)
        return average_over_labels(
            _binary, influence, truth, scores, average, sample_weight, confidence
        )
    if classes.size == 2 and not equals(classes, pos_label).any():
        raise ValueError(
            f"pos_label={pos_label} is not a valid label. It should be one of {classes}"
        )
    return _binary(
        equals(y, pos_label), score_column(y_score), check_weight(sample_weight, y.size), confidence
    )


def _binary(
    positive: np.ndarray, score: np.ndarray, weight: np.ndarray | None, confidence: float | None
) -> float | Estimate:
    two = split(positive, score, weight)
    if not two.pos.scores.size:
        warnings.warn(
            "No positive class found in y_true, recall is set to one for all thresholds.",
            stacklevel=3,
        )
        return 0.0 if confidence is None else Estimate(0.0, 0.0, 1.0, confidence, "undefined")
    value = float(np.average(precision_at_positives(two), weights=two.pos.weight))
    if confidence is None:
        return value
    if value >= 1.0:
        # Every positive outranks every negative: the delta method would collapse to a point.
        return wilson(two.pos.total, two.pos.total, confidence)._replace(
            method="Wilson on positives"
        )
    return by_influence(
        value, influence(positive, score, weight), weight, confidence, scale="logit"
    )


def precision_at_positives(two: TwoClasses) -> np.ndarray:
    """Precision of "score at or above mine", for each positive row in ascending order of score."""
    own, _ = positions(two.pos.scores, two.pos.scores)
    other, _ = positions(two.pos.scores, two.neg.scores)
    hits = two.pos.total - two.pos.weight_before(own)
    return hits / (hits + (two.neg.total - two.neg.weight_before(other)))


def influence(positive: np.ndarray, score: np.ndarray, weight: np.ndarray | None) -> np.ndarray:
    """Influence of each row on average precision; O(n log n)."""
    w = np.ones(score.size) if weight is None else weight
    order = np.argsort(-score)
    s, y, v = score[order], positive[order], w[order]
    last = np.append(np.flatnonzero(np.diff(s)), s.size - 1)
    group = np.repeat(np.arange(last.size), np.diff(last, prepend=-1))
    above = np.cumsum(v)[last]
    hits = np.cumsum(v * y)[last]
    precision = hits / above
    total, positives = above[-1], hits[-1]
    value = float(np.dot(np.diff(hits, prepend=0.0), precision) / positives)
    # Sums over the positives at or below each threshold: reversed cumulative sums over the groups.
    share = np.diff(hits, prepend=0.0) / positives * total / above
    a = np.cumsum(share[::-1])[::-1]
    b = np.cumsum((share * precision)[::-1])[::-1]
    psi = y * ((precision[group] - value) * total / positives + a[group]) - b[group]
    out = np.empty(score.size)
    out[order] = psi
    return out if math.isfinite(value) else np.full(score.size, np.nan)
