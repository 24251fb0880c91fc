"""Squared error of predicted probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimate import Estimate
from .interval import mean_interval
from .labels import check_lengths, check_weight, column, distinct
from .probabilities import check_range, check_sums, class_codes, table
from .sorted_scores import equals


def brier_score_loss(
    y_true: Any,
    y_proba: Any,
    *,
    sample_weight: Any = None,
    pos_label: Any = None,
    labels: Any = None,
    scale_by_half: bool | str = "auto",
    confidence: float | None = None,
) -> float | Estimate:
    r"""Mean squared distance of the probabilities from what came true (Brier 1950).

    .. math:: B = \frac{1}{\sum w} \sum_i w_i \sum_k (p_{ik} - [y_i = k])^2

    halved for two classes, where it is the mean of ``(p - y)^2``.

    Parameters
    ----------
    y_true : (n,) labels of any type
    y_proba : (n,) probability of the positive class, or (n, k) with the sorted classes as columns
    sample_weight : (n,), counts repetitions
    pos_label : the positive class of (n,) probabilities; by default 1 for numbers, required for
        strings
    labels : the classes, when `y_true` lacks some of them
    scale_by_half : halve the sum; "auto" does so for two classes
    confidence : give an `Estimate` at this level instead of a float

    Interval: Student's t on the mean, corrected for skewness (Hall 1992).

    >>> round(brier_score_loss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]), 4)
    0.0375
    """
    losses, _, weight = brier_losses(y_true, y_proba, sample_weight, pos_label, labels)
    p = np.asarray(y_proba)
    if scale_by_half not in ("auto", True, False):
        raise ValueError(f"scale_by_half must be 'auto', True or False, not {scale_by_half!r}")
    if scale_by_half is True or (scale_by_half == "auto" and (p.ndim == 1 or p.shape[1] < 3)):
        losses *= 0.5
    if confidence is not None:
        return mean_interval(losses, weight, confidence)
    return float(losses.mean() if weight is None else weight @ losses / weight.sum())


def brier_losses(
    y_true: Any, y_proba: Any, sample_weight: Any, pos_label: Any, labels: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Row losses summed over the classes, codes of the true classes, and weights."""
    p = table(y_proba)
    check_lengths(y_true, p)
    weight = check_weight(sample_weight, len(p))
    check_range(p)
    if p.ndim == 1:
        positive = _positive(column(y_true, "y_true"), pos_label)
        gap = np.subtract(p, positive, dtype=np.float64)
        return 2.0 * gap * gap, positive.astype(np.intp), weight
    codes = class_codes(y_true, p, labels)
    check_sums(p)
    losses = np.einsum("ij,ij->i", p, p, dtype=np.float64)
    losses += 1.0 - 2.0 * p[np.arange(len(p)), codes]
    return losses, codes, weight


def _positive(y: np.ndarray, pos_label: Any) -> np.ndarray:
    classes = distinct(y)
    if classes.size > 2:
        raise ValueError(
            "The type of the target inferred from y_true is multiclass but should be binary "
            "according to "
            "the shape of y_prob."
        )
    if pos_label is None:
        if classes.dtype.kind not in "biuf":
            shown = ", ".join(repr(c) for c in classes.tolist())
            raise ValueError(
                f"y_true takes value in {{{shown}}} and pos_label is not specified: either make "
                f"y_true "
                "take value in {0, 1} or {-1, 1} or pass pos_label explicitly."
            )
        usual = np.isin(classes, (0, 1)).all() or np.isin(classes, (-1, 1)).all()
        pos_label = 1 if usual else classes[-1]
    elif classes.size == 2 and not equals(classes, pos_label).any():
        raise ValueError(
            f"pos_label={pos_label} is not a valid label: It should be one of {classes}"
        )
    return equals(y, pos_label)
