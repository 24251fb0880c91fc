"""Area under the ROC curve: binary, partial, multiclass and multilabel, with intervals."""

from __future__ import annotations

import math
import warnings
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ..core.estimate import Estimate
from .average_binary import average_over_labels
from .delong import area, interval
from .interval import by_influence, check_confidence
from .labels import check_lengths, check_weight, column, distinct, encode, is_indicator
from .partial_auc import partial_area, partial_interval
from .sorted_scores import equals, score_column, split


def roc_auc_score(
    y_true: Any,
    y_score: Any,
    *,
    average: str | None = "macro",
    sample_weight: Any = None,
    max_fpr: float | None = None,
    multi_class: str = "raise",
    labels: Any = None,
    confidence: float | None = None,
    scale: str = "logit",
) -> float | np.ndarray | Estimate | list[Estimate]:
    r"""Probability that a random positive row outscores a random negative one, ties counting half.

    .. math:: A = P(S^+ > S^-) + \tfrac12 P(S^+ = S^-)

    Parameters
    ----------
    y_true : (n,) labels of any type, or an (n, k) indicator of k labels
    y_score : (n,) scores, greater meaning more positive; (n, k) probabilities for k classes
    average : how k areas become one: "macro", "weighted" (by prevalence), "micro", "samples"
        (multilabel), or None for all of them
    sample_weight : (n,), counts repetitions
    max_fpr : the area left of this false-positive rate only, standardised to [0.5, 1] (McClish
        1989)
    multi_class : "ovr" each class against the rest, "ovo" each pair of classes (Hand & Till 2001)
    labels : the classes, sorted, when `y_true` lacks some of them
    confidence : give an `Estimate` at this level instead of a float
    scale : "logit" keeps the interval inside [0, 1] and is closer to its level near 1; "identity"
        is DeLong's own

    Intervals
    ---------
    Binary: DeLong, DeLong & Clarke-Pearson (1988); perfect separation: Newcombe (2006).  Averages:
    delta method on the sum of the classes' influence functions, so that their dependence is
    counted.  Partial area: bootstrap within the classes.

    Cost: O(n log n) time and about 3 doubles a row.  Differs from scikit-learn: no curve is built
    (5 to 15 times faster), `sample_weight` is allowed for "ovo", and rows of weight zero are left
    out before anything else. One class only: nan with an ``UndefinedMetricWarning``, as there.

    >>> roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    >>> print(roc_auc_score([0, 0, 1, 1] * 10, [0.1, 0.4, 0.35, 0.8] * 10, confidence=0.95))
    0.7500 [0.5555, 0.8781] (95 % DeLong, logit scale)
    """
    if confidence is not None:
        check_confidence(confidence)
    check_lengths(y_true, y_score)
    if is_indicator(y_true):
        scores = np.asarray(y_score, dtype=np.float64)
        return average_over_labels(
            _one(max_fpr, scale),
            _influence(max_fpr),
            y_true,
            scores,
            average,
            sample_weight,
            confidence,
        )
    y = column(y_true, "y_true")
    weight = check_weight(sample_weight, y.size)
    classes = distinct(y)
    wide = np.ndim(y_score) == 2 and np.shape(y_score)[1] > 2
    if classes.size > 2 or wide:
        if max_fpr not in (None, 1.0):
            raise ValueError(
                "Partial AUC computation not available in multiclass setting, 'max_fpr' must be "
                "set to "
                f"`None`, received `max_fpr={max_fpr}` instead"
            )
        scores = check_probabilities(y_score, y.size)
        codes, k = check_classes(y, scores, labels)
        return _multiclass(codes, k, scores, multi_class, average, weight, confidence)
    positive = equals(y, classes[-1]) if classes.size == 2 else np.zeros(y.size, dtype=bool)
    return _one(max_fpr, scale)(positive, score_column(y_score), weight, confidence)


def _one(max_fpr: float | None, scale: str) -> Any:
    """The binary metric with its options bound: (positive, score, weight, confidence) -> value."""
    if max_fpr is not None and not 0.0 < max_fpr <= 1.0:
        raise ValueError(f"Expected max_fpr in range (0, 1], got: {max_fpr!r}")

    def binary(
        positive: np.ndarray, score: np.ndarray, weight: np.ndarray | None, confidence: float | None
    ) -> float | Estimate:
        two = split(positive, score, weight)
        if not (two.pos.scores.size and two.neg.scores.size):
            warnings.warn(
                "Only one class is present in y_true. ROC AUC score is not defined in that case.",
                UndefinedMetricWarning,
                stacklevel=3,
            )
            return (
                math.nan
                if confidence is None
                else Estimate(math.nan, 0.0, 1.0, confidence, "undefined")
            )
        if max_fpr in (None, 1.0):
            return area(two) if confidence is None else interval(two, confidence, scale)
        if confidence is None:
            return partial_area(two, max_fpr)
        return partial_interval(two, max_fpr, confidence)

    return binary


def _influence(max_fpr: float | None) -> Any:
    if max_fpr not in (None, 1.0):
        return None
    return auc_influence


