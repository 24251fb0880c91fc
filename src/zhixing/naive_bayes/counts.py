"""Naive Bayes on counts: what the members for words, events and categories share."""

from __future__ import annotations

import warnings
from numbers import Real as RealNumber
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.validation import _check_sample_weight, validate_data

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..core.validation import rows
from ..data.blocks import runs
from ..kernels.class_counts import class_totals, class_totals_runs
from ..kernels.sparse_dot import runs_dot_matrix
from .base import NaiveBayes
from .classes import class_codes, first_call, known_codes
from .pieces import pieces, steps, summed

#: Stands for log 0 in scores: what is impossible under every class is decided by how often.
LEAST_LOG = -1e100
_LEAST_ALPHA = 1e-10


class CountingNB(NaiveBayes):
    """Counts by class, smoothed by `alpha`; the log probability of a class is linear in them.

    A member gives `_count(X, codes, weight)`, which adds to its counts, and `_estimate(alpha)`,
    which sets ``feature_log_prob_`` and what scoring needs from them.
    """

    alpha: Any
    force_alpha: bool
    fit_prior: bool
    class_prior: Any
    feature_count_: np.ndarray

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit on X (n, p) and labels y (n,), with weights that count as repetitions."""
        self._check_parameters()
        X, y, weight = self._check_fit(X, y, sample_weight, True)
        self.classes_, codes = class_codes(y)
        return self._update(X, codes, weight, True)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Any:
        """Add the counts of one more chunk; `classes` names every class in the first call.

        The result is that of one `fit` on all chunks.
        """
        self._check_parameters()
        first = not hasattr(self, "classes_")
        X, y, weight = self._check_fit(X, y, sample_weight, first)
        first = first_call(self, classes)
        return self._update(X, known_codes(y, self.classes_), weight, first)

    def _check_parameters(self) -> None:
        alpha = np.asarray(self.alpha, dtype=np.float64)
        if alpha.ndim > 1 or not np.isfinite(alpha).all() or (alpha < 0).any():
            raise InputError(f"alpha is {self.alpha!r}; it must be finite and not negative")

    def _check_fit(self, X: Any, y: Any, sample_weight: Any, first: bool) -> tuple[Any, Any, Any]:
        X, y = validate_data(self, X, y, accept_sparse="csr", reset=first)
        return X, y, check_weight(sample_weight, X)

    def _update(self, X: Any, codes: np.ndarray, weight: np.ndarray | None, first: bool) -> Any:
        k = len(self.classes_)
        if first:
            self.class_count_ = np.zeros(k)
            self._start(k, X.shape[1])
        self._count(X, codes, np.empty(0) if weight is None else weight)
        self.class_count_ += np.bincount(codes, weight, minlength=k)
        self._estimate(self._alpha())
        self.class_log_prior_ = self._log_prior(k)
        return self

    def _start(self, k: int, p: int) -> None:
        self.__dict__.pop("feature_count_", None)

    def _add(self, totals: np.ndarray) -> None:
        if "feature_count_" in vars(self):
            self.feature_count_ += totals
        else:
            self.feature_count_ = totals

    def _count(self, X: Any, codes: np.ndarray, weight: np.ndarray) -> None:
        raise NotImplementedError

    def _estimate(self, alpha: Any) -> None:
        raise NotImplementedError

    def _alpha(self) -> Any:
        alpha = float(self.alpha) if isinstance(self.alpha, RealNumber) else np.asarray(self.alpha)
        if np.ndim(alpha) and len(alpha) != self.n_features_in_:  # type: ignore[arg-type]
            raise InputError(
                "When alpha is an array, it should contains `n_features`. "
                f"Got {len(alpha)} elements instead of {self.n_features_in_}."  # type: ignore[arg-type]
            )
        if np.min(alpha) < _LEAST_ALPHA and not self.force_alpha:
            warnings.warn(
                f"alpha too small will result in numeric errors, setting alpha = {_LEAST_ALPHA:.1e}."
                " Use `force_alpha=True` to keep alpha unchanged.",
                stacklevel=4,
            )
            return np.maximum(alpha, _LEAST_ALPHA)
        return alpha

    def _log_prior(self, k: int) -> np.ndarray:
        if self.class_prior is not None:
            if len(self.class_prior) != k:
                raise InputError("Number of priors must match number of classes.")
            with np.errstate(divide="ignore"):
                return np.log(np.asarray(self.class_prior, dtype=np.float64))
        if not self.fit_prior:
            return np.full(k, -np.log(k))
        with np.errstate(divide="ignore"):  # a class named to partial_fit and not seen yet
            return np.log(self.class_count_) - np.log(self.class_count_.sum())

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        k, p = len(self.classes_), self.n_features_in_
        return {"_coef": (k, p), "feature_count_": (k, p), "class_log_prior_": (k,)}

    def _class_probabilities(self) -> np.ndarray:
        return np.exp(self.class_log_prior_)

    def _checked(self, X: Any) -> Any:
        return rows(self, X, sparse=("csr",))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.poor_score = True
        return tags


def check_weight(sample_weight: Any, X: Any) -> np.ndarray | None:
    """Weights as float64, or None; negative ones are refused."""
    if sample_weight is None:
        return None
    weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    if not weight.any():
        raise InputError("sample_weight is zero for every row", do="give some row a weight")
    return np.ascontiguousarray(weight)


def totals_by_class(X: Any, codes: np.ndarray, weight: np.ndarray, k: int, name: str) -> np.ndarray:
    """Weighted sums of the columns of X within every class, (k, p); X may not be negative.

    The definition: ``one_hot(codes).T @ (weight[:, None] * X)``.  O(n p), or O(stored values).
    """
    n, p = X.shape
    if sparse.issparse(X):
        data, indices, indptr = runs(X)
        if data.size and data.min() < 0:
            raise ValueError(f"Negative values in data passed to {name}.")

        # Class by class: the sums of one stay in the cache, and threads share none of them.
        totals, order = np.zeros((k, p)), np.argsort(codes, kind="stable")
        ends = np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=k))])

        def stored(c: int) -> None:
            own = order[ends[c] : ends[c + 1]]
            class_totals_runs(data, indices, indptr, own, weight, totals[c])

        each(stored, range(k))
        return totals

    def dense(cut: slice) -> tuple[np.ndarray, float]:
        totals, lowest = np.zeros((k, p)), np.zeros(p)
        for s in steps(cut, p):
            class_totals(rows_contiguous(X[s]), codes[s], weight[s], totals, lowest)
        return totals, lowest.min(initial=0.0)

    parts = each(dense, pieces(n, n * p, k * p))
    if min(low for _, low in parts) < 0:
        raise ValueError(f"Negative values in data passed to {name}.")
    return summed([totals for totals, _ in parts])


def log_shares(counts: np.ndarray, alpha: Any) -> np.ndarray:
    """log of (counts + alpha) divided by its sum over each row; (k, p) in Fortran order.

    The definition: ``log(c / c.sum(axis=1, keepdims=True))`` with ``c = counts + alpha``.
    """
    k, p = counts.shape
    alpha = np.broadcast_to(np.asarray(alpha, dtype=np.float64), (p,))
    out = np.empty((p, k))
    with np.errstate(divide="ignore"):
        total = np.log(counts.sum(axis=1) + alpha.sum())

    def chunk(s: slice) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            np.log(counts[:, s].T + alpha[s, None], out=out[s])
            out[s] -= total

    each(chunk, slices(p, max(64, 2**15 // k)))
    return out.T


def linear_scores(X: Any, coef: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """X coef' + offset, (n, k); `coef` (k, p) is best in Fortran order."""
    n = X.shape[0]
    if not sparse.issparse(X):
        return np.asarray(X, dtype=np.float64) @ coef.T + offset
    data, indices, indptr = runs(X)
    table, out = np.ascontiguousarray(coef.T), np.empty((n, len(coef)))
    each(
        lambda s: runs_dot_matrix(data, indices, indptr, table, out, s.start, s.stop),
        pieces(n, data.size * len(coef), 1),
    )
    return out + offset
