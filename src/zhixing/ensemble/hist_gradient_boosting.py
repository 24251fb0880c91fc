"""Histogram gradient boosting: best-first trees of 31 leaves, scikit-learn's parameters."""

from __future__ import annotations

from typing import Any

from ..core.estimator import Candidate
from ..growth.newton_tree import NewtonTree
from ..losses import Absolute, Gamma, Poisson, Quantile, Squared
from .boosted_models import BoostedClassifier, BoostedRegressor
from .combining import Adding
from .plan import Plan
from .search_spaces import ranges
from .watching import Stopping

_SPACE = ranges("hist_gradient_boosting")


def _tree(model: Any) -> NewtonTree:
    leaves = model.max_leaf_nodes
    depth = model.max_depth
    checks = (
        ("max_leaf_nodes", leaves is None or leaves >= 2, "at least 2, or None"),
        ("max_depth", depth is None or depth >= 1, "at least 1, or None"),
        ("max_iter", model.max_iter >= 1, "at least 1"),
        ("max_bins", 2 <= model.max_bins <= 255, "from 2 to 255"),
        ("max_features", 0 < model.max_features <= 1, "in (0, 1]"),
        ("learning_rate", model.learning_rate > 0, "positive"),
        ("l2_regularization", model.l2_regularization >= 0, "not negative"),
        ("min_samples_leaf", model.min_samples_leaf >= 1, "at least 1"),
    )
    for name, fine, must in checks:
        if not fine:
            raise ValueError(f"{name}={getattr(model, name)!r} must be {must}")
    return NewtonTree(
        max_leaves=leaves,
        max_depth=depth,
        lam=model.l2_regularization,
        min_count=model.min_samples_leaf,
        min_hessian=1e-3,
        by_gain=True,
        features_per_node=model.max_features,
        category_smooth=1.0,
        category_lam=0.0,
        max_categories=255,
    )


def _hist_plan(model: Any, loss: Any, n: int) -> Plan:
    early = model.early_stopping
    stop = n > 10_000 if early == "auto" else bool(early)
    return Plan(
        loss=loss,
        rounds=model.max_iter,
        combining=Adding(model.learning_rate),
        tree=_tree(model),
        max_bins=model.max_bins,
        stopping=Stopping(model.n_iter_no_change, model.tol) if stop else None,
        validation_fraction=model.validation_fraction,
        monotone=model.monotonic_cst,
        interaction=model.interaction_cst,
        warm=model.warm_start,
    )


class HistGradientBoostingClassifier(BoostedClassifier):
    """Boosted trees on binned values, for classes.

    Score of a row: start + learning_rate sum_t tree_t(x), the trees grown in turn to the first and
    second derivatives g, h of the cross-entropy at the scores so far; a leaf's value is
    ``-sum g / (sum h + l2_regularization)`` and a split is the one of largest gain

        G_L^2 / (H_L + l2) + G_R^2 / (H_R + l2) - G^2 / (H + l2)

    over all features and at most 255 bins of each.  Two classes have one score, more one a class.

    Parameters
    ----------
    learning_rate : shrinkage of every tree.          max_iter : rounds.
    max_leaf_nodes : leaves of a tree, grown best first.     max_depth : None for no limit.
    min_samples_leaf : rows of a leaf, counted by weight.    l2_regularization : see above.
    max_features : share of the features drawn for each node.
    max_bins : at most 255, beside one for missing values.
    categorical_features : mask, places or names of features split as sets of categories, or
        ``"from_dtype"``: those a frame holds as category, enum, text or boolean.
    monotonic_cst : -1, 0 or 1 by feature, or a dict by name.   interaction_cst : groups of features
        that may meet in a branch, ``"pairwise"`` or ``"no_interactions"``.
    early_stopping : ``"auto"`` (above 10,000 rows), True or False: hold out `validation_fraction` of the
        rows and stop when their loss has not fallen by `tol` for `n_iter_no_change` rounds.
    warm_start : go on from the trees of the last fit.
    class_weight : None, ``"balanced"`` or a dict.

    Attributes
    ----------
    classes_, n_iter_, n_features_in_, feature_names_in_, is_categorical_;
    validation_score_ : the loss by round (smaller is better);  feature_importances_ : share of the gain.

    Notes
    -----
    Cost: O(n p) additions of bytes' sums for a tree's first levels, halved by taking a child's sums
    from its parent's; memory 2 n p bytes.  Missing values go to the side that gains more; a
    category is split as a set (Fisher's order); unseen categories and values missing for the first time
    go to the larger side.  The same bits for any number of threads.
    Differences from scikit-learn: weights count in `min_samples_leaf`; text columns of a frame are
    categories; more than 254 categories share a bin for the rarest instead of being refused;
    `validation_score_` is a loss, not its negative.
    Source: Friedman (2001), algorithm 1; Ke et al. (2017), section 2.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> model = HistGradientBoostingClassifier(max_iter=50).fit(X[::2], y[::2])
    >>> bool(model.score(X[1::2], y[1::2]) > 0.92)
    True
    """

    candidate = Candidate(
        tasks=("binary", "multiclass"),
        simplicity=40,
        space=_SPACE,
        cost=150.0,
        categories="categorical_features",
    )

    def __init__(
        self,
        loss: str = "log_loss",
        *,
        learning_rate: float = 0.1,
        max_iter: int = 100,
        max_leaf_nodes: int | None = 31,
        max_depth: int | None = None,
        min_samples_leaf: int = 20,
        l2_regularization: float = 0.0,
        max_features: float = 1.0,
        max_bins: int = 255,
        categorical_features: Any = "from_dtype",
        monotonic_cst: Any = None,
        interaction_cst: Any = None,
        warm_start: bool = False,
        early_stopping: Any = "auto",
        validation_fraction: float | None = 0.1,
        n_iter_no_change: int = 10,
        tol: float = 1e-7,
        verbose: int = 0,
        random_state: Any = None,
        class_weight: Any = None,
    ) -> None:
        self.loss = loss
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.max_leaf_nodes = max_leaf_nodes
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.max_features = max_features
        self.max_bins = max_bins
        self.categorical_features = categorical_features
        self.monotonic_cst = monotonic_cst
        self.interaction_cst = interaction_cst
        self.warm_start = warm_start
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state
        self.class_weight = class_weight

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        if self.loss != "log_loss":
            raise ValueError(f"loss={self.loss!r} must be 'log_loss'")
        return _hist_plan(self, self._class_loss(outputs), n)


class HistGradientBoostingRegressor(BoostedRegressor):
    """Boosted trees on binned values, for numbers; see `HistGradientBoostingClassifier` for the method.

    Parameters
    ----------
    loss : ``"squared_error"``, ``"absolute_error"``, ``"poisson"``, ``"gamma"`` (both with a log
        link), ``"quantile"``, or any part of `zhixing.losses` of one score.  Where the loss has no
        second derivative, trees are grown to the first and a leaf takes the best constant for its rows.
    quantile : of ``loss="quantile"``.

    The other parameters and the attributes are the classifier's.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0, 6, 400)[:, None]
    >>> model = HistGradientBoostingRegressor().fit(X, np.sin(X[:, 0]))
    >>> bool(model.score(X, np.sin(X[:, 0])) > 0.99)
    True
    """

    candidate = Candidate(
        tasks=("regression", "count"),
        simplicity=40,
        space=_SPACE,
        cost=150.0,
        categories="categorical_features",
    )

    def __init__(
        self,
        loss: Any = "squared_error",
        *,
        quantile: float | None = None,
        learning_rate: float = 0.1,
        max_iter: int = 100,
        max_leaf_nodes: int | None = 31,
        max_depth: int | None = None,
        min_samples_leaf: int = 20,
        l2_regularization: float = 0.0,
        max_features: float = 1.0,
        max_bins: int = 255,
        categorical_features: Any = "from_dtype",
        monotonic_cst: Any = None,
        interaction_cst: Any = None,
        warm_start: bool = False,
        early_stopping: Any = "auto",
        validation_fraction: float | None = 0.1,
        n_iter_no_change: int = 10,
        tol: float = 1e-7,
        verbose: int = 0,
        random_state: Any = None,
    ) -> None:
        self.loss = loss
        self.quantile = quantile
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.max_leaf_nodes = max_leaf_nodes
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.max_features = max_features
        self.max_bins = max_bins
        self.categorical_features = categorical_features
        self.monotonic_cst = monotonic_cst
        self.interaction_cst = interaction_cst
        self.warm_start = warm_start
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        named = {
            "squared_error": Squared(),
            "absolute_error": Absolute(),
            "poisson": Poisson(),
            "gamma": Gamma(),
        }
        if hasattr(self.loss, "is_part"):
            loss = self.loss
        elif self.loss == "quantile":
            if self.quantile is None or not 0 < self.quantile < 1:
                raise ValueError("loss='quantile' needs quantile in (0, 1)")
            loss = Quantile(self.quantile)
        elif self.loss in named:
            loss = named[self.loss]
        else:
            raise ValueError(
                f"loss={self.loss!r} is none of {', '.join([*named, 'quantile'])} or a part of losses"
            )
        return _hist_plan(self, loss, n)
