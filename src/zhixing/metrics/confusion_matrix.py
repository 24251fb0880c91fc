"""Counts of true against predicted classes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .labels import check_weight, coded, is_indicator
from .tally import by_row, tally


def confusion_matrix(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Any = None,
    sample_weight: Any = None,
    normalize: str | None = None,
) -> np.ndarray:
    """Row i, column j: the rows of class i that were predicted as class j.

    For two classes ``[[tn, fp], [fn, tp]]``.

    Parameters
    ----------
    y_true, y_pred : (n,) labels of one type
    labels : the classes and their order; by default all that occur, sorted
    sample_weight : (n,), counts repetitions
    normalize : "true" divides by row sums (recall on the diagonal), "pred" by column sums, "all" by
        the total

    Cost: one pass and k^2 cells.  Same as scikit-learn, without its loop over rows for labels that
    are strings.

    >>> confusion_matrix(["cat", "ant", "cat", "cat"], ["ant", "ant", "cat", "cat"])
    array([[1, 0],
           [1, 2]])
    """
    if is_indicator(y_true):
        raise ValueError("multilabel-indicator is not supported")
    if labels is None:
        classes, true, pred = coded(y_true, y_pred)
    else:
        t = tally(y_true, y_pred, labels)
        classes, (true, pred, _) = t.labels, t.rows
        if not (true >= 0).any():
            raise ValueError("At least one label specified must be in y_true")
    weight = check_weight(sample_weight, true.size)
    k = classes.size
    inside = (true >= 0) & (pred >= 0)
    if not inside.all():
        true, pred = true[inside], pred[inside]
        weight = None if weight is None else weight[inside]
    cells = np.bincount(true * k + pred, weights=weight, minlength=k * k).reshape(k, k)
    if weight is not None and np.asarray(sample_weight).dtype.kind in "iub":
        cells = cells.astype(np.int64)
    if normalize is not None:
        cells = _normalized(cells, normalize)
    if k == 1:
        warnings.warn(
            "A single label was found in 'y_true' and 'y_pred'. For the confusion matrix to have "
            "the "
            "correct shape, use the 'labels' parameter to pass all known labels.",
            stacklevel=2,
        )
    return cells


def _normalized(cells: np.ndarray, normalize: str) -> np.ndarray:
    axes = {"true": 1, "pred": 0, "all": None}
    if normalize not in axes:
        raise ValueError(
            f"normalize must be one of {{'true', 'pred', 'all', None}}, not {normalize!r}"
        )
    total = cells.sum(axis=axes[normalize], keepdims=True)
    return np.divide(cells, total, out=np.zeros(cells.shape), where=total != 0)


def multilabel_confusion_matrix(
    y_true: Any,
    y_pred: Any,
    *,
    sample_weight: Any = None,
    labels: Any = None,
    samplewise: bool = False,
) -> np.ndarray:
    """``[[tn, fp], [fn, tp]]`` of each label against the rest, stacked as (k, 2, 2).

    `samplewise` (multilabel only) gives one table a row instead, (n, 2, 2).

    >>> multilabel_confusion_matrix([0, 2, 1], [0, 1, 1])[1]
    array([[1, 1],
           [0, 1]])
    """
    t = tally(y_true, y_pred, labels, sample_weight)
    hit, pred, true, total = t.hit, t.pred, t.true, t.total
    if samplewise:
        hit, pred, true = by_row(t)
        total = len(t.labels)
        if t.rows.weight is not None:
            hit, pred, true, total = (a * t.rows.weight for a in (hit, pred, true, total))
    elif t.rows.weight is None:
        total = round(total)
    fp, fn = pred - hit, true - hit
    return np.stack([total - hit - fp - fn, fp, fn, hit], axis=-1).reshape(-1, 2, 2)
