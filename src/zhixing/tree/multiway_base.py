"""What multiway trees share: tables in, classes out, and the tree in words."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..growth.mixed_columns import columns_for_fit, columns_for_predict, which_missing
from ..growth.multiway import MultiwayTree, Node
from ..growth.multiway_text import MultiwayRule, outline
from ..growth.multiway_text import rules as rules_of


class MultiwayClassifier(ClassifierMixin, Estimator):
    """Fits and reads a `MultiwayTree`; the families below say how it grows."""

    tree_: MultiwayTree
    max_depth: int | None
    #: Whether a value that says nothing takes all branches, each in part; else its row stays where it is.
    _fractional = False
    #: Whether missing values are a category of their own, where training has any.
    _missing_is_a_category = True

    def _asked(self) -> Any:
        """Which features are categories."""
        return "all"

    def _check(self) -> None:
        """Refuse options out of range."""

    def _grow(self, X: np.ndarray, codes: np.ndarray, weight: np.ndarray) -> Node:
        raise NotImplementedError

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Grow the tree on X (n, p), a frame or an array of numbers and words, and labels y; returns self."""
        if self.max_depth is not None and self.max_depth < 1:
            raise InputError(f"max_depth={self.max_depth!r} must be at least 1, or None")
        self._check()
        table, y = columns_for_fit(self, X, y, self._asked())
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        weight = np.ones(len(y))
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, table, dtype=np.float64, ensure_non_negative=True
            )
            if not weight.any():
                raise InputError("sample_weight is zero for every row", do="give some row a weight")
        self.classes_ = np.unique(y[weight > 0])
        if len(self.classes_) < 2:
            raise ValueError(
                f"{type(self).__name__} needs at least two classes in y; there is only one class: "
                f"{self.classes_[0]!r}"
            )
        codes = np.searchsorted(self.classes_, y).clip(max=len(self.classes_) - 1)
        # A row without weight is as good as absent.
        kept = np.flatnonzero(weight)
        whole = len(kept) == len(y)
        weight = weight if whole else weight[kept]
        self._learn(table if whole else table[kept], weight)
        table = self._coded(table, X)
        table, codes = (table, codes) if whole else (table[kept], codes[kept])
        root = self._grow(table, codes.astype(np.int32), weight)
        self.tree_ = MultiwayTree.of(root, self._sizes())
        return self

    def _learn(self, table: np.ndarray, weight: np.ndarray) -> None:
        """Keep what is needed of numbers before they are coded."""

    def _coded(self, table: np.ndarray, X: Any) -> np.ndarray:
        """Missing categories get a code of their own, the last; those not seen in training stay NaN."""
        if self._missing_is_a_category:
            for j, known in self._categories.items():
                if np.isnan(table[:, j]).any():
                    table[which_missing(X, j), j] = len(known)
        return table

    def _sizes(self) -> np.ndarray:
        """How many codes each feature has, that of missing values included; 0 for numbers."""
        sizes = np.zeros(self.n_features_in_, np.int64)
        for j, known in self._categories.items():
            sizes[j] = len(known) + 1
        return sizes

    def _code_names(self, j: int) -> list[str]:
        known = self._categories[j]
        named = [f"{c:g}" if known.dtype.kind == "f" else str(c) for c in known]
        return [*named, "missing"]

    def _read(self, X: Any) -> np.ndarray:
        check_is_fitted(self, "tree_")
        return self._coded(columns_for_predict(self, X), X)

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, classes) the shares of the classes where each row ends."""
        X = self._read(X)
        return self.tree_.shares(X, fractional=self._fractional)

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """The logarithm of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: Any) -> np.ndarray:
        """The class with the largest share; the first of equals."""
        p = self.predict_proba(X)
        return self.classes_[(p >= p.max(axis=1, keepdims=True) - 1e-12).argmax(axis=1)]

    def apply(self, X: Any) -> np.ndarray:
        """(n,) the node where each row ends; it stays where a value says nothing."""
        X = self._read(X)
        return self.tree_.leaves(X)

    def get_depth(self) -> int:
        """The most splits on a path."""
        check_is_fitted(self, "tree_")
        return int(self.tree_.depths.max())

    def get_n_leaves(self) -> int:
        """How many leaves the tree has."""
        check_is_fitted(self, "tree_")
        return int((self.tree_.feature < 0).sum())

    def export_text(self, max_depth: int = 10) -> str:
        """The tree as an outline: conditions, then the class, the weight it has and that of other classes."""
        check_is_fitted(self, "tree_")
        return outline(self, self.tree_, max_depth)

    def rules(self) -> list[MultiwayRule]:
        """The leaves as rules; printed, they read ``if outlook = sunny and windy = true: no (100% of 2)``."""
        check_is_fitted(self, "tree_")
        return rules_of(self, self.tree_)

    @property
    def feature_importances_(self) -> np.ndarray:
        """(p,) each feature's share of what all splits were chosen by, times the weight split."""
        check_is_fitted(self, "tree_")
        tree = self.tree_
        inner = tree.feature >= 0
        value = self._value(tree)[inner]
        total = np.bincount(tree.feature[inner], value, minlength=self.n_features_in_)
        return total / total.sum() if total.sum() > 0 else total

    def _value(self, tree: MultiwayTree) -> np.ndarray:
        """(nodes,) what a node's split is worth in all."""
        return np.nan_to_num(tree.score) * tree.counts.sum(axis=1)

    def _check_loaded(self) -> None:
        if hasattr(self, "tree_"):
            self.tree_.check(self.n_features_in_, len(self.classes_), self._sizes())

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags
