"""A metric of one positive class, averaged over several labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from ..core.estimate import Estimate
from .interval import by_influence, mean_interval
from .labels import check_lengths, check_weight

#: (positive, score, weight, confidence) -> value
Binary = Callable[[np.ndarray, np.ndarray, Any, "float | None"], Any]
#: (positive, score, weight) -> influence of each row, weighted mean zero
Influence = Callable[[np.ndarray, np.ndarray, Any], np.ndarray]


def average_over_labels(
    binary: Binary,
    influence: Influence | None,
    y_true: Any,
    y_score: np.ndarray,
    average: str | None,
    sample_weight: Any,
    confidence: float | None,
) -> float | np.ndarray | Estimate | list[Estimate]:
    """`binary` over the columns of an (n, k) indicator and an (n, k) score.

    "macro" is the plain mean over labels, "weighted" the mean by their positives, "micro" takes all
    n k cells as one problem, "samples" averages over the rows, None returns all k.  An interval
    adds the influences of the labels row by row, so that dependence between labels is counted.
    """
    if average not in (None, "micro", "macro", "weighted", "samples"):
        raise ValueError(
            f"average has to be one of {(None, 'micro', 'macro', 'weighted', 'samples')}"
        )
    truth = (y_true.toarray() if sparse.issparse(y_true) else np.asarray(y_true)).astype(bool)
    check_lengths(truth, y_score)
    if truth.shape != y_score.shape:
        raise ValueError(f"y_true has shape {truth.shape} but y_score has shape {y_score.shape}")
    weight = check_weight(sample_weight, len(truth))
    if confidence is not None and influence is None and average is not None:
        raise ValueError(
            "no interval is known for an average of partial areas; use average=None for one "
            "interval a label"
        )
    k = truth.shape[1]
    if average == "micro":
        flat = truth.ravel(), y_score.ravel(), None if weight is None else np.repeat(weight, k)
        value = binary(*flat, None)
        if confidence is None:
            return value
        psi = influence(*flat).reshape(-1, k).mean(axis=1)  # type: ignore[misc]
        return by_influence(value, psi, weight, confidence, scale="logit")
    if average == "samples":
        rows = np.array([binary(t, s, None, None) for t, s in zip(truth, y_score)])
        if confidence is None:
            return float(np.average(rows, weights=weight))
        return mean_interval(rows, weight, confidence)
    columns = [
        (np.ascontiguousarray(truth[:, c]), np.ascontiguousarray(y_score[:, c])) for c in range(k)
    ]
    if average is None:
        each = [binary(t, s, weight, confidence) for t, s in columns]
        return each if confidence is not None else np.array(each)
    values = np.array([binary(t, s, weight, None) for t, s in columns])
    w = np.ones(len(truth)) if weight is None else weight
    shares = w @ truth if average == "weighted" else np.ones(k)
    if not shares.any():
        return 0.0
    values = np.where(shares == 0.0, 0.0, values)
    value = float(np.average(values, weights=shares))
    if confidence is None:
        return value
    if not np.isfinite(value):
        return Estimate(value, 0.0, 1.0, confidence, "undefined")
    psi = np.zeros(len(truth))
    for (t, s), share in zip(columns, shares):
        if share:
            psi += share * influence(t, s, weight)  # type: ignore[misc]
    psi /= shares.sum()
    if average == "weighted":
        # The shares are estimated too: label c of row i moves them by one.
        psi += w.sum() / shares.sum() * (truth @ (values - value))
        psi -= np.dot(w, psi) / w.sum()
    return by_influence(value, psi, weight, confidence, scale="logit")
