"""Boosting whose learners are linear: each round one pass of Newton steps over the coefficients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.arrays import columns_contiguous
from ..core.errors import InputError
from ..core.history import History
from ..kernels.newton_coordinates import newton_coordinates
from .watching import Stopping, Watched


@dataclass
class LinearBoosted:
    """Scores are start + intercept + X coef', a missing x counting as 0."""

    coef: np.ndarray  # (outputs, p)
    intercept: np.ndarray  # (outputs,)
    start: np.ndarray
    rounds: int
    history: History = field(default_factory=History)

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Raw scores (n, outputs)."""
        return np.nan_to_num(X, posinf=np.inf, neginf=-np.inf) @ self.coef.T + (
            self.intercept + self.start
        )

    def check(self, outputs: int, p: int) -> None:
        """Refuse arrays (of a model file) that do not fit."""
        fine = self.coef.shape == (outputs, p) and self.intercept.shape == (outputs,)
        if not fine or self.start.shape != (outputs,):
            raise InputError(f"the coefficients are not {outputs} by {p}")


def boost_linear(
    X: np.ndarray,
    objective: Any,
    *,
    rounds: int,
    rate: float,
    lam: float,
    alpha: float,
    start: np.ndarray | None = None,
    scores: np.ndarray | None = None,
    watched: Sequence[Watched] = (),
    stopping: Stopping | None = None,
    progress: Callable[[int, dict[str, float]], None] | None = None,
) -> LinearBoosted:
    """Coordinate descent on the loss plus (lam |w|^2 / 2 + alpha |w|_1) times the rows' weight.

    XGBoost's ``booster="gblinear"`` with ``updater="coord_descent"``, cyclic.  Cost O(n p) a round.
    """
    X = columns_contiguous(X)
    outputs, total = objective.outputs, float(objective.weight.sum())
    base = np.asarray(objective.start() if start is None else start, dtype=np.float64)
    z = np.repeat(base[:, None], len(X), axis=1) if scores is None else scores
    origin = z.copy()
    coef, intercept = np.zeros((outputs, X.shape[1])), np.zeros(outputs)
    g, h = np.empty_like(z), np.empty_like(z)
    filled = np.nan_to_num(X, posinf=np.inf, neginf=-np.inf)
    history, followed = History(), []
    best: tuple[float, np.ndarray, np.ndarray, int] | None = None
    made = 0
    for t in range(rounds):
        objective.derivatives(z, g, h)
        for k in range(outputs):
            step = -rate * g[k].sum() / max(h[k].sum(), 1e-300)
            intercept[k] += step
            g[k] += h[k] * step
            newton_coordinates(X, g[k], h[k], coef[k], lam * total, alpha * total, rate)
        z[:] = origin + coef @ filled.T + intercept[:, None]
        made = t + 1
        told: dict[str, float] = {}
        for w in watched:
            rows: Any = w.table
            seen = LinearBoosted(coef, intercept, base, made).scores(rows).T
            told |= w.judge(np.ascontiguousarray(seen))
        history.record(t, **told)
        if progress is not None:
            progress(t, told)
        if stopping is not None:
            score = told[watched[-1].told_as(next(iter(watched[-1].metrics)))]
            followed.append(score)
            if best is None or stopping.best_round(followed) == t:
                best = (score, coef.copy(), intercept.copy(), made)
            if stopping.after(followed):
                break
    if best is not None and stopping is not None and stopping.best:
        _, coef, intercept, made = best
    return LinearBoosted(coef, intercept, base, made, history)
