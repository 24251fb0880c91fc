"""Ways to cut a column into bins: equal width, equal frequency, k-means, by the target."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels.optimal_clusters import optimal_clusters


def uniform_edges(low: float, high: float, n_bins: int) -> np.ndarray:
    """Bins of equal width."""
    return np.linspace(low, high, n_bins + 1)


def quantile_edges(
    x: np.ndarray, weight: np.ndarray | None, n_bins: int, method: Any
) -> np.ndarray:
    """Bins of equal frequency (of equal weight where there is one)."""
    levels = np.linspace(0, 1, n_bins + 1)
    if method not in ("inverted_cdf", "averaged_inverted_cdf"):
        return np.quantile(x, levels, method=method).astype(np.float64)
    return weighted_quantiles(x, weight, levels, average=method == "averaged_inverted_cdf")


def weighted_quantiles(
    x: np.ndarray, weight: np.ndarray | None, levels: np.ndarray, *, average: bool
) -> np.ndarray:
    """Inverse of the weighted distribution function; whole weights count as repetition.

    Without weights it is numpy's method of the same name, but for rounding: here a level that
    falls on a step of the distribution up to rounding is taken to be on it.

    >>> x, w = np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0])
    >>> weighted_quantiles(x, w, np.array([0.25, 0.5]), average=True)
    array([1.5, 2.5])
    """
    if weight is None:
        wanted = levels * x.size
        slack = 8 * np.finfo(np.float64).eps * x.size
        at = np.clip(np.ceil(wanted - slack).astype(np.int64) - 1, 0, x.size - 1)
        ranks = np.union1d([0, *at], np.minimum(at + 1, x.size - 1))
        ordered = np.partition(x, ranks).astype(np.float64, copy=False)
        reached: Any = at + 1.0
    else:
        known = weight > 0
        order = np.argsort(x[known], kind="stable")
        ordered = x[known][order].astype(np.float64)
        total = np.cumsum(weight[known][order], dtype=np.float64)
        wanted = levels * total[-1]
        slack = 8 * np.finfo(np.float64).eps * total[-1]
        at = np.minimum(np.searchsorted(total, wanted - slack), ordered.size - 1)
        reached = total[at]
    if not average:
        return ordered[at]
    on_step = np.abs(reached - wanted) <= slack
    after = np.where(on_step, np.minimum(at + 1, ordered.size - 1), at)
    first = levels <= 0
    return np.where(first, ordered[0], 0.5 * (ordered[at] + ordered[after]))


def kmeans_edges(x: np.ndarray, weight: np.ndarray | None, n_bins: int) -> np.ndarray:
    """Midpoints between the centres of one-dimensional k-means, solved exactly.

    >>> kmeans_edges(np.array([0.0, 1.0, 9.0, 11.0, 30.0]), None, 3)
    array([ 0.  ,  5.25, 20.  , 30.  ])
    """
    known = np.ones(x.size, bool) if weight is None else weight > 0
    values, at = np.unique(x[known].astype(np.float64), return_inverse=True)
    w = np.bincount(at, weights=None if weight is None else weight[known]).astype(np.float64)
    shifted = values - np.average(values, weights=w)
    cumulated = [
        np.concatenate([[0.0], np.cumsum(part)]) for part in (w, w * shifted, w * shifted * shifted)
    ]
    bounds = np.empty(min(n_bins, len(values)), np.int64)
    optimal_clusters(*cumulated, len(bounds), bounds)
    starts = np.concatenate([[0], bounds[:-1]])
    centres = np.add.reduceat(w * shifted, starts) / np.add.reduceat(w, starts)
    inner = (centres[1:] + centres[:-1]) / 2 + (values[0] - shifted[0])
    return np.concatenate([values[:1], inner, values[-1:]])


def supervised_edges(
    x: np.ndarray, Y: np.ndarray, weight: np.ndarray | None, n_bins: int, min_share: float = 0.005
) -> np.ndarray:
    """Cuts of the regression tree of least squares that has `n_bins` leaves, best split first.

    `Y` holds one column per output; for indicator columns of classes least squares is Gini.
    """
    w = np.ones(x.size) if weight is None else weight.astype(np.float64)
    known = w > 0
    order = np.argsort(x[known], kind="stable")
    ordered, w = x[known][order].astype(np.float64), w[known][order]
    Y = Y[known][order] - np.average(Y[known][order], axis=0, weights=w)
    mass = np.concatenate([[0.0], np.cumsum(w)])
    sums = np.concatenate([np.zeros((1, Y.shape[1])), np.cumsum(w[:, None] * Y, axis=0)])
    least = max(min_share * mass[-1], 0.0)

    def best(low: int, high: int) -> tuple[float, int]:
        """The gain and the place of the best cut of rows low to high."""
        at = np.flatnonzero(ordered[low : high - 1] < ordered[low + 1 : high]) + low + 1
        left, right = mass[at] - mass[low], mass[high] - mass[at]
        at = at[(left >= least) & (right >= least)]
        if not at.size:
            return 0.0, -1
        left, right = mass[at] - mass[low], mass[high] - mass[at]
        gain = np.square(sums[at] - sums[low]).sum(axis=1) / left
        gain += np.square(sums[high] - sums[at]).sum(axis=1) / right
        gain -= np.square(sums[high] - sums[low]).sum() / (mass[high] - mass[low])
        # Of equal gains the first counts, whatever rounding makes of them.
        top = int(np.argmax(gain >= gain.max() - slack))
        return float(gain[top]), int(at[top])

    slack = 1e-10 * float((w @ np.square(Y)).sum())
    leaves = [(0, ordered.size, *best(0, ordered.size))]
    while len(leaves) < n_bins:
        most = max(leaf[2] for leaf in leaves)
        k = next(i for i, leaf in enumerate(leaves) if leaf[2] >= most - slack)
        low, high, gain, cut = leaves[k]
        if cut < 0 or gain <= slack:
            break
        leaves[k : k + 1] = [(low, cut, *best(low, cut)), (cut, high, *best(cut, high))]
    inner = [(ordered[low - 1] + ordered[low]) / 2 for low, *_ in leaves[1:]]
    return np.array([ordered[0], *inner, ordered[-1]])


def given_edges(cuts: Any, j: int) -> np.ndarray:
    """The user's cut points, with open ends."""
    inner = np.asarray(cuts, dtype=np.float64)
    if inner.ndim != 1 or not np.isfinite(inner).all() or (np.diff(inner) <= 0).any():
        raise ValueError(f"the cut points of column {j} must be finite and ascending, got {cuts}")
    return np.concatenate([[-np.inf], inner, [np.inf]])
