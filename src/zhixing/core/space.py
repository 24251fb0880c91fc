"""Search spaces: the values a hyper-parameter may take, as data any search can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Real:
    """A real number in [low, high]; `log` where ratios matter rather than differences."""

    low: float
    high: float
    log: bool = False


@dataclass(frozen=True)
class Whole:
    """A whole number in [low, high]."""

    low: int
    high: int
    log: bool = False


@dataclass(frozen=True)
class OneOf:
    """One of a few values."""

    values: tuple[Any, ...]


Range: TypeAlias = Real | Whole | OneOf
Space: TypeAlias = dict[str, Range]
