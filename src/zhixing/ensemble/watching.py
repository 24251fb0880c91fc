"""Rows a fit is judged on round by round, and when it stops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Stopping:
    """Stop when the score has not improved by more than `tolerance` for `rounds` rounds.

    With `best` only the rounds up to the best one are kept.
    """

    rounds: int
    tolerance: float = 0.0
    larger: bool = False
    best: bool = False

    def after(self, scores: list[float]) -> bool:
        if len(scores) <= self.rounds:
            return False
        signed = [-s for s in scores] if self.larger else scores
        return min(signed[-self.rounds :]) > min(signed[: -self.rounds]) - self.tolerance

    def best_round(self, scores: list[float]) -> int:
        return int(np.argmax(scores) if self.larger else np.argmin(scores))


@dataclass
class Watched:
    """Rows with known answers: their table as trees read it, their scores, and what judges these."""

    name: str
    table: object | None  # None for the training rows
    metrics: dict[str, Callable[[np.ndarray], float]] = field(default_factory=dict)
    scores: np.ndarray | None = None  # (outputs, n) to start from, or None for the start of all

    def told_as(self, metric: str) -> str:
        """The metric's name in the history."""
        return f"{self.name} {metric}".strip()

    def judge(self, scores: np.ndarray) -> dict[str, float]:
        return {self.told_as(name): float(metric(scores)) for name, metric in self.metrics.items()}
