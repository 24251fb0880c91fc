"""A number with its uncertainty."""

from __future__ import annotations

from typing import NamedTuple


class Estimate(NamedTuple):
    """A value, its interval at the given confidence, and how the interval was made.

    >>> print(Estimate(0.9, 0.88, 0.92, 0.95, "DeLong"))
    0.9000 [0.8800, 0.9200] (95 % DeLong)
    >>> float(Estimate(0.9, 0.88, 0.92))
    0.9
    """

    value: float
    low: float
    high: float
    confidence: float = 0.95
    method: str = ""
    std_error: float = float("nan")

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        how = f"{100 * self.confidence:g} %" + (f" {self.method}" if self.method else "")
        return f"{self.value:.4f} [{self.low:.4f}, {self.high:.4f}] ({how})"
