"""Samples of rows with known inclusion probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ..core.random import RandomState, generator

METHODS = ("simple", "bootstrap", "stratified", "systematic", "cluster", "weighted", "reservoir")


class Sample(NamedTuple):
    """Row numbers, and for each the probability (for "bootstrap": the expected number of times)
    with which a draw includes it; its inverse is the design weight."""

    rows: np.ndarray
    probability: np.ndarray


def sample_rows(
    X: Any,
    size: int | float,
    method: str = "simple",
    *,
    strata: Any = None,
    clusters: Any = None,
    weight: Any = None,
    random_state: RandomState = None,
) -> Sample:
    """Draw rows by a sampling design.

    simple: without replacement, every subset equally likely.  bootstrap: with replacement.
    stratified: simple within every stratum, sizes in proportion (largest remainders, at least one
    row each).  systematic: every (n / size)-th row from a random start.  cluster: `size` whole
    clusters.  weighted: without replacement with inclusion probability proportional to `weight`
    (systematic on the cumulated weights; rows that would exceed 1 are taken for certain).
    reservoir: one pass over an iterable of unknown length (algorithm R).

    Parameters
    ----------
    X : array-like, number of rows, or for "reservoir" any iterable
    size : int or float
        Rows (clusters for "cluster"), or a share of them.
    strata, clusters : array-like of shape (n_rows,)
    weight : array-like of shape (n_rows,)
    random_state : int, RandomState, Generator or None

    Returns
    -------
    Sample
        Row numbers in ascending order, and inclusion probabilities.

    Notes
    -----
    Särndal, Swensson and Wretman (1992), chapters 3 and 4; Vitter (1985), algorithm R.

    Examples
    --------
    >>> labels = np.array(["a"] * 90 + ["b"] * 10)
    >>> drawn = sample_rows(100, 10, "stratified", strata=labels, random_state=0)
    >>> (labels[drawn.rows] == "b").sum(), drawn.probability[0]
    (np.int64(1), np.float64(0.1))
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {METHODS}, got {method!r}")
    rng = generator(random_state)
    if method == "reservoir":
        return _reservoir(X, size, rng)
    n = (
        int(X)
        if isinstance(X, int | np.integer)
        else (X.shape[0] if hasattr(X, "shape") else len(X))
    )
    if method == "cluster":
        return _clusters(_labels(clusters, n, "clusters"), size, rng)
    k = _size(size, n, unlimited=method == "bootstrap")
    if method == "simple":
        return Sample(np.sort(rng.choice(n, k, replace=False)), np.full(k, k / n))
    if method == "bootstrap":
        return Sample(np.sort(rng.integers(0, n, k)), np.full(k, k / n))
    if method == "systematic":
        step = n / k
        rows = np.floor(rng.uniform(0, step) + step * np.arange(k)).astype(np.int64)
        return Sample(np.minimum(rows, n - 1), np.full(k, k / n))
    if method == "stratified":
        return _strata(_labels(strata, n, "strata"), k, rng)
    return _weighted(weight, n, k, rng)


def _size(size: int | float, n: int, *, unlimited: bool = False) -> int:
    share = isinstance(size, float | np.floating) and 0 < size <= 1
    if share or size == size // 1:
        k = round(size * n) if share else int(size)
        if 1 <= k and (k <= n or unlimited):
            return k
    raise ValueError(f"size must be between 1 and {n}, or a share in (0, 1]; got {size}")


def _labels(values: Any, n: int, name: str) -> np.ndarray:
    if values is None:
        raise ValueError(f"this method needs `{name}`")
    values = np.asarray(values)
    if values.dtype == object:  # None and texts have no order
        places: dict[Any, int] = {}
        values = np.array([places.setdefault(v, len(places)) for v in values.tolist()])
    codes = np.unique(values, return_inverse=True)[1]
    if codes.shape != (n,):
        raise ValueError(f"`{name}` has {codes.size} entries for {n} rows")
    return codes


def _strata(codes: np.ndarray, k: int, rng: np.random.Generator) -> Sample:
    counts = np.bincount(codes)
    if k < len(counts):
        raise ValueError(f"size {k} is less than the number of strata, {len(counts)}")
    exact = k * counts / counts.sum()
    take = np.maximum(np.floor(exact).astype(np.int64), 1)
    for h in np.argsort(take - exact, kind="stable"):  # largest remainders first
        if take.sum() >= k:
            break
        take[h] += take[h] < counts[h]
    while take.sum() > k:
        take[np.argmax(np.where(take > 1, take - exact, -np.inf))] -= 1
    rows, probability = [], []
    for h, (t, m) in enumerate(zip(take, counts)):
        rows.append(rng.choice(np.flatnonzero(codes == h), t, replace=False))
        probability.append(np.full(t, t / m))
    chosen = np.concatenate(rows)
    order = np.argsort(chosen)
    return Sample(chosen[order], np.concatenate(probability)[order])


def _clusters(codes: np.ndarray, size: int | float, rng: np.random.Generator) -> Sample:
    n_clusters = int(codes.max()) + 1
    k = _size(size, n_clusters)
    chosen = rng.choice(n_clusters, k, replace=False)
    rows = np.flatnonzero(np.isin(codes, chosen))
    return Sample(rows, np.full(rows.size, k / n_clusters))


def _weighted(weight: Any, n: int, k: int, rng: np.random.Generator) -> Sample:
    if weight is None:
        raise ValueError("this method needs `weight`")
    w = np.asarray(weight, dtype=np.float64)
    if w.shape != (n,) or not np.isfinite(w).all() or (w < 0).any():
        raise ValueError(f"`weight` must hold {n} finite numbers from 0 on")
    if (w > 0).sum() < k:
        raise ValueError(f"only {(w > 0).sum()} rows have a positive weight, {k} are wanted")
    certain = np.zeros(n, bool)
    while True:
        left = k - certain.sum()
        rest = np.where(certain, 0.0, w)
        probability = rest * (left / rest.sum()) if left else np.zeros(n)
        over = (probability > 1 - 1e-12) & ~certain
        if not over.any():
            break
        certain |= over
    order = rng.permutation(np.flatnonzero(probability > 0))
    ends = np.cumsum(probability[order])
    marks = rng.uniform() + np.arange(left)
    at = np.searchsorted(ends, marks, side="right")
    drawn = order[np.minimum(at, max(order.size - 1, 0))]
    rows = np.sort(np.concatenate([np.flatnonzero(certain), drawn]))
    return Sample(rows, np.where(certain, 1.0, probability)[rows])


def _reservoir(stream: Any, size: int | float, rng: np.random.Generator) -> Sample:
    if isinstance(stream, int | np.integer):
        stream = range(int(stream))
    if not isinstance(stream, Iterable) or isinstance(size, float):
        raise ValueError('"reservoir" takes an iterable and a whole number of rows')
    if size < 1:
        raise ValueError(f"size must be at least 1, got {size}")
    kept: list[int] = []
    n = 0
    for n, _ in enumerate(stream, start=1):  # noqa: B007
        if n <= size:
            kept.append(n - 1)
        else:
            at = int(rng.integers(0, n))
            if at < size:
                kept[at] = n - 1
    rows = np.sort(np.array(kept, dtype=np.int64))
    return Sample(rows, np.full(rows.size, min(1.0, size / max(n, 1))))
