"""One whole number for every category."""

from __future__ import annotations

import math
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted

from ..core.estimator import Estimator
from .categories import Recognised, is_missing, learn_categories, recognise
from .rare import RARE, check_grouping, grouped_index, grouping_asked, rare_categories


class OrdinalEncoder(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Encode every category by its place in the sorted list of its column: 0, 1, 2, ...

    Parameters
    ----------
    categories : "auto" or list of array-like, default="auto"
        Give the lists where the order matters, e.g. ``[["low", "mid", "high"]]``.
    dtype : numpy type, default=float64
    handle_unknown : {"error", "use_encoded_value"}, default="error"
    unknown_value : int or nan, default=None
        Code of unknown categories; needed with "use_encoded_value", and no category's code.
    encoded_missing_value : int or nan, default=nan
        Code of NaN, where NaN is a category.
    min_frequency, max_categories : default=None
        Rarer categories share the last code, as in OneHotEncoder.

    Attributes
    ----------
    categories_ : list of ndarray
    infrequent_categories_ : list of ndarray or None, where grouping was asked for

    Notes
    -----
    One hashing pass per column without sorting, columns in threads: O(n p).
    None is a category with a code of its own, NaN is encoded by `encoded_missing_value`.

    Examples
    --------
    >>> encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    >>> encoder.fit([["male", 1], ["female", 3], ["female", 2]])
    OrdinalEncoder(handle_unknown='use_encoded_value', unknown_value=-1)
    >>> encoder.transform([["female", 3], ["other", 1]])
    array([[ 0.,  2.],
           [-1.,  0.]])
    """

    def __init__(
        self,
        *,
        categories: Any = "auto",
        dtype: Any = np.float64,
        handle_unknown: str = "error",
        unknown_value: Any = None,
        encoded_missing_value: Any = np.nan,
        min_frequency: int | float | None = None,
        max_categories: int | None = None,
    ) -> None:
        self.categories = categories
        self.dtype = dtype
        self.handle_unknown = handle_unknown
        self.unknown_value = unknown_value
        self.encoded_missing_value = encoded_missing_value
        self.min_frequency = min_frequency
        self.max_categories = max_categories

    def fit(self, X: Any, y: Any = None) -> OrdinalEncoder:
        """Learn the categories of every column."""
        self._learn(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> np.ndarray:
        """`fit` and `transform` with one pass over the values."""
        return self._encode(self._learn(X))

    def _learn(self, X: Any) -> list[Recognised]:
        self._check_unknown_value()
        check_grouping(self)
        columns = learn_categories(self, X, handle_unknown=self.handle_unknown)
        self._rare: list[np.ndarray | None] = [None] * len(columns)
        if grouping_asked(self):
            self._rare = rare_categories(columns, self.categories_, self, keep_missing=True)
        # The code of every category, and at the end that of unknown ones.
        self._codes: list[np.ndarray] = []
        clashing = []
        with_missing = []
        for j, (known, rare) in enumerate(zip(self.categories_, self._rare)):
            missing = len(known) > 0 and is_missing(known[-1])
            code = grouped_index(len(known) - missing, rare)
            size = int(code.max(initial=-1)) + 1
            if self.handle_unknown == "use_encoded_value" and 0 <= self.unknown_value < size:
                raise ValueError(
                    f"The used value for unknown_value {self.unknown_value} is one of the values "
                    "already used for encoding the seen categories."
                )
            full = code.astype(np.float64)
            if missing:
                with_missing.append(j)
                if 0 <= self.encoded_missing_value < size:
                    clashing.append(j)
                full = np.append(full, self.encoded_missing_value)
            unknown = self.unknown_value if self.handle_unknown == "use_encoded_value" else 0
            self._codes.append(np.append(full, unknown))
        if with_missing and is_missing(self.encoded_missing_value):
            if np.dtype(self.dtype).kind != "f":
                raise ValueError(
                    f"There are missing values in features {with_missing}. For OrdinalEncoder to "
                    f"encode missing values with dtype: {self.dtype}, set encoded_missing_value to "
                    "a non-nan value, or set dtype to a float"
                )
        if clashing:
            names = getattr(self, "feature_names_in_", None)
            shown = clashing if names is None else names[clashing]
            raise ValueError(
                f"encoded_missing_value ({self.encoded_missing_value}) is already used to encode "
                f"a known category in features: {shown}"
            )
        return columns

    def _check_unknown_value(self) -> None:
        value = self.unknown_value
        if self.handle_unknown == "use_encoded_value":
            if isinstance(value, float) and math.isnan(value):
                if np.dtype(self.dtype).kind != "f":
                    raise ValueError(
                        "When unknown_value is np.nan, the dtype parameter should be a float "
                        f"dtype. Got {self.dtype}."
                    )
            elif not isinstance(value, Integral):
                raise TypeError(
                    "unknown_value should be an integer or np.nan when handle_unknown is "
                    f"'use_encoded_value', got {value}."
                )
        elif self.handle_unknown != "error":
            raise ValueError(
                "handle_unknown must be 'error' or 'use_encoded_value', "
                f"got {self.handle_unknown!r}"
            )
        elif value is not None:
            raise TypeError(
                "unknown_value should only be set when handle_unknown is 'use_encoded_value', "
                f"got {value}."
            )

    def transform(self, X: Any) -> np.ndarray:
        """The code of every value."""
        check_is_fitted(self)
        strict = self.handle_unknown == "error"
        return self._encode(recognise(self, X, handle_unknown="error" if strict else "ignore"))

    def _encode(self, columns: list[Recognised]) -> np.ndarray:
        out = np.empty((columns[0].codes.size, len(columns)), np.dtype(self.dtype))
        with np.errstate(invalid="ignore"):
            for j, (column, code) in enumerate(zip(columns, self._codes)):
                out[:, j] = code.astype(out.dtype)[column.index][column.codes]
        return out

    def inverse_transform(self, X: Any) -> np.ndarray:
        """The categories of codes; unknown ones are None, rare ones ``infrequent_sklearn``.

        A code that stands for NaN and for unknown categories alike is NaN.
        """
        check_is_fitted(self)
        X = check_array(X, ensure_all_finite="allow-nan")
        if X.shape[1] != len(self.categories_):
            raise ValueError(
                f"Shape of the passed X data is not correct. Expected {len(self.categories_)} "
                f"columns, got {X.shape[1]}."
            )
        any_unknown = self.handle_unknown == "use_encoded_value"
        mixed = any_unknown or any(rare is not None for rare in self._rare)
        dtype = object if mixed else np.result_type(*[c.dtype for c in self.categories_])
        out = np.empty(X.shape, dtype)
        for j, (known, code, rare) in enumerate(zip(self.categories_, self._codes, self._rare)):
            names: dict[float | str, Any] = {}
            for value, category in zip(code[:-1].tolist(), known.tolist()):
                names.setdefault(_key(value), category)
            if rare is not None:
                names[float(code[rare[0]])] = RARE
            if any_unknown:
                names.setdefault(_key(self.unknown_value), None)
            try:
                values, back = np.unique(X[:, j], return_inverse=True)
                column = np.empty(len(values), object)
                column[:] = [names[_key(v)] for v in values.tolist()]
            except KeyError as absent:
                raise ValueError(f"column {j} holds {absent}, which is no code") from None
            out[:, j] = column[back]
        return out

    @property
    def infrequent_categories_(self) -> list[np.ndarray | None]:
        """Rare categories of every column, None where there are none."""
        if not grouping_asked(self):
            raise AttributeError("no grouping was asked for: set min_frequency or max_categories")
        return [None if r is None else c[r] for c, r in zip(self.categories_, self._rare)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _key(value: Any) -> float | str:
    # NaN equals nothing, itself included, so it is looked up by name.
    return "nan" if value != value else float(value)
