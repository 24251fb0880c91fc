"""Categories as how often they occur."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from ..core.estimator import Estimator
from .categories import Recognised, learn_categories, recognise


class FrequencyEncoder(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Replace a category by its share of the training rows (or its count); unknown ones by 0.

    Parameters
    ----------
    normalize : bool, default=True
        Shares; False gives counts.
    categories : "auto" or list of array-like, default="auto"

    Attributes
    ----------
    categories_ : list of ndarray
    frequencies_ : list of ndarray

    Notes
    -----
    Categories that are equally frequent become one.  One hashing pass per column: O(n p).
    `sample_weight` counts as repetition.

    Examples
    --------
    >>> encoder = FrequencyEncoder().fit([["a"], ["b"], ["a"], ["c"]])
    >>> encoder.transform([["a"], ["c"], ["z"]])
    array([[0.5 ],
           [0.25],
           [0.  ]])
    """

    def __init__(self, *, normalize: bool = True, categories: Any = "auto") -> None:
        self.normalize = normalize
        self.categories = categories

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> FrequencyEncoder:
        """Count the categories of every column."""
        self._learn(X, sample_weight)
        return self

    def fit_transform(self, X: Any, y: Any = None, sample_weight: Any = None) -> np.ndarray:
        """`fit` and `transform` with one pass over the values."""
        return self._encode(self._learn(X, sample_weight))

    def _learn(self, X: Any, sample_weight: Any) -> list[Recognised]:
        columns = learn_categories(self, X, handle_unknown="ignore")
        n = columns[0].codes.size
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, np.empty((n, 1)), dtype=np.float64, ensure_non_negative=True
            )
        total = float(n if weight is None else weight.sum()) if self.normalize else 1.0
        self.frequencies_: list[np.ndarray] = []
        for column, known in zip(columns, self.categories_):
            by_code = np.bincount(column.codes + 1, weights=weight, minlength=len(column.index))
            by_code = np.concatenate([by_code[1:], by_code[:1]])
            counts = np.bincount(column.index + 1, weights=by_code, minlength=len(known) + 1)
            self.frequencies_.append(counts[1:] / total)
        return columns

    def transform(self, X: Any) -> np.ndarray:
        """The frequency of every value."""
        check_is_fitted(self)
        return self._encode(recognise(self, X, handle_unknown="ignore"))

    def _encode(self, columns: list[Recognised]) -> np.ndarray:
        out = np.empty((columns[0].codes.size, len(columns)))
        for j, (column, frequency) in enumerate(zip(columns, self.frequencies_)):
            out[:, j] = np.append(frequency, 0.0)[column.index][column.codes]
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags
