"""Discounted cumulative gain: how early a ranking brings what is relevant."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.estimate import Estimate
from .interval import mean_interval
from .labels import check_lengths, check_weight


def dcg_score(
    y_true: Any,
    y_score: Any,
    *,
    k: int | None = None,
    log_base: float = 2,
    sample_weight: Any = None,
    ignore_ties: bool = False,
    confidence: float | None = None,
) -> float | Estimate:
    r"""Mean over the queries of ``sum_r relevance_r / log_b(1 + r)``, r the rank by score.

    Parameters
    ----------
    y_true : (n, m) relevance of m documents to n queries
    y_score : (n, m) scores
    k : only the first k ranks count
    log_base : base b of the discount
    sample_weight : (n,), counts repetitions of queries
    ignore_ties : take tied documents in the order of the columns, reversed; by default their gain is averaged
        over all orders (McSherry & Najork 2008, eq. 3)
    confidence : give an `Estimate` at this level

    Interval: Student's t over the queries, corrected for skewness (Hall 1992).  Source: Jarvelin & Kekalainen
    (2002).

    >>> round(dcg_score([[10, 0, 0, 1, 5]], [[0.1, 0.2, 0.3, 4, 70]]), 4)
    9.4995
    """
    true, score, weight = _queries(y_true, y_score, sample_weight)
    return _mean(_gains(true, score, k, log_base, ignore_ties), weight, confidence)


def ndcg_score(
    y_true: Any,
    y_score: Any,
    *,
    k: int | None = None,
    sample_weight: Any = None,
    ignore_ties: bool = False,
    confidence: float | None = None,
) -> float | Estimate:
    """`dcg_score` of each query over that of the best ranking, in [0, 1].

    A query without a relevant document scores 0.

    Parameters and interval as for `dcg_score`; relevances must not be negative.

    >>> round(ndcg_score([[10, 0, 0, 1, 5]], [[0.1, 0.2, 0.3, 4, 70]]), 4)
    0.6957
    """
    true, score, weight = _queries(y_true, y_score, sample_weight)
    if true.min() < 0:
        raise ValueError("ndcg_score should not be used on negative y_true values.")
    if true.shape[1] < 2:
        raise ValueError(
            f"Computing NDCG is only meaningful when there is more than 1 document. Got {true.shape[1]} "
            f"instead."
        )
    gain = _gains(true, score, k, 2, ignore_ties)
    best = _gains(true, true, k, 2, True)
    return _mean(
        np.divide(gain, best, out=np.zeros(gain.size), where=best != 0), weight, confidence
    )


def _queries(y_true: Any, y_score: Any, sample_weight: Any) -> tuple[np.ndarray, np.ndarray, Any]:
    true, score = (np.asarray(a, dtype=np.float64) for a in (y_true, y_score))
    check_lengths(true, score)
    if true.ndim != 2 or true.shape != score.shape:
        raise ValueError(
            f"y_true and y_score must be tables of one shape, got {true.shape} and {score.shape}"
        )
    if not (np.isfinite(true).all() and np.isfinite(score).all()):
        raise ValueError("Input contains NaN or infinity.")
    return true, score, check_weight(sample_weight, len(true))


def _mean(
    values: np.ndarray, weight: np.ndarray | None, confidence: float | None
) -> float | Estimate:
    if confidence is not None:
        return mean_interval(values, weight, confidence)
    return float(np.average(values, weights=weight))


def _gains(
    true: np.ndarray, score: np.ndarray, k: int | None, base: float, ignore_ties: bool
) -> np.ndarray:
    discount = np.log(base) / np.log(np.arange(true.shape[1]) + 2.0)
    if k is not None:
        discount[k:] = 0.0
    order = np.argsort(score, axis=1, kind="stable")[:, ::-1]
    ranked = np.take_along_axis(true, order, axis=1)
    if ignore_ties:
        return ranked @ discount
    sorted_scores = np.take_along_axis(score, order, axis=1)
    # Runs of equal scores, over all queries in one row: each shares the discounts of its ranks.
    first = np.ones(score.shape, dtype=bool)
    first[:, 1:] = np.diff(sorted_scores, axis=1) != 0
    starts = np.flatnonzero(first)
    sizes = np.diff(np.append(starts, score.size))
    gains = np.add.reduceat(ranked.ravel(), starts)
    shared = np.add.reduceat(np.broadcast_to(discount, score.shape).ravel(), starts) / sizes
    return np.bincount(starts // score.shape[1], weights=gains * shared, minlength=len(true))
