"""Rows drawn from what the data say, not from where they stand.

A bootstrap sample is drawn from the distribution of the rows.  So rows are put in an order by what they
hold; equal rows are one unit whose mass is their total weight, and a draw picks a place in the running
sum of the masses.  A row of weight three, three equal rows, and the same rows in another order
then give the same samples, and a row is out of bag only if none of its copies was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..kernels.row_hash import dense_row_hash, sparse_row_hash

#: Rows that are hashed in one task.
BLOCK = 8192


class Drawn(NamedTuple):
    """Units drawn, ascending, and how often each was."""

    units: np.ndarray
    times: np.ndarray


@dataclass
class Units:
    """Rows by content: those of unit u are ``order[first[u] : first[u + 1]]``, their total weight mass[u]."""

    order: np.ndarray  # (rows of positive weight,) int32
    first: np.ndarray  # (units + 1,) int32
    mass: np.ndarray  # (units,)

    @cached_property
    def total(self) -> int:
        """How many rows there are, repetitions counted."""
        return max(round(float(self.mass.sum())), 1)

    @cached_property
    def whole(self) -> bool:
        """Whether every mass is a number of rows."""
        return bool((self.mass == np.rint(self.mass)).all())

    @cached_property
    def ends(self) -> np.ndarray:
        return np.cumsum(self.mass)

    def draw(self, rng: np.random.Generator, size: int, *, replace: bool) -> Drawn:
        """`size` rows, each as likely as its weight."""
        units, ends = len(self.mass), self.ends
        if replace:
            places = np.searchsorted(ends, rng.random(size) * ends[-1], side="right")
            return _counted(np.minimum(places, units - 1), units)
        if size > self.total:
            raise InputError(
                f"{size} rows cannot be drawn from {self.total} without replacement",
                do="lower max_samples or set bootstrap=True",
            )
        if self.whole:
            chosen = rng.choice(self.total, size, replace=False, shuffle=False)
            return _counted(np.searchsorted(ends, chosen, side="right"), units)
        chance = self.mass / ends[-1]
        size = min(size, units)
        return _counted(rng.choice(units, size, replace=False, p=chance, shuffle=False), units)

    def by_content(self, drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
        """One row of every unit drawn, in the order of the units, and how often each was."""
        return self.order[self.first[drawn.units]], drawn.times

    def rows(self, drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
        """The same with the rows ascending."""
        rows, times = self.by_content(drawn)
        ascending = np.argsort(rows, kind="stable")
        return rows[ascending], times[ascending]

    def outside(self, drawn: Drawn, n: int) -> np.ndarray:
        """A mask over all n rows: those of which no copy was drawn."""
        inside = np.zeros(len(self.mass), dtype=bool)
        inside[drawn.units] = True
        mask = np.ones(n, dtype=bool)
        mask[self.order[np.repeat(inside, np.diff(self.first))]] = False
        return mask


def _counted(places: np.ndarray, units: int) -> Drawn:
    if 8 * len(places) < units:
        found, times = np.unique(places, return_counts=True)
    else:
        every = np.bincount(places, minlength=units)
        found = np.flatnonzero(every)
        times = every[found]
    return Drawn(found, times.astype(np.float64))


def units(X: Any, y: Any = None, weight: np.ndarray | None = None) -> Units:
    """The units of a table of any kind; O(n p + n log n).

    Whole weights count rows.  Other weights are taken relative to their mean, so that there are as many
    rows to draw as have a weight.
    """
    key = _keys(X, y)
    order = np.argsort(key, kind="stable")
    if weight is not None:
        order = order[weight[order] > 0]
    key = key[order]
    first = np.flatnonzero(np.append([True], key[1:] != key[:-1]))
    ends = np.append(first, len(order))
    if weight is None:
        mass = np.diff(ends).astype(np.float64)
    else:
        mass = np.add.reduceat(weight[order], first)
        if (weight != np.rint(weight)).any():
            mass *= len(order) / mass.sum()
    return Units(order.astype(np.int32), ends.astype(np.int32), mass)


def _keys(X: Any, y: Any) -> np.ndarray:
    n, p = X.shape
    multiplier = np.random.default_rng(0x7A687869).integers(-(2**62), 2**62, size=p + 1) * 2 + 1
    key, count = np.zeros(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    if y is not None:
        y = np.asarray(y, dtype=np.float64).reshape(n, -1)
        label = np.ascontiguousarray(y @ np.sqrt(np.arange(2.0, 2.0 + y.shape[1]))).view(np.int64)
        np.multiply(label ^ (label >> 29), multiplier[p], out=key)
    if sparse.issparse(X):
        held = sparse.csr_array(X, dtype=np.float64, copy=True)
        held.sum_duplicates()
        bits = held.data.view(np.int64)
        indices, indptr = held.indices.astype(np.int32), held.indptr.astype(np.int64)
        sparse_row_hash(bits, indices, indptr, multiplier[:p], key, count)
        return key
    if X.dtype.kind not in "fiub":
        X = np.column_stack([np.unique(c.astype(str), return_inverse=True)[1] + 1.0 for c in X.T])
    bits = rows_contiguous(X, np.float64).view(np.int64)

    def block(s: slice) -> None:
        dense_row_hash(bits[s], multiplier[:p], key[s], count[s])

    each(block, slices(n, BLOCK))
    return key
