"""Regression by stochastic gradient descent, whatever the loss and the step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.check import check_fit
from ..losses import EpsilonInsensitive, Huber, Squared, SquaredEpsilonInsensitive
from ..solvers.sgd import prepare
from .base import LinearRegressorMixin
from .stochastic import NO_INFERENCE, Schedule, Stochastic, even_weights, take, train


class StochasticRegressor(LinearRegressorMixin, Stochastic):
    """One target by one descent; members hold the parameters."""

    _no_inference = NO_INFERENCE

    def _losses(self) -> dict[str, Any]:
        return {
            "squared_error": Squared(),
            "huber": Huber(self.epsilon),
            "epsilon_insensitive": EpsilonInsensitive(self.epsilon),
            "squared_epsilon_insensitive": SquaredEpsilonInsensitive(self.epsilon),
        }

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Pass over X (n, p), dense or sparse, with targets y (n,) until done; returns self."""
        self._check_parameters()
        X, y, weight = check_fit(self, X, y, sample_weight, sparse="csr", y_numeric=True)
        self._memory = None
        return self._train(X, y, even_weights(weight, len(y)), self._schedule(), warm=True)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """One pass over a batch, from where the last call ended."""
        self._check_parameters(once=True)
        first = not hasattr(self, "coef_")
        X, y, weight = check_fit(
            self, X, y, sample_weight, sparse="csr", y_numeric=True, reset=first
        )
        once = Schedule(1, None, 1, self.shuffle, False)
        weight = np.ones(len(y)) if weight is None else weight
        return self._train(X, y, weight, once, warm=False)

    def _train(
        self, X: Any, y: np.ndarray, weight: np.ndarray, schedule: Schedule, *, warm: bool
    ) -> Any:
        y = np.ascontiguousarray(y, dtype=np.float64)
        rows = prepare(X, y, weight)
        descents = self._descents(1, X.shape[1], rows.share)
        if warm:
            self._restart(descents)
        seed = self._seed()
        held = self._held_out(rows, np.zeros(len(y)), seed) if warm else None
        score = None if held is None else self._r2(X, y, weight, rows, held)
        ended = train(descents[0], rows, y, weight, schedule, seed=seed, held_out=held, score=score)
        self._remember(descents, X.dtype)
        self.coef_, self.intercept_ = self._coef[0], self._intercept
        del self._coef, self._intercept
        self._finish([ended])
        return self

    def _r2(self, X: Any, y: np.ndarray, weight: np.ndarray, rows: Any, held: np.ndarray) -> Any:
        part, index = take(X, rows, held)
        truth, w = y[index], weight[index]
        spread = float(w @ (truth - np.average(truth, weights=w)) ** 2) or 1.0

        def score(coef: np.ndarray, b: float) -> float:
            r = truth - np.asarray(part @ coef).ravel() - b
            return 1.0 - float(w @ r**2) / spread

        return score
