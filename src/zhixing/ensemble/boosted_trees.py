"""What every booster of trees shares as an estimator: data in, one plan, predictions out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.model_selection import train_test_split
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.random import seed
from ..growth.bins import Bins
from ..growth.newton_tree import NewtonTree
from ..growth.tree import Forest
from ..losses import Logistic, Softmax, check_domain
from .boosting import Boosted, Stopping, boost
from .objective import objective_for
from .rows_in import rows_for_fit, rows_for_predict
from .sampling import ALL_ROWS, Sampling


@dataclass(frozen=True)
class Plan:
    """A booster as a choice of parts."""

    loss: Any
    rounds: int
    learning_rate: float
    tree: NewtonTree = field(default_factory=NewtonTree)
    sampling: Sampling = ALL_ROWS
    features_per_tree: float = 1.0
    max_bins: int = 255
    categorical: Any = "from_dtype"
    stopping: Stopping | None = None
    validation_fraction: float | None = 0.1
    monotone: Any = None
    interaction: Any = None
    warm: bool = False


class BoostedTrees(Estimator):
    """A sum of trees, each grown to the derivatives of the loss at the sum so far."""

    _boosted: Boosted
    _outputs: int
    is_categorical_: np.ndarray | None

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        raise NotImplementedError

    def _fit_rows(
        self,
        X: np.ndarray,
        y: np.ndarray,
        weight: np.ndarray | None,
        plan: Plan,
        held: tuple[np.ndarray, np.ndarray, np.ndarray | None] | None = None,
    ) -> None:
        random = seed(getattr(self, "random_state", None))
        if held is None and plan.stopping is not None and plan.validation_fraction is not None:
            X, y, weight, held = self._hold_out(X, y, weight, plan.validation_fraction, random)
        if weight is not None and not weight.all():  # a row of weight 0 is no row
            X, y, weight = X[weight > 0], y[weight > 0], weight[weight > 0]
        w = np.ones(len(y)) if weight is None else weight
        keep = plan.warm and hasattr(self, "_boosted")
        bins = self._boosted.bins if keep else Bins.fit(
            X, max_bins=plan.max_bins, categorical=self.is_categorical_, seed=random
        )  # fmt: skip
        binned = bins.transform(X)
        objective = objective_for(plan.loss, y, w)
        validation = None
        base = scores = before = None
        if keep:
            before = self._boosted
            base = before.start
            scores = np.ascontiguousarray(before.scores(X).T)
        if held is not None:
            X_held, y_held, w_held = held
            w_held = np.ones(len(y_held)) if w_held is None else w_held
            start = None if before is None else np.ascontiguousarray(before.scores(X_held).T)
            validation = (bins.transform(X_held), objective_for(plan.loss, y_held, w_held), start)
        first = 0 if before is None else before.rounds
        boosted, _ = boost(
            binned,
            bins,
            objective,
            rounds=max(plan.rounds - first, 0),
            learning_rate=plan.learning_rate,
            tree=self._constrained(plan, X.shape[1]),
            sampling=plan.sampling,
            features_per_tree=plan.features_per_tree,
            start=base,
            scores=scores,
            validation=validation,
            stopping=plan.stopping,
            seed=random,
            first=first,
            progress=self._progress(),
        )
        if before is not None:
            boosted.forest = Forest.join([before.forest, boosted.forest])
            boosted.outputs = np.concatenate([before.outputs, boosted.outputs])
            boosted.history.rows[:0] = before.history.rows
        self._boosted = boosted
        self.n_iter_ = boosted.rounds

    def _check_loaded(self) -> None:
        """Refuse attributes from a model file that do not fit one another."""
        if "_boosted" not in vars(self):
            return
        held, p = self._boosted, self.n_features_in_
        held.bins.check(p)
        held.forest.check(p)
        k = len(held.start)
        if held.start.shape != (self._outputs,) or held.start.dtype != np.float64:
            raise InputError(f"the start of a score is not {self._outputs} numbers")
        if held.outputs.shape != held.forest.roots.shape or held.outputs.dtype.kind != "i":
            raise InputError("the outputs of the trees are not one number a tree")
        if len(held.outputs) and (held.outputs.min() < 0 or held.outputs.max() >= k):
            raise InputError(f"a tree adds to an output that is not one of {k}")

    def _progress(self) -> Any:
        if not getattr(self, "verbose", 0):
            return None

        def tell(t: int, told: dict[str, float]) -> None:
            said = "".join(f", {name} {value:.5g}" for name, value in told.items())
            print(f"round {t + 1}{said}")

        return tell

    def _hold_out(
        self, X: np.ndarray, y: np.ndarray, weight: Any, share: float, random: int
    ) -> tuple[Any, Any, Any, Any]:
        stratify = (
            y
            if isinstance(self, ClassifierMixin) and np.bincount(y.astype(int)).min() > 1
            else None
        )
        w = np.ones(len(y)) if weight is None else weight
        X, X_held, y, y_held, w, w_held = train_test_split(
            X, y, w, test_size=share, stratify=stratify, random_state=random % 2**31
        )
        return X, y, w, (X_held, y_held, w_held)

    def _constrained(self, plan: Plan, p: int) -> NewtonTree:
        """The plan's tree with the constraints in the form of the engine."""
        names = list(getattr(self, "feature_names_in_", []))
        tree = plan.tree
        if plan.monotone is not None:
            signs = plan.monotone
            if isinstance(signs, dict):
                unknown = set(signs) - set(names)
                if unknown:
                    raise ValueError(
                        f"monotone constraints name {sorted(unknown)}, not columns of X"
                    )
                signs = [signs.get(name, 0) for name in names]
            signs = np.asarray(signs)
            if signs.shape != (p,) or not np.isin(signs, (-1, 0, 1)).all():
                raise ValueError(
                    f"monotone constraints are one of -1, 0, 1 for each of the {p} features"
                )
            if self.is_categorical_ is not None and signs[self.is_categorical_].any():
                raise ValueError("a categorical feature cannot be monotone")
            if self._outputs > 1 and signs.any():
                raise ValueError("monotone constraints are not supported for multiclass problems")
            if signs.any():
                tree = replace(tree, monotone=signs.astype(np.int64))
        if plan.interaction is not None:
            tree = replace(tree, groups=_group_bits(plan.interaction, p))
        return tree

    @property
    def validation_score_(self) -> np.ndarray:
        """The loss early stopping watched, round by round; empty where there was none."""
        return np.array(self._boosted.history["score"])

    @property
    def feature_importances_(self) -> np.ndarray:
        """Share of each feature in the total gain."""
        gains = self.importances("total_gain")
        total = gains.sum()
        return gains / total if total > 0 else gains

    def importances(self, kind: str = "gain") -> np.ndarray:
        """By feature: splits (``weight``), ``total_gain``, ``total_cover``; ``gain``, ``cover`` a split.

        A gain is twice the fall of the objective, a cover the sum of second derivatives in the node.
        """
        check_is_fitted(self, "_boosted")
        forest, p = self._boosted.forest, self.n_features_in_
        inner = forest.feature >= 0
        splits = np.bincount(forest.feature[inner], minlength=p)
        if kind == "weight":
            return splits.astype(float)
        name = kind.removeprefix("total_")
        if name not in ("gain", "cover"):
            raise ValueError(
                f"kind={kind!r} is none of weight, gain, cover, total_gain, total_cover"
            )
        total = np.bincount(
            forest.feature[inner], weights=getattr(forest, name)[inner], minlength=p
        )
        return total if kind.startswith("total_") else total / np.maximum(splits, 1)

    def apply(self, X: Any) -> np.ndarray:
        """The leaf in which each row ends, (n, trees): the node's number within its tree."""
        check_is_fitted(self, "_boosted")
        return self._boosted.forest.apply(rows_for_predict(self, X), self._boosted.bins)

    def _scores(self, X: Any) -> np.ndarray:
        check_is_fitted(self, "_boosted")
        return self._boosted.scores(rows_for_predict(self, X))

    def _staged_scores(self, X: Any) -> Iterator[np.ndarray]:
        check_is_fitted(self, "_boosted")
        for found in self._boosted.stages(rows_for_predict(self, X)):
            yield found.copy()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _group_bits(asked: Any, p: int) -> np.ndarray:
    """(p,) bits of the groups of features that may meet in a branch; unnamed features form one more."""
    if isinstance(asked, str):
        if asked == "pairwise":
            asked = [(i, j) for i in range(p) for j in range(i)]
        elif asked == "no_interactions":
            asked = [(i,) for i in range(p)]
        else:
            raise ValueError(
                f"interaction_cst={asked!r} is neither 'pairwise' nor 'no_interactions'"
            )
    groups = [sorted(set(group)) for group in asked]
    rest = sorted(set(range(p)) - {j for group in groups for j in group})
    groups += [rest] if rest else []
    if any(j < 0 or j >= p for group in groups for j in group):
        raise ValueError(f"interaction constraints name a feature outside 0 to {p - 1}")
    if len(groups) > 62:
        raise ValueError(
            f"{len(groups)} groups of interaction constraints; at most 62 are supported"
        )
    bits = np.zeros(p, np.int64)
    for k, group in enumerate(groups):
        bits[group] |= 1 << k
    return bits


