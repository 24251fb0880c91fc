"""How often each label is true, predicted, and both: what precision, recall, kappa, MCC need."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from .labels import (
    check_lengths,
    check_weight,
    column,
    distinct,
    encode,
    indicators,
    is_indicator,
    union,
)


class Rows(NamedTuple):
    """Which labels each row has: codes (-1: a label not asked for) or an (n, k) indicator table."""

    true: Any
    pred: Any
    weight: np.ndarray | None

    @property
    def single(self) -> bool:
        return not sparse.issparse(self.true) and self.true.ndim == 1

    def spread(self, on_hit: np.ndarray, on_pred: np.ndarray, on_true: np.ndarray) -> np.ndarray:
        """Sum by row of a value for each label hit, for each predicted and for each true."""
        if not self.single:
            hit = (
                self.true.multiply(self.pred)
                if sparse.issparse(self.true)
                else self.true & self.pred
            )
            return np.asarray(hit @ on_hit + self.pred @ on_pred + self.true @ on_true).ravel()
        padded = [np.append(v, 0.0) for v in (on_hit, on_pred, on_true)]
        hit = np.where(self.true == self.pred, self.true, -1)
        return padded[0][hit] + padded[1][self.pred] + padded[2][self.true]


class Tally(NamedTuple):
    """Weights by label: true and predicted at once (`hit`), predicted, true; and of all rows."""

    labels: np.ndarray
    hit: np.ndarray
    pred: np.ndarray
    true: np.ndarray
    total: float
    rows: Rows


def tally(y_true: Any, y_pred: Any, labels: Any = None, sample_weight: Any = None) -> Tally:
    """Count labels in one pass.  `labels` chooses and orders them; other labels are left out.

    Counts are integers without weights, and sums of weights with them.

    >>> t = tally(["a", "b", "b"], ["a", "b", "a"])
    >>> t.labels, t.hit, t.pred, t.true
    (array(['a', 'b'], dtype='<U1'), array([1, 1]), array([2, 1]), array([1, 2]))
    """
    if is_indicator(y_true) or is_indicator(y_pred):
        return _multilabel(y_true, y_pred, labels, sample_weight)
    check_lengths(y_true, y_pred)
    true, pred = column(y_true, "y_true"), column(y_pred, "y_pred")
    found = union(true, pred)
    asked = found if labels is None else column(labels, "labels")
    # A label asked for need not occur; `position` is where each sorted label stands in what was asked.
    classes = distinct(asked, "labels")
    if classes.size != asked.size:
        raise ValueError("Parameter 'labels' must be unique")
    t, p = encode(true, classes, "y_true"), encode(pred, classes, "y_pred")
    if not np.array_equal(classes, asked):
        position = np.append(np.argsort(np.argsort(asked)), 0)
        place = np.append(np.argsort(position[:-1]), -1)
        t, p = place[t], place[p]
    weight = check_weight(sample_weight, true.size)
    k = asked.size
    same = t == p
    hit = _count(t[same], None if weight is None else weight[same], k)
    total = float(true.size if weight is None else weight.sum())
    return Tally(asked, hit, _count(p, weight, k), _count(t, weight, k), total, Rows(t, p, weight))


def _count(codes: np.ndarray, weight: np.ndarray | None, k: int) -> np.ndarray:
    if codes.size and codes.min() < 0:
        inside = codes >= 0
        codes, weight = codes[inside], None if weight is None else weight[inside]
    return np.bincount(codes, weights=weight, minlength=k)


def _multilabel(y_true: Any, y_pred: Any, labels: Any, sample_weight: Any) -> Tally:
    true, pred = indicators(y_true, y_pred)
    n, k = true.shape
    asked = np.arange(k) if labels is None else column(labels, "labels")
    if asked.max() >= k:
        raise ValueError(
            f"All labels must be in [0, n labels) for multilabel targets. Got {asked.max()} > "
            f"{k - 1}"
        )
    if asked.min() < 0:
        raise ValueError(
            f"All labels must be in [0, n labels) for multilabel targets. Got {asked.min()} < 0"
        )
    if labels is not None:
        true, pred = true[:, asked], pred[:, asked]
    weight = check_weight(sample_weight, n)
    w = np.ones(n, dtype=np.int64) if weight is None else weight
    hit = true.multiply(pred) if sparse.issparse(true) else true & pred
    hits, predicted, actual = (np.asarray(w @ a).ravel() for a in (hit, pred, true))
    total = float(n if weight is None else weight.sum())
    return Tally(asked, hits, predicted, actual, total, Rows(true, pred, weight))


def by_row(t: Tally) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hit, predicted and true labels of every row of a multilabel problem."""
    true, pred, _ = t.rows
    if t.rows.single:
        raise ValueError(
            "Samplewise metrics are not available outside of multilabel classification."
        )
    hit = true.multiply(pred) if sparse.issparse(true) else true & pred
    return tuple(np.asarray(a.sum(axis=1)).ravel() for a in (hit, pred, true))  # type: ignore[return-value]
