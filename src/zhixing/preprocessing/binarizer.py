"""Zero or one, by a threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import OneToOneFeatureMixin, TransformerMixin

from ..core.estimator import Estimator
from ..core.validation import rows


class Binarizer(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """1 where x > threshold, 0 elsewhere.

    Parameters
    ----------
    threshold : float, default=0.0
        Not negative for sparse input, whose zeros must stay zeros.
    copy : bool, default=True

    Notes
    -----
    Without state: `fit` only checks.  O(n p).

    Examples
    --------
    >>> Binarizer(threshold=0.5).transform([[0.2, 1.0]])
    array([[0., 1.]])
    """

    def __init__(self, *, threshold: float = 0.0, copy: bool = True) -> None:
        self.threshold = threshold
        self.copy = copy

    def fit(self, X: Any, y: Any = None) -> Binarizer:
        """Check the input; there is nothing to learn."""
        rows(self, X, fitting=True, sparse=("csr", "csc"))
        return self

    def transform(self, X: Any, copy: bool | None = None) -> Any:
        """Zeros and ones in the float type of `X`."""
        given, copy = X, self.copy if copy is None else copy
        X = rows(self, X, sparse=("csr", "csc"))
        if sp.issparse(X):
            if self.threshold < 0:
                raise ValueError("Cannot binarize a sparse matrix with threshold < 0")
            X = X.copy() if copy else X
            X.data = (X.data > self.threshold).astype(X.dtype)
            X.eliminate_zeros()
            return X
        in_place = not copy and X is given and X.flags.writeable
        out = X if in_place else np.empty_like(X)
        return np.greater(X, self.threshold, out=out, casting="unsafe")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.requires_fit = False
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
