"""Every column to a uniform or normal distribution, through its quantiles."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy import sparse as sp
from scipy.special import ndtr, ndtri
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.parallel import each, slices
from ..core.random import generator
from ..core.validation import rows
from .quantiles import column_quantiles

#: Shares closer than this to 0 or 1 are held there, so that no normal quantile is infinite.
_EDGE = 1e-7
_PIECE = 2**15
_SMALL = 2**13  # entries below which threads cost more than the work


class QuantileTransformer(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Map every value to its share in the empirical distribution, then to a normal quantile if asked.

    With quantiles q_k at shares r_k = k / (n_quantiles - 1), u = interpolation of r over q at x
    (for repeated quantiles the middle of their shares), and z = u or z = normal quantile of u.

    Parameters
    ----------
    n_quantiles : int, default=1000
        At most the number of rows.
    output_distribution : {"uniform", "normal"}, default="uniform"
    ignore_implicit_zeros : bool, default=False
        Whether only stored values of a sparse matrix count.
    subsample : int or None, default=10_000
        Rows the quantiles are found on.
    random_state : int, RandomState, Generator or None, default=None
    copy : bool, default=True
        Kept for compatibility; dense input is never changed.

    Attributes
    ----------
    quantiles_ : ndarray of shape (n_quantiles_, n_features)
    references_ : ndarray of shape (n_quantiles_,)
    n_quantiles_ : int

    Notes
    -----
    The map is monotone and invertible by interpolation between the quantiles; values outside the
    range of `fit` go to its ends.  NaN passes through.  A repeated quantile is interpolated twice
    only where the column has one, and pieces run in threads.

    Examples
    --------
    >>> transformer = QuantileTransformer(n_quantiles=5).fit([[0.0], [1.0], [2.0], [10.0], [100.0]])
    >>> transformer.transform([[1.5], [1000.0]]), transformer.inverse_transform([[0.5]])
    (array([[0.375],
           [1.   ]]), array([[2.]]))
    """

    def __init__(
        self,
        *,
        n_quantiles: int = 1000,
        output_distribution: str = "uniform",
        ignore_implicit_zeros: bool = False,
        subsample: int | None = 10_000,
        random_state: Any = None,
        copy: bool = True,
    ) -> None:
        self.n_quantiles = n_quantiles
        self.output_distribution = output_distribution
        self.ignore_implicit_zeros = ignore_implicit_zeros
        self.subsample = subsample
        self.random_state = random_state
        self.copy = copy

    def fit(self, X: Any, y: Any = None) -> QuantileTransformer:
        """Find the quantiles of every column."""
        if self.output_distribution not in ("uniform", "normal"):
            raise ValueError(
                "output_distribution must be 'uniform' or 'normal', "
                f"got {self.output_distribution!r}"
            )
        if self.n_quantiles < 1:
            raise ValueError(f"n_quantiles must be at least 1, got {self.n_quantiles}")
        if self.subsample is not None and self.n_quantiles > self.subsample:
            raise ValueError(
                "The number of quantiles cannot be greater than the number of samples used. Got "
                f"{self.n_quantiles} quantiles and {self.subsample} samples."
            )
        X = self._checked(X, fitting=True)
        n = X.shape[0]
        if self.n_quantiles > n:
            warnings.warn(
                f"n_quantiles ({self.n_quantiles}) is greater than the total number of samples "
                f"({n}). n_quantiles is set to n_samples.",
                stacklevel=2,
            )
        self.n_quantiles_ = max(1, min(self.n_quantiles, n))
        self.references_ = np.linspace(0, 1, self.n_quantiles_)
        if sp.issparse(X) and self.ignore_implicit_zeros:
            stored = [X.data[a:b] for a, b in zip(X.indptr[:-1], X.indptr[1:])]
            made = [self._drawn(x[:, None]) for x in stored]
            found = [
                column_quantiles(x, self.references_)[:, 0]
                if x.size
                else np.zeros(len(self.references_))
                for x in made
            ]
            self.quantiles_ = np.column_stack(found)
        else:
            self.quantiles_ = column_quantiles(self._drawn(X), self.references_)
        return self

    def _drawn(self, X: Any) -> Any:
        n = X.shape[0]
        if self.subsample is None or n <= self.subsample:
            return X
        chosen = generator(self.random_state).choice(n, self.subsample, replace=False)
        return X.tocsr()[chosen] if sp.issparse(X) else X[np.sort(chosen)]

    def _checked(self, X: Any, *, fitting: bool, negative: bool = False) -> Any:
        X = rows(self, X, fitting=fitting, sparse=("csc",), nan=True)
        if sp.issparse(X) and not negative and not self.ignore_implicit_zeros:
            if (X.data < 0).any():
                raise ValueError("QuantileTransformer only accepts non-negative sparse matrices.")
        return X

    def transform(self, X: Any) -> Any:
        """The share, or the normal quantile of it, of every value."""
        check_is_fitted(self)
        return self._apply(self._checked(X, fitting=False), self._forward)

    def inverse_transform(self, X: Any) -> Any:
        """The values whose transform is `X`."""
        check_is_fitted(self)
        return self._apply(self._checked(X, fitting=False, negative=True), self._backward)

    def _apply(self, X: Any, task: Any) -> Any:
        columns = np.ascontiguousarray(self.quantiles_.T)
        repeated = np.asarray((columns[:, 1:] <= columns[:, :-1]).any(axis=1))
        if sp.issparse(X):
            X = X.copy()
            for j in range(X.shape[1]):
                stored = slice(X.indptr[j], X.indptr[j + 1])
                X.data[stored] = task(X.data[stored].astype(np.float64), columns[j], repeated[j])
            return X
        out = np.empty_like(X)

        def fill(piece: tuple[int, slice]) -> None:
            j, s = piece
            out[s, j] = task(X[s, j].astype(np.float64), columns[j], repeated[j])

        pieces = [(j, s) for s in slices(len(X), _PIECE) for j in range(X.shape[1])]
        if X.size <= _SMALL:
            for piece in pieces:
                fill(piece)
        else:
            each(fill, pieces)
        return out

    def _forward(self, x: np.ndarray, quantiles: np.ndarray, repeated: bool) -> np.ndarray:
        known = ~np.isnan(x)
        u = np.interp(x, quantiles, self.references_)
        if repeated:
            # Repeated quantiles: the middle between their first and their last share.
            u = 0.5 * (u - np.interp(-x, -quantiles[::-1], -self.references_[::-1]))
        slack = _EDGE if self.output_distribution == "normal" else 0.0
        with np.errstate(invalid="ignore"):
            u = np.where(x + slack > quantiles[-1], 1.0, u) if slack else u
            u = np.where(x - slack < quantiles[0], 0.0, u) if slack else u
            if not slack:
                u = np.where(x >= quantiles[-1], 1.0, u)
                u = np.where(x <= quantiles[0], 0.0, u)
            if self.output_distribution == "normal":
                least = _EDGE - np.spacing(1)
                u = np.clip(ndtri(u), ndtri(least), ndtri(1 - least))
        return np.where(known, u, np.nan)

    def _backward(self, z: np.ndarray, quantiles: np.ndarray, repeated: bool) -> np.ndarray:
        slack = 0.0
        if self.output_distribution == "normal":
            z, slack = ndtr(z), _EDGE
        x = np.interp(z, self.references_, quantiles)
        with np.errstate(invalid="ignore"):
            x = np.where(z + slack > 1, quantiles[-1], x)
            x = np.where(z - slack < 0, quantiles[0], x)
        return np.where(np.isnan(z), np.nan, x)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
