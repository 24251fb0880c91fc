"""Tables as trees read them: a code for every value, by bins or by ranks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from ..core.parallel import each, slices
from ..kernels._nodes import BY_VALUE, CATEGORIES, MISSING
from .bins import Bins
from .by_value import by_value


@dataclass
class Coded:
    """Codes of a table, feature by feature; codes are ordered as the values are.

    A code's values[offsets[j] + code] is a number of its own: the value itself for ranks, the middle
    of a bin.  Missing values have the code after the last; categories the codes of `bins`.
    """

    columns: np.ndarray  # (p, n) uint8 or uint32
    codes: np.ndarray  # (p,) how many, that of missing values included
    kinds: np.ndarray  # (p,) bits MISSING and CATEGORIES
    values: np.ndarray
    offsets: np.ndarray  # (p + 1,)
    bins: Bins  # what prediction needs

    @property
    def is_exact(self) -> bool:
        return self.columns.dtype != np.uint8

    @property
    def absent(self) -> np.ndarray:
        """The code of a missing value, seen in training or not."""
        return self.codes - (self.kinds & MISSING != 0)

    def rows(self, chosen: Any) -> np.ndarray:
        """Numbers (rows, p) that have the codes of the chosen rows: trees send them the same way."""
        p = len(self.codes)
        columns = self.columns[:, chosen]
        found = np.empty(columns.shape[::-1])
        for j in range(p):
            codes = columns[j].astype(np.int64)
            if self.kinds[j] & CATEGORIES:
                held = self.bins.codes[j]
                numbers = np.full(256, np.nan)
                numbers[held[:-1]] = self.bins.categories[j]
                numbers[held[-1]] = np.nan
                found[:, j] = numbers[codes]
                continue
            gone = codes == self.absent[j]
            found[:, j] = (
                self.values[self.offsets[j] + np.where(gone, 0, codes)]
                if not gone.all()
                else np.nan
            )
            found[gone, j] = np.nan
        return found

    def thresholds(self, feature: np.ndarray, cut: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Where x <= threshold says code <= cut; the next code seen in the node is `after`."""
        if not self.is_exact:
            return self.bins.thresholds[feature, cut]
        last = after >= self.absent[feature]
        low = self.values[self.offsets[feature] + cut]
        high = self.values[self.offsets[feature] + np.where(last, cut, after)]
        with np.errstate(over="ignore"):
            middle = 0.5 * low + 0.5 * high
        return np.where(last, np.inf, np.where((low <= middle) & (middle < high), middle, low))


def by_bins(X: np.ndarray, bins: Bins) -> Coded:
    """Bins of a byte; cuts lie between bins."""
    kinds = bins.kinds.astype(np.int64)
    known = bins.counts - (kinds & MISSING != 0)
    edges = bins.thresholds
    values = np.zeros((len(known), 256))
    for j in np.flatnonzero((kinds & CATEGORIES == 0) & (known > 1)):
        inner = edges[j, : known[j] - 1]
        gap = np.diff(inner)
        # The outer bins are taken to be as wide as their neighbours.
        first, last = (gap[0], gap[-1]) if len(gap) else (1.0, 1.0)
        values[j, 0], values[j, known[j] - 1] = inner[0] - first / 2, inner[-1] + last / 2
        values[j, 1 : known[j] - 1] = 0.5 * inner[:-1] + 0.5 * inner[1:]
    offsets = 256 * np.arange(len(known) + 1)
    columns = bins.transform(X).columns
    return Coded(columns, bins.counts.astype(np.int64), kinds, values.reshape(-1), offsets, bins)


def by_ranks(X: np.ndarray, categorical: np.ndarray | None = None) -> Coded:
    """Ranks among the distinct values of a feature: every cut between two values can be made.

    Cost: O(p n log n) once, 4 n p bytes.
    """
    n, p = X.shape
    columns = np.empty((p, n), np.uint32)
    kinds, codes = np.zeros(p, np.int64), np.ones(p, np.int64)
    known: list[np.ndarray] = [np.empty(0)] * p
    bins = by_value(p, X.dtype.str)
    sets = np.empty((p, 0), np.uint8)
    if categorical is not None and categorical.any():
        numeric = np.where(categorical, X, 0.0)
        found = Bins.fit(numeric, categorical=categorical)
        sets = found.transform(numeric).columns
        bins = replace(found, thresholds=bins.thresholds, kinds=found.kinds | np.uint8(BY_VALUE))

    def rank(j: int) -> None:
        if categorical is not None and categorical[j]:
            columns[j], kinds[j], codes[j] = sets[j], CATEGORIES, bins.counts[j]
            return
        x = X[:, j]
        gone = np.isnan(x)
        some = bool(gone.any())
        found, places = np.unique(x[~gone] if some else x, return_inverse=True)
        columns[j, ~gone] = places
        columns[j, gone] = len(found)
        known[j] = found.astype(np.float64)
        codes[j] = len(found) + some
        kinds[j] = MISSING if some else 0

    each(rank, range(p))
    bins.kinds[kinds == MISSING] |= np.uint8(MISSING)
    offsets = np.concatenate([[0], np.cumsum([len(v) for v in known])]).astype(np.int64)
    return Coded(columns, codes, kinds, np.concatenate(known), offsets, bins)


#: Columns of a sparse table that are spread out at a time.
BLOCK = 64


def coded(
    X: Any,
    max_bins: int | None = 255,
    categorical: np.ndarray | None = None,
    seed: int = 0,
    weight: np.ndarray | None = None,
) -> Coded:
    """A table by bins, or by ranks where `max_bins` is None.  Rows count by weight where bins are cut.

    A sparse table is spread out a block of columns at a time: its codes are dense, one byte a value by
    bins and four by ranks.
    """
    if not sparse.issparse(X):
        if max_bins is None:
            return by_ranks(X, categorical)
        counted, w = X, weight
        if w is not None and not w.all():
            counted, w = X[w > 0], w[w > 0]
        bins = Bins.fit(counted, max_bins=max_bins, categorical=categorical, seed=seed, weight=w)
        return by_bins(X, bins)
    X = X.tocsc()
    parts = [
        coded(X[:, s].toarray(), max_bins, None, seed, weight) for s in slices(X.shape[1], BLOCK)
    ]
    if len(parts) == 1:
        return parts[0]

    def end_to_end(held: list[Any], name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in held])

    each_bins: list[Any] = [c.bins for c in parts]
    joined = Bins(
        end_to_end(each_bins, "thresholds"),
        end_to_end(each_bins, "counts"),
        end_to_end(each_bins, "kinds"),
        {},
        {},
        each_bins[0].dtype,
    )
    ends = np.cumsum([0, *(len(c.values) for c in parts)])
    offsets = np.concatenate([c.offsets[:-1] + at for c, at in zip(parts, ends)] + [ends[-1:]])
    return Coded(
        end_to_end(parts, "columns"), end_to_end(parts, "codes"), end_to_end(parts, "kinds"),
        end_to_end(parts, "values"), offsets, joined,
    )  # fmt: skip
