"""Fitting with rows that are watched: what boosters with an `eval_set` share."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import is_classifier

from .boosted_trees import BoostedTrees


class WatchedFit(BoostedTrees):
    """`eval_set`, its names and weights, the metrics, and what they told."""

    #: Of the sets without a name.
    _set_name = "valid_{}"

    def _named_sets(self, eval_set: Any, names: Any, given: Any) -> list[tuple[Any, ...]]:
        if eval_set is None:
            return []
        sets = [eval_set] if isinstance(eval_set, tuple) else list(eval_set)
        titles = [self._set_name.format(k) for k in range(len(sets))] if names is None else names
        held_weights = [None] * len(sets) if given is None else list(given)
        if not len(sets) == len(titles) == len(held_weights):
            raise ValueError("eval_set, its names and its weights must be equally many")
        if any(len(pair) != 2 for pair in sets):
            raise ValueError("eval_set is a list of pairs (X, y)")
        return [(t, X, y, w) for t, (X, y), w in zip(titles, sets, held_weights)]

    def _fit_watched(
        self, X: Any, y: Any, weight: Any, held: Any, margin: Any, metric: Any = None
    ) -> None:
        rounds = getattr(self, "early_stopping_rounds", None)
        if rounds and not held:
            raise ValueError("early_stopping_rounds needs an eval_set to watch")
        self._fit_metric = metric
        if margin is not None:
            margin = np.asarray(margin, dtype=np.float64)
            margin = np.ascontiguousarray(margin.T if margin.ndim == 2 else margin[None])
            if margin.shape[1] != len(np.asarray(y)):
                raise ValueError("the scores to start from must be one (or one a class) a row of X")
        if is_classifier(self):
            self._fit_classes(X, y, weight, held, margin)  # type: ignore[attr-defined]
        else:
            self._fit_numbers(X, y, weight, held, margin)  # type: ignore[attr-defined]
        self._note_best()

    def _note_best(self) -> None:
        history = self._history()
        self.best_iteration_ = self.n_iter_
        self.best_score_ = {
            name: {metric: values[self.n_iter_ - 1] for metric, values in metrics.items()}
            for name, metrics in self._told().items()
            if len(history) and self.n_iter_
        }

    def _asked_metrics(self, otherwise: Any) -> Any:
        asked = getattr(self, "_fit_metric", None)
        return otherwise if asked is None else asked

    def _history(self) -> Any:
        return self._boosted.history

    def _told(self) -> dict[str, dict[str, list[float]]]:
        told: dict[str, dict[str, list[float]]] = {}
        for row in self._history():
            name, _, metric = row.name.rpartition(" ")
            told.setdefault(name, {}).setdefault(metric or "score", []).append(row.value)
        return told
