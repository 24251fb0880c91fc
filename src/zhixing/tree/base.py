"""What decision trees for classes and for numbers share."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.random import seed
from ..core.validation import refuse_infinite
from ..growth.bins import Bins
from ..growth.coded import coded
from ..growth.explained import ExplainedTrees
from ..growth.grown_value import class_shares, number_means, within_bounds
from ..growth.impurity_tree import grow
from ..growth.levels import levels
from ..growth.mean_value import apply, mean_value
from ..growth.prune import weakest_link
from ..growth.rows_in import rows_for_fit, rows_for_predict
from ..growth.statistics import statistics
from ..growth.tree import Forest
from ..growth.tree_parameters import check_medians, features_of, impurity_tree
from ..growth.tree_sum import TreeSum
from ..growth.tree_view import TreeView, view

SPLITTERS = ("best", "random", "hist")


class TreeModel(ExplainedTrees, Estimator):
    """One tree: where its rows are coded, its nodes grown, and what it says of itself."""

    _forest: Forest
    _bins: Bins
    _impurity: np.ndarray
    is_categorical_: np.ndarray | None

    def _table(self, X: Any, y: Any, **options: Any) -> tuple[Any, Any]:
        """X and y, checked."""
        X, y = rows_for_fit(
            self, X, y, self.categorical_features, multi_output=True, accept_sparse="csc", **options
        )
        refuse_infinite(self, X)
        if sparse.issparse(X) and self.is_categorical_ is not None and self.is_categorical_.any():
            raise ValueError("categorical_features need a dense table")
        return X, y

    def _fit_tree(self, X: Any, y: np.ndarray, weight: np.ndarray | None, criterion: Any) -> None:
        """Grow and prune; y (n, outputs) are class codes or numbers."""
        if self.splitter not in SPLITTERS:
            raise ValueError(f"splitter={self.splitter!r} is none of {', '.join(SPLITTERS)}")
        if not isinstance(self.max_bins, int) or not 2 <= self.max_bins <= 255:
            raise ValueError(f"max_bins={self.max_bins!r} must be a whole number from 2 to 255")
        if not self.ccp_alpha >= 0.0:
            raise ValueError(f"ccp_alpha={self.ccp_alpha!r} must not be negative")
        n, p = X.shape
        w = np.ones(n) if weight is None else weight
        random = seed(self.random_state)
        params = impurity_tree(self, n, p, float(w.sum()), random=self.splitter == "random")
        check_medians(criterion, params.monotone is not None, self.is_categorical_)
        if params.monotone is not None:
            self._check_monotone(y, params.monotone)
        most = self.max_bins if self.splitter == "hist" else None
        table = coded(X, most, self.is_categorical_, random, weight)
        stats = statistics(criterion, y, weight)
        index = None if w.all() else np.flatnonzero(w).astype(np.uint32)
        grown = grow(params, table, stats, index=index, seed=random)
        if criterion.form.n_classes:
            value = class_shares(grown, stats)
            impurity = criterion.impurity(value)
        else:
            value, impurity = number_means(grown, y, w, criterion)
        if params.monotone is not None:
            value = within_bounds(grown, stats, value)
        self._forest, self._bins = grown.to_forest(table, stats, value), table.bins
        self._impurity = impurity
        # scikit-learn numbers a pruned tree anew, parents first.
        self._best_first = params.max_leaves is not None and self.ccp_alpha == 0.0
        self.max_features_ = features_of(self.max_features, p)
        if self.ccp_alpha > 0.0:
            self._prune_to(self.ccp_alpha)

    def _check_monotone(self, y: np.ndarray, signs: np.ndarray) -> None:
        if y.shape[1] > 1:
            raise ValueError("monotonic_cst is not supported for several outputs")
        if self.is_categorical_ is not None and signs[self.is_categorical_].any():
            raise ValueError("a categorical feature cannot be monotone")

    def _prune_to(self, alpha: float) -> None:
        self._forest, kept = weakest_link(self._forest, self._impurity).prune(alpha)
        self._impurity = self._impurity[kept]

    def cost_complexity_pruning_path(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """The trees that are best for some price of a leaf: ``ccp_alphas``, ``impurities``.

        Node t is closed when alpha reaches g(t) = (R(t) - R(T_t)) / (|T_t| - 1), R the impurity times the
        share of the weight, T_t the branch and |T_t| its leaves; the weakest link first.
        Breiman et al. (1984), section 3.3.
        """
        from sklearn.base import clone
        from sklearn.utils import Bunch

        model = clone(self).set_params(ccp_alpha=0.0).fit(X, y, sample_weight)
        path = weakest_link(model._forest, model._impurity)
        return Bunch(ccp_alphas=path.alphas, impurities=path.impurities)

    @property
    def tree_(self) -> TreeView:
        """The nodes, in scikit-learn's arrays and numbering."""
        check_is_fitted(self, "_forest")
        return view(
            self._forest, self._impurity, self.n_outputs_, self.n_features_in_, self._best_first
        )

    def get_depth(self) -> int:
        """The most splits on a path."""
        check_is_fitted(self, "_forest")
        return len(levels(self._forest.left)) - 1

    def get_n_leaves(self) -> int:
        """The number of leaves."""
        check_is_fitted(self, "_forest")
        return int((self._forest.feature < 0).sum())

    @property
    def feature_importances_(self) -> np.ndarray:
        """(p,) the share of each feature in the fall of the weighted impurity.

        It favours features of many values, which find a good cut by chance: the permutation of unseen
        rows does not.
        """
        return self.tree_.compute_feature_importances()

    def apply(self, X: Any, check_input: bool = True) -> np.ndarray:
        """(n,) the leaf in which each row ends, as `tree_` numbers it."""
        X = self._rows(X)
        return self.tree_.number[apply(self._forest, self._bins, X)[:, 0]]

    def decision_path(self, X: Any, check_input: bool = True) -> sparse.csr_matrix:  # type: ignore[override]
        """(n, nodes) with 1 for the nodes a row passes, as `tree_` numbers them."""
        tree = self.tree_
        parent = np.full(tree.node_count, -1)
        inner = tree.children_left >= 0
        for children in (tree.children_left, tree.children_right):
            parent[children[inner]] = np.flatnonzero(inner)
        ways: list[np.ndarray] = []
        ends, place = np.unique(self.apply(X), return_inverse=True)
        for node in ends:
            way = [node]
            while parent[way[-1]] >= 0:
                way.append(parent[way[-1]])
            ways.append(np.sort(way))
        lengths = np.array([len(way) for way in ways])[place]
        found = np.concatenate([ways[k] for k in place])
        starts = np.concatenate([[0], np.cumsum(lengths)])
        return sparse.csr_matrix(
            (np.ones(len(found), np.int64), found, starts), shape=(len(place), tree.node_count)
        )

    def _tree_sum(self) -> TreeSum:
        check_is_fitted(self, "_forest")
        columns = self._forest.value.reshape(len(self._forest.value), -1).shape[1]
        return TreeSum(self._forest, self._bins, np.zeros(columns))

    def _node_numbers(self) -> np.ndarray:
        return self.tree_.number

    def _rows(self, X: Any) -> Any:
        check_is_fitted(self, "_forest")
        return rows_for_predict(self, X, accept_sparse="csr")

    def _values(self, X: Any) -> np.ndarray:
        """(n, k) what the rows' leaves hold."""
        X = self._rows(X)
        return mean_value(self._forest, self._bins, X)

    def _check_loaded(self) -> None:
        """Refuse attributes from a model file that do not fit one another."""
        if "_forest" not in vars(self):
            return
        self._bins.check(self.n_features_in_)
        self._forest.check(self.n_features_in_)
        if self._impurity.shape != self._forest.feature.shape or len(self._forest) != 1:
            raise InputError("a decision tree is one tree with an impurity a node")
        if self._forest.value.ndim != 2 or self._forest.value.shape[1] % self.n_outputs_:
            raise InputError("the values of the nodes do not fit the outputs")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = True
        return tags
