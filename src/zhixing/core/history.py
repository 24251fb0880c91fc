"""What an iterative fit leaves behind: rows of (step, name, value)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, SupportsFloat


class Row(NamedTuple):
    step: int
    name: str
    value: float


class History:
    """A log of named numbers by step, kept in `history_` by every iterative fit.

    >>> h = History()
    >>> h.record(0, objective=2.0, gap=1.0); h.record(1, objective=1.5)
    >>> h["objective"]
    [2.0, 1.5]
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def record(self, step: int, **values: SupportsFloat) -> None:
        self.rows.extend(Row(step, name, float(value)) for name, value in values.items())

    def __getitem__(self, name: str) -> list[float]:
        return [row.value for row in self.rows if row.name == name]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        names = sorted({row.name for row in self.rows})
        steps = 1 + max((row.step for row in self.rows), default=-1)
        return f"History({steps} steps: {', '.join(names)})"
