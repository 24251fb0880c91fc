"""Categories into a fixed number of columns, without a vocabulary."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import TransformerMixin
from sklearn.utils import murmurhash3_32
from sklearn.utils.validation import _check_feature_names_in, validate_data

from ..core.estimator import Estimator
from .categories import is_missing
from .coding import Coded, as_columns, code_columns
from .one_hot_rows import sparse_interface


class HashingEncoder(TransformerMixin, Estimator):
    """Add the category of every input column to one of `n_features` output columns by its hash.

    Category v of column j goes to output h mod n_features with h the 32-bit Murmur hash of
    ``"j=v"``, with sign + or - from the sign of h if `alternate_sign`.

    Parameters
    ----------
    n_features : int, default=1024
    alternate_sign : bool, default=True
        Lets collisions cancel instead of adding up.
    sparse_output : bool, default=True
    dtype : numpy type, default=float64

    Notes
    -----
    Nothing is learned: new categories need no fit, and memory does not grow with their number.
    Different categories may share a column.  The hash does not depend on process or machine;
    values are hashed by their ``str``, whole floats as integers.  Each distinct value is hashed
    once.  Weinberger et al. (2009), eq. 2.

    Examples
    --------
    >>> encoder = HashingEncoder(n_features=4, sparse_output=False)
    >>> encoder.fit_transform([["red"], ["blue"], ["red"]]).tolist()
    [[0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]
    """

    def __init__(
        self,
        n_features: int = 1024,
        *,
        alternate_sign: bool = True,
        sparse_output: bool = True,
        dtype: Any = np.float64,
    ) -> None:
        self.n_features = n_features
        self.alternate_sign = alternate_sign
        self.sparse_output = sparse_output
        self.dtype = dtype

    def fit(self, X: Any, y: Any = None) -> HashingEncoder:
        """Check the input; there is nothing to learn."""
        self._check()
        as_columns(X)
        validate_data(self, X=X, reset=True, skip_check_array=True)
        return self

    def _check(self) -> None:
        if not 1 <= self.n_features < 2**31:
            raise ValueError(f"n_features must be from 1 to 2**31 - 1, got {self.n_features}")

    def transform(self, X: Any) -> Any:
        """Signed indicator rows over the hashed columns."""
        self._check()
        columns = as_columns(X)
        validate_data(self, X=X, reset=not hasattr(self, "n_features_in_"), skip_check_array=True)
        coded = code_columns(columns)
        n, p = coded[0].codes.size, len(coded)
        places = np.empty((n, p), np.int32)
        signs = np.empty((n, p), self.dtype)
        for j, column in enumerate(coded):
            hashes = hash_values(column, j)
            places[:, j] = (np.abs(hashes) % self.n_features).astype(np.int32)[column.codes]
            sign = np.where(hashes >= 0, 1, -1) if self.alternate_sign else np.ones(len(hashes))
            signs[:, j] = sign[column.codes]
        indptr = np.arange(0, n * p + 1, p)
        shape = (n, int(self.n_features))
        out = sp.csr_matrix((signs.ravel(), places.ravel(), indptr), shape=shape)
        out.sum_duplicates()
        if not self.sparse_output:
            return out.toarray()
        return out if sparse_interface() == "spmatrix" else sp.csr_array(out)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """``hash_0``, ``hash_1``, ..."""
        if input_features is not None:
            _check_feature_names_in(self, input_features)
        return np.array([f"hash_{k}" for k in range(self.n_features)], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def hash_values(column: Coded, j: int) -> np.ndarray:
    """The signed 32-bit hash of every distinct value as int64, and one more for NaN."""
    texts = [f"{j}={_spelling(v)}" for v in column.values.tolist()] + [f"{j}=nan"]
    return np.array([murmurhash3_32(text) for text in texts], dtype=np.int64)


def _spelling(value: Any) -> str:
    if is_missing(value):
        return "nan"
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(int(value)) if isinstance(value, bool) else str(value)