def auc_influence(positive: np.ndarray, score: np.ndarray, weight: np.ndarray | None) -> np.ndarray:
    """Influence of each row on the area: (component - A) over the share of its class."""
    w = np.ones(score.size) if weight is None else weight
    psi = np.empty(score.size)
    total = w.sum()
    for own, other, sign in ((positive, ~positive, 1.0), (~positive, positive, -1.0)):
        order = np.argsort(score[other])
        keys, before = score[other][order], np.concatenate([[0.0], np.cumsum(w[other][order])])
        left, right = (np.searchsorted(keys, score[own], s) for s in ("left", "right"))
        below = (before[left] + before[right]) / (2.0 * before[-1])
        mean = np.dot(w[own], below) / w[own].sum()
        psi[own] = sign * (below - mean) * (total / w[own].sum())
    return psi


def check_probabilities(y_score: Any, n: int) -> np.ndarray:
    """An (n, k) table whose rows sum to one."""
    scores = np.asarray(y_score, dtype=np.float64)
    if scores.ndim != 2:
        raise ValueError(
            "`y_score` needs to be of shape `(n_samples, n_classes)`, since `y_true` contains "
            "multiple "
            f"classes. Got `y_score.shape={scores.shape}`."
        )
    if not np.allclose(1, scores.sum(axis=1)):
        raise ValueError(
            "Target scores need to be probabilities for multiclass roc_auc, i.e. they should sum "
            "up to 1.0 "
            "over classes"
        )
    return scores


def check_classes(y: np.ndarray, scores: np.ndarray, labels: Any) -> tuple[np.ndarray, int]:
    """Codes of `y` into the columns of `scores`, and the number of columns."""
    if labels is None:
        classes = distinct(y)
        if classes.size != scores.shape[1]:
            raise ValueError(
                "Number of classes in y_true not equal to the number of columns in 'y_score'"
            )
    else:
        given = column(labels, "labels")
        classes = distinct(given, "labels")
        if classes.size != given.size:
            raise ValueError("Parameter 'labels' must be unique")
        if not np.array_equal(classes, given):
            raise ValueError("Parameter 'labels' must be ordered")
        if classes.size != scores.shape[1]:
            raise ValueError(
                f"Number of given labels, {classes.size}, not equal to the number of columns in "
                f"'y_score', {scores.shape[1]}"
            )
    codes = encode(y, classes)
    if (codes < 0).any():
        raise ValueError("'y_true' contains labels not in parameter 'labels'")
    return codes, classes.size


def _multiclass(
    codes: np.ndarray,
    k: int,
    scores: np.ndarray,
    multi_class: str,
    average: str | None,
    weight: np.ndarray | None,
    confidence: float | None,
) -> Any:
    if multi_class == "raise":
        raise ValueError("multi_class must be in ('ovo', 'ovr')")
    if multi_class not in ("ovo", "ovr"):
        raise ValueError(
            f"multi_class='{multi_class}' is not supported for multiclass ROC AUC, multi_class "
            f"must be in "
            "('ovo', 'ovr')"
        )
    allowed = (
        ("macro", "weighted", None)
        if multi_class == "ovo"
        else ("micro", "macro", "weighted", None)
    )
    if average not in allowed:
        raise ValueError(f"average must be one of {allowed} for multiclass problems")
    if multi_class == "ovr":
        indicator = codes[:, None] == np.arange(k)
        return average_over_labels(
            _one(None, "logit"), auc_influence, indicator, scores, average, weight, confidence
        )
    if average is None:
        raise NotImplementedError("average=None is not implemented for multi_class='ovo'.")
    return _one_against_one(codes, scores, average, weight, confidence)


def _one_against_one(
    codes: np.ndarray,
    scores: np.ndarray,
    average: str,
    weight: np.ndarray | None,
    confidence: float | None,
) -> float | Estimate:
    """Hand & Till (2001), eq. 7: the mean over pairs of classes of both directions' areas."""
    w = np.ones(codes.size) if weight is None else weight
    present = np.unique(codes[w > 0])
    areas, shares, influences = [], [], []
    for a, b in combinations(present, 2):
        rows = np.flatnonzero((codes == a) | (codes == b))
        own = None if weight is None else weight[rows]
        first, second = codes[rows] == a, codes[rows] == b
        pair = [
            area(split(one, score_column(scores[rows, c]), own))
            for one, c in ((first, a), (second, b))
        ]
        areas.append(0.5 * sum(pair))
        shares.append(float(w[rows].sum()) if average == "weighted" else 1.0)
        if confidence is not None:
            psi = 0.5 * (
                auc_influence(first, scores[rows, a], own)
                + auc_influence(second, scores[rows, b], own)
            )
            influences.append((rows, psi))
    value = float(np.average(areas, weights=shares))
    if confidence is None:
        return value
    total, psi = w.sum(), np.zeros(codes.size)
    for (rows, own), share, part in zip(influences, shares, areas):
        inside = w[rows].sum()
        psi[rows] += share / sum(shares) * own * (total / inside)
        if average == "weighted":
            psi[rows] += (part - value) * total / sum(shares)
    if average == "weighted":
        psi -= np.dot(w, psi) / total
    return by_influence(value, psi, weight, confidence, scale="logit")
