"""Whether the true class is among the k best scored."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from ..core.estimate import Estimate
from .interval import wilson
from .labels import check_lengths, check_weight, column, distinct
from .roc_auc import check_classes


def top_k_accuracy_score(
    y_true: Any,
    y_score: Any,
    *,
    k: int = 2,
    normalize: bool = True,
    sample_weight: Any = None,
    labels: Any = None,
    confidence: float | None = None,
) -> float | Estimate:
    """Share of rows whose true class has one of the `k` greatest scores; ties go to the later class.

    Parameters
    ----------
    y_true : (n,) labels
    y_score : (n, c) with the sorted labels as columns, or (n,) for two labels
    k : how many of the best count
    normalize : False gives the (weighted) number of rows
    sample_weight : (n,), counts repetitions
    labels : the labels, sorted, when `y_true` lacks some of them
    confidence : give an `Estimate` at this level instead of a float

    Interval: Wilson's.  Cost: O(n c), no sort.

    >>> scores = [[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]]
    >>> top_k_accuracy_score([0, 1, 2, 2], scores)
    0.75
    """
    y = column(y_true, "y_true")
    score = np.asarray(y_score, dtype=np.float64)
    if not np.isfinite(score).all():
        raise ValueError("Input y_score contains NaN or infinity.")
    check_lengths(y, score)
    classes = distinct(y)
    count = classes.size if labels is None else np.size(labels)
    if count <= 2:
        if score.ndim == 2 and score.shape[1] != 1:
            raise ValueError(
                f"`y_true` is binary while y_score is 2d with {score.shape[1]} classes. If "
                f"`y_true` does not "
                "contain all the labels, `labels` must be provided."
            )
        score = score.ravel()
        if labels is None and classes.size != 2:
            raise ValueError(
                f"Number of classes in 'y_true' ({classes.size}) not equal to the number of "
                f"classes in "
                "'y_score' (2).You can provide a list of all known classes by assigning it to the "
                "`labels` "
                "parameter."
            )
        codes, width = check_classes(y, np.empty((0, 2)), labels)
    else:
        if score.ndim != 2:
            raise ValueError(
                "`y_score` needs to be of shape `(n_samples, n_classes)`, since `y_true` contains "
                "multiple "
                f"classes. Got `y_score.shape={score.shape}`."
            )
        codes, width = check_classes(y, score, labels)
    if k >= width:
        warnings.warn(
            f"'k' ({k}) greater than or equal to 'n_classes' ({width}) will result in a perfect "
            f"score and is "
            "therefore meaningless.",
            UndefinedMetricWarning,
            stacklevel=2,
        )
    hit = _hits(score, codes, k)
    weight = check_weight(sample_weight, codes.size)
    right = float(hit.sum() if weight is None else weight @ hit)
    total = float(hit.size if weight is None else weight.sum())
    if confidence is not None:
        return wilson(right, total, confidence)
    return right / total if normalize else right


def _hits(score: np.ndarray, codes: np.ndarray, k: int) -> np.ndarray:
    if score.ndim == 1:
        if k > 1:
            return np.ones(codes.size, dtype=bool)
        # Probabilities are cut at one half, decisions at zero.
        cut = 0.5 if score.min() >= 0 and score.max() <= 1 else 0.0
        return (score > cut) == (codes == 1)
    own = score[np.arange(codes.size), codes][:, None]
    later = np.arange(score.shape[1]) > codes[:, None]
    return ((score > own) | ((score == own) & later)).sum(axis=1) < k
