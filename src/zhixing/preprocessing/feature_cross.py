"""Two or more categorical columns into one whose levels are their combinations."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import prod
from typing import Any

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from ..core.estimator import Estimator
from .categories import Recognised, learn_categories, recognise
from .one_hot_rows import one_per_column, sparse_rows


class FeatureCross(TransformerMixin, Estimator):
    """Cross an M-level and an N-level column into one of M N levels, one-hot encoded.

    The crossed level of (a, b) is a N + b; so a linear model learns a weight for every pair.
    Numbers are taken as categories: discretise them first.

    Parameters
    ----------
    columns : list of tuples of int or str, default=None
        The columns of every cross, two or more; None is every pair of columns.
    n_features : int or None, default=None
        None gives every combination an output of its own; a number hashes each cross into that
        many outputs.
    sparse_output : bool, default=True
    categories : "auto" or list of array-like, default="auto"
        Levels of every input column.
    dtype : numpy type, default=float64

    Attributes
    ----------
    categories_ : list of ndarray
    crosses_ : list of tuples of int

    Notes
    -----
    A row with a level not seen in `fit` has zeros for that cross.  O(n) per cross; the width of an
    unhashed cross is the product of its numbers of levels, seen together or not.

    Examples
    --------
    >>> cross = FeatureCross(sparse_output=False).fit([["m", "x"], ["f", "y"], ["f", "x"]])
    >>> cross.transform([["f", "y"]]), cross.get_feature_names_out(["sex", "arm"]).tolist()
    (array([[0., 1., 0., 0.]]), ['sex_f*arm_x', 'sex_f*arm_y', 'sex_m*arm_x', 'sex_m*arm_y'])
    """

    def __init__(
        self,
        columns: Any = None,
        *,
        n_features: int | None = None,
        sparse_output: bool = True,
        categories: Any = "auto",
        dtype: Any = np.float64,
    ) -> None:
        self.columns = columns
        self.n_features = n_features
        self.sparse_output = sparse_output
        self.categories = categories
        self.dtype = dtype

    def fit(self, X: Any, y: Any = None) -> FeatureCross:
        """Learn the levels of every column."""
        self._learn(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> Any:
        """`fit` and `transform` with one pass over the values."""
        return self._cross(self._learn(X))

    def _learn(self, X: Any) -> list[Recognised]:
        if self.n_features is not None and self.n_features < 1:
            raise ValueError(f"n_features must be None or at least 1, got {self.n_features}")
        learned = learn_categories(self, X, handle_unknown="ignore")
        p = self.n_features_in_
        if self.columns is None:
            self.crosses_ = list(combinations(range(p), 2)) or [tuple(range(p))]
        else:
            self.crosses_ = [self._places(cross) for cross in self.columns]
            if not self.crosses_:
                raise ValueError("columns must name at least one cross, e.g. [(0, 1)]")
        width = sum(self._width(cross) for cross in self.crosses_)
        if width >= 2**31:
            do = "set n_features to hash them" if self.n_features is None else "lower n_features"
            raise ValueError(f"the crosses {self.crosses_} have {width} levels; {do}")
        return learned

    def _places(self, cross: Any) -> tuple[int, ...]:
        if isinstance(cross, str) or not isinstance(cross, Iterable):
            raise ValueError(f"a cross lists its columns, e.g. (0, 1); got {cross!r}")
        places = tuple(self._place(column) for column in cross)
        if len(places) < 2:
            raise ValueError(f"a cross takes two or more columns, got {tuple(cross)!r}")
        return places

    def _place(self, column: Any) -> int:
        if isinstance(column, str):
            names = getattr(self, "feature_names_in_", np.array([])).tolist()
            if column not in names:
                raise ValueError(f"there is no column {column!r}; there are {names}")
            return names.index(column)
        if not -self.n_features_in_ <= column < self.n_features_in_:
            raise ValueError(f"there is no column {column}, only {self.n_features_in_} columns")
        return int(column) % self.n_features_in_

    def transform(self, X: Any) -> Any:
        """One-hot rows over the combinations."""
        check_is_fitted(self)
        return self._cross(recognise(self, X, handle_unknown="ignore"))

    def _cross(self, columns: list[Recognised]) -> Any:
        n = columns[0].codes.size
        crossed = np.empty((n, len(self.crosses_)), np.int32)
        complete = True
        start = 0
        for k, cross in enumerate(self.crosses_):
            level = np.zeros(n, np.int64)
            unknown = np.zeros(n, bool)
            for j in cross:
                index = columns[j].index[columns[j].codes]
                level = level * len(self.categories_[j]) + index
                unknown |= index < 0
            if self.n_features is not None:
                level = _spread(level) % self.n_features
            crossed[:, k] = np.where(unknown, -1, level + start)
            complete &= not unknown.any()
            start += self._width(cross)
        if complete:
            out = one_per_column(crossed, start, np.dtype(self.dtype))
        else:
            out = sparse_rows(
                [(np.arange(n, dtype=np.int32), np.ascontiguousarray(c)) for c in crossed.T],
                start,
                np.dtype(self.dtype),
            )
        return out if self.sparse_output else out.toarray()

    def _width(self, cross: tuple[int, ...]) -> int:
        if self.n_features is not None:
            return int(self.n_features)
        return prod(len(self.categories_[j]) for j in cross)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """``a_level*b_level``, or ``a*b_hash`` where hashed."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        made: list[str] = []
        for cross in self.crosses_:
            if self.n_features is not None:
                joined = "*".join(str(names[j]) for j in cross)
                made += [f"{joined}_{k}" for k in range(self.n_features)]
                continue
            levels = [""]
            for j in cross:
                own = [f"{names[j]}_{c!s}" for c in self.categories_[j]]
                levels = [f"{a}*{b}" if a else b for a in levels for b in own]
            made += levels
        return np.array(made, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _spread(level: np.ndarray) -> np.ndarray:
    """A hash of whole numbers: the finaliser of MurmurHash3, so that near levels land far apart."""
    bits = level.astype(np.uint64)
    bits ^= bits >> np.uint64(33)
    bits *= np.uint64(0xFF51AFD7ED558CCD)
    bits ^= bits >> np.uint64(33)
    bits *= np.uint64(0xC4CEB9FE1A85EC53)
    bits ^= bits >> np.uint64(33)
    return (bits >> np.uint64(1)).astype(np.int64)
