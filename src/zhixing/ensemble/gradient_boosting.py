"""Gradient boosting with scikit-learn's parameters, on bins."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..growth.newton_tree import NewtonTree
from ..losses import Absolute, Exponential, Quantile, Squared
from .aliases import BINS, COUNT, NOT_NEGATIVE, POSITIVE, SHARE, check_ranges, one_of
from .boosted_models import BoostedClassifier, BoostedRegressor
from .boosted_trees import BoostedTrees
from .combining import Adding
from .first_order import FirstOrder, QuantileHuber
from .objective import ManyObjectives, PointObjective
from .plan import Plan
from .sampling import Fraction
from .watching import Stopping

_RULES = {
    "learning_rate": POSITIVE,
    "n_estimators": COUNT,
    "subsample": SHARE,
    "criterion": one_of("friedman_mse", "squared_error"),
    "max_depth": ("at least 1, or None", lambda v: v is None or v >= 1),
    "max_leaf_nodes": ("at least 2, or None", lambda v: v is None or v >= 2),
    "min_samples_split": POSITIVE,
    "min_samples_leaf": POSITIVE,
    "min_weight_fraction_leaf": ("in [0, 0.5]", lambda v: 0 <= v <= 0.5),
    "min_impurity_decrease": NOT_NEGATIVE,
    "init": ("None or 'zero'", lambda v: v is None or (isinstance(v, str) and v == "zero")),
    "ccp_alpha": ("0, since trees here are not pruned", lambda v: v == 0),
    "max_bins": BINS,
}


class GradientBoosting(BoostedTrees):
    """scikit-learn's parameters of gradient boosting as a plan."""

    def _gradient_plan(self, loss: Any, n: int, p: int, curvature: float) -> Plan:
        check_ranges(self, _RULES)
        s: Any = self
        weight = self._whole_weight
        leaf = s.min_samples_leaf
        leaf = int(np.ceil(leaf * n)) if isinstance(leaf, float) and leaf < 1 else int(leaf)
        leaf = max(leaf, int(np.ceil(s.min_weight_fraction_leaf * weight)))
        node = s.min_samples_split
        node = int(np.ceil(node * n)) if isinstance(node, float) and node <= 1 else int(node)
        if node > 2 * leaf:
            raise ValueError(
                f"min_samples_split={s.min_samples_split!r} is above twice min_samples_leaf, which "
                f"histograms do not know; raise min_samples_leaf to {(node + 1) // 2}"
            )
        patience = s.n_iter_no_change
        return Plan(
            loss=loss,
            curvature=curvature,
            rounds=s.n_estimators,
            combining=Adding(s.learning_rate),
            tree=NewtonTree(
                max_leaves=s.max_leaf_nodes,
                max_depth=s.max_depth,
                min_count=leaf,
                min_hessian=0.0,
                min_gain=0.5 * s.min_impurity_decrease * weight,
                features_per_node=_features(s.max_features, p),
            ),
            sampling=Fraction(s.subsample),
            max_bins=s.max_bins,
            start="best" if s.init is None else 0.0,
            stopping=None if patience is None else Stopping(patience, s.tol),
            validation_fraction=s.validation_fraction,
            watch_training=True,
            warm=s.warm_start,
        )

    def _asked_categories(self) -> Any:
        return None

    @property
    def train_score_(self) -> np.ndarray:
        """The loss on the training rows, round by round."""
        return np.array(self._boosted.history["train score"])


def _features(asked: Any, p: int) -> float:
    if asked is None:
        return 1.0
    if isinstance(asked, str):
        if asked not in ("sqrt", "log2"):
            raise ValueError(f"max_features={asked!r} is none of 'sqrt', 'log2', a number, None")
        return max(1, int(np.sqrt(p) if asked == "sqrt" else np.log2(p))) / p
    share = asked if isinstance(asked, float) else asked / p
    if not 0 < share <= 1:
        raise ValueError(f"max_features={asked!r} must be in (0, 1], or from 1 to {p}")
    return share