class BoostedClassifier(ClassifierMixin, BoostedTrees):
    """Boosted trees for classes: log-odds for two, a softmax score each for more."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> BoostedClassifier:
        """Fit on X (n, p), missing values as NaN, and labels y; returns self."""
        X, y = rows_for_fit(self, X, y, self._asked_categories())
        check_classification_targets(y)
        weight = _weights(sample_weight, X)
        self.classes_, codes = np.unique(y, return_inverse=True)
        k = len(self.classes_)
        if k < 2:
            raise ValueError(
                f"{type(self).__name__} needs at least two classes in y; there is only one class: "
                f"{self.classes_[0]!r}"
            )
        class_weight = getattr(self, "class_weight", None)
        if class_weight is not None:
            by_class = compute_sample_weight(class_weight, y)
            weight = by_class if weight is None else by_class * weight
        self._outputs = 1 if k == 2 else k
        plan = self._plan(len(y), X.shape[1], self._outputs)
        self._fit_rows(X, codes.astype(np.float64), weight, plan)
        return self

    def _asked_categories(self) -> Any:
        return getattr(self, "categorical_features", "from_dtype")

    def _class_loss(self, outputs: int) -> Any:
        return Logistic() if outputs == 1 else Softmax(outputs)

    def decision_function(self, X: Any) -> np.ndarray:
        """Log-odds of the second class (n,), or scores (n, classes)."""
        scores = self._scores(X)
        return scores[:, 0] if scores.shape[1] == 1 else scores

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (n, classes)."""
        return self._probabilities(self._scores(X))

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class."""
        return self._labels(self._scores(X))

    def staged_predict_proba(self, X: Any) -> Iterator[np.ndarray]:
        """`predict_proba` after each round."""
        for scores in self._staged_scores(X):
            yield self._probabilities(scores)

    def staged_predict(self, X: Any) -> Iterator[np.ndarray]:
        """`predict` after each round."""
        for scores in self._staged_scores(X):
            yield self._labels(scores)

    def staged_decision_function(self, X: Any) -> Iterator[np.ndarray]:
        """`decision_function` after each round."""
        for scores in self._staged_scores(X):
            yield scores[:, 0] if scores.shape[1] == 1 else scores

    def _probabilities(self, scores: np.ndarray) -> np.ndarray:
        if scores.shape[1] == 1:
            p = Logistic().mean(scores[:, 0])
            return np.column_stack([1.0 - p, p])
        return Softmax(scores.shape[1]).mean(scores)

    def _labels(self, scores: np.ndarray) -> np.ndarray:
        if scores.shape[1] == 1:
            return self.classes_[(scores[:, 0] > 0).astype(int)]
        return self.classes_[scores.argmax(axis=1)]


class BoostedRegressor(RegressorMixin, BoostedTrees):
    """Boosted trees for numbers: the loss's mean of a score."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> BoostedRegressor:
        """Fit on X (n, p), missing values as NaN, and numbers y (n,); returns self."""
        X, y = rows_for_fit(self, X, y, self._asked_categories(), y_numeric=True)
        weight = _weights(sample_weight, X)
        self._outputs = 1
        plan = self._plan(len(y), X.shape[1], 1)
        y = np.asarray(y, dtype=np.float64)
        check_domain(plan.loss, y)
        self._loss = plan.loss
        self._fit_rows(X, y, weight, plan)
        return self

    def _asked_categories(self) -> Any:
        return getattr(self, "categorical_features", "from_dtype")

    def predict(self, X: Any) -> np.ndarray:
        """Predicted y (n,)."""
        return self._mean(self._scores(X))

    def staged_predict(self, X: Any) -> Iterator[np.ndarray]:
        """`predict` after each round."""
        for scores in self._staged_scores(X):
            yield self._mean(scores)

    def _mean(self, scores: np.ndarray) -> np.ndarray:
        return self._loss.mean(scores[:, 0])


def _weights(sample_weight: Any, X: np.ndarray) -> np.ndarray | None:
    if sample_weight is None:
        return None
    weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    if not weight.any():
        raise ValueError("sample_weight is zero for every row; give some row a weight")
    return weight
