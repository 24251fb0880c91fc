"""One column of zeros and ones for every category."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.utils.validation import _check_feature_names_in, check_array, check_is_fitted

from ..core.estimator import Estimator
from .categories import Recognised, is_missing, learn_categories, recognise
from .one_hot_rows import dense_rows, sparse_rows
from .rare import RARE, check_grouping, grouped_index, grouping_asked, rare_categories


class OneHotEncoder(TransformerMixin, Estimator):
    """Encode categories as zeros and ones: output column k of input j is [x_j = category k].

    Parameters
    ----------
    categories : "auto" or list of array-like, default="auto"
        Categories of every column, sorted where they are numbers.
    drop : {"first", "if_binary"} or array-like of shape (n_features,), default=None
        One category per column to leave out, after rare ones are grouped.
    sparse_output : bool, default=True
        CSR matrix, or a dense array.
    dtype : numpy type, default=float64
    handle_unknown : {"error", "ignore", "infrequent_if_exist", "warn"}, default="error"
        An unknown category raises, gives zeros, or counts as rare (with a warning for "warn").
    min_frequency : int or float, default=None
        Categories seen in fewer rows (or a smaller share) are rare and share one output column.
    max_categories : int, default=None
        Most output columns per input column, the group of rare ones counted.
    feature_name_combiner : "concat" or callable, default="concat"
        Makes an output name of an input name and a category.

    Attributes
    ----------
    categories_ : list of ndarray
        Sorted; None and NaN come last and are categories of their own.
    drop_idx_ : ndarray of object or None
    infrequent_categories_ : list of ndarray or None, where grouping was asked for

    Notes
    -----
    One hashing pass per column without sorting; CSR rows are written in place, in threads.
    O(n p) time; memory: the output and 4 n p bytes.  pandas and polars frames are read column by
    column: categorical and text columns are never turned into Python objects.  Differs from
    scikit-learn in naming each unknown category once, and in reading polars columns with their types.

    Examples
    --------
    >>> encoder = OneHotEncoder(sparse_output=False, handle_unknown="ignore")
    >>> encoder.fit_transform([["red"], ["blue"], ["red"]])
    array([[0., 1.],
           [1., 0.],
           [0., 1.]])
    >>> encoder.get_feature_names_out(["colour"]).tolist(), encoder.transform([["green"]]).tolist()
    (['colour_blue', 'colour_red'], [[0.0, 0.0]])
    """

    def __init__(
        self,
        *,
        categories: Any = "auto",
        drop: Any = None,
        sparse_output: bool = True,
        dtype: Any = np.float64,
        handle_unknown: str = "error",
        min_frequency: int | float | None = None,
        max_categories: int | None = None,
        feature_name_combiner: str | Callable[[str, Any], str] = "concat",
    ) -> None:
        self.categories = categories
        self.sparse_output = sparse_output
        self.dtype = dtype
        self.handle_unknown = handle_unknown
        self.drop = drop
        self.min_frequency = min_frequency
        self.max_categories = max_categories
        self.feature_name_combiner = feature_name_combiner

    def fit(self, X: Any, y: Any = None) -> OneHotEncoder:
        """Learn the categories of every column."""
        self._learn(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> Any:
        """`fit` and `transform` with one pass over the values."""
        return self._encode(self._learn(X))

    def _learn(self, X: Any) -> list[Recognised]:
        if self.handle_unknown not in ("error", "ignore", "infrequent_if_exist", "warn"):
            raise ValueError(
                "handle_unknown must be 'error', 'ignore', 'infrequent_if_exist' or 'warn', "
                f"got {self.handle_unknown!r}"
            )
        check_grouping(self)
        columns = learn_categories(self, X, handle_unknown=self.handle_unknown)
        self._rare: list[np.ndarray | None] = [None] * len(columns)
        if grouping_asked(self):
            self._rare = rare_categories(columns, self.categories_, self, keep_missing=False)
        groups = [grouped_index(len(c), r) for c, r in zip(self.categories_, self._rare)]
        self._dropped = self._choose_dropped(groups)
        self.drop_idx_ = None
        if self.drop is not None:
            self.drop_idx_ = np.array(
                [
                    None if k is None else int(np.flatnonzero(group == k)[0])
                    for k, group in zip(self._dropped, groups)
                ],
                dtype=object,
            )
        sizes = [int(group.max(initial=-1)) + 1 for group in groups]
        widths = [size - (k is not None) for size, k in zip(sizes, self._dropped)]
        self._starts = np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
        # The output column of every category, -1 for the dropped one; the last is for unknown ones.
        self._targets: list[np.ndarray] = []
        joins = self.handle_unknown in ("infrequent_if_exist", "warn")
        for group, k, rare, start in zip(groups, self._dropped, self._rare, self._starts):
            target = group + start
            if k is not None:
                target = np.where(group == k, -1, target - (group > k))
            unknown = target[rare[0]] if joins and rare is not None else -1
            self._targets.append(np.append(target, unknown).astype(np.int32))
        return columns

    def _choose_dropped(self, groups: list[np.ndarray]) -> list[int | None]:
        sizes = [int(group.max(initial=-1)) + 1 for group in groups]
        if self.drop is None:
            return [None] * len(groups)
        if isinstance(self.drop, str):
            if self.drop == "first":
                return [0] * len(groups)
            if self.drop == "if_binary":
                return [0 if size == 2 else None for size in sizes]
            raise ValueError(f"drop must be 'first', 'if_binary' or a list, got {self.drop!r}")
        wanted = np.asarray(self.drop, dtype=object)
        if len(wanted) != len(groups):
            raise ValueError(
                f"`drop` should have length equal to the number of features ({len(groups)}), "
                f"got {len(wanted)}"
            )
        chosen: list[int | None] = []
        absent = []
        for j, (value, known) in enumerate(zip(wanted, self.categories_)):
            listed = known.tolist()
            if is_missing(value):
                at = [len(listed) - 1] if listed and is_missing(listed[-1]) else []
            else:
                at = [i for i, v in enumerate(listed) if v is value or v == value][:1]
            if not at:
                absent.append(f"Category: {value}, Feature: {j}")
                continue
            rare = self._rare[j]
            if rare is not None and at[0] in rare:
                raise ValueError(
                    f"Unable to drop category {value!r} from feature {j} because it is infrequent"
                )
            chosen.append(int(groups[j][at[0]]))
        if absent:
            raise ValueError(
                "The following categories were supposed to be dropped, but were not found in the "
                "training data.\n" + "\n".join(absent)
            )
        return chosen

    def transform(self, X: Any) -> Any:
        """Zeros and ones, CSR if `sparse_output`."""
        check_is_fitted(self)
        strict = self.handle_unknown == "error"
        columns = recognise(self, X, handle_unknown="error" if strict else "ignore")
        if self.handle_unknown == "warn" or (self.drop is not None and not strict):
            strange = [j for j, column in enumerate(columns) if column.unknown]
            if strange:
                how = "all zeros" if self.handle_unknown == "ignore" else "the infrequent category"
                warnings.warn(
                    f"Found unknown categories in columns {strange} during transform. These "
                    f"unknown categories will be encoded as {how}",
                    UserWarning,
                    stacklevel=2,
                )
        return self._encode(columns)

    def _encode(self, columns: list[Recognised]) -> Any:
        final = [(c.codes, target[c.index]) for c, target in zip(columns, self._targets)]
        width = int(self._starts[-1])
        if self.sparse_output:
            return sparse_rows(final, width, np.dtype(self.dtype))
        return dense_rows(final, width, np.dtype(self.dtype))

    def inverse_transform(self, X: Any) -> np.ndarray:
        """The categories of rows of zeros and ones.

        A row of zeros is the dropped category, else None where unknown ones were ignored, else an
        error; the group of rare categories is named ``infrequent_sklearn``.
        """
        check_is_fitted(self)
        X = check_array(X, accept_sparse="csr")
        n, width = X.shape[0], int(self._starts[-1])
        if X.shape[1] != width:
            raise ValueError(
                f"Shape of the passed X data is not correct. Expected {width} columns, "
                f"got {X.shape[1]}."
            )
        names = [self._output_categories(j, dropped=True) for j in range(self.n_features_in_)]
        out = np.empty((n, len(names)), dtype=np.result_type(*[c.dtype for c in names]))
        unknown = []
        for j, known in enumerate(names):
            block = X[:, self._starts[j] : self._starts[j + 1]]
            k = self._dropped[j]
            kept = known if k is None else np.delete(known, k)
            empty = np.ones(n, bool)
            if len(kept):
                out[:, j] = kept[np.asarray(block.argmax(axis=1)).ravel()]
                empty = np.asarray(block.sum(axis=1) == 0).ravel()
            if not empty.any():
                continue
            if k is not None:
                out[empty, j] = known[k]
            elif self.handle_unknown == "ignore" or (
                self.handle_unknown != "error" and self._rare[j] is None
            ):
                unknown.append((j, empty))
            else:
                raise ValueError(
                    f"Samples {np.flatnonzero(empty)} can not be inverted when drop=None and "
                    "handle_unknown='error' because they contain all zeros"
                )
        if unknown:
            out = out.astype(object)
            for j, empty in unknown:
                out[empty, j] = None
        return out

    def _output_categories(self, j: int, *, dropped: bool) -> np.ndarray:
        known = self.categories_[j]
        rare = self._rare[j]
        if rare is not None:
            known = np.append(np.delete(known, rare).astype(object), RARE)
        gone = self._dropped[j]
        if not dropped and gone is not None:
            known = np.delete(known, gone)
        return known

    @property
    def infrequent_categories_(self) -> list[np.ndarray | None]:
        """Rare categories of every column, None where there are none."""
        if not grouping_asked(self):
            raise AttributeError("no grouping was asked for: set min_frequency or max_categories")
        return [None if r is None else c[r] for c, r in zip(self.categories_, self._rare)]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """``name_category`` for every output column."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        combine = self.feature_name_combiner
        if combine == "concat":
            combine = lambda name, category: f"{name}_{category!s}"  # noqa: E731
        elif not callable(combine):
            raise ValueError("feature_name_combiner must be 'concat' or a callable")
        made = [
            combine(name, category)
            for j, name in enumerate(names)
            for category in self._output_categories(j, dropped=False)
        ]
        for name in made:
            if not isinstance(name, str):
                raise TypeError(
                    "When `feature_name_combiner` is a callable, it should return a Python "
                    f"string. Got {type(name)} instead."
                )
        return np.array(made, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags
