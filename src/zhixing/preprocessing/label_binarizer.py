"""Labels as columns of two values, one per class."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import TransformerMixin
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_array, check_is_fitted, column_or_1d

from ..core.estimator import Estimator
from .one_hot_rows import sparse_interface


class LabelBinarizer(TransformerMixin, Estimator, auto_wrap_output_keys=None):  # pyright: ignore[reportGeneralTypeIssues, reportCallIssue]
    """One column per class, `pos_label` where the label is that class; one column for two classes.

    Parameters
    ----------
    neg_label, pos_label : int, default=0 and 1
    sparse_output : bool, default=False
        CSR matrix; needs ``neg_label=0``.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    y_type_ : str
    sparse_input_ : bool

    Notes
    -----
    Labels not seen in `fit` give rows of `neg_label`.  Indicator matrices pass through.

    Examples
    --------
    >>> LabelBinarizer().fit_transform(["no", "yes", "maybe"])
    array([[0, 1, 0],
           [0, 0, 1],
           [1, 0, 0]])
    >>> LabelBinarizer().fit_transform(["no", "yes"]).ravel()
    array([0, 1])
    """

    def __init__(
        self, *, neg_label: int = 0, pos_label: int = 1, sparse_output: bool = False
    ) -> None:
        self.neg_label = neg_label
        self.pos_label = pos_label
        self.sparse_output = sparse_output

    def fit(self, y: Any) -> LabelBinarizer:
        """Find the classes."""
        if self.neg_label >= self.pos_label:
            raise ValueError(
                f"neg_label={self.neg_label} must be strictly less than pos_label={self.pos_label}."
            )
        if self.sparse_output and (self.pos_label == 0 or self.neg_label != 0):
            raise ValueError(
                "Sparse binarization is only supported with non zero pos_label and zero neg_label, "
                f"got pos_label={self.pos_label} and neg_label={self.neg_label}"
            )
        self.y_type_ = type_of_target(y, input_name="y")
        if "multioutput" in self.y_type_:
            raise ValueError("Multioutput target data is not supported with label binarization")
        y = _labels(y)
        if y.shape[0] == 0:
            raise ValueError("y has 0 samples")
        self.sparse_input_ = sp.issparse(y)
        self.classes_ = np.arange(y.shape[1]) if y.ndim == 2 else np.unique(y)
        return self

    def fit_transform(self, y: Any) -> Any:
        """`fit` and `transform`."""
        return self.fit(y).transform(y)

    def transform(self, y: Any) -> Any:
        """Indicator columns; one column where there are two classes."""
        check_is_fitted(self)
        indicators = type_of_target(y).startswith("multilabel")
        if indicators != self.y_type_.startswith("multilabel"):
            raise ValueError("The object was not fitted with multilabel input.")
        y = _labels(y)
        width = len(self.classes_)
        if y.ndim == 2:
            made = sp.csr_matrix(y, dtype=np.int64)
            made.eliminate_zeros()
            if made.shape[1] != width:
                raise ValueError(f"y has {made.shape[1]} columns, {width} were fitted")
        else:
            at = np.searchsorted(self.classes_, y)
            at = np.minimum(at, width - 1)
            known = np.flatnonzero(self.classes_[at] == y)
            ones = np.ones(known.size, np.int64)
            made = sp.csr_matrix((ones, (known, at[known])), shape=(len(y), width))
            if self.y_type_ in ("binary", "multiclass") and width <= 2:
                made = made[:, [1]] if width == 2 else sp.csr_matrix((len(y), 1), dtype=np.int64)
        made.data[:] = self.pos_label
        if self.sparse_output:
            made.eliminate_zeros()
            return made if sparse_interface() == "spmatrix" else sp.csr_array(made)
        dense = made.toarray()
        if self.neg_label:
            dense[made.toarray() == 0] = self.neg_label
            dense[(made != 0).toarray()] = self.pos_label
        return dense

    def inverse_transform(self, Y: Any, threshold: float | None = None) -> Any:
        """The label of every row: its largest column, or for two classes whether it exceeds the
        threshold (the middle of the two values by default)."""
        check_is_fitted(self)
        if threshold is None:
            threshold = (self.pos_label + self.neg_label) / 2
        Y = check_array(Y, accept_sparse="csr", ensure_2d=False)
        if self.y_type_.startswith("multilabel"):
            above = (Y.toarray() if sp.issparse(Y) else Y) > threshold
            made = above.astype(np.int64)
            return sp.csr_matrix(made) if self.sparse_input_ else made
        values = Y.toarray() if sp.issparse(Y) else np.asarray(Y)
        values = values.reshape(len(values), -1)
        if values.shape[1] == 1:
            if len(self.classes_) == 1:
                return np.repeat(self.classes_, len(values))
            return self.classes_[(values[:, 0] > threshold).astype(np.int64)]
        if values.shape[1] != len(self.classes_):
            raise ValueError(f"Y has {values.shape[1]} columns for {len(self.classes_)} classes")
        if len(self.classes_) == 2 and self.y_type_ == "binary":
            return self.classes_[(values[:, 1] > threshold).astype(np.int64)]
        return self.classes_[values.argmax(axis=1)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.target_tags.one_d_labels = True
        return tags


def _labels(y: Any) -> Any:
    if sp.issparse(y):
        return y.tocsr()
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] > 1:
        return y
    return column_or_1d(y, warn=True)
