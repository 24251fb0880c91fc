"""One axis per hyper-parameter: how a search moves along it and what value a place on it means."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..core.errors import InputError
from ..core.space import OneOf, Real, Whole

Coordinate: TypeAlias = "float | int"


@dataclass(frozen=True)
class ContinuousAxis:
    """A real number; its coordinate is in [0, 1] and even in ratios where the range is `log`."""

    range: Real
    size = math.inf

    def decode(self, u: Coordinate) -> float:
        low, high = self.range.low, self.range.high
        if self.range.log:
            value = math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
        else:
            value = low + u * (high - low)
        return min(max(value, low), high)

    def encode(self, value: Any) -> float:
        low, high = self.range.low, self.range.high
        if isinstance(value, bool) or not low <= float(value) <= high:
            raise ValueError(f"{value!r} is outside [{low}, {high}]")
        if self.range.log:
            return (math.log(value) - math.log(low)) / (math.log(high) - math.log(low))
        return (float(value) - low) / (high - low)

    def from_unit(self, u: float) -> float:
        return float(u)

    def to_unit(self, coordinate: Coordinate) -> float:
        return float(coordinate)


@dataclass(frozen=True)
class WholeAxis:
    """A whole number; its coordinate is the number itself."""

    range: Whole

    @property
    def size(self) -> float:
        return self.range.high - self.range.low + 1

    def decode(self, coordinate: Coordinate) -> int:
        return int(coordinate)

    def encode(self, value: Any) -> int:
        if int(value) != value or not self.range.low <= value <= self.range.high:
            raise ValueError(f"{value!r} is not a whole number in {self.range}")
        return int(value)

    def from_unit(self, u: float) -> int:
        low, high = self.range.low - 0.5, self.range.high + 0.5
        if self.range.log:
            raw = math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
        else:
            raw = low + u * (high - low)
        return min(max(round(raw), self.range.low), self.range.high)

    def to_unit(self, coordinate: Coordinate) -> float:
        low, high = self.range.low - 0.5, self.range.high + 0.5
        if self.range.log:
            return (math.log(coordinate) - math.log(low)) / (math.log(high) - math.log(low))
        return (coordinate - low) / (high - low)


@dataclass(frozen=True)
class ChoiceAxis:
    """One of a few values; its coordinate is the place in the list."""

    range: OneOf

    @property
    def size(self) -> float:
        return len(self.range.values)

    def decode(self, coordinate: Coordinate) -> Any:
        return self.range.values[int(coordinate)]

    def encode(self, value: Any) -> int:
        for place, held in enumerate(self.range.values):
            if held is value or (type(held) is type(value) and bool(held == value)):
                return place
        raise ValueError(f"{value!r} is not one of {self.range.values}")

    def from_unit(self, u: float) -> int:
        return min(int(u * len(self.range.values)), len(self.range.values) - 1)

    def to_unit(self, coordinate: Coordinate) -> float:
        return (coordinate + 0.5) / len(self.range.values)


@dataclass(frozen=True)
class QuantileAxis:
    """Any frozen SciPy distribution; its coordinate is the quantile level."""

    distribution: Any
    size = math.inf

    def decode(self, u: Coordinate) -> Any:
        return self.distribution.ppf(min(max(u, 1e-12), 1 - 1e-12)).item()

    def encode(self, value: Any) -> float:
        low, high = self.distribution.support()
        if not low <= value <= high:
            raise ValueError(f"{value!r} is outside the distribution's support")
        return float(self.distribution.cdf(value))

    def from_unit(self, u: float) -> float:
        return float(u)

    def to_unit(self, coordinate: Coordinate) -> float:
        return float(coordinate)


Axis: TypeAlias = ContinuousAxis | WholeAxis | ChoiceAxis | QuantileAxis


def axis(name: str, given: Any) -> Axis:
    """The axis of a `Real`, `Whole`, `OneOf`, a list of values, or a frozen SciPy distribution."""
    if isinstance(given, (Real, Whole)):
        if not given.low < given.high or not math.isfinite(given.high - given.low):
            raise InputError(f"range of {name!r} is empty or infinite: {given}")
        if given.log and given.low <= 0:
            raise InputError(f"a log range of {name!r} starts above zero, not at {given.low}")
        return ContinuousAxis(given) if isinstance(given, Real) else WholeAxis(given)
    if isinstance(given, OneOf) or (isinstance(given, Sequence) and not isinstance(given, str)):
        values = given.values if isinstance(given, OneOf) else tuple(given)
        if not values:
            raise InputError(f"{name!r} has no values to choose from")
        return ChoiceAxis(OneOf(tuple(values)))
    if callable(getattr(given, "ppf", None)) and callable(getattr(given, "cdf", None)):
        return QuantileAxis(given)
    raise InputError(
        f"no range for {name!r}: {given!r}",
        do="give a Real, Whole, OneOf, a list, or a frozen SciPy distribution",
    )


def axes_of(space: Mapping[str, Any]) -> dict[str, Axis]:
    """One axis per name of the space, in its order."""
    if not space:
        raise InputError("the search space is empty", do="name at least one hyper-parameter")
    return {name: axis(name, given) for name, given in space.items()}
