"""Trees whose thresholds are not those of bins: grown on values, or come from another library."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..core.parallel import each, slices
from ..kernels._nodes import BY_VALUE
from .bins import Bins
from .tree import Forest

BLOCK = 16384


@dataclass
class Values:
    """A table as it is."""

    values: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        n, p = self.values.shape
        return n, p


@dataclass
class GrownByValue:
    """A tree just grown on values: where each row of training ended, and a forest of one tree."""

    place: np.ndarray  # (n,) node of each row; -1 for rows it was not grown on
    forest: Forest
    g: np.ndarray
    h: np.ndarray
    value: np.ndarray

    @cached_property
    def leaves(self) -> np.ndarray:
        return np.flatnonzero(self.forest.feature < 0)

    @cached_property
    def index(self) -> np.ndarray:
        """Rows in the order of their leaves."""
        order = np.argsort(self.place, kind="stable")
        return order[(self.place < 0).sum() :].astype(np.uint32)

    @property
    def starts(self) -> np.ndarray:
        return np.searchsorted(self.place[self.index], np.arange(len(self.value)))

    @property
    def stops(self) -> np.ndarray:
        return np.searchsorted(self.place[self.index], np.arange(len(self.value)), side="right")

    def add_to(self, scores: np.ndarray, values: np.ndarray) -> None:
        inside = self.place >= 0
        scores[inside] += values[self.place[inside]]

    def add_elsewhere(
        self, table: Values, chosen: np.ndarray, values: np.ndarray, scores: np.ndarray
    ) -> None:
        forest = replace(self.forest, value=values)
        bins = by_value(table.shape[1], table.values.dtype.str)

        def block(s: slice) -> None:
            found = np.zeros((s.stop - s.start, 1))
            forest.add(table.values[chosen[s]], bins, np.zeros(1, np.int64), found)
            scores[chosen[s]] += found[:, 0]

        each(block, slices(len(chosen), BLOCK))

    def to_forest(self, bins: Bins, values: np.ndarray) -> Forest:
        return replace(self.forest, value=values)


def by_value(p: int, dtype: str) -> Bins:
    """Bins of no use: trees are descended by values."""
    kinds = np.full(p, BY_VALUE, np.uint8)
    return Bins(np.full((p, 256), np.inf), np.ones(p, np.int64), kinds, {}, {}, dtype)


def rebinned(forest: Forest, p: int, bins: Bins) -> tuple[Forest, Bins]:
    """The forest on bins made of its own thresholds, if no feature has more than 254 of them.

    Many rows are then descended by bytes.  `bins` supplies the categories.
    """
    by_cut = (forest.feature >= 0) & (forest.set < 0)
    thresholds = np.full((p, 256), np.inf)
    counts, kinds = bins.counts.copy(), bins.kinds & ~np.uint8(BY_VALUE)
    places = forest.bin.copy()
    for j in range(p):
        here = np.flatnonzero(by_cut & (forest.feature == j))
        if not len(here):
            continue
        distinct = np.unique(forest.threshold[here])
        if len(distinct) > 254 or not np.isfinite(distinct).all():
            return forest, replace(bins, kinds=bins.kinds | np.uint8(BY_VALUE))
        thresholds[j, : len(distinct)] = distinct
        counts[j] = len(distinct) + 1
        places[here] = np.searchsorted(distinct, forest.threshold[here])
    return (
        replace(forest, bin=places.astype(np.int32)),
        replace(bins, thresholds=thresholds, counts=counts, kinds=kinds),
    )
