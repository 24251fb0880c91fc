"""What every solver of a linear model returns, and the problem it is given."""

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

    w has shape (p,), or (p, k) for a loss with k outputs; b is free of penalty.
    """

    blocks: Blocks
    loss: Any
    penalty: Any = field(default_factory=lambda: L2(0.0))
    fit_intercept: bool = True

    @property
    def n_outputs(self) -> int:
        """0 for a loss of one score a row, else the number of scores."""
        return getattr(self.loss, "n_outputs", 0)

    def zeros(self) -> tuple[np.ndarray, Any]:
        """Coefficients and intercept of the start: nothing but the best constant is not assumed."""
        k, p = self.n_outputs, self.blocks.n_features
        return (np.zeros((p, k)), np.zeros(k)) if k else (np.zeros(p), 0.0)


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
