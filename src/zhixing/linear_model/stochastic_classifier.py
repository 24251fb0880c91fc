"""Classification by stochastic gradient descent, whatever the loss and the step."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets

from ..core.parallel import each
from ..data.check import check_fit
from ..losses import (
    EpsilonInsensitive,
    Hinge,
    Huber,
    Logistic,
    ModifiedHuber,
    Squared,
    SquaredEpsilonInsensitive,
    SquaredHinge,
)
from ..solvers.sgd import prepare
from .base import LinearClassifierMixin
from .stochastic import NO_INFERENCE, Schedule, Stochastic, even_weights, take, train


class StochasticClassifier(LinearClassifierMixin, Stochastic):
    """Two classes by one descent, more by one against the rest each; members hold the parameters."""

    class_weight: Any
    _no_inference = NO_INFERENCE

    def _losses(self) -> dict[str, Any]:
        return {
            "hinge": Hinge(1.0),
            "perceptron": Hinge(0.0),
            "log_loss": Logistic(),
            "modified_huber": ModifiedHuber(),
            "squared_hinge": SquaredHinge(),
            "squared_error": Squared(),
            "huber": Huber(self.epsilon),
            "epsilon_insensitive": EpsilonInsensitive(self.epsilon),
            "squared_epsilon_insensitive": SquaredEpsilonInsensitive(self.epsilon),
        }

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Pass over X (n, p), dense or sparse, with labels y (n,) until done; returns self."""
        self._check_parameters()
        X, y, weight = check_fit(self, X, y, sample_weight, sparse="csr")
        check_classification_targets(y)
        self._classes(y, None)
        self._memory = None
        return self._train(X, y, weight, self._schedule(), warm=True)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Any:
        """One pass over a batch, from where the last call ended.

        The first call must name all `classes` that will ever come.
        """
        self._check_parameters(once=True)
        first = not hasattr(self, "classes_")
        if self.class_weight == "balanced":
            raise ValueError(
                "class_weight='balanced' needs all rows at once; give a dict of weights to partial_fit"
            )
        X, y, weight = check_fit(self, X, y, sample_weight, sparse="csr", reset=first)
        check_classification_targets(y)
        if first and classes is None:
            raise ValueError("classes must be given to the first call of partial_fit")
        if classes is not None:
            given = np.unique(classes)
            if not first and not np.array_equal(given, self.classes_):
                raise ValueError(
                    f"classes={given.tolist()} are not those of the first call: "
                    f"{self.classes_.tolist()}"
                )
            self.classes_ = given
        self._classes(y, self.classes_)
        once = Schedule(1, None, 1, self.shuffle, False)
        return self._train(X, y, weight, once, warm=False)

    def _classes(self, y: np.ndarray, classes: np.ndarray | None) -> None:
        seen = np.unique(y)
        if classes is None:
            self.classes_ = seen
        elif not np.isin(seen, classes).all():
            extra = seen[~np.isin(seen, classes)][0]
            raise ValueError(f"class {extra!r} in y is not among classes={classes.tolist()}")
        if len(self.classes_) < 2:
            raise ValueError(
                f"{type(self).__name__} needs at least two classes in y; there is only one class: "
                f"{self.classes_[0]!r}"
            )

    def _train(self, X: Any, y: np.ndarray, weight: Any, schedule: Any, *, warm: bool) -> Any:
        codes = np.searchsorted(self.classes_, y)
        if self.class_weight is not None:
            by_class = compute_class_weight(self.class_weight, classes=self.classes_, y=y)[codes]
            weight = by_class if weight is None else by_class * weight
        full = even_weights(weight, len(y)) if warm else weight
        weight = np.ones(len(y)) if full is None else full
        rows = prepare(X, codes, weight)
        two = len(self.classes_) == 2
        descents = self._descents(1 if two else len(self.classes_), X.shape[1], rows.share)
        if warm:
            self._restart(descents)
        seed = self._seed()
        held = self._held_out(rows, codes, seed) if warm else None
        low = 0.0 if descents[0].settings.loss.domain == "binary" else -1.0

        def one(k: int) -> Any:
            target = np.where(codes == (1 if two else k), 1.0, low)
            score = None if held is None else self._accuracy(X, rows, held, target, weight)
            return train(
                descents[k], rows, target, weight, schedule, seed=seed, held_out=held, score=score
            )

        ended = each(one, range(len(descents)))
        self._remember(descents, X.dtype)
        self.coef_, self.intercept_ = self._coef, self._intercept
        del self._coef, self._intercept
        self._finish(ended)
        return self

    def _accuracy(
        self, X: Any, rows: Any, held: np.ndarray, target: np.ndarray, weight: np.ndarray
    ) -> Any:
        part, index = take(X, rows, held)
        positive, w = target[index] > 0, weight[index]

        def score(coef: np.ndarray, b: float) -> float:
            z = np.asarray(part @ coef).ravel() + b
            return float(np.average((z > 0) == positive, weights=w))

        return score
