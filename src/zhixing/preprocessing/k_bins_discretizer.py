"""Numbers into bins."""

from __future__ import annotations

import warnings
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import (
    _check_feature_names_in,
    _check_sample_weight,
    check_array,
    check_is_fitted,
    column_or_1d,
)

from ..core.arrays import writable
from ..core.estimator import Estimator
from ..core.parallel import each, slices
from ..core.random import generator
from ..core.validation import FLOATS, rows
from ..kernels.bin_columns import bin_columns
from .column_ranges import ranges
from .cut_points import (
    given_edges,
    kmeans_edges,
    quantile_edges,
    supervised_edges,
    uniform_edges,
)
from .one_hot_rows import one_per_column
from .quantiles import map_columns

_STRATEGIES = ("uniform", "quantile", "kmeans", "supervised")


class KBinsDiscretizer(TransformerMixin, Estimator):
    """Cut every column into bins and give the number of the bin, or one column per bin.

    A value belongs to bin k if edge_k <= x < edge_(k+1); the first and the last bin are open
    outwards, so an age of 300 falls in the last one.

    Parameters
    ----------
    n_bins : int or array-like of shape (n_features,), default=5
    encode : {"onehot", "onehot-dense", "ordinal"}, default="onehot"
        CSR matrix, dense array, or the number of the bin.
    strategy : {"quantile", "uniform", "kmeans", "supervised"}, default="quantile"
        Equal frequency; equal width; one-dimensional k-means, solved exactly; the cuts of a
        regression tree on
        the target, which `fit` then needs.
    quantile_method : str, default="averaged_inverted_cdf"
        Any method of ``numpy.quantile``; with weights this one or "inverted_cdf".
    dtype : {float64, float32} or None, default=None
        Of the output; None follows the input.
    subsample : int or None, default=200_000
        Rows the edges are found on, drawn with replacement in proportion to the weights.
    random_state : int, RandomState, Generator or None, default=None
    cut_points : list of array-like, default=None
        The inner edges of every column, in place of `n_bins` and `strategy`.

    Attributes
    ----------
    bin_edges_ : ndarray of object of shape (n_features,)
    n_bins_ : ndarray of shape (n_features,)
        Bins narrower than 1e-8 are removed, with a warning.

    Notes
    -----
    `fit` costs O(n) for "uniform" and O(s log s) for the others, s = min(n, subsample);
    `transform` one pass with a binary search per value, rows in threads.
    Differs from scikit-learn in the exact "kmeans", in "supervised", `cut_points`, and weights for
    all strategies.

    Examples
    --------
    >>> X = [[-2, 1], [-1, 2], [0, 3], [1, 4]]
    >>> bins = KBinsDiscretizer(n_bins=3, encode="ordinal", strategy="uniform").fit(X)
    >>> bins.transform([[300, -300]]), bins.bin_edges_[0]
    (array([[2., 0.]]), array([-2., -1.,  0.,  1.]))
    """

    def __init__(
        self,
        n_bins: Any = 5,
        *,
        encode: str = "onehot",
        strategy: str = "quantile",
        quantile_method: str = "averaged_inverted_cdf",
        dtype: Any = None,
        subsample: int | None = 200_000,
        random_state: Any = None,
        cut_points: Any = None,
    ) -> None:
        self.n_bins = n_bins
        self.encode = encode
        self.strategy = strategy
        self.quantile_method = quantile_method
        self.dtype = dtype
        self.subsample = subsample
        self.random_state = random_state
        self.cut_points = cut_points

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> KBinsDiscretizer:
        """Find the edges of every column."""
        if self.encode not in ("onehot", "onehot-dense", "ordinal"):
            raise ValueError(
                f"encode must be 'onehot', 'onehot-dense' or 'ordinal', got {self.encode!r}"
            )
        if self.strategy not in _STRATEGIES:
            raise ValueError(f"strategy must be one of {_STRATEGIES}, got {self.strategy!r}")
        if self.dtype not in (None, np.float64, np.float32):
            raise ValueError(f"dtype must be float64, float32 or None, got {self.dtype!r}")
        X = rows(self, X, fitting=True)
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
            plain = self.quantile_method in ("inverted_cdf", "averaged_inverted_cdf")
            if self.strategy == "quantile" and not plain:
                raise ValueError(
                    "When fitting with strategy='quantile' and sample weights, quantile_method "
                    "should either be set to 'averaged_inverted_cdf' or 'inverted_cdf', got "
                    f"quantile_method='{self.quantile_method}' instead."
                )
        self.n_bins_ = self._asked(X.shape[1])
        if self.cut_points is not None:
            if len(self.cut_points) != X.shape[1]:
                raise ValueError(
                    f"cut_points has {len(self.cut_points)} entries for {X.shape[1]} columns"
                )
            edges = [given_edges(cuts, j) for j, cuts in enumerate(self.cut_points)]
        else:
            Y = self._target(y, X.shape[0]) if self.strategy == "supervised" else None
            edges = self._edges(X, Y, weight)
        self.bin_edges_ = np.empty(len(edges), object)
        self.bin_edges_[:] = edges
        self.n_bins_ = np.array([len(e) - 1 for e in edges])
        return self

    def _check_loaded(self) -> None:
        """Refuse attributes from a model file that do not fit one another."""
        if "bin_edges_" in vars(self):
            sizes = [len(edges) - 1 for edges in self.bin_edges_]
            if len(sizes) != self.n_features_in_ or np.asarray(self.n_bins_).tolist() != sizes:
                raise ValueError("KBinsDiscretizer.n_bins_ does not fit bin_edges_")

    def _asked(self, p: int) -> np.ndarray:
        if isinstance(self.n_bins, Integral):
            if self.n_bins < 2:
                raise ValueError(f"n_bins must be a whole number from 2 on, got {self.n_bins}")
            return np.full(p, int(self.n_bins))
        asked = check_array(self.n_bins, dtype=int, copy=True, ensure_2d=False)
        if asked.ndim > 1 or asked.shape[0] != p:
            raise ValueError("n_bins must be a scalar or array of shape (n_features,).")
        wrong = np.flatnonzero((asked < 2) | (asked != self.n_bins))
        if wrong.size:
            raise ValueError(
                "KBinsDiscretizer received an invalid number of bins at indices "
                f"{', '.join(map(str, wrong))}. Number of bins must be at least 2, and must be an "
                "int."
            )
        return asked

    def _target(self, y: Any, n: int) -> np.ndarray:
        if y is None:
            raise ValueError(
                "strategy='supervised' requires y to be passed, but the target y is None"
            )
        y = column_or_1d(y)
        if len(y) != n:
            raise ValueError(f"X has {n} rows and y has {len(y)}")
        if type_of_target(y) in ("binary", "multiclass"):
            classes, codes = np.unique(y, return_inverse=True)
            return np.eye(len(classes))[codes]
        return y.astype(np.float64)[:, None]

    def _edges(
        self, X: np.ndarray, Y: np.ndarray | None, weight: np.ndarray | None
    ) -> list[np.ndarray]:
        seen = X if weight is None else X[weight > 0]
        if self.subsample is not None and X.shape[0] > self.subsample:
            share = None if weight is None else weight / weight.sum()
            drawn = generator(self.random_state).choice(X.shape[0], self.subsample, p=share)
            seen = X = X[drawn]
            Y, weight = Y if Y is None else Y[drawn], None
        low, high = ranges(seen)
        constant = low == high
        asked = self.n_bins_.tolist()

        def cut(x: np.ndarray, n_bins: int) -> np.ndarray:
            if self.strategy == "quantile":
                return quantile_edges(x, weight, n_bins, self.quantile_method)
            if self.strategy == "kmeans":
                return kmeans_edges(x, weight, n_bins)
            assert Y is not None  # asked for in `fit`
            return supervised_edges(x, Y, weight, n_bins)

        if self.strategy == "uniform":
            edges = [uniform_edges(a, b, k) for a, b, k in zip(low, high, asked)]
        else:
            place = iter(asked)
            if len(set(asked)) == 1:
                edges = map_columns(lambda x: cut(x, asked[0]), X)
            else:
                edges = [cut(np.ascontiguousarray(X[:, j]), next(place)) for j in range(X.shape[1])]
        for j in range(X.shape[1]):
            if constant[j]:
                warnings.warn(f"Feature {j} is constant and will be replaced with 0.", stacklevel=3)
                edges[j] = np.array([-np.inf, np.inf])
                continue
            if self.strategy in ("quantile", "kmeans"):
                edges[j] = edges[j][np.ediff1d(edges[j], to_begin=np.inf) > 1e-8]
                if len(edges[j]) - 1 != asked[j]:
                    warnings.warn(
                        "Bins whose width are too small (i.e., <= 1e-8) in feature "
                        f"{j} are removed. Consider decreasing the number of bins.",
                        stacklevel=3,
                    )
        return edges

    def transform(self, X: Any) -> Any:
        """The bin of every value, encoded."""
        check_is_fitted(self)
        X = rows(self, X)
        dtype = np.dtype(X.dtype if self.dtype is None else self.dtype)
        if self.dtype is not None:
            X = X.astype(dtype, copy=False)
        inner = [np.asarray(edges[1:-1], dtype=np.float64) for edges in self.bin_edges_]
        starts = np.concatenate([[0], np.cumsum([len(e) for e in inner])]).astype(np.int64)
        ends = np.cumsum(self.n_bins_)
        offsets = np.concatenate([[0], ends[:-1]]).astype(np.int32)
        if self.encode == "ordinal":
            offsets[:] = 0
        cuts = np.concatenate(inner)
        n, p = X.shape
        width = int(ends[-1])
        dense = self.encode == "onehot-dense"
        if self.encode == "onehot":
            out = np.empty((n, p), np.int32)
        else:
            out = np.zeros((n, width), dtype) if dense else np.empty((n, p), dtype)

        def place(s: slice) -> None:
            piece = writable(np.ascontiguousarray(X[s]))
            bins = out[s] if self.encode == "onehot" else np.empty(piece.shape, np.int32)
            bin_columns(piece, cuts, starts, offsets, bins)
            if dense:
                out[s][np.arange(len(bins))[:, None], bins] = 1
            elif self.encode == "ordinal":
                out[s] = bins

        each(place, slices(n, max(1, 2**16 // p)))
        return one_per_column(out, width, dtype) if self.encode == "onehot" else out

    def inverse_transform(self, X: Any) -> np.ndarray:
        """The middle of every value's bin (the finite end of an open one)."""
        check_is_fitted(self)
        if self.encode == "ordinal":
            X = check_array(X, dtype=FLOATS)
            if X.shape[1] != len(self.n_bins_):
                raise ValueError(
                    f"Incorrect number of features. Expecting {len(self.n_bins_)}, received "
                    f"{X.shape[1]}."
                )
            bins = X.astype(np.int64)
        else:
            X = check_array(X, dtype=FLOATS, accept_sparse="csr")
            starts = np.concatenate([[0], np.cumsum(self.n_bins_)])
            if X.shape[1] != starts[-1]:
                raise ValueError(
                    f"Incorrect number of features. Expecting {starts[-1]}, received {X.shape[1]}."
                )
            blocks = [X[:, a:b] for a, b in zip(starts[:-1], starts[1:])]
            bins = np.column_stack([np.asarray(b.argmax(axis=1)).ravel() for b in blocks])
        out = np.empty(bins.shape, X.dtype)
        for j, edges in enumerate(self.bin_edges_):
            middle = (edges[1:] + edges[:-1]) / 2
            if self.cut_points is not None and len(edges) > 2:
                middle[[0, -1]] = edges[1], edges[-2]
            out[:, j] = middle[bins[:, j]]
        return out

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The input names; for one-hot output ``name_bin``."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        if self.encode == "ordinal":
            return names
        made = [f"{name}_{float(k)}" for name, n in zip(names, self.n_bins_) for k in range(n)]
        return np.array(made, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = self.strategy == "supervised" and self.cut_points is None
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
