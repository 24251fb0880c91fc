"""Every row to length one."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import OneToOneFeatureMixin, TransformerMixin

from ..core.arrays import writable
from ..core.estimator import Estimator
from ..core.parallel import each, slices
from ..core.validation import rows
from ..kernels.normalize_rows import normalize_rows


class Normalizer(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Divide every row by its norm; rows of zeros stay zero.

    l2: sqrt(sum x^2);  l1: sum |x|;  max: max |x|.

    Parameters
    ----------
    norm : {"l1", "l2", "max"}, default="l2"
    copy : bool, default=True

    Notes
    -----
    Without state: `fit` only checks.  O(n p), rows in threads; sparse rows stay sparse.

    Examples
    --------
    >>> Normalizer().transform([[3.0, 4.0], [0.0, 0.0]])
    array([[0.6, 0.8],
           [0. , 0. ]])
    """

    def __init__(self, norm: str = "l2", *, copy: bool = True) -> None:
        self.norm = norm
        self.copy = copy

    def fit(self, X: Any, y: Any = None) -> Normalizer:
        """Check the input; there is nothing to learn."""
        if self.norm not in ("l1", "l2", "max"):
            raise ValueError(f"norm must be 'l1', 'l2' or 'max', got {self.norm!r}")
        rows(self, X, fitting=True, sparse=("csr",))
        return self

    def transform(self, X: Any, copy: bool | None = None) -> Any:
        """Rows of length one."""
        if self.norm not in ("l1", "l2", "max"):
            raise ValueError(f"norm must be 'l1', 'l2' or 'max', got {self.norm!r}")
        given, copy = X, self.copy if copy is None else copy
        X = rows(self, X, sparse=("csr",))
        if sp.issparse(X):
            return self._sparse(X, copy)
        in_place = not copy and X is given and X.flags.writeable
        tiny = 10 * np.finfo(X.dtype).eps
        order = {"l1": 1, "l2": 2, "max": 0}[self.norm]
        source = X if X.flags.c_contiguous else np.ascontiguousarray(X)
        out = X if in_place and X.flags.c_contiguous else np.empty_like(source)
        cuts = slices(len(X), max(1, 2**18 // X.shape[1]))
        each(lambda s: normalize_rows(writable(source[s]), order, tiny, out[s]), cuts)
        return out

    def _sparse(self, X: Any, copy: bool) -> Any:
        n = X.shape[0]
        row = np.repeat(np.arange(n), np.diff(X.indptr))
        size = np.abs(X.data)
        if self.norm == "max":
            length = np.zeros(n, X.dtype)
            np.maximum.at(length, row, size)
        else:
            size = size * size if self.norm == "l2" else size
            length = np.bincount(row, weights=size, minlength=n)
            length = np.sqrt(length) if self.norm == "l2" else length
        length[length == 0] = 1.0
        X = X.copy() if copy else X
        X.data /= length[row].astype(X.dtype)
        return X

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
