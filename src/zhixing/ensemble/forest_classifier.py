"""Forests for classes: shares of the classes in the rows' leaves, averaged over the trees."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score

from ..core.errors import InputError
from ..growth.class_target import class_codes, with_class_weight
from ..growth.tree_parameters import criterion_for
from .forest import TreesForest


class ForestClassifier(ClassifierMixin, TreesForest):
    """A forest whose trees hold the shares of the classes."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit on X (n, p), missing values as NaN, and labels y (n,) or (n, outputs); returns self."""
        X, y, weight = self._rows_fit(X, y, sample_weight)
        classes, codes = class_codes(y)
        single = y.ndim == 1
        if self._goes_on() and not self._same_classes(classes):
            raise ValueError("warm_start: the classes in y are not those of the first fit")
        asked = self.class_weight
        by_class = None
        if isinstance(asked, str) and asked not in ("balanced", "balanced_subsample"):
            raise ValueError(
                f"class_weight={asked!r} must be 'balanced', 'balanced_subsample', a dict or None"
            )
        if asked is not None and asked != "balanced_subsample":
            by_class = with_class_weight(asked, y, None)
        self.n_outputs_, self._single = codes.shape[1], single
        self.classes_: Any = classes[0] if single else classes
        counts = np.array([len(c) for c in classes])
        self.n_classes_: Any = int(counts[0]) if single else counts
        # One class makes trees without a split.
        criterion = criterion_for(self.criterion, self.n_outputs_, max(int(counts.max()), 2))
        self._fit_forest(X, codes, weight, by_class, criterion)
        return self

    def _same_classes(self, classes: list[np.ndarray]) -> bool:
        before = [self.classes_] if self._single else self.classes_
        return len(before) == len(classes) and all(map(np.array_equal, before, classes))

    def _check_monotone(self, y: np.ndarray, signs: np.ndarray) -> None:
        if y.max(initial=0) > 1:
            raise ValueError("monotonic_cst is not supported for more than two classes")
        super()._check_monotone(y, signs)

    def predict_proba(self, X: Any) -> Any:
        """The shares of the classes, averaged over the trees (n, classes); a list for several outputs."""
        return self._by_output(self._mean(X))

    def _by_output(self, shares: np.ndarray) -> Any:
        by_output = np.split(shares, self.n_outputs_, axis=1)
        if self._single:
            return np.ascontiguousarray(by_output[0][:, : len(self.classes_)])
        return [np.ascontiguousarray(s[:, : len(c)]) for s, c in zip(by_output, self.classes_)]

    def predict_log_proba(self, X: Any) -> Any:
        """Logarithms of `predict_proba`."""
        found = self.predict_proba(X)
        with np.errstate(divide="ignore"):
            return np.log(found) if self._single else [np.log(p) for p in found]

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class, (n,) or (n, outputs)."""
        return self._labels(self.predict_proba(X))

    def _labels(self, found: Any) -> np.ndarray:
        if self._single:
            return self.classes_.take(found.argmax(axis=1))
        return np.column_stack([c.take(p.argmax(axis=1)) for c, p in zip(self.classes_, found)])

    def _score_out_of_bag(self, X: Any, y: np.ndarray) -> None:
        shares = self._by_output(self._out_of_bag(self._rows_of(X), len(y), self._outside(len(y))))
        known = ~np.isnan(shares if self._single else shares[0]).any(axis=1)
        found = np.nan_to_num(shares) if self._single else [np.nan_to_num(s) for s in shares]
        labels = self._labels(found)
        truth = y[:, 0] if self._single else y
        truth = (
            self.classes_.take(truth)
            if self._single
            else np.column_stack([c.take(k) for c, k in zip(self.classes_, truth.T)])
        )
        if self._single:
            self.oob_decision_function_ = shares
        else:
            most = max(s.shape[1] for s in shares)
            padded = [np.pad(s, ((0, 0), (0, most - s.shape[1]))) for s in shares]
            self.oob_decision_function_ = np.stack(padded, axis=2)
        if callable(self.oob_score):
            self.oob_score_ = float(self.oob_score(truth[known], labels[known]))  # type: ignore[arg-type]
        elif self._single:
            self.oob_score_ = float(accuracy_score(truth[known], labels[known]))
        else:
            self.oob_score_ = float((truth[known] == labels[known]).mean())

    def _tree_loss(self, values: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The errors of a tree's answers (n, k), row by row."""
        found = values.reshape(len(values), self.n_outputs_, -1).argmax(axis=2)
        return (found != y).mean(axis=1)

    def _codes(self, y: Any) -> np.ndarray:
        y = np.asarray(y)
        columns = y[:, None] if y.ndim == 1 else y
        known = [self.classes_] if self._single else self.classes_
        codes = np.empty(columns.shape, np.int64)
        for o, classes in enumerate(known):
            codes[:, o] = np.searchsorted(classes, columns[:, o]).clip(max=len(classes) - 1)
            if not (classes[codes[:, o]] == columns[:, o]).all():
                raise ValueError("y holds a class that training did not see")
        return codes

    def _check_loaded(self) -> None:
        super()._check_loaded()
        if "_forest" in vars(self):
            most = len(self.classes_) if self._single else max(map(len, self.classes_))
            if self._forest.value.shape[1] != max(most, 2) * self.n_outputs_:
                raise InputError("the values of the nodes are not a share of each class")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
