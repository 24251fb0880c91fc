"""A table as the checks need it: numbers in one matrix, words as codes, each computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from ...data import Table

#: Checks that sort look at a random choice of so many rows.
MOST_SORTED = 200_000


class Moments(NamedTuple):
    """Per numeric column over its finite values: how many, mean, deviation, skewness, kurtosis.

    Skewness and excess kurtosis are the moment ratios g1 and g2 (0 for a normal distribution), and
    0 where the deviation is 0.
    """

    count: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    skewness: np.ndarray
    kurtosis: np.ndarray


@dataclass(frozen=True, eq=False)
class View:
    """A `Table` with shared intermediate results; `holdout` is the other table to compare with."""

    table: Table
    holdout: View | None = None

    @property
    def n(self) -> int:
        return len(self.table)

    def rows(self, places: Sequence[int] | np.ndarray) -> list[int]:
        """Rows as a person counts them in the source: from 1, the header not counted."""
        return (self.table.rows[np.asarray(places, dtype=int)] + 1).tolist()

    @cached_property
    def numeric(self) -> list[str]:
        return self.table.columns("numeric")

    @cached_property
    def place(self) -> dict[str, int]:
        """Column of `X` by name."""
        return {name: j for j, name in enumerate(self.numeric)}

    @cached_property
    def words(self) -> list[str]:
        return self.table.columns("categorical")

    @cached_property
    def raw(self) -> np.ndarray:
        """Numeric columns, float64 (n, p) by columns; NaN where missing, infinities kept."""
        if not self.numeric:
            return np.empty((self.n, 0))
        return np.asfortranarray(self.table.frame.select(self.numeric).to_numpy())

    @cached_property
    def X(self) -> np.ndarray:
        """`raw` with infinities as NaN."""
        if not np.isinf(self.raw).any():
            return self.raw
        return np.where(np.isinf(self.raw), np.nan, self.raw)

    @cached_property
    def missing(self) -> np.ndarray:
        """Share of missing values by feature of any kind, in the order of `table.features`."""
        counts = self.table.frame.select(self.table.features).null_count()
        return np.array(counts.row(0), dtype=float) / self.n

    @cached_property
    def moments(self) -> Moments:
        X = self.X
        present = ~np.isnan(X)
        count = present.sum(axis=0)
        safe = np.maximum(count, 1)
        # Scaled by the largest value, so that sums and fourth powers stay finite.
        d = np.where(present, X, 0.0)
        scale = np.maximum(np.abs(d).max(axis=0, initial=0.0), np.finfo(float).tiny)
        d /= scale
        mean = d.sum(axis=0) / safe
        d = np.where(present, d - mean, 0.0)
        m2 = (d**2).sum(axis=0) / safe
        some = m2 > 1e-24
        m2_safe = np.where(some, m2, 1.0)
        skewness = np.where(some, (d**3).sum(axis=0) / safe / m2_safe**1.5, 0.0)
        kurtosis = np.where(some, (d**4).sum(axis=0) / safe / m2_safe**2 - 3.0, 0.0)
        return Moments(count, mean * scale, np.sqrt(m2) * scale, skewness, kurtosis)

    @cached_property
    def sample(self) -> np.ndarray:
        """Rows for checks that sort: all, or a random choice."""
        if self.n <= MOST_SORTED:
            return np.arange(self.n)
        return np.sort(np.random.default_rng(0).choice(self.n, MOST_SORTED, replace=False))

    @cached_property
    def ordered(self) -> np.ndarray:
        """The sampled rows of `X`, each column sorted, NaN last."""
        return np.sort(self.X if self.n <= MOST_SORTED else self.X[self.sample], axis=0)

    def quantile(self, q: float) -> np.ndarray:
        """A quantile of every numeric column's finite values (the lower of two neighbours)."""
        count = (~np.isnan(self.ordered)).sum(axis=0)
        at = np.maximum(np.floor(q * (count - 1)), 0).astype(int)
        return self.ordered[at, np.arange(self.ordered.shape[1])]

    @cached_property
    def codes(self) -> dict[str, tuple[np.ndarray, list[str]]]:
        """Categorical columns as codes of their sorted levels (-1 where missing), and the levels.

        Every level is in some row, also where the table is a part of another.
        """
        levels = {name: self._levels(name) for name in self.words}
        coded = self.table.frame.select(
            pl.col(name).cast(pl.Enum(levels[name])).to_physical().cast(pl.Int32)
            for name in self.words
        )
        return {c.name: _present(c, levels[c.name]) for c in coded.iter_columns()}

    def _levels(self, name: str) -> list[str]:
        known = self.table.schema[name].categories
        if known is not None:
            return list(known)
        return self.table.frame[name].drop_nulls().unique().sort().to_list()

    @cached_property
    def goal(self) -> np.ndarray | None:
        """The target as class codes or numbers; None without a target."""
        if self.table.target is None:
            return None
        return self.table.codes if self.table.classes is not None else self.table.y

    @property
    def task_is_binary(self) -> bool:
        return self.table.task == "binary"

    @cached_property
    def row_hashes(self) -> np.ndarray:
        """A 64-bit hash of each row's features."""
        if not self.table.features:
            return np.zeros(self.n, dtype=np.uint64)
        return self.table.X.hash_rows(seed=1).to_numpy()


def _present(column: pl.Series, levels: list[str]) -> tuple[np.ndarray, list[str]]:
    codes = column.to_numpy() if not column.null_count() else column.fill_null(-1).to_numpy()
    here = np.bincount(codes + 1, minlength=len(levels) + 1)[1:] > 0
    if here.all():
        return codes, levels
    place = np.append(np.cumsum(here) - 1, -1).astype(np.int32)
    return place[codes], [level for level, used in zip(levels, here) if used]


def some(names: Sequence[str], most: int = 6) -> str:
    """A few of the names, and how many more.

    >>> some(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def columns(n: int) -> str:
    """``1 column``, ``2 columns``."""
    return f"{n:,} column{'s' * (n != 1)}"
