"""Trees on quantiles that are taken anew for each tree, weighted by second derivatives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.parallel import each
from ..kernels._nodes import MISSING
from .bins import Bins
from .by_value import GrownByValue, Values
from .exact_tree import Sorted
from .newton_tree import NewtonTree, Workspace, grow, to_forest


@dataclass(frozen=True)
class ApproximateTree:
    """A `NewtonTree` whose bins are quantiles weighted by h (Chen and Guestrin 2016, section 3.3).

    The quantiles are exact, from a sort done once: no sketch and no error eps.  Cost O(n p) a tree for
    them and as much for the bins, beside the growth.
    """

    inner: NewtonTree
    max_bins: int = 255
    monotone: np.ndarray | None = None
    groups: np.ndarray | None = None

    @property
    def is_random(self) -> bool:
        return self.inner.is_random

    def table(self, X: np.ndarray, bins: Bins) -> Values:
        return Values(X)

    def workspace(self, table: Values, bins: Bins, weight: Any = None) -> tuple[Sorted, Any]:
        return Sorted(table.values), weight

    def grow(
        self,
        work: tuple[Sorted, Any],
        g: np.ndarray,
        h: np.ndarray,
        index: np.ndarray | None = None,
        seed: int = 0,
    ) -> GrownByValue:
        columns, weight = work
        if index is not None:
            outside = np.ones(len(h), bool)
            outside[index] = False
            seen = np.where(outside, 0.0, h)
        else:
            seen = h
        bins = weighted_bins(columns, seen, self.max_bins)
        params = replace(self.inner, monotone=self.monotone, groups=self.groups)
        binned = bins.transform(columns.X)
        grown = grow(
            params, Workspace(params, binned, bins, weight, bundle=False), g, h, index, seed
        )
        place = np.full(len(g), -1, np.int32)
        starts, stops = grown.starts, grown.stops
        for leaf in grown.leaves:
            place[grown.index[starts[leaf] : stops[leaf]]] = leaf
        forest = to_forest(grown, bins, grown.value)
        return GrownByValue(place, forest, grown.g, grown.h, grown.value)


def weighted_bins(columns: Sorted, weight: np.ndarray, most: int) -> Bins:
    """Cuts between values where the weight so far passes a multiple of a `most`-th of all."""
    n, p = columns.X.shape
    thresholds, counts = np.full((p, 256), np.inf), np.ones(p, np.int64)
    kinds = np.zeros(p, np.uint8)

    def cut(j: int) -> None:
        values, order = columns.columns[j]
        missing = len(order) < n
        kinds[j] = MISSING if missing else 0
        ends = np.flatnonzero(np.diff(values) > 0)  # a run of equal values ends here
        if len(ends) >= most:
            so_far = np.cumsum(weight[order])
            share = so_far[ends] / max(so_far[-1], 1e-300)
            ends = ends[np.unique(np.searchsorted(share, np.arange(1, most) / most).clip(
                max=len(ends) - 1))]  # fmt: skip
        low, high = values[ends], values[ends + 1]
        middle = 0.5 * low + 0.5 * high
        edges = np.where((middle >= low) & (middle < high), middle, low)
        edges = np.where(np.isneginf(low), -np.finfo(float).max, edges)
        thresholds[j, : len(edges)] = edges
        counts[j] = len(edges) + 1 + missing

    each(cut, range(p))
    return Bins(thresholds, counts, kinds, {}, {}, columns.X.dtype.str)
