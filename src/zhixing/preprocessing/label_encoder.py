"""Class labels as whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted, column_or_1d

from ..core.estimator import Estimator
from .categories import look_up, sorted_categories
from .coding import Coded, code


class LabelEncoder(TransformerMixin, Estimator, auto_wrap_output_keys=None):  # pyright: ignore[reportGeneralTypeIssues, reportCallIssue]
    """Encode labels by their place among the sorted classes: 0 to n_classes - 1.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)

    Notes
    -----
    For targets; OrdinalEncoder encodes input columns.  One hashing pass without sorting the rows.

    Examples
    --------
    >>> encoder = LabelEncoder().fit(["paris", "tokyo", "amsterdam", "paris"])
    >>> encoder.transform(["tokyo", "paris"]), encoder.inverse_transform([0]).tolist()
    (array([2, 1]), ['amsterdam'])
    """

    def fit(self, y: Any) -> LabelEncoder:
        """Find the classes."""
        self.classes_, _ = sorted_categories(_coded(y))
        return self

    def fit_transform(self, y: Any) -> np.ndarray:
        """Find the classes and encode with one pass over the labels."""
        coded = _coded(y)
        self.classes_, index = sorted_categories(coded)
        return index[coded.codes].astype(np.int64)

    def transform(self, y: Any) -> np.ndarray:
        """The code of every label; an unknown one raises."""
        check_is_fitted(self)
        coded = _coded(y)
        index = look_up(coded.values, self.classes_)
        unknown = coded.values[index[:-1] < 0]
        if len(unknown):
            raise ValueError(f"y contains previously unseen labels: {unknown.tolist()}")
        return index[coded.codes].astype(np.int64)

    def inverse_transform(self, y: Any) -> np.ndarray:
        """The label of every code."""
        check_is_fitted(self)
        codes = column_or_1d(y, warn=True)
        wrong = np.setdiff1d(codes, np.arange(len(self.classes_)))
        if wrong.size:
            raise ValueError(f"y contains previously unseen labels: {wrong}")
        return self.classes_[np.asarray(codes, dtype=np.int64)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.target_tags.one_d_labels = True
        return tags


def _coded(y: Any) -> Coded:
    labels = column_or_1d(y, warn=True)
    if not hasattr(y, "dtype") and labels.dtype.kind == "U" and any(len(v) > 32 for v in y):
        labels = np.array(y, dtype=object)
    return code(labels)
