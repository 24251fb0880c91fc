"""Random forests: trees on bootstrap samples, each node on a few features drawn for it."""

from __future__ import annotations

from typing import Any

from ..core.estimator import Candidate
from .forest_classifier import ForestClassifier
from .forest_regressor import ForestRegressor
from .search_spaces import ranges

_SPACE = ranges("random_forest")


class RandomForestClassifier(ForestClassifier):
    """Trees on bootstrap samples, each node split by the best of a few features drawn for it.

    The answer is the mean of the trees' shares of the classes.  Averaging leaves the bias of one tree and
    lowers the variance to ``rho s^2 + (1 - rho) s^2 / n_estimators``, rho the correlation of two trees,
    which drawing features lowers (`tree_correlation`).

    Parameters
    ----------
    n_estimators : trees.
    criterion, max_depth, min_samples_split, min_samples_leaf, min_weight_fraction_leaf, max_leaf_nodes,
    min_impurity_decrease, ccp_alpha, monotonic_cst, categorical_features : see `DecisionTreeClassifier`.
    max_features : features drawn for every node: ``"sqrt"``, ``"log2"``, a number, a share, None for all.
    bootstrap : draw every tree's rows with replacement, as often as their weights say; else all rows.
    max_samples : how many rows are drawn: None for as many as there are, a number, a share.
    oob_score : whether to score the rows by the trees that did not see them (accuracy), or a function
        ``score(y, predicted)``.
    n_jobs : threads; None for those of `zhixing.threads`.
    warm_start : go on from the trees of the last fit, on the same rows.
    class_weight : None, ``"balanced"``, ``"balanced_subsample"`` (within each tree's sample), a dict, or a
        list of them for several outputs.
    max_bins : trees are grown on at most so many bins a feature, found once; None for every cut (exact).

    Attributes
    ----------
    classes_, n_classes_, n_outputs_, n_features_in_, feature_names_in_, is_categorical_;
    feature_importances_ : see there, and `oob_importances`;
    oob_score_, oob_decision_function_ : with oob_score.

    Notes
    -----
    Cost: O(max_features n) additions of sums by bin for a level of a tree; a tree is grown by one thread,
    several side by side, with the same result for any number of threads.  A row of weight 3 is three rows,
    in the drawing too: rows are drawn by content, so their order does not matter.
    Differences from scikit-learn: cuts lie between bins (``max_bins=None`` looks at all of them); the bins
    are common to all trees; there is no `estimators_`, the trees' nodes lie end to end in one place
    (`apply`, `decision_path`, `export_text`, `shap_values`).
    Source: Breiman (2001a).

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = RandomForestClassifier(20, oob_score=True, random_state=0).fit(X, y)
    >>> bool(model.oob_score_ > 0.9)
    True
    """

    candidate = Candidate(
        tasks=("binary", "multiclass"),
        simplicity=36,
        space=_SPACE,
        cost=150.0,
        categories="categorical_features",
    )

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: int | float | str | None = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        max_samples: int | float | None = None,
        monotonic_cst: Any = None,
        max_bins: int | None = 255,
        categorical_features: Any = "from_dtype",
    ) -> None:
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.class_weight = class_weight
        self.ccp_alpha = ccp_alpha
        self.max_samples = max_samples
        self.monotonic_cst = monotonic_cst
        self.max_bins = max_bins
        self.categorical_features = categorical_features


class RandomForestRegressor(ForestRegressor):
    """Trees on bootstrap samples for numbers; see `RandomForestClassifier` for the method.

    Parameters
    ----------
    criterion : ``"squared_error"``, ``"absolute_error"``, ``"poisson"``, ``"friedman_mse"``; see
        `DecisionTreeRegressor`.
    max_features : 1.0, all of them, as in scikit-learn; a third lowers the correlation of the trees.
    oob_score : R2, or a function.
    keep_rows : keep the training rows as codes, a byte a value, for `predict_quantiles` and
        `predict_interval`.

    The other parameters are the classifier's.

    Attributes
    ----------
    n_outputs_, n_features_in_, feature_names_in_, is_categorical_, feature_importances_;
    oob_score_, oob_prediction_ : with oob_score.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0, 6, 300)[:, None]
    >>> y = np.sin(X[:, 0]) + np.random.default_rng(0).normal(scale=0.1, size=300)
    >>> model = RandomForestRegressor(30, min_samples_leaf=5, random_state=0).fit(X, y)
    >>> low, high = model.predict_interval([[1.5]], coverage=0.9)[0]
    >>> bool(low < 1.0 < high)
    True
    """

    candidate = Candidate(
        tasks=("regression", "count"),
        simplicity=36,
        space=_SPACE,
        settings={"keep_rows": False},
        cost=300.0,
        categories="categorical_features",
    )

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: int | float | str | None = 1.0,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        oob_score: Any = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
        ccp_alpha: float = 0.0,
        max_samples: int | float | None = None,
        monotonic_cst: Any = None,
        max_bins: int | None = 255,
        categorical_features: Any = "from_dtype",
        keep_rows: bool = True,
    ) -> None:
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.oob_score = oob_score
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start
        self.ccp_alpha = ccp_alpha
        self.max_samples = max_samples
        self.monotonic_cst = monotonic_cst
        self.max_bins = max_bins
        self.categorical_features = categorical_features
        self.keep_rows = keep_rows
