"""True and false positive counts at every threshold, and the curves made of them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from .labels import check_weight
from .sorted_scores import binary_labels, score_column, split, thresholds


def confusion_matrix_at_thresholds(
    y_true: Any, y_score: Any, *, pos_label: Any = None, sample_weight: Any = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(tn, fp, fn, tp, threshold) at every distinct score, descending; positive from the threshold up.

    Cost: O(n log n); both classes are sorted and merged once.

    >>> tn, fp, fn, tp, t = confusion_matrix_at_thresholds([0, 1, 1], [0.1, 0.1, 0.7])
    >>> tp, t
    (array([1., 2.]), array([0.7, 0.1]))
    """
    positive = binary_labels(y_true, pos_label)
    score = score_column(y_score)
    two = split(positive, score, check_weight(sample_weight, positive.size))
    values, tps, fps = thresholds(two)
    return fps[-1] - fps, fps, tps[-1] - tps, tps, values


def _corners(a: np.ndarray, b: np.ndarray, order: int) -> np.ndarray:
    """Points where either curve bends (order 2), or both ends of each plateau of `a` (order 1)."""
    if order == 2:
        inner = (np.diff(a, 2) != 0) | (np.diff(b, 2) != 0)
    else:
        inner = (np.diff(a[:-1]) != 0) | (np.diff(a[1:]) != 0)
    return np.flatnonzero(np.concatenate([[True], inner, [True]]))


def roc_curve(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Any = None,
    sample_weight: Any = None,
    drop_intermediate: bool = True,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """False-positive rate, true-positive rate and threshold, from (0, 0) at threshold infinity.

    `drop_intermediate` leaves out points on a straight line between their neighbours.  Without one
    of the classes the rate that needs it is nan, with an ``UndefinedMetricWarning``.

    >>> fpr, tpr, t = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    """
    _, fps, _, tps, values = confusion_matrix_at_thresholds(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    if drop_intermediate and fps.size > 2:
        keep = _corners(fps, tps, 2)
        fps, tps, values = fps[keep], tps[keep], values[keep]
    fps, tps, values = (
        np.concatenate([[first], a]) for first, a in ((0.0, fps), (0.0, tps), (np.inf, values))
    )
    rates = []
    for counts, absent, rate in (
        (fps, "negative", "false positive"),
        (tps, "positive", "true positive"),
    ):
        if counts[-1] <= 0:
            warnings.warn(
                f"No {absent} samples in y_true, {rate} value should be meaningless",
                UndefinedMetricWarning,
                stacklevel=2,
            )
            rates.append(np.full(counts.shape, np.nan))
        else:
            rates.append(counts / counts[-1])
    return rates[0], rates[1], values


def precision_recall_curve(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Any = None,
    sample_weight: Any = None,
    drop_intermediate: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision, recall and threshold, thresholds ascending; a last point (1, 0) has no threshold.

    The baseline of a random score is the share of positives, not one half.

    >>> precision, recall, t = precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> recall, t
    (array([1. , 1. , 0.5, 0.5, 0. ]), array([0.1 , 0.35, 0.4 , 0.8 ]))
    """
    _, fps, _, tps, values = confusion_matrix_at_thresholds(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    if drop_intermediate and fps.size > 2:
        keep = _corners(tps, tps, 1)
        fps, tps, values = fps[keep], tps[keep], values[keep]
    precision = tps / (tps + fps)
    if tps[-1] == 0:
        warnings.warn(
            "No positive class found in y_true, recall is set to one for all thresholds.",
            stacklevel=2,
        )
        recall = np.ones_like(tps)
    else:
        recall = tps / tps[-1]
    return np.append(precision[::-1], 1.0), np.append(recall[::-1], 0.0), values[::-1].copy()


def det_curve(
    y_true: Any,
    y_score: Any,
    *,
    pos_label: Any = None,
    sample_weight: Any = None,
    drop_intermediate: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Detection error trade-off: false-positive rate, false-negative rate, threshold (ascending).

    >>> fpr, fnr, t = det_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> fpr, fnr
    (array([0.5, 0.5, 0. ]), array([0. , 0.5, 0.5]))
    """
    _, fps, _, tps, values = confusion_matrix_at_thresholds(
        y_true, y_score, pos_label=pos_label, sample_weight=sample_weight
    )
    if not (fps[-1] > 0 and tps[-1] > 0):
        raise ValueError(
            "Only one class is present in y_true. Detection error tradeoff curve is not defined in "
            "that case."
        )
    fps, tps, values = (
        np.concatenate([[first], a]) for first, a in ((0.0, fps), (0.0, tps), (np.inf, values))
    )
    if drop_intermediate and fps.size > 2:
        keep = _corners(tps, tps, 1)
        fps, tps, values = fps[keep], tps[keep], values[keep]
    # From the last threshold without a false positive to the first with every positive.
    first = np.searchsorted(fps, fps[0], side="right") - 1
    last = np.searchsorted(tps, tps[-1]) + 1
    part = slice(first, last)
    fnr = (tps[-1] - tps[part][::-1]) / tps[-1]
    return fps[part][::-1] / fps[-1], fnr, values[part][::-1].copy()