class GradientBoostingClassifier(GradientBoosting, BoostedClassifier):
    """Friedman's gradient boosting for classes: small trees fitted to residuals, leaves by Newton's step.

    Each round fits a regression tree to the negative first derivatives by least squares, then sets its
    leaves to -sum g / sum h.

    Parameters
    ----------
    loss : "log_loss", or "exponential" (AdaBoost's, two classes).     learning_rate, n_estimators.
    subsample : share of the rows, drawn for each round.
    criterion : "friedman_mse" or "squared_error", the same splits here.
    max_depth, max_leaf_nodes (best first), min_samples_leaf, min_weight_fraction_leaf,
    min_impurity_decrease, max_features (for each node: a number, a share, "sqrt", "log2").
    min_samples_split : at most twice min_samples_leaf.      init : None, or "zero".
    n_iter_no_change : stop when the loss of `validation_fraction` of the rows has not fallen by `tol` for so
        many rounds.     warm_start : go on from the last fit.      max_bins : bins of a feature.

    Attributes
    ----------
    classes_, n_iter_, train_score_, validation_score_, feature_importances_.

    Notes
    -----
    Cost: O(n p) byte reads a level, where scikit-learn's scans sorted floats.  Differences from
    scikit-learn: features of more than `max_bins` values are cut at quantiles; missing values are
    taken; min_samples_leaf counts weights; no pruning, no `init` estimator, no `estimators_`.
    Source: Friedman (2001), "Greedy function approximation", algorithms 1, 3 to 6; (2002) for subsample.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> model = GradientBoostingClassifier(n_estimators=40).fit(X[::2], y[::2])
    >>> bool(model.score(X[1::2], y[1::2]) > 0.92)
    True
    """

    def __init__(
        self,
        *,
        loss: str = "log_loss",
        learning_rate: float = 0.1,
        n_estimators: int = 100,
        subsample: float = 1.0,
        criterion: str = "friedman_mse",
        min_samples_split: float = 2,
        min_samples_leaf: float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_depth: int | None = 3,
        min_impurity_decrease: float = 0.0,
        init: Any = None,
        random_state: Any = None,
        max_features: Any = None,
        verbose: int = 0,
        max_leaf_nodes: int | None = None,
        warm_start: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int | None = None,
        tol: float = 1e-4,
        ccp_alpha: float = 0.0,
        max_bins: int = 255,
    ) -> None:
        self.loss = loss
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
        self.subsample = subsample
        self.criterion = criterion
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_depth = max_depth
        self.min_impurity_decrease = min_impurity_decrease
        self.init = init
        self.random_state = random_state
        self.max_features = max_features
        self.verbose = verbose
        self.max_leaf_nodes = max_leaf_nodes
        self.warm_start = warm_start
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.ccp_alpha = ccp_alpha
        self.max_bins = max_bins

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        check_ranges(self, {"loss": one_of("log_loss", "exponential")})
        loss, curvature = self._class_loss(outputs), 1.0
        if self.loss == "exponential":
            if outputs > 1:
                raise ValueError(
                    "Only binary classification is supported with loss='exponential'; "
                    f"y has {outputs} classes"
                )
            loss = Exponential()
        elif outputs > 1:
            curvature = outputs / (outputs - 1.0)
        return self._gradient_plan(loss, n, p, curvature)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = self.loss != "exponential"
        return tags

    def _mean_of(self, scores: np.ndarray) -> np.ndarray:
        # The exponential loss's score is half the log-odds.
        return super()._mean_of(2.0 * scores if self.loss == "exponential" else scores)

    def _objective(self, plan: Plan, y: np.ndarray, weight: np.ndarray) -> Any:
        return FirstOrder(super()._objective(plan, y, weight))


