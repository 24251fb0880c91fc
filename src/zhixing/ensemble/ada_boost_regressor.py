"""AdaBoost for numbers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import MetaEstimatorMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import _raise_for_unsupported_routing, _RoutingNotSupportedMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.named import named
from ..core.random import generator
from ..metrics import r2_score
from .drawing_rows import Units, units
from .members import SEEDS, in_order, member, takes_weights

LOSSES = ("linear", "square", "exponential")


class AdaBoostRegressor(_RoutingNotSupportedMixin, RegressorMixin, MetaEstimatorMixin, Estimator):
    """Regressors fitted in turn, each to rows drawn with weights that favour what went wrong before.

    Round t fits h_t to as many rows as there are, drawn with probability w; with D the largest
    |h_t(x_i) - y_i|, the loss of a row is ``L_i = |h_t(x_i) - y_i| / D`` (linear), its square, or
    1 - exp(-L_i); with the mean loss ``e_t = sum w_i L_i``

        beta_t = e_t / (1 - e_t),    w_i *= beta_t^(learning_rate (1 - L_i)),
        h(x) = median of the h_t(x), each weighing learning_rate log(1 / beta_t)

    Parameters
    ----------
    estimator : any regressor; None is our `DecisionTreeRegressor` of depth 3.
    n_estimators : the most rounds; a perfect member ends them, and one with e_t >= 1/2.
    learning_rate : see above.      loss : ``"linear"``, ``"square"`` or ``"exponential"``.
    random_state : seeds rows and members.

    Attributes
    ----------
    estimators_ : members;  estimator_weights_, estimator_errors_ : (n_estimators,), 0 and 1 after the last.
    n_features_in_, feature_names_in_, feature_importances_.

    Notes
    -----
    Rows are drawn by content (see `BaggingClassifier`), so a row of weight w is w rows, exactly; a member
    that takes weights is given the distinct rows with how often they were drawn.
    Source: Drucker (1997), "Improving regressors using boosting techniques".

    Examples
    --------
    >>> import numpy as np
    >>> from zhixing.linear_model import Ridge
    >>> X = np.linspace(0, 1, 60)[:, None]
    >>> model = AdaBoostRegressor(Ridge(alpha=1e-3), n_estimators=5, random_state=0).fit(X, 2 * X[:, 0])
    >>> bool(model.score(X, 2 * X[:, 0]) > 0.99)
    True
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        n_estimators: int = 50,
        learning_rate: float = 1.0,
        loss: str = "linear",
        random_state: Any = None,
    ) -> None:
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.learning_rate = learning_rate
        self.loss = loss
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> AdaBoostRegressor:
        """Boost on X (n, p) and y (n,); returns self."""
        _raise_for_unsupported_routing(self, "fit", sample_weight=sample_weight)
        if self.loss not in LOSSES:
            raise InputError(f"loss={self.loss!r} is none of {', '.join(LOSSES)}")
        if self.n_estimators < 1:
            raise InputError(f"n_estimators={self.n_estimators!r} must be at least 1")
        if not self.learning_rate > 0:
            raise InputError(f"learning_rate={self.learning_rate!r} must be positive")
        X, y = self._rows(X, y)
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
            if not weight.any():
                raise InputError("sample_weight is zero for every row", do="give some row a weight")
        drawn_from = units(X, y, weight)
        chance = np.ones(len(y)) if weight is None else weight.copy()
        chance /= chance.sum()
        positive = chance > 0
        y = np.asarray(y, dtype=np.float64)
        self.estimators_ = []
        self.estimator_weights_ = np.zeros(self.n_estimators)
        self.estimator_errors_ = np.ones(self.n_estimators)
        rng = generator(self.random_state)
        for t, seed in enumerate(rng.integers(SEEDS, size=self.n_estimators).tolist()):
            made = self._fit_one(X, y, drawn_from, chance, seed)
            residual = np.where(positive, np.abs(np.ravel(made.predict(X)) - y), 0.0)
            largest = residual.max()
            lost = self._lost(residual / largest) if largest > 0 else residual
            error = float(chance @ lost)
            if error <= 0:
                self.estimators_.append(made)
                self.estimator_weights_[t], self.estimator_errors_[t] = 1.0, 0.0
                break
            if error >= 0.5:
                if not self.estimators_:
                    # One member is a model still, as in scikit-learn.
                    self.estimators_.append(made)
                    self.estimator_weights_[t], self.estimator_errors_[t] = 1.0, error
                    warnings.warn(
                        f"the first member's mean loss is {error:.3g}, so it was not boosted; "
                        "give AdaBoostRegressor a stronger estimator",
                        ConvergenceWarning,
                        stacklevel=2,
                    )
                break
            beta = error / (1.0 - error)
            self.estimators_.append(made)
            self.estimator_weights_[t] = self.learning_rate * np.log(1.0 / beta)
            self.estimator_errors_[t] = error
            chance = chance * beta ** (self.learning_rate * (1.0 - lost))
            total = chance.sum()
            if not total > 0:
                break
            chance /= total
        return self

    def _lost(self, share: np.ndarray) -> np.ndarray:
        if self.loss == "square":
            return share * share
        return 1.0 - np.exp(-share) if self.loss == "exponential" else share

    def _fit_one(self, X: Any, y: np.ndarray, found: Units, chance: np.ndarray, seed: int) -> Any:
        mass = np.add.reduceat(chance[found.order], found.first[:-1])
        rng = np.random.default_rng(seed)
        now = Units(found.order, found.first, mass)
        rows, counts = now.rows(now.draw(rng, found.total, replace=True))
        made = member(self._member(), seed)
        if takes_weights(made):
            return made.fit(X[rows], y[rows], sample_weight=counts)
        repeated = np.repeat(rows, counts.astype(np.intp))
        return made.fit(X[repeated], y[repeated])

    def _member(self) -> Any:
        if self.estimator is not None:
            return self.estimator
        return named("tree.DecisionTreeRegressor", max_depth=3)

    def _rows(self, X: Any, *y: Any) -> Any:
        given: dict[str, Any] = {"y_numeric": True} if y else {}
        return validate_data(
            self,
            X,
            *y,
            accept_sparse=["csr", "csc"],
            dtype=None,
            ensure_all_finite="allow-nan" if get_tags(self).input_tags.allow_nan else True,
            reset=bool(y),
            **given,
        )

    def _answers(self, X: Any) -> np.ndarray:
        """(members, n) predictions."""
        check_is_fitted(self)
        X = self._rows(X)
        return np.array(list(in_order(lambda m: np.ravel(m.predict(X)), self.estimators_)))

    def predict(self, X: Any) -> np.ndarray:
        """(n,): the weighted median of the members' predictions."""
        return weighted_median(self._answers(X), self.estimator_weights_)

    def staged_predict(self, X: Any) -> Iterator[np.ndarray]:
        """`predict` after each round."""
        answers = self._answers(X)
        for t in range(1, len(answers) + 1):
            yield weighted_median(answers[:t], self.estimator_weights_)

    def staged_score(self, X: Any, y: Any, sample_weight: Any = None) -> Iterator[float]:
        """R^2 after each round."""
        for z in self.staged_predict(X):
            score: Any = r2_score(y, z, sample_weight=sample_weight)
            yield float(score)

    @property
    def feature_importances_(self) -> np.ndarray:
        """(p,): the members' importances, averaged by their weights."""
        check_is_fitted(self, "estimators_")
        held = self.estimators_
        if not all(hasattr(m, "feature_importances_") for m in held):
            raise AttributeError(f"{type(held[0]).__name__} has no feature_importances_")
        weights = self.estimator_weights_[: len(held)]
        return sum(w * m.feature_importances_ for w, m in zip(weights, held)) / weights.sum()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        of_member = get_tags(self._member()).input_tags
        tags.input_tags.sparse = of_member.sparse
        tags.input_tags.allow_nan = of_member.allow_nan
        return tags


def weighted_median(answers: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """(n,): of each column of (members, n) the least answer that half of the weight does not exceed."""
    order = np.argsort(answers, axis=0, kind="stable")
    ends = np.cumsum(weights[: len(answers)][order], axis=0)
    at = (ends >= 0.5 * ends[-1]).argmax(axis=0)
    columns = np.arange(answers.shape[1])
    return answers[order[at, columns], columns]
