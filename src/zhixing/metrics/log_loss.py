"""Mean negative log-likelihood of the classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimate import Estimate
from ..core.parallel import each, slices
from .interval import mean_interval
from .labels import check_weight
from .probabilities import BLOCK, check_range, check_sums, class_codes, of_true_class, table

#: Rows of one task: many blocks, so that starting a task costs nothing beside it.
TASK = 1 << 18


def log_loss(
    y_true: Any,
    y_proba: Any,
    *,
    normalize: bool = True,
    sample_weight: Any = None,
    labels: Any = None,
    confidence: float | None = None,
) -> float | Estimate:
    r"""Mean negative log-likelihood, in nats, of the true classes under predicted probabilities.

    .. math:: L = -\frac{1}{\sum_i w_i} \sum_i w_i \log p_{i, y_i}

    Parameters
    ----------
    y_true : (n,) labels of any type
    y_proba : (n, k) probabilities whose columns are the sorted classes, or (n,) of the second of
        two
    normalize : False gives the sum instead of the mean
    sample_weight : (n,), counts repetitions
    labels : the classes, when `y_true` lacks some of them
    confidence : give an `Estimate` at this level instead of a float

    Probabilities are clipped to [eps, 1 - eps] of their own precision, so that a certain and wrong
    answer costs 36 nats in float64 and 16 in float32, not infinity; they are checked to lie in [0,
    1], and a warning says if rows do not sum to one.

    Interval: Student's t on the mean, corrected for skewness (Hall 1992).
    Cost: one pass in blocks over the threads, no temporary of n rows.  Float32
    probabilities are summed in float64 (scikit-learn: float32).

    >>> round(log_loss(["spam", "ham", "ham", "spam"], [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]]), 4)
    0.2162
    """
    if confidence is not None:
        if not normalize:
            raise ValueError("the interval is for the mean; leave normalize=True")
        losses, _, weight = log_losses(y_true, y_proba, sample_weight, labels)
        return mean_interval(losses, weight, confidence)
    p, codes, weight = _checked(y_true, y_proba, sample_weight, labels)

    def task(rows: slice) -> float:
        total = 0.0
        for start in range(rows.start, rows.stop, BLOCK):
            block = slice(start, min(start + BLOCK, rows.stop))
            losses = _losses(codes, p, block)
            total += float((losses if weight is None else weight[block] * losses).sum())
        return total

    total = sum(each(task, slices(codes.size, TASK)))
    if not normalize:
        return total
    return total / (codes.size if weight is None else float(weight.sum()))


def log_losses(
    y_true: Any, y_proba: Any, sample_weight: Any, labels: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """The loss of every row, codes of the true classes, and weights."""
    p, codes, weight = _checked(y_true, y_proba, sample_weight, labels)
    return np.concatenate([_losses(codes, p, s) for s in slices(codes.size, BLOCK)]), codes, weight


def _checked(
    y_true: Any, y_proba: Any, sample_weight: Any, labels: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    p = table(y_proba)
    codes = class_codes(y_true, p, labels)
    if p.ndim == 2:
        check_range(p)
        check_sums(p)
    return p, codes, check_weight(sample_weight, codes.size)


def _losses(codes: np.ndarray, p: np.ndarray, rows: slice) -> np.ndarray:
    q = of_true_class(codes, p, rows)
    if p.ndim == 1:
        check_range(p[rows])
    eps = float(np.finfo(p.dtype).eps)
    np.clip(q, eps, 1.0 - eps, out=q)
    np.log(q, out=q)
    return np.negative(q, out=q)


def log_loss_reference(codes: np.ndarray, p: np.ndarray, weight: np.ndarray) -> float:
    """The definition, for an (n, k) table."""
    eps = np.finfo(p.dtype).eps
    chosen = np.clip(p[np.arange(codes.size), codes], eps, 1 - eps)
    return float(-(weight * np.log(chosen)).sum() / weight.sum())
