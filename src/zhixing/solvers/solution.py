"""The problem a solver of linear models is given, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.history import History
from ..data.blocks import Blocks
from ..penalties import L2


@dataclass(frozen=True)
class Problem:
    """Minimise  (1 / sum weight) sum weight l(y, X w + b)  +  penalty(w)  over w and b.

    w has shape (p,), or (p, k) for a loss with k outputs; b is free of penalty.  Solvers by rounds keep
    both in one array `theta` whose last row is b: X theta is then one product with a column of ones.
    """

    blocks: Blocks
    loss: Any
    penalty: Any = field(default_factory=lambda: L2(0.0))
    fit_intercept: bool = True

    @property
    def n_outputs(self) -> int:
        """0 for a loss of one score a row, else the number of scores."""
        return getattr(self.loss, "n_outputs", 0)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of theta."""
        rows = self.blocks.n_features + int(self.fit_intercept)
        return (rows, self.n_outputs) if self.n_outputs else (rows,)

    def join(self, w: np.ndarray, b: Any) -> np.ndarray:
        return np.concatenate([w, np.asarray(b, dtype=float)[None]]) if self.fit_intercept else w

    def split(self, theta: np.ndarray) -> tuple[np.ndarray, Any]:
        """(w, b) of theta; b is a float for a loss of one score."""
        p = self.blocks.n_features
        if self.fit_intercept:
            return theta[:p], theta[p] if self.n_outputs else float(theta[p])
        return theta, np.zeros(self.n_outputs) if self.n_outputs else 0.0

    def constant(self) -> np.ndarray:
        """No slopes, and the best constant of the first block."""
        theta = np.zeros(self.shape)
        if self.fit_intercept:
            first = next(iter(self.blocks))
            if first.weight.any():
                theta[-1] = self.loss.start(first.y, first.weight)
        return theta

    def penalty_value(self, theta: np.ndarray) -> float:
        return self.penalty.value(theta[: self.blocks.n_features])

    def penalty_gradient(self, theta: np.ndarray) -> np.ndarray:
        slope = np.zeros_like(theta)
        p = self.blocks.n_features
        slope[:p] = self.penalty.gradient(theta[:p])
        return slope


@dataclass(frozen=True)
class Solution:
    """Coefficients, and what is known about them.

    `optimality` is the largest violation of the optimality conditions; `gap` a bound on how far the
    objective is from its minimum, where the solver has one.
    """

    w: np.ndarray
    b: Any
    objective: float
    n_iter: int
    converged: bool
    optimality: float = float("nan")
    gap: float = float("nan")
    history: History = field(default_factory=History)
    solver: str = ""
