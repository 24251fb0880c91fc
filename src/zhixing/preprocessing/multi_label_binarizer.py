"""Sets of labels as indicator columns."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from .one_hot_rows import sparse_interface


class MultiLabelBinarizer(TransformerMixin, Estimator, auto_wrap_output_keys=None):  # pyright: ignore[reportGeneralTypeIssues, reportCallIssue]
    """One column per label, 1 where the label is in the set of the row.

    Parameters
    ----------
    classes : array-like or None, default=None
        Labels in the order of the columns; None is all that occur, sorted.
    sparse_output : bool, default=False

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)

    Examples
    --------
    >>> binarizer = MultiLabelBinarizer()
    >>> binarizer.fit_transform([("sci-fi", "thriller"), ("comedy",)])
    array([[0, 1, 1],
           [1, 0, 0]])
    >>> binarizer.inverse_transform(np.array([[1, 0, 1]]))
    [('comedy', 'thriller')]
    """

    def __init__(self, *, classes: Any = None, sparse_output: bool = False) -> None:
        self.classes = classes
        self.sparse_output = sparse_output

    def fit(self, y: Iterable[Iterable[Any]]) -> MultiLabelBinarizer:
        """Find the labels."""
        if self.classes is None:
            listed = sorted(set(chain.from_iterable(y)))
        else:
            listed = list(self.classes)
            if len(set(listed)) < len(listed):
                raise ValueError(
                    "The classes argument contains duplicate classes. Remove these duplicates "
                    "before passing them to MultiLabelBinarizer."
                )
        dtype = np.int64 if all(isinstance(c, int | np.integer) for c in listed) else object
        self.classes_ = np.empty(len(listed), dtype=dtype)
        self.classes_[:] = listed
        return self

    def fit_transform(self, y: Iterable[Iterable[Any]]) -> Any:
        """`fit` and `transform`."""
        sets = [list(labels) for labels in y]
        return self.fit(sets).transform(sets)

    def transform(self, y: Iterable[Iterable[Any]]) -> Any:
        """Indicator rows; unknown labels are left out with a warning."""
        check_is_fitted(self)
        place = {label: k for k, label in enumerate(self.classes_.tolist())}
        indices: list[int] = []
        indptr = [0]
        unknown = set()
        for labels in y:
            row = set()
            for label in labels:
                at = place.get(label)
                if at is None:
                    unknown.add(label)
                else:
                    row.add(at)
            indices.extend(sorted(row))
            indptr.append(len(indices))
        if unknown:
            shown = sorted(unknown, key=str)
            warnings.warn(f"unknown class(es) {shown} will be ignored", stacklevel=2)
        ones = np.ones(len(indices), dtype=np.int64)
        shape = (len(indptr) - 1, len(self.classes_))
        made = sp.csr_matrix((ones, np.array(indices, np.int32), np.array(indptr)), shape=shape)
        if not self.sparse_output:
            return made.toarray()
        return made if sparse_interface() == "spmatrix" else sp.csr_array(made)

    def inverse_transform(self, yt: Any) -> list[tuple[Any, ...]]:
        """The labels of every row."""
        check_is_fitted(self)
        if yt.shape[1] != len(self.classes_):
            raise ValueError(
                f"Expected indicator for {len(self.classes_)} classes, but got {yt.shape[1]}"
            )
        made = sp.csr_matrix(yt)
        if not np.isin(made.data, (0, 1)).all():
            raise ValueError("Expected only 0s and 1s in label indicator.")
        made.eliminate_zeros()
        ends = zip(made.indptr[:-1], made.indptr[1:])
        return [tuple(self.classes_[made.indices[a:b]].tolist()) for a, b in ends]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.target_tags.two_d_labels = True
        return tags
