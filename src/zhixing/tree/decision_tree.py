"""Decision trees: the best split of every node, by scikit-learn's parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin

from ..core.errors import InputError
from ..growth.class_target import class_codes, row_weights, with_class_weight
from ..growth.tree_parameters import criterion_for
from .base import TreeModel


class DecisionTreeClassifier(ClassifierMixin, TreeModel):
    """A tree of questions "is x_j <= t?" that parts rows until their classes agree.

    A node of weight w with the shares p is split where the weighted impurity falls most,

        w I(p) - w_L I(p_L) - w_R I(p_R),     I(p) = 1 - sum p_k^2  (gini),  -sum p_k log2 p_k  (entropy),

    over all features and cuts; a leaf predicts its shares.

    Parameters
    ----------
    criterion : ``"gini"``, ``"entropy"`` or ``"log_loss"`` (the same).
    splitter : ``"best"`` looks at every cut between two values; ``"hist"`` at those between at most
        `max_bins` bins of a feature, which is many times faster on large tables; ``"random"`` draws
        one cut a feature.
    max_depth, min_samples_split, min_samples_leaf, max_leaf_nodes : limits; a share of the rows is
        allowed for the two minima.  With max_leaf_nodes the node of most gain is split first.
    min_weight_fraction_leaf : least share of the weight in a leaf.
    max_features : features drawn for every node: None, a number, a share, ``"sqrt"``, ``"log2"``.
    min_impurity_decrease : least gain, as a share of the total weight.
    class_weight : None, ``"balanced"``, a dict, or a list of them for several outputs.
    ccp_alpha : price of a leaf, see `cost_complexity_pruning_path`.
    monotonic_cst : -1, 0 or 1 by feature, or a dict by name, for two classes: how the share of the
        second moves.
    max_bins : see splitter.
    categorical_features : mask, places or names of features split as sets of categories, or
        ``"from_dtype"``: those a frame holds as category, enum, text or boolean.

    Attributes
    ----------
    classes_, n_classes_, n_outputs_, n_features_in_, feature_names_in_, max_features_, is_categorical_;
    tree_ : nodes as scikit-learn's arrays;  feature_importances_ : share of the fall of the impurity.

    Notes
    -----
    Cost: ``"best"`` O(p n log n) a level, by a radix sort of ranks in each node; ``"hist"`` O(p n) a level;
    memory 4 n p or 2 n p bytes.  Missing values (NaN) go to the side that gains more; where training saw
    none, to the larger side.  Categories are split as sets, the best of all sets for two classes (Fisher's
    order), the best in the order of some class for more.  Sparse tables are spread out by blocks of columns.
    Sums are integers, so the tree depends neither on the order of the rows nor on the number of threads,
    and a row of weight 2 is a row twice.
    Of equal splits one is taken at random, by random_state.
    Differences from scikit-learn: X is not rounded to float32, and values closer than 1e-7 are different;
    nodes whose y are equal are leaves, also where their weights add up to an impurity of 1e-16.
    Source: Breiman, Friedman, Olshen and Stone (1984), chapters 2 to 4.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = DecisionTreeClassifier(max_depth=3).fit(X, y)
    >>> round(model.score(X, y), 3), model.get_n_leaves()
    (0.973, 5)
    """

    def __init__(
        self,
        *,
        criterion: str = "gini",
        splitter: str = "best",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: int | float | str | None = None,
        random_state: Any = None,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        class_weight: Any = None,
        ccp_alpha: float = 0.0,
        monotonic_cst: Any = None,
        max_bins: int = 255,
        categorical_features: Any = "from_dtype",
    ) -> None:
        self.criterion = criterion
        self.splitter = splitter
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.class_weight = class_weight
        self.ccp_alpha = ccp_alpha
        self.monotonic_cst = monotonic_cst
        self.max_bins = max_bins
        self.categorical_features = categorical_features

    def fit(self, X: Any, y: Any, sample_weight: Any = None, check_input: bool = True) -> Any:
        """Fit on X (n, p), missing values as NaN, and labels y (n,) or (n, outputs); returns self."""
        X, y = self._table(X, y)
        weight = row_weights(sample_weight, X)
        classes, codes = class_codes(y)
        weight = with_class_weight(self.class_weight, y, weight)
        self.n_outputs_ = codes.shape[1]
        self._single = y.ndim == 1
        self.classes_: Any = classes[0] if self._single else classes
        counts = np.array([len(c) for c in classes])
        self.n_classes_: Any = int(counts[0]) if self._single else counts
        # One class is a tree without a split.
        criterion = criterion_for(self.criterion, self.n_outputs_, max(int(counts.max()), 2))
        self._fit_tree(X, codes, weight, criterion)
        return self

    def _check_monotone(self, y: np.ndarray, signs: np.ndarray) -> None:
        if y.max(initial=0) > 1:
            raise ValueError("monotonic_cst is not supported for more than two classes")
        super()._check_monotone(y, signs)

    def predict_proba(self, X: Any, check_input: bool = True) -> Any:
        """The shares of the classes in the rows' leaves (n, classes); a list for several outputs."""
        shares = self._values(X)
        by_output = np.split(shares, self.n_outputs_, axis=1)
        if self._single:
            return np.ascontiguousarray(by_output[0][:, : len(self.classes_)])
        return [np.ascontiguousarray(s[:, : len(c)]) for s, c in zip(by_output, self.classes_)]

    def predict_log_proba(self, X: Any) -> Any:
        """Logarithms of `predict_proba`."""
        found = self.predict_proba(X)
        with np.errstate(divide="ignore"):
            return np.log(found) if self._single else [np.log(p) for p in found]

    def predict(self, X: Any, check_input: bool = True) -> np.ndarray:
        """The commonest class of the rows' leaves, (n,) or (n, outputs)."""
        found = self.predict_proba(X)
        if self._single:
            return self.classes_.take(found.argmax(axis=1))
        return np.column_stack([c.take(p.argmax(axis=1)) for c, p in zip(self.classes_, found)])

    def _check_loaded(self) -> None:
        super()._check_loaded()
        if "_forest" in vars(self):
            most = len(self.classes_) if self._single else max(map(len, self.classes_))
            if self._forest.value.shape[1] != max(most, 2) * self.n_outputs_:
                raise InputError("the values of the nodes are not a share of each class")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        tags.target_tags.multi_output = True
        return tags


