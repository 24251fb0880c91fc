"""A table ready to be learned from: canonical columns, their schema, a target, and roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from ..core.estimator import Task
from ..core.finding import Finding
from .kinds import Kind
from .schema import Schema
from .target import Target


@dataclass(frozen=True)
class Table:
    """Rows that have a label, in columns of one type per kind (see `data.canonical.DTYPES`).

    `frame` holds every column, the target as its labels; missing values are null, never NaN.
    `schema` says of each column its kind and role, `target` the task and the classes (None for a
    table to predict on).  `findings` tell what reading had to do.  A table is not changed in
    place: `take` and `without` make another.

    >>> import zhixing.data as data
    >>> table = data.read({"x": [1.5, 2.0, 0.5, 3.0], "y": ["a", "b", "a", "b"]}, target="y")
    >>> table.task, table.features, table.y.tolist(), table.codes.tolist()
    ('binary', ['x'], ['a', 'b', 'a', 'b'], [0, 1, 0, 1])
    >>> table.take([0, 3]).X
    shape: (2, 1)
    ...
    """

    frame: pl.DataFrame
    schema: Schema
    target: Target | None = None
    name: str = ""
    findings: list[Finding] = field(default_factory=list, compare=False)
    origin: np.ndarray | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return self.frame.height

    def __repr__(self) -> str:
        kinds = ", ".join(f"{len(v)} {k}" for k, v in self.by_kind.items())
        what = "" if self.target is None else f"; {self.target.task} target {self.target.name!r}"
        return f"Table({self.name or 'unnamed'}: {len(self):,} rows; {kinds}{what})"

    @property
    def rows(self) -> np.ndarray:
        """Where each row stood in the source, from 0: unlabelled rows left gaps, `take` chose."""
        return np.arange(len(self)) if self.origin is None else self.origin

    @property
    def features(self) -> list[str]:
        """Columns a model is given: features of a usable kind, in the table's order."""
        return self.schema.usable()

    def columns(self, *kinds: Kind) -> list[str]:
        """Features of some kinds, e.g. ``table.columns("numeric", "boolean")``."""
        return self.schema.usable(*kinds)

    @property
    def by_kind(self) -> dict[Kind, list[str]]:
        """Feature columns by kind, identifiers and constants included."""
        kinds: dict[Kind, list[str]] = {}
        for column in self.schema:
            if column.role == "feature":
                kinds.setdefault(column.kind, []).append(column.name)
        return kinds

    @property
    def X(self) -> pl.DataFrame:
        """The features: what `Schema.check` returns at prediction."""
        return self.frame.select(self.features)

    @property
    def task(self) -> Task | None:
        return None if self.target is None else self.target.task

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """The labels in sorted order; None for numbers."""
        return None if self.target is None else self.target.classes

    @cached_property
    def y(self) -> np.ndarray:
        """Labels as they are written (object, int64 or bool), or float64 numbers. Shape (n,)."""
        if self.target is None:
            raise ValueError("this table has no target")
        labels = self.frame[self.target.name]
        if self.target.classes is None:
            return labels.cast(pl.Float64).to_numpy().copy()
        if labels.dtype == pl.String:
            return np.array(labels.to_list(), dtype=object)
        return labels.to_numpy().copy()

    @cached_property
    def codes(self) -> np.ndarray:
        """Index into `classes`, int64, shape (n,); only where there are classes."""
        if self.target is None or self.target.classes is None:
            raise ValueError("codes are for classes; this table has none")
        labels = self.frame[self.target.name]
        classes = pl.Series(list(self.target.classes), dtype=labels.dtype)
        codes = labels.replace_strict(classes, pl.Series(range(len(classes))), default=None)
        return codes.cast(pl.Int64).to_numpy().copy()

    @property
    def weight(self) -> np.ndarray | None:
        """Row weights, float64, finite and not negative; None where all weigh the same."""
        name = self.schema.role("weight")
        return None if name is None else self.frame[name].cast(pl.Float64).to_numpy().copy()

    @property
    def groups(self) -> np.ndarray | None:
        """Codes of the groups that must stay together, int64, in order of appearance."""
        name = self.schema.role("group")
        if name is None:
            return None
        return (self.frame[name].rank("dense").cast(pl.Int64) - 1).to_numpy().copy()

    @property
    def time(self) -> np.ndarray | None:
        """What the rows are ordered by: seconds since 1970 or plain numbers, float64."""
        name = self.schema.role("time")
        if name is None:
            return None
        values = self.frame[name]
        if values.dtype.is_temporal():
            return values.cast(pl.Datetime("us")).dt.epoch("us").to_numpy() / 1e6
        return values.cast(pl.Float64).to_numpy().copy()

    @property
    def parts(self) -> pl.Series | None:
        """The column of official parts (train / test), where the person named one."""
        name = self.schema.role("split")
        return None if name is None else self.frame[name]

    def take(self, rows: Sequence[int] | np.ndarray) -> Table:
        """The table of some rows, by index or by a boolean mask."""
        index = np.asarray(rows)
        if index.dtype == bool:
            index = np.flatnonzero(index)
        return replace(self, frame=self.frame[index], origin=self.rows[index])

    def without(self, names: Sequence[str]) -> Table:
        """The same rows with some columns put aside."""
        return replace(self, schema=self.schema.without(names))
