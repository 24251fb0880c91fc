"""Values to at most 255 bins a feature: what histograms are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.arrays import writable
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..kernels._nodes import BY_VALUE, CATEGORIES, MISSING
from ..kernels.bin_edges import bin_edges
from ..kernels.bin_values import bin_codes, bin_values

#: Rows of which the quantiles are taken.
SAMPLE = 200_000
#: Rows a task bins at a time: its part of both layouts stays in the second cache.
BLOCK = 4096


@dataclass
class Binned:
    """The bins of a table: `rows` (n, p) and `columns` (p, n), each contiguous.

    values (n, p): the numbers themselves, where leaves need them.
    """

    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray | None = None

    @property
    def shape(self) -> tuple[int, int]:
        n, p = self.rows.shape
        return n, p


@dataclass
class Bins:
    """Where each feature is cut.

    A numeric feature with few distinct values gets a cut half-way between every two neighbours, else
    one at each of `max_bins` quantiles of (at most 200,000 of) its values.  A value x lies in bin
    ``sum(thresholds < x)``; missing values have a bin of their own after the last.  A category has a
    bin of its own if it is among the 254 commonest; the others share the last bin with missing and
    unseen ones.
    Cost: O(p n log n) for min(n, 200,000) rows to find the cuts, O(n p) to bin.
    """

    thresholds: np.ndarray  # (p, 256), filled up with inf
    counts: np.ndarray  # (p,) number of bins, that of missing values included
    kinds: np.ndarray  # (p,) bits MISSING and CATEGORIES
    categories: dict[int, np.ndarray]  # feature -> sorted categories
    codes: dict[int, np.ndarray]  # feature -> bin of each, and of all others
    dtype: str

    @property
    def absent(self) -> np.ndarray:
        """The code of a missing value: that after the last value's, seen in training or not."""
        return np.where(self.kinds & CATEGORIES, 0, self.counts - (self.kinds & MISSING != 0))

    @property
    def by_value(self) -> bool:
        """Whether trees that use these bins are descended by the values themselves."""
        return bool((self.kinds & BY_VALUE).any())

    def check(self, p: int) -> None:
        """Refuse arrays (of a model file) that do not fit p features."""
        shapes = {"thresholds": (p, 256), "counts": (p,), "kinds": (p,)}
        for name, shape in shapes.items():
            held = getattr(self, name)
            if held.shape != shape or held.dtype.kind not in "fiu":
                raise InputError(f"Bins.{name} is not an array of shape {shape}")
        if self.categories.keys() != self.codes.keys():
            raise InputError("Bins: categories and codes name different features")
        for j, known in self.categories.items():
            if not 0 <= j < p or known.ndim != 1 or self.codes[j].shape != (len(known) + 1,):
                raise InputError(f"Bins: the categories of feature {j} do not fit their codes")

    @staticmethod
    def fit(
        X: np.ndarray,
        *,
        max_bins: int = 255,
        categorical: np.ndarray | None = None,
        seed: int = 0,
        weight: np.ndarray | None = None,
    ) -> Bins:
        """Bins of the rows of X; a row counts as often as its (positive) weight says."""
        n, p = X.shape
        thresholds = np.full((p, 256), np.inf)
        counts = np.ones(p, np.int64)
        kinds = np.zeros(p, np.uint8)
        categories: dict[int, np.ndarray] = {}
        codes: dict[int, np.ndarray] = {}
        absent = np.zeros(p, bool)
        for part in each(lambda s: np.isnan(X[s]).any(axis=0), slices(n, BLOCK)):
            absent |= part
        sample, times = X, None if weight is None else _repetitions(weight)
        if n > SAMPLE:
            chosen = np.random.default_rng(seed).choice(n, SAMPLE, replace=False, shuffle=False)
            sample = X[np.sort(chosen)]
            times = None if times is None else times[np.sort(chosen)]

        def cut(j: int) -> None:
            if categorical is not None and categorical[j]:
                categories[j], codes[j] = _category_bins(X[:, j], max_bins)
                counts[j] = codes[j][-1] + 1
                kinds[j] = CATEGORIES
                return
            if times is None:
                ordered = np.sort(sample[:, j])  # missing values come last
            else:
                order = np.argsort(sample[:, j], kind="stable")
                ordered = np.repeat(sample[order, j], times[order])
            known = len(ordered)
            if absent[j]:
                known = int(np.searchsorted(np.isnan(ordered), True))
            counts[j] = bin_edges(ordered[:known], max_bins, thresholds[j]) + 1 + absent[j]
            kinds[j] = MISSING if absent[j] else 0

        each(cut, range(p))
        return Bins(thresholds, counts, kinds, categories, codes, X.dtype.str)

    @property
    def _numeric(self) -> np.ndarray:
        return np.flatnonzero(self.kinds & CATEGORIES == 0)

    @property
    def marked(self) -> np.ndarray:
        """The thresholds; those of a category start with -inf."""
        if not self.categories:
            return self.thresholds
        return np.where((self.kinds & CATEGORIES)[:, None] != 0, -np.inf, self.thresholds)

    def category_codes(self, X: np.ndarray) -> np.ndarray:
        """Bins of the categorical features alone; an empty array where there are none."""
        if not self.categories:
            return np.empty((0, 0), np.uint8)
        rows = np.empty(X.shape, np.uint8)
        for j, known in self.categories.items():
            rows[:, j] = self.codes[j][_numbers(X[:, j], known)]
        return rows

    def transform(self, X: np.ndarray) -> Binned:
        """Bins of training rows, both ways."""
        n, p = X.shape
        rows, columns = np.empty((n, p), np.uint8), np.empty((p, n), np.uint8)
        numeric = self._numeric
        if not (X.flags.c_contiguous or X.flags.f_contiguous):
            X = np.ascontiguousarray(X)
        X = writable(X)
        numbered = {j: _numbers(X[:, j], c) for j, c in self.categories.items()}
        absent = self.absent.astype(np.int64)

        def block(s: slice) -> None:
            bin_values(X, self.thresholds, absent, numeric, s.start, rows[s], columns)
            for j, numbers in numbered.items():
                bin_codes(numbers[s], self.codes[j], j, s.start, rows[s], columns)

        each(block, slices(n, BLOCK))
        return Binned(rows, columns)


