"""When to give a candidate up after its first folds, and when to stop searching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Hopeless:
    """Give a candidate up when its first folds lie far below the best candidate's.

    After f >= `after` folds: pruned when ``mean_f(score - best) < -z s / sqrt(f)``, s the standard
    deviation of the best candidate's scores over its folds.  Folds are paired, so a hard fold does
    not condemn.  s bounds the spread of the paired differences where the two candidates' scores
    correlate by 1/2 or more, as scores on the same folds do; a candidate that is truly equal is
    then given up about as often as a normal deviate falls below -z.

    >>> Hopeless(after=2, z=3).gives_up([0.70, 0.72], best=[0.80, 0.81, 0.79])
    True
    """

    after: int = 1
    z: float = 3.0

    def gives_up(self, scores: Sequence[float], best: Sequence[float]) -> bool:
        seen = len(scores)
        if seen < max(1, self.after) or seen >= len(best) or len(best) < 2:
            return False
        short = np.mean(np.subtract(scores, best[:seen]))
        return bool(short < -self.z * np.std(best, ddof=1) / np.sqrt(seen))


@dataclass(frozen=True)
class NoProgress:
    """Stop when the last `patience` candidates improved the best value by no more than `tol`.

    >>> NoProgress(patience=2).stops([0.7, 0.8, 0.8, 0.79])
    True
    """

    patience: int
    tol: float = 0.0

    def stops(self, values: Sequence[float]) -> bool:
        if len(values) <= self.patience:
            return False
        return max(values[-self.patience :]) <= max(values[: -self.patience]) + self.tol
