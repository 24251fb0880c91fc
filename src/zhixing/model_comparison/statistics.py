"""A metric as a function of how often each row is counted: the form that resampling needs.

A resample is a row of counts, so a block of resamples is a matrix, and a metric that is a function
of means over rows costs one matrix product for the whole block.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np


class Statistic(Protocol):
    """Maps counts of shape (resamples, rows) to one value per resample; NaN where undefined."""

    def __call__(self, counts: np.ndarray) -> np.ndarray: ...


class RowStatistic:
    """``finish(mean over rows of columns)``; `columns` has shape (n, k).  Cost O(resamples n k)."""

    def __init__(self, columns: np.ndarray, finish: Callable[[np.ndarray], np.ndarray]) -> None:
        self.columns, self.finish = np.ascontiguousarray(columns, dtype=float), finish

    def __call__(self, counts: np.ndarray) -> np.ndarray:
        counts = np.asarray(counts, dtype=float)
        return self.finish(counts @ self.columns / counts.sum(axis=1, keepdims=True))


class RankStatistic:
    """A function of how the positive rows are ranked, from one sort of the scores.

    `finish` gets the counts of positive and of negative rows per distinct score, highest score
    first, each of shape (resamples, distinct scores).  Cost O(n log n + resamples n).
    """

    def __init__(
        self,
        positive: np.ndarray,
        score: np.ndarray,
        finish: Callable[[np.ndarray, np.ndarray], np.ndarray],
    ) -> None:
        self.order = np.argsort(-score, kind="stable")
        self.positive = positive[self.order]
        ordered = score[self.order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.finish = finish

    def __call__(self, counts: np.ndarray) -> np.ndarray:
        ordered = np.asarray(counts, dtype=float)[:, self.order]
        hits = np.where(self.positive, ordered, 0.0)
        if self.starts.size < self.order.size:
            hits = np.add.reduceat(hits, self.starts, axis=1)
            ordered = np.add.reduceat(ordered, self.starts, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.finish(hits, ordered - hits)


class AnyStatistic:
    """``metric(y, prediction)`` of the rows drawn, one call per resample."""

    def __init__(self, y: np.ndarray, prediction: np.ndarray, metric: Callable[..., Any]) -> None:
        self.y, self.prediction, self.metric = y, prediction, metric

    def __call__(self, counts: np.ndarray) -> np.ndarray:
        rows = np.arange(self.y.shape[0])
        drawn = (np.repeat(rows, row.astype(np.intp)) for row in counts)
        return np.array([float(self.metric(self.y[i], self.prediction[i])) for i in drawn])


def area_under_roc(hits: np.ndarray, misses: np.ndarray) -> np.ndarray:
    """Share of (positive, negative) pairs ranked rightly, ties half: Mann and Whitney (1947)."""
    above = np.cumsum(hits, axis=1) - 0.5 * hits
    return np.einsum("ij,ij->i", above, misses) / (hits.sum(axis=1) * misses.sum(axis=1))


def average_precision(hits: np.ndarray, misses: np.ndarray) -> np.ndarray:
    """Mean precision over the positive rows, in order of score."""
    found = np.cumsum(hits, axis=1)
    seen = found + np.cumsum(misses, axis=1)
    precision = np.divide(found, seen, out=np.zeros_like(found), where=seen > 0)
    return np.einsum("ij,ij->i", hits, precision) / hits.sum(axis=1)