def _repetitions(weight: np.ndarray) -> np.ndarray:
    """How often each row counts: its weight if all are whole, else its share of all rows, at least once."""
    total = float(weight.sum())
    if total <= 1 << 24 and (weight == np.floor(weight)).all():
        return weight.astype(np.int64)
    return np.maximum(np.round(weight / total * len(weight)), 1.0).astype(np.int64)


def _category_bins(values: np.ndarray, max_bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Sorted categories, and their bins with that of everything else at the end."""
    known = values[~np.isnan(values)]
    found, counts = np.unique(known, return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[: max_bins - 1])
    bins = np.full(len(found) + 1, len(kept), np.uint8)
    bins[kept] = np.arange(len(kept))
    return found, bins


def _numbers(values: np.ndarray, categories: np.ndarray) -> np.ndarray:
    """Places of values in the sorted categories; ``len(categories)`` where there is none."""
    size = len(categories)
    if size and categories[0] >= 0 and categories[-1] < 65_536 and (categories % 1 == 0).all():
        table = np.full(int(categories[-1]) + 2, size, np.int64)
        table[categories.astype(np.int64)] = np.arange(size)
        inside = (values >= 0) & (values <= categories[-1])
        whole = np.where(inside, values, len(table) - 1).astype(np.int64)
        return np.where(whole == np.where(inside, values, whole), table[whole], size)
    places = np.searchsorted(categories, values)
    places[places == size] = 0
    return np.where(categories[places] == values if size else False, places, size).astype(np.int64)