class DecisionTreeRegressor(RegressorMixin, TreeModel):
    """A tree of questions "is x_j <= t?" whose leaves predict means.

    A node is split where the weighted impurity falls most, see `criteria`; for the squared error that is
    ``w_L w_R / w (mean_L - mean_R)^2``.

    Parameters
    ----------
    criterion : ``"squared_error"``; ``"absolute_error"`` (leaves predict medians); ``"poisson"`` (half the
        deviance, for counts); ``"friedman_mse"``, which for one output is the squared error.

    The other parameters, the attributes and the notes are those of `DecisionTreeClassifier`.

    Examples
    --------
    >>> X = np.arange(6.0)[:, None]
    >>> model = DecisionTreeRegressor(max_depth=1).fit(X, [1, 1, 1, 5, 5, 8])
    >>> model.predict([[0.0], [9.0]]).tolist()
    [1.0, 6.0]
    """

    def __init__(
        self,
        *,
        criterion: str = "squared_error",
        splitter: str = "best",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,
        min_samples_leaf: int | float = 1,
        min_weight_fraction_leaf: float = 0.0,
        max_features: int | float | str | None = None,
        random_state: Any = None,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        ccp_alpha: float = 0.0,
        monotonic_cst: Any = None,
        max_bins: int = 255,
        categorical_features: Any = "from_dtype",
    ) -> None:
        self.criterion = criterion
        self.splitter = splitter
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.ccp_alpha = ccp_alpha
        self.monotonic_cst = monotonic_cst
        self.max_bins = max_bins
        self.categorical_features = categorical_features

    def fit(self, X: Any, y: Any, sample_weight: Any = None, check_input: bool = True) -> Any:
        """Fit on X (n, p), missing values as NaN, and numbers y (n,) or (n, outputs); returns self."""
        X, y = self._table(X, y, y_numeric=True)
        weight = row_weights(sample_weight, X)
        self._single = y.ndim == 1
        y = np.ascontiguousarray(y[:, None] if self._single else y, dtype=np.float64)
        self.n_outputs_ = y.shape[1]
        criterion = criterion_for(self.criterion, self.n_outputs_)
        if criterion.target == "counts" and (y.min() < 0 or y.sum() <= 0):
            raise ValueError("criterion='poisson' needs y that are not negative and not all zero")
        self._fit_tree(X, y, weight, criterion)
        return self

    def predict(self, X: Any, check_input: bool = True) -> np.ndarray:
        """What the rows' leaves predict, (n,) or (n, outputs)."""
        found = self._values(X)
        return found[:, 0] if self._single else found

    def _check_loaded(self) -> None:
        super()._check_loaded()
        if "_forest" in vars(self) and self._forest.value.shape[1] != self.n_outputs_:
            raise InputError("the values of the nodes are not a number of each output")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