class GradientBoostingRegressor(GradientBoosting, BoostedRegressor):
    """Friedman's gradient boosting for numbers; see `GradientBoostingClassifier` for the method.

    Parameters
    ----------
    loss : "squared_error", "absolute_error", "huber" (delta is the `alpha`-quantile of the absolute
        residuals, anew in each round), "quantile" (of level `alpha`, or several levels), a part of
        `zhixing.losses`, or any object with ``value(y, z)`` and ``derivatives(y, z) -> (g, h)`` of
        whole arrays, and if it likes ``start(y, weight)`` and ``mean(z)``.
    alpha : see loss; a list of levels gives a column of predictions for each.

    The other parameters are the classifier's.  y may have several columns: each has its own trees.

    Examples
    --------
    >>> X = np.linspace(0, 6, 300)[:, None]
    >>> y = np.column_stack([np.sin(X[:, 0]), np.cos(X[:, 0])])
    >>> GradientBoostingRegressor().fit(X, y).predict(X[:2]).shape
    (2, 2)
    >>> band = GradientBoostingRegressor(loss="quantile", alpha=[0.1, 0.9]).fit(X, y[:, 0]).predict(X)
    >>> bool((band[:, 0] <= band[:, 1] + 0.05).all())
    True
    """

    _many = True

    def __init__(
        self,
        *,
        loss: Any = "squared_error",
        learning_rate: float = 0.1,
        n_estimators: int = 100,
        subsample: float = 1.0,
        criterion: str = "friedman_mse",
        min_samples_split: float = 2,
        min_samples_leaf: float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_depth: int | None = 3,
        min_impurity_decrease: float = 0.0,
        init: Any = None,
        random_state: Any = None,
        max_features: Any = None,
        alpha: Any = 0.9,
        verbose: int = 0,
        max_leaf_nodes: int | None = None,
        warm_start: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int | None = None,
        tol: float = 1e-4,
        ccp_alpha: float = 0.0,
        max_bins: int = 255,
    ) -> None:
        self.loss = loss
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
        self.subsample = subsample
        self.criterion = criterion
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_depth = max_depth
        self.min_impurity_decrease = min_impurity_decrease
        self.init = init
        self.random_state = random_state
        self.max_features = max_features
        self.alpha = alpha
        self.verbose = verbose
        self.max_leaf_nodes = max_leaf_nodes
        self.warm_start = warm_start
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.ccp_alpha = ccp_alpha
        self.max_bins = max_bins

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def _levels(self) -> list[float] | None:
        """The levels of loss="quantile" where there are several."""
        several = (
            isinstance(self.loss, str) and self.loss == "quantile" and np.ndim(self.alpha) == 1
        )
        return [float(a) for a in self.alpha] if several else None

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        loss: Any = self.loss
        if isinstance(loss, str):
            check_ranges(
                self, {"loss": one_of("squared_error", "absolute_error", "huber", "quantile")}
            )
            if loss in ("huber", "quantile"):
                levels = self._levels() or [self.alpha]
                if not levels or not all(0 < a < 1 for a in levels):
                    raise ValueError(f"alpha={self.alpha!r} must be in (0, 1)")
            if self._levels() and outputs > 1:
                raise ValueError("several quantiles need a y of one column")
            if self._levels():
                self._outputs, self._one_column = len(self.alpha), False
            loss = {
                "squared_error": lambda: Squared(),
                "absolute_error": lambda: Absolute(),
                "huber": lambda: Squared(),  # its mean; see `_objective`
                "quantile": lambda: Quantile((self._levels() or [self.alpha])[0]),
            }[loss]()
        elif outputs > 1 and not hasattr(loss, "is_part"):
            raise ValueError("a y of several columns needs a loss by name or a part of losses")
        return self._gradient_plan(loss, n, p, 1.0)

    def _objective(self, plan: Plan, y: np.ndarray, weight: np.ndarray) -> Any:
        levels = self._levels()
        if levels is not None:
            inner: Any = ManyObjectives([PointObjective(Quantile(a), y, weight) for a in levels])
        elif isinstance(self.loss, str) and self.loss == "huber":
            columns = [y] if y.ndim == 1 else [np.ascontiguousarray(c) for c in y.T]
            inner = ManyObjectives([QuantileHuber(c, weight, self.alpha) for c in columns])
        else:
            inner = super()._objective(plan, y, weight)
        return FirstOrder(inner)
