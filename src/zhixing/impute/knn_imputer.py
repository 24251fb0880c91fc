"""Fill a missing value from the nearest rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, validate_data

from ..core.estimator import Estimator
from ..core.parallel import each, slices
from ..core.validation import FLOATS
from ..kernels.nearest_known import nearest_known
from .missing import is_nan, missing_mask
from .missing_indicator import MissingIndicator

_BLOCK = 2**22  # distances held at a time: 32 MB
_HOLES = 64


class KNNImputer(TransformerMixin, Estimator):
    """Fill a missing value with the average of the k nearest training rows that know it.

    The distance counts the columns both rows know, scaled up to all p:
    d(a, b)^2 = p / |common| sum over common columns of (a - b)^2.

    Parameters
    ----------
    missing_values : number, default=nan
    n_neighbors : int, default=5
    weights : {"uniform", "distance"} or callable, default="uniform"
        "distance" weights by 1 / d; a row at distance 0 then decides alone.  A callable maps an
        array of distances to weights.
    metric : "nan_euclidean" or callable, default="nan_euclidean"
    copy : bool, default=True
        Kept for compatibility; the input is never changed.
    add_indicator, keep_empty_features : bool, default=False
        As in SimpleImputer.

    Attributes
    ----------
    indicator_ : MissingIndicator or None

    Notes
    -----
    Where no row is at a defined distance the column's mean is used.  Scale the columns first: the
    distance does not.  Distances of a block of rows are one matrix product; the search runs in
    threads.  O(holes n + rows n p) time, memory for one block.  Of equally near rows the first in
    order counts (scikit-learn leaves it open).  Troyanskaya et al. (2001).

    Examples
    --------
    >>> X = [[1.0, 2.0, np.nan], [3.0, 4.0, 3.0], [np.nan, 6.0, 5.0], [8.0, 8.0, 7.0]]
    >>> KNNImputer(n_neighbors=2).fit_transform(X)
    array([[1. , 2. , 4. ],
           [3. , 4. , 3. ],
           [5.5, 6. , 5. ],
           [8. , 8. , 7. ]])
    """

    def __init__(
        self,
        *,
        missing_values: Any = np.nan,
        n_neighbors: int = 5,
        weights: str | Callable[[np.ndarray], np.ndarray] = "uniform",
        metric: str | Callable[..., float] = "nan_euclidean",
        copy: bool = True,
        add_indicator: bool = False,
        keep_empty_features: bool = False,
    ) -> None:
        self.missing_values = missing_values
        self.n_neighbors = n_neighbors
        self.weights = weights
        self.metric = metric
        self.copy = copy
        self.add_indicator = add_indicator
        self.keep_empty_features = keep_empty_features

    def fit(self, X: Any, y: Any = None) -> KNNImputer:
        """Keep the rows."""
        if self.n_neighbors < 1:
            raise ValueError(f"n_neighbors must be at least 1, got {self.n_neighbors}")
        if not callable(self.weights) and self.weights not in ("uniform", "distance"):
            raise ValueError(
                f"weights must be 'uniform', 'distance' or a callable, got {self.weights!r}"
            )
        if not callable(self.metric) and self.metric != "nan_euclidean":
            raise ValueError(f"metric must be 'nan_euclidean' or a callable, got {self.metric!r}")
        X = self._checked(X, fitting=True)
        self._rows = X.copy()  # the caller may change its array before `transform`
        mask = missing_mask(X, self.missing_values)
        self._empty = mask.all(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            known = np.where(mask, 0.0, X.astype(np.float64))
            self._mean = np.where(self._empty, 0.0, known.sum(axis=0) / (~mask).sum(axis=0))
        self.indicator_ = None
        if self.add_indicator:
            self.indicator_ = MissingIndicator(
                missing_values=self.missing_values, error_on_new=False
            )
            self.indicator_.n_features_in_ = X.shape[1]
            self.indicator_._learn(mask)
        return self

    def _checked(self, X: Any, *, fitting: bool) -> np.ndarray:
        return validate_data(
            self,
            X,
            reset=fitting,
            dtype=FLOATS,
            ensure_all_finite="allow-nan" if is_nan(self.missing_values) else True,
        )

    def transform(self, X: Any) -> np.ndarray:
        """`X` with its missing values filled, in its float type."""
        check_is_fitted(self)
        X = self._checked(X, fitting=False)
        mask = missing_mask(X, self.missing_values)
        out = X.copy()
        out[:, self._empty] = 0.0
        holes = mask & ~self._empty
        rows = np.flatnonzero(holes.any(axis=1))
        if rows.size:
            self._fill(X, mask, holes, rows, out)
        if not self.keep_empty_features:
            out = out[:, ~self._empty]
        if self.indicator_ is None:
            return out
        return np.hstack([out, self.indicator_._output(mask)])

    def _fill(
        self, X: np.ndarray, mask: np.ndarray, holes: np.ndarray, rows: np.ndarray, out: np.ndarray
    ) -> None:
        trained = self._rows.astype(np.float64)
        unknown = missing_mask(self._rows, self.missing_values)
        donors_unknown = np.ascontiguousarray(unknown.T).view(np.uint8)
        if not callable(self.metric):
            donors = _factors(trained - self._mean, unknown, donor=True)
        k = min(self.n_neighbors, len(trained))
        for s in slices(rows.size, max(1, _BLOCK // len(trained))):
            block = rows[s]
            if callable(self.metric):
                distance = self._by_metric(X[block], trained)
            else:
                distance = _mean_squares(X[block] - self._mean, mask[block], donors)
            receivers, columns = np.nonzero(holes[block])
            near = np.empty((receivers.size, k))
            chosen = np.empty((receivers.size, k), np.int64)

            def search(h: slice, d: np.ndarray = distance, r: Any = receivers, c: Any = columns,
                       near: np.ndarray = near, chosen: np.ndarray = chosen) -> None:  # fmt: skip
                nearest_known(d, r[h], c[h], donors_unknown, near[h], chosen[h])

            each(search, slices(receivers.size, _HOLES))
            if not callable(self.metric):
                near = np.sqrt(np.maximum(near, 0.0) * X.shape[1])
            out[block[receivers], columns] = self._averages(near, chosen, columns, trained)

    def _by_metric(self, X: np.ndarray, trained: np.ndarray) -> np.ndarray:
        from sklearn.metrics import pairwise_distances

        return np.ascontiguousarray(
            pairwise_distances(
                X.astype(np.float64), trained, metric=self.metric, ensure_all_finite="allow-nan"
            )
        )

    def _averages(
        self, near: np.ndarray, chosen: np.ndarray, columns: np.ndarray, trained: np.ndarray
    ) -> np.ndarray:
        present = chosen >= 0
        if self.weights == "uniform":
            weight = present.astype(np.float64)
        elif self.weights == "distance":
            with np.errstate(divide="ignore"):
                weight = 1.0 / near
            same = np.isinf(weight)
            weight = np.where(same.any(axis=1, keepdims=True), same, weight)
        else:
            # A callable sees NaN where there are fewer neighbours than asked for.
            function: Any = self.weights
            weight = np.asarray(function(np.where(present, near, np.nan)), dtype=np.float64)
            weight = np.nan_to_num(weight, nan=0.0)
        weight = np.where(present, weight, 0.0)
        values = np.where(present, trained[np.maximum(chosen, 0), columns[:, None]], 0.0)
        total = weight.sum(axis=1)
        average = (weight * values).sum(axis=1) / np.where(total > 0, total, 1.0)
        return np.where(total > 0, average, self._mean[columns])

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns kept, then of the indicators."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        kept = names if self.keep_empty_features else names[~self._empty]
        if self.indicator_ is None:
            return kept
        return np.concatenate([kept, self.indicator_.get_feature_names_out(names)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = is_nan(self.missing_values)
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _factors(X: np.ndarray, unknown: np.ndarray, *, donor: bool) -> tuple[np.ndarray, np.ndarray]:
    """Rows as factors of their squared distances: a a known_b - 2 a b + known_a b b."""
    zeroed = np.where(unknown, 0.0, X)
    known = (~unknown).astype(np.float64)
    if donor:
        return np.hstack([known, -2.0 * zeroed, zeroed * zeroed]), known
    return np.hstack([zeroed * zeroed, zeroed, known]), known


def _mean_squares(
    X: np.ndarray, unknown: np.ndarray, donors: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Mean squared difference over the common columns; not finite where there are none."""
    own, known = _factors(X.astype(np.float64), unknown, donor=False)
    squared = own @ donors[0].T
    with np.errstate(invalid="ignore", divide="ignore"):
        squared /= known @ donors[1].T
    return squared
