"""Naive Bayes for measurements: every feature normal within a class."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.estimator import Candidate
from ..core.parallel import each, slices
from ..core.space import Real
from ..core.validation import rows
from ..data.check import check_fit
from ..kernels.class_moments import class_moments, first_values
from ..kernels.class_scores import gaussian_scores
from ..rounds.moments import Moments
from .base import NaiveBayes
from .classes import class_codes, first_call, known_codes
from .pieces import pieces, steps, summed
from .priors import check_priors

#: Variances are taken to be at least this in densities, so that a constant feature has one.
_LEAST_VARIANCE = 1e-100


class GaussianNB(NaiveBayes):
    """Naive Bayes with normal features.

    log P(c | x) = log P(c) - 1/2 sum_j [log(2 pi v_cj) + (x_j - m_cj)^2 / v_cj] + constant, with m
    and v the mean and variance (divided by n) of feature j in class c, v enlarged by `epsilon_`.

    Parameters
    ----------
    priors : array of shape (n_classes,), optional
        P(c); by default the classes' shares of the weight.
    var_smoothing : float, default=1e-9
        `epsilon_` as a share of the largest variance of any feature.
    missing : {"error", "marginalize"}, default="error"
        What a NaN means: refused, or a feature not observed.  A feature that is not observed drops
        out of the sum above, which is exact since features are independent within a class; in
        fitting it drops out of the feature's moments, which is right where values are missing at
        random.

    Attributes
    ----------
    theta_, var_ : ndarray of shape (n_classes, n_features)
    class_count_ : weight of every class; class_prior_ : ndarray of shape (n_classes,)
    epsilon_ : float
    classes_, n_features_in_, feature_names_in_

    Notes
    -----
    One pass over X, in chunks over threads whose sums are merged in order: the same bits for any
    number of threads.  Sums of d and d^2 are about the first value of each class and feature: a
    value lies within sqrt(n v) of its own mean, so cancellation costs at most n units in the last
    place. O(n p) to fit, O(n p k) to predict, no copy of X beyond a chunk.

    Differs from scikit-learn: `epsilon_` comes from all the rows seen, weighted, where scikit-learn
    takes the last chunk of `partial_fit` and ignores weights, so here chunks, weights and repeated
    rows agree; `missing` and `sample` are new; negative weights are refused.

    Source: Chan, Golub and LeVeque (1983) for merging; Ng and Jordan (2002) for when it beats
    logistic regression.

    Examples
    --------
    >>> X = [[-1, -1], [-2, -1], [-3, -2], [1, 1], [2, 1], [3, 2]]
    >>> model = GaussianNB(missing="marginalize").fit(X, [1, 1, 1, 2, 2, 2])
    >>> model.predict([[-0.8, -1], [float("nan"), 1]])
    array([1, 2])
    """

    candidate = Candidate(
        tasks=("binary", "multiclass"),
        simplicity=5,
        space={"var_smoothing": Real(1e-12, 1e-1, log=True)},
        cost=0.5,
        sparse=False,
    )

    def __init__(
        self,
        *,
        priors: Any = None,
        var_smoothing: float = 1e-9,
        missing: Literal["error", "marginalize"] = "error",
    ) -> None:
        self.priors = priors
        self.var_smoothing = var_smoothing
        self.missing = missing

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> GaussianNB:
        """Fit on X (n, p) and labels y (n,), with weights that count as repetitions."""
        self._check_parameters()
        X, y, weight = self._check_fit(X, y, sample_weight, True)
        self.classes_, codes = class_codes(y)
        self._seen: tuple[np.ndarray, ...] | None = None
        return self._update(X, codes, weight)

    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> GaussianNB:
        """Merge one more chunk; `classes` names every class in the first call.

        The result is that of one `fit` on all chunks, to rounding.
        """
        self._check_parameters()
        first = first_call(self, classes)
        X, y, weight = self._check_fit(X, y, sample_weight, first)
        if first:
            self._seen: tuple[np.ndarray, ...] | None = None
        return self._update(X, known_codes(y, self.classes_), weight)

    def _check_parameters(self) -> None:
        if self.missing not in ("error", "marginalize"):
            raise InputError(f"missing={self.missing!r} is neither 'error' nor 'marginalize'")
        if not self.var_smoothing >= 0:
            raise InputError(f"var_smoothing is {self.var_smoothing!r}; it must not be negative")

    def _check_fit(self, X: Any, y: Any, sample_weight: Any, first: bool) -> tuple[Any, Any, Any]:
        finite = "allow-nan" if self.missing == "marginalize" else True
        return check_fit(
            self, X, y, sample_weight, sparse=False, reset=first, ensure_all_finite=finite
        )

    def _update(self, X: np.ndarray, codes: np.ndarray, weight: np.ndarray | None) -> GaussianNB:
        k = len(self.classes_)
        count = np.bincount(codes, weight, minlength=k).astype(np.float64)
        new = moments_by_class(X, codes, weight, k)
        if self._seen is None:
            self._seen = (count, *new)
        else:
            seen = Moments(*self._seen[1:]).merge(new)
            self._seen = (self._seen[0] + count, *seen)
        self._finish(X.dtype)
        return self

    def _finish(self, dtype: Any) -> None:
        assert self._seen is not None
        count, known, mean, squares = self._seen
        var = np.divide(squares, known, out=np.zeros_like(mean), where=known > 0)
        self.epsilon_ = self.var_smoothing * float(_pooled_variance(known, mean, squares).max())
        self.theta_ = mean.astype(dtype)
        self.var_ = (var + self.epsilon_).astype(dtype)
        self.class_count_ = count.astype(dtype)
        given = None if self.priors is None else check_priors(self.priors, len(count))
        self.class_prior_ = (count / count.sum() if given is None else given).astype(dtype)

    def _checked(self, X: Any) -> np.ndarray:
        return rows(self, X, nan=self.missing == "marginalize")

    def _joint(self, X: np.ndarray) -> np.ndarray:
        mean = np.ascontiguousarray(self.theta_, dtype=np.float64)
        var = np.maximum(self.var_.astype(np.float64), _LEAST_VARIANCE)
        half_log = 0.5 * np.log(2.0 * np.pi * var)
        with np.errstate(divide="ignore"):
            offset = np.log(self.class_prior_.astype(np.float64)) - half_log.sum(axis=1)
        precision = 0.5 / var
        out = np.empty((X.shape[0], len(mean)))

        def chunk(s: slice) -> None:
            gaussian_scores(rows_contiguous(X[s]), mean, precision, half_log, offset, out[s])

        each(chunk, slices(X.shape[0], max(64, 2**16 // max(X.shape[1], 1))))
        return out.astype(X.dtype, copy=False)

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        k, p = len(self.classes_), self.n_features_in_
        return {"theta_": (k, p), "var_": (k, p), "class_prior_": (k,)}

    def _class_probabilities(self) -> np.ndarray:
        return self.class_prior_.astype(np.float64)

    def _draw(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        mean, deviation = self.theta_[codes], np.sqrt(self.var_[codes])
        return (mean + deviation * rng.standard_normal(mean.shape)).astype(self.theta_.dtype)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.missing == "marginalize"
        return tags


def moments_by_class(
    X: np.ndarray, codes: np.ndarray, weight: np.ndarray | None, k: int
) -> Moments:
    """Weight, mean and squared deviations of every column within every class, each (k, p).

    NaN is left out.  The definition, for one class: ``moments(X[codes == c], weight[codes == c])``.
    """
    n, p = X.shape
    w = np.empty(0) if weight is None else weight
    pivot, missing = np.full((k, p), np.nan), np.full(k, p)
    for s in steps(slice(0, n), p):
        if not first_values(rows_contiguous(X[s]), codes[s], w[s], pivot, missing):
            break
    np.nan_to_num(pivot, copy=False, nan=0.0)

    def chunk(cut: slice) -> np.ndarray:
        sums = np.zeros((k, 3, p))
        for s in steps(cut, p):
            class_moments(rows_contiguous(X[s]), codes[s], w[s], pivot, sums)
        return sums

    total = summed(each(chunk, pieces(n, n * p, 3 * k * p)))
    known, first, second = total[:, 0], total[:, 1], total[:, 2]
    shift = np.divide(first, known, out=np.zeros((k, p)), where=known > 0)
    squares = np.maximum(second - first * shift, 0.0)
    return Moments(known.copy(), pivot + shift, squares)


def _pooled_variance(known: np.ndarray, mean: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """The variance of every column over all classes together."""
    total = known.sum(axis=0)
    total = np.where(total > 0, total, 1.0)
    centre = (known * mean).sum(axis=0) / total
    return (squares + known * (mean - centre) ** 2).sum(axis=0) / total
