"""Values and impurities of the nodes of a tree just grown."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import xlogy

from ..kernels import _tree_nodes as kernel
from .impurity_tree import Grown
from .statistics import Statistics


def class_shares(grown: Grown, stats: Statistics) -> np.ndarray:
    """(nodes, sums) the shares of the classes, exact."""
    weight = grown.node_s[:, : stats.form.n_classes].sum(axis=1, keepdims=True)
    return grown.node_s / weight


def number_means(
    grown: Grown, y: np.ndarray, weight: np.ndarray, criterion: Any, impurity: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """(nodes, outputs) means (or medians) of y, and the impurities (nodes,) where asked for."""
    if criterion.target == "medians":
        found = grown.node_m
        return np.ascontiguousarray(found[:, :-1]), found[:, -1] / grown.node_s[:, 0]
    if impurity and criterion.form.logarithmic:
        k = y.shape[1]
        _, means, _ = grown.means(np.ascontiguousarray(np.hstack([y, xlogy(y, y)])), weight)
        about = means[:, k:] - xlogy(means[:, :k], means[:, :k])
        return np.ascontiguousarray(means[:, :k]), np.maximum(about, 0.0).mean(axis=1)
    total, means, spread = grown.means(y, weight)
    return means, (spread / total[:, None]).mean(axis=1)


def within_bounds(grown: Grown, stats: Statistics, value: np.ndarray) -> np.ndarray:
    """Values of nodes brought within what monotone features above them allow; of one output."""
    low, high = (stats.bounds(grown.node_f[:, c]) for c in (kernel.LOWER, kernel.UPPER))
    last = np.clip(value[:, -1], low, high)
    return np.column_stack([1.0 - last, last]) if stats.form.n_classes else last[:, None]
