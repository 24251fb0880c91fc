"""Powers that bring a skewed column close to the normal distribution."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted

from ..core.estimator import Estimator
from ..core.parallel import each, slices
from ..core.validation import FLOATS, rows
from ..rounds.moments import moments
from .power import (
    box_cox,
    box_cox_exponent,
    inverse_box_cox,
    inverse_yeo_johnson,
    yeo_johnson,
    yeo_johnson_exponent,
)


class PowerTransformer(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Apply the power of largest normal likelihood to every column, then standardise.

    Box-Cox, for positive values: z = (x^lambda - 1) / lambda, log x for lambda = 0.
    Yeo-Johnson: z = ((1 + x)^lambda - 1) / lambda for x >= 0 and
    -((1 - x)^(2 - lambda) - 1) / (2 - lambda) for x < 0, with logarithms where a denominator is 0.

    Parameters
    ----------
    method : {"yeo-johnson", "box-cox"}, default="yeo-johnson"
    standardize : bool, default=True
        Shift and scale the result to mean 0 and standard deviation 1.
    copy : bool, default=True
        Kept for compatibility; a new array is always returned.

    Attributes
    ----------
    lambdas_ : ndarray of shape (n_features,)

    Notes
    -----
    The likelihood is computed from logarithms with the largest term taken out, so that nothing
    overflows; its maximum is bracketed on a sample of 20,000 rows and polished by Brent's method
    on all.  With `standardize` a column of one sign is transformed around its own centre, which
    is the same result but keeps its digits where scikit-learn's powers overflow or cancel (years,
    prices with small spread).  NaN passes through; a constant column is left as it is.
    Box and Cox (1964); Yeo and Johnson (2000), eq. 2.1 and 3.1.

    Examples
    --------
    >>> transformer = PowerTransformer().fit([[1.0, 2.0], [3.0, 2.0], [4.0, 5.0]])
    >>> transformer.lambdas_.round(3)
    array([ 1.387, -3.101])
    >>> transformer.transform([[1.0, 2.0]]).round(3)
    array([[-1.316, -0.707]])
    """

    def __init__(
        self, method: str = "yeo-johnson", *, standardize: bool = True, copy: bool = True
    ) -> None:
        self.method = method
        self.standardize = standardize
        self.copy = copy

    def fit(self, X: Any, y: Any = None) -> PowerTransformer:
        """Find the exponent of every column."""
        self._learn(X, keep=False)
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> np.ndarray:
        """`fit` and `transform` with one transformation of the rows."""
        return self._learn(X, keep=True)

    def _learn(self, X: Any, *, keep: bool) -> Any:
        if self.method not in ("yeo-johnson", "box-cox"):
            raise ValueError(f"method must be 'yeo-johnson' or 'box-cox', got {self.method!r}")
        X = rows(self, X, fitting=True, nan=True)
        self._refuse_not_positive(X)
        found = moments(X)
        p = X.shape[1]
        self.lambdas_, self._centre = np.ones(p), np.zeros(p)
        eps = np.finfo(np.float64).eps
        with np.errstate(invalid="ignore"):
            bound = found.weight * eps * found.variance + (found.weight * found.mean * eps) ** 2
            constant = ~(found.variance > bound)
        for j in range(p):
            if found.weight[j] == 0 and self.method == "box-cox":
                raise ValueError("Column must not be all nan.")
            if constant[j]:
                continue
            known = X[:, j].astype(np.float64)
            known = known[~np.isnan(known)] if found.weight[j] < len(known) else known
            if self.method == "box-cox":
                self.lambdas_[j] = box_cox_exponent(known)
                self._centre[j] = np.log(known).mean()
            else:
                self.lambdas_[j], self._centre[j] = yeo_johnson_exponent(known)
        if not self.standardize:
            self._centre[:] = 0.0
            return self._powers(X).astype(X.dtype, copy=False) if keep else None
        Z = self._powers(X)
        made = moments(Z)
        spread = np.sqrt(made.variance)
        tiny = ~(spread > 10 * eps * np.abs(made.mean))
        self._mean = np.where(np.isfinite(made.mean), made.mean, 0.0)
        self._scale = np.where(tiny | constant, 1.0, spread)
        return self._standardised(Z).astype(X.dtype, copy=False) if keep else None

    def _refuse_not_positive(self, X: np.ndarray) -> None:
        if self.method == "box-cox":
            with np.errstate(invalid="ignore"):
                if (X <= 0).any():
                    raise ValueError(
                        "The Box-Cox transformation can only be applied to strictly positive data"
                    )

    def _powers(self, X: np.ndarray) -> np.ndarray:
        apply = box_cox if self.method == "box-cox" else yeo_johnson
        return _by_pieces(lambda part: apply(part, self.lambdas_, self._centre), X)

    def _standardised(self, Z: np.ndarray) -> np.ndarray:
        if self.standardize:
            Z -= self._mean
            Z /= self._scale
        return Z

    def transform(self, X: Any) -> np.ndarray:
        """Every column to its power, standardised."""
        check_is_fitted(self)
        X = rows(self, X, nan=True)
        self._refuse_not_positive(X)
        return self._standardised(self._powers(X)).astype(X.dtype, copy=False)

    def inverse_transform(self, X: Any) -> np.ndarray:
        """The values whose transform is `X`; NaN, with a warning, where there is none."""
        check_is_fitted(self)
        X = check_array(X, dtype=FLOATS, ensure_all_finite="allow-nan")
        if X.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {X.shape[1]} features, but PowerTransformer is expecting "
                f"{self.n_features_in_} features as input."
            )
        Z = X.astype(np.float64)
        if self.standardize:
            Z = Z * self._scale + self._mean
        back = inverse_box_cox if self.method == "box-cox" else inverse_yeo_johnson
        out = _by_pieces(lambda part: back(part, self.lambdas_, self._centre), Z)
        for j in np.flatnonzero((np.isnan(out) & ~np.isnan(X)).any(axis=0)):
            warnings.warn(
                f"Some values in column {j} of the inverse-transformed data are NaN. This may be "
                "caused by numerical issues in the transformation process, e.g. extremely skewed "
                "data. Consider inspecting the input data or preprocessing it before applying the "
                "transformation.",
                UserWarning,
                stacklevel=2,
            )
        return out.astype(X.dtype, copy=False)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _by_pieces(apply: Any, X: np.ndarray) -> np.ndarray:
    """`apply` to cached pieces of rows, as float64."""
    n, p = X.shape
    if n * p <= 4096:
        return apply(X.astype(np.float64))
    out = np.empty((n, p))

    def fill(s: slice) -> None:
        out[s] = apply(X[s].astype(np.float64))

    each(fill, slices(n, max(1, 2**15 // p)))
    return out
