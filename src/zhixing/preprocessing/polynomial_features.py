"""Products of columns up to a degree."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, combinations_with_replacement
from math import comb
from numbers import Integral
from typing import Any

import numpy as np
from scipy import sparse as sp
from sklearn.base import TransformerMixin
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from ..core.arrays import writable
from ..core.estimator import Estimator
from ..core.parallel import each, slices
from ..core.validation import rows
from ..kernels.monomials import monomials, sparse_monomials

_MOST_SPARSE_PARENTS = 50_000_000  # monomials below the top degree that a sparse expansion tables


class PolynomialFeatures(TransformerMixin, Estimator):
    """Expand columns to all products up to a degree: 1, x_a, x_a x_b, ..., so a linear model bends.

    Parameters
    ----------
    degree : int or (least, most), default=2
    interaction_only : bool, default=False
        Only products of different columns.
    include_bias : bool, default=True
        The column of ones.
    order : {"C", "F"}, default="C"
        Layout of the dense output.

    Attributes
    ----------
    powers_ : ndarray of shape (n_output_features_, n_features_in_)
        Exponent of every input in every output.
    n_output_features_ : int

    Notes
    -----
    A product is a shorter one times one more column, row by row, so every output costs one
    multiplication while its row is in the cache; rows run in threads.  Sparse rows multiply
    stored entries only, for any degree.  Outputs: C(p + d, d) for p columns and degree d.

    Examples
    --------
    >>> expand = PolynomialFeatures(2, interaction_only=True).fit([[1.0, 2.0], [3.0, 4.0]])
    >>> expand.transform([[3.0, 4.0]]), expand.get_feature_names_out(["a", "b"]).tolist()
    (array([[ 1.,  3.,  4., 12.]]), ['1', 'a', 'b', 'a b'])
    """

    def __init__(
        self,
        degree: Any = 2,
        *,
        interaction_only: bool = False,
        include_bias: bool = True,
        order: str = "C",
    ) -> None:
        self.degree = degree
        self.interaction_only = interaction_only
        self.include_bias = include_bias
        self.order = order

    def fit(self, X: Any, y: Any = None) -> PolynomialFeatures:
        """Count the outputs."""
        if self.order not in ("C", "F"):
            raise ValueError(f"order must be 'C' or 'F', got {self.order!r}")
        least, most = self._degrees()
        p = rows(self, X, fitting=True, sparse=("csr", "csc")).shape[1]
        sizes = [self._count(p, d) for d in range(max(1, least), most + 1)]
        self.n_output_features_ = sum(sizes) + bool(self.include_bias)
        if self.n_output_features_ > np.iinfo(np.intp).max:
            raise ValueError(
                "The output that would result from the current configuration would have "
                f"{self.n_output_features_} features which is too large to be indexed by "
                f"{np.intp().dtype.name}. Please lower the degree, set interaction_only=True or "
                f"use fewer than the current n_features={p}"
            )
        return self

    def _degrees(self) -> tuple[int, int]:
        if isinstance(self.degree, Integral):
            least, most = 0, int(self.degree)
            if most < 0:
                raise ValueError(
                    f"degree must be a non-negative int or tuple (min_degree, max_degree), got "
                    f"{self.degree}."
                )
            if most == 0 and not self.include_bias:
                raise ValueError(
                    "Setting degree to zero and include_bias to False would result in an empty "
                    "output array."
                )
        elif isinstance(self.degree, Iterable) and len(list(self.degree)) == 2:
            least, most = (int(d) if isinstance(d, Integral) else d for d in self.degree)
            if not (isinstance(least, int) and isinstance(most, int) and 0 <= least <= most):
                raise ValueError(
                    "degree=(min_degree, max_degree) must be non-negative integers that fulfil "
                    f"min_degree <= max_degree, got {self.degree}."
                )
            if most == 0 and not self.include_bias:
                raise ValueError(
                    "Setting both min_degree and max_degree to zero and include_bias to False "
                    "would result in an empty output array."
                )
        else:
            raise ValueError(
                "degree must be a non-negative int or tuple (min_degree, max_degree), got "
                f"{self.degree}."
            )
        return int(least), int(most)

    def _count(self, p: int, degree: int) -> int:
        return comb(p, degree) if self.interaction_only else comb(p + degree - 1, degree)

    def _terms(self) -> list[tuple[int, ...]]:
        """The columns of every product, in the order of the outputs."""
        least, most = self._degrees()
        choose = combinations if self.interaction_only else combinations_with_replacement
        found: list[tuple[int, ...]] = [()] if self.include_bias else []
        for degree in range(max(1, least), most + 1):
            found.extend(choose(range(self.n_features_in_), degree))
        return found

    @property
    def powers_(self) -> np.ndarray:
        """Exponent of every input in every output."""
        check_is_fitted(self)
        terms = self._terms()
        powers = np.zeros((len(terms), self.n_features_in_), dtype=np.int64)
        for k, term in enumerate(terms):
            for j in term:
                powers[k, j] += 1
        return powers

    def transform(self, X: Any) -> Any:
        """The products, CSR or CSC for sparse input."""
        check_is_fitted(self)
        X = rows(self, X, sparse=("csr", "csc"))
        if sp.issparse(X):
            out = self._sparse(X.tocsr())
            return out if X.format == "csr" else out.tocsc()
        parent, factor, kept = self._recipe()
        n = X.shape[0]
        whole = len(kept) == len(parent)
        order: Any = self.order
        out = np.empty((n, len(kept)), X.dtype, order="C" if whole else order)

        def fill(s: slice) -> None:
            made = out[s] if whole else np.empty((s.stop - s.start, len(parent)), X.dtype)
            monomials(writable(np.ascontiguousarray(X[s])), parent, factor, made)
            if not whole:
                out[s] = made[:, kept]

        each(fill, slices(n, max(1, 2**17 // max(1, len(parent)))))
        return np.asarray(out, order=order)

    def _recipe(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Parent and last factor of every product needed, and which of them are outputs."""
        least, most = self._degrees()
        choose = combinations if self.interaction_only else combinations_with_replacement
        place: dict[tuple[int, ...], int] = {(): -1}
        parent, factor, kept = [], [], []
        if self.include_bias:
            parent.append(-1)
            factor.append(-1)
            kept.append(0)
        for degree in range(1, most + 1):
            for term in choose(range(self.n_features_in_), degree):
                place[term] = len(parent)
                if degree >= least:
                    kept.append(len(parent))
                parent.append(place[term[:-1]])
                factor.append(term[-1])
        return tuple(np.array(v, dtype=np.int64) for v in (parent, factor, kept))  # type: ignore[return-value]

    def _sparse(self, X: Any) -> Any:
        X.sort_indices()
        least, most = self._degrees()
        n, p = X.shape
        least = max(1, least)
        sizes = [self._count(p, d) for d in range(1, most + 1)]
        parents = sum(sizes[:-1])
        if parents > _MOST_SPARSE_PARENTS:
            raise ValueError(
                f"{p} columns have {parents} products below degree {most}, too many to expand; "
                "lower the degree or select columns first"
            )
        repeat = 0 if self.interaction_only else 1
        children = self._children(p, most, repeat)
        stored = np.diff(X.indptr).astype(np.int64)
        length = np.zeros(n, np.int64)
        for degree in range(least, most + 1):
            counts = {int(m): self._count(int(m), degree) for m in np.unique(stored)}
            length += np.array([counts[int(m)] for m in stored], dtype=np.int64)
        heads = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        indices = np.empty(int(heads[-1]), np.int64)
        data = np.empty(int(heads[-1]), X.dtype)
        source, entries, starts = (
            np.ascontiguousarray(X.data),
            X.indices.astype(np.int64),
            X.indptr.astype(np.int64),
        )
        if most:
            each(
                lambda s: sparse_monomials(
                    source, entries, starts[s.start : s.stop + 1], children, most, least, repeat,
                    heads[s], indices, data,
                ),
                slices(n, 4096),
            )  # fmt: skip
        skipped = sum(sizes[: least - 1])
        bias = int(self.include_bias)
        indices += bias - skipped
        kind = type(X)
        out = kind((data, indices, heads), shape=(n, self.n_output_features_))
        if self.include_bias:
            ones = sp.csr_array((np.ones(n, X.dtype), np.zeros(n, np.int64), np.arange(n + 1)))
            ones.resize((n, self.n_output_features_))
            out = kind(out + kind(ones))
        if self.n_output_features_ < 2**31 and out.nnz < 2**31:
            out.indices = out.indices.astype(np.int32)
            out.indptr = out.indptr.astype(np.int32)
        return out

    def _children(self, p: int, most: int, repeat: int) -> np.ndarray:
        """For every product below the top degree the place of its first extension.

        Extensions of one product follow each other: by its last column, the next, and so on.
        """
        last = np.arange(p)
        found = []
        start = p
        for _ in range(1, most):
            extensions = p - last - 1 + repeat
            ends = np.cumsum(extensions)
            found.append(start + ends - extensions)
            start += int(ends[-1]) if ends.size else 0
            total = int(ends[-1]) if ends.size else 0
            owner = np.repeat(np.arange(last.size), extensions)
            last = last[owner] + 1 - repeat + np.arange(total) - (ends - extensions)[owner]
        return np.concatenate(found).astype(np.int64) if found else np.empty(0, np.int64)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """E.g. ``"1"``, ``"a"``, ``"a^2 b"``."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        made = []
        for term in self._terms():
            powers = {j: term.count(j) for j in term}
            parts = [names[j] if k == 1 else f"{names[j]}^{k}" for j, k in powers.items()]
            made.append(" ".join(parts) if parts else "1")
        return np.array(made, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
