"""Gradient descent: the plainest method, kept for comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..rounds import Where, here
from .descent import descend
from .solution import Problem, Solution


@dataclass(frozen=True)
class Steepest:
    """d = -t g, with t twice the length that was accepted last."""

    first: float = 1.0

    def direction(
        self, memory: Any, g: np.ndarray, s: np.ndarray | None, y: np.ndarray | None
    ) -> tuple[Any, np.ndarray]:
        if memory is None or s is None:
            length = self.first / max(float(np.sqrt(g @ g)), 1e-300)
        else:
            before, d = memory
            length = 2.0 * before * float(np.sqrt(s @ s) / max(np.sqrt(d @ d), 1e-300))
        return (length, -length * g), -length * g


def gradient_descent(
    problem: Problem,
    *,
    start: tuple[np.ndarray, Any] | None = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Steps along the negative gradient, O(n p) each; rounds grow with the condition number.

    Cauchy (1847); the step is halved until it decreases the objective (Armijo 1966).
    """
    return descend(problem, Steepest(), "gd", start, max_iter, tol, where)
