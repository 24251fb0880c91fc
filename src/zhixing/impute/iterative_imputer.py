"""Chained equations: every column predicted from the others, in turns."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri
from sklearn.base import TransformerMixin, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, validate_data

from ..core.estimator import Estimator
from ..core.random import generator
from ..core.validation import FLOATS
from .chained_sums import ChainedSums
from .evidence_ridge import EvidenceRidge, evidence_ridge
from .missing import is_nan, missing_mask
from .missing_indicator import MissingIndicator
from .simple_imputer import SimpleImputer

_ORDERS = ("ascending", "descending", "roman", "arabic", "random")


class Step(NamedTuple):
    """One turn: the column filled, the columns it was predicted from, and the model."""

    feature: int
    others: np.ndarray
    model: Any


class IterativeImputer(TransformerMixin, Estimator):
    """Fill missing values by chained equations: each column is regressed on all others, in rounds.

    Parameters
    ----------
    estimator : regressor or None, default=None
        None is ridge regression whose strength maximises the evidence (as BayesianRidge).
    missing_values : number, default=nan
    sample_posterior : bool, default=False
        Draw the values instead of predicting them: for multiple imputation.  An estimator of
        yours then needs ``predict(X, return_std=True)``.
    max_iter : int, default=10
        Rounds.
    tol : float, default=1e-3
        Stop when the largest change of a row's sum falls below tol times the largest value.
    n_nearest_features : int or None, default=None
        Predict from so many columns only, drawn in proportion to |correlation|.
    initial_strategy : {"mean", "median", "most_frequent", "constant"}, default="mean"
    fill_value : default=None
    imputation_order : {"ascending", "descending", "roman", "arabic", "random"}, default="ascending"
        From few to many missing values, the reverse, left to right, right to left, or drawn.
    skip_complete : bool, default=False
        Leave out columns without missing values in `fit`.
    min_value, max_value : float or array-like of shape (n_features,)
        Limits of the imputed values.
    verbose : int, default=0
        Kept for compatibility; nothing is printed.
    random_state : int, RandomState, Generator or None, default=None
    add_indicator, keep_empty_features : bool, default=False
        As in SimpleImputer.

    Attributes
    ----------
    imputation_sequence_ : list of Step
    n_iter_ : int
    n_features_with_missing_ : int
    initial_imputer_ : SimpleImputer
    indicator_ : MissingIndicator or None

    Notes
    -----
    With the default regression the sums of products of all rows are kept, those of the rows where
    a column is missing are taken out for its turn and put back changed, so a turn costs
    O(m p^2 + p^3) for m missing rows rather than O(n p^2): the same estimates as from the rows.
    Draws with `sample_posterior` take one set of coefficients and noise variance per turn from
    their posterior (proper in Rubin's sense); scikit-learn draws every row by itself, which
    understates the variation between imputations.  van Buuren and Groothuis-Oudshoorn (2011).

    Examples
    --------
    >>> X = [[1.0, 2.0], [3.0, 6.0], [4.0, 8.0], [np.nan, 3.0], [7.0, np.nan]]
    >>> IterativeImputer().fit_transform(X).round(2)[3:]
    array([[ 1.5,  3. ],
           [ 7. , 14. ]])
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        missing_values: Any = np.nan,
        sample_posterior: bool = False,
        max_iter: int = 10,
        tol: float = 1e-3,
        n_nearest_features: int | None = None,
        initial_strategy: str = "mean",
        fill_value: Any = None,
        imputation_order: str = "ascending",
        skip_complete: bool = False,
        min_value: Any = -np.inf,
        max_value: Any = np.inf,
        verbose: int = 0,
        random_state: Any = None,
        add_indicator: bool = False,
        keep_empty_features: bool = False,
    ) -> None:
        self.estimator = estimator
        self.missing_values = missing_values
        self.sample_posterior = sample_posterior
        self.max_iter = max_iter
        self.tol = tol
        self.n_nearest_features = n_nearest_features
        self.initial_strategy = initial_strategy
        self.fill_value = fill_value
        self.imputation_order = imputation_order
        self.skip_complete = skip_complete
        self.min_value = min_value
        self.max_value = max_value
        self.verbose = verbose
        self.random_state = random_state
        self.add_indicator = add_indicator
        self.keep_empty_features = keep_empty_features

    def fit(self, X: Any, y: Any = None) -> IterativeImputer:
        """Run the rounds and keep the models."""
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> np.ndarray:
        """Run the rounds and give the completed training rows."""
        if self.imputation_order not in _ORDERS:
            raise ValueError(
                f"imputation_order must be one of {_ORDERS}, got {self.imputation_order!r}"
            )
        if self.max_iter < 0:
            raise ValueError(f"max_iter must not be negative, got {self.max_iter}")
        self._seed = int(generator(self.random_state).integers(2**31 - 1))
        rng = np.random.default_rng([self._seed, 0])
        self.initial_imputer_ = None
        X, filled, mask, whole_mask = self._start(X, fitting=True)
        self.indicator_ = None
        if self.add_indicator:
            self.indicator_ = MissingIndicator(
                missing_values=self.missing_values, error_on_new=False
            )
            self.indicator_.n_features_in_ = whole_mask.shape[1]
            self.indicator_._learn(whole_mask)
        self.imputation_sequence_: list[Step] = []
        self.n_iter_ = 0
        self.n_features_with_missing_ = 0
        if self.max_iter == 0 or mask.all() or filled.shape[1] == 1:
            return self._finish(filled, whole_mask, X.dtype)
        self._low, self._high = self._limits(filled.shape[1])
        self._rounds(X, filled, mask, rng)
        np.copyto(filled, X, where=~mask)
        return self._finish(filled, whole_mask, X.dtype)

    def _rounds(
        self, X: np.ndarray, filled: np.ndarray, mask: np.ndarray, rng: np.random.Generator
    ) -> None:
        order = self._order(mask, rng)
        self.n_features_with_missing_ = len(order)
        nearness = self._nearness(filled)
        sums = ChainedSums(filled) if self.estimator is None else None
        known = X[~mask]
        enough = self.tol * float(np.abs(known).max()) if known.size else 0.0
        for count in range(1, self.max_iter + 1):
            self.n_iter_ = count
            before = None if self.sample_posterior else filled.copy()
            if self.imputation_order == "random" and self.n_iter_ > 1:
                order = self._order(mask, rng)
            if sums is not None and self.n_iter_ > 1:
                sums.refresh(filled)
            for j in order:
                others = self._others(filled.shape[1], j, nearness, rng)
                step = self._turn(filled, mask[:, j], j, others, sums)
                self._impute(filled, mask[:, j], step, rng)
                if sums is not None:
                    sums.put_back(filled)
                self.imputation_sequence_.append(step)
            if before is not None:
                if np.abs(filled - before).sum(axis=1).max(initial=0.0) < enough:
                    return
        if not self.sample_posterior:
            warnings.warn(
                "[IterativeImputer] Early stopping criterion not reached.",
                ConvergenceWarning,
                stacklevel=4,
            )

    def _turn(
        self, filled: np.ndarray, missing: np.ndarray, j: int, others: np.ndarray, sums: Any
    ) -> Step:
        if sums is not None:
            products = sums.without(filled, missing, j, others)
            return Step(j, others, evidence_ridge(*products))
        model = clone(self.estimator)
        model.fit(filled[np.ix_(~missing, others)], filled[~missing, j])
        return Step(j, others, model)

    def _impute(
        self, filled: np.ndarray, missing: np.ndarray, step: Step, rng: np.random.Generator
    ) -> None:
        rows = np.flatnonzero(missing)
        if not rows.size:
            return
        low, high = self._low[step.feature], self._high[step.feature]
        Z = filled[np.ix_(rows, step.others)]
        if isinstance(step.model, EvidenceRidge):
            if self.sample_posterior:
                coef, intercept, noise = step.model.draw(rng)
                values = Z @ coef + intercept
                values = _truncated_normal(values, np.full(len(values), noise), low, high, rng)
            else:
                values = Z @ step.model.coef + step.model.intercept
        elif self.sample_posterior:
            mean, deviation = step.model.predict(Z, return_std=True)
            values = _truncated_normal(mean, deviation, low, high, rng)
        else:
            values = step.model.predict(Z)
        filled[rows, step.feature] = np.clip(values, low, high)

    def _start(
        self, X: Any, *, fitting: bool
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The kept columns, the same filled by the first guess, and the masks of kept and all."""
        X = validate_data(
            self,
            X,
            reset=fitting,
            dtype=FLOATS,
            ensure_all_finite="allow-nan" if is_nan(self.missing_values) else True,
        )
        mask = missing_mask(X, self.missing_values)
        if fitting:
            self.initial_imputer_ = SimpleImputer(
                missing_values=self.missing_values,
                strategy=self.initial_strategy,
                fill_value=self.fill_value,
                keep_empty_features=self.keep_empty_features,
            ).set_output(transform="default")
            self.initial_imputer_.fit(X)
            self._empty = mask.all(axis=0)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Skipping features")
            initial: Any = self.initial_imputer_
            filled = initial.transform(X).astype(np.float64)
        if self.keep_empty_features:
            kept = mask.copy()
            kept[:, self._empty] = False
            X = np.where(self._empty, filled, X).astype(X.dtype)
            return X, filled, kept, mask
        if fitting and self._empty.any():
            names = getattr(self, "feature_names_in_", np.arange(X.shape[1]))
            warnings.warn(
                f"Skipping features without any observed values: {names[self._empty]}. At least "
                "one non-missing value is needed for imputation with strategy="
                f"'{self.initial_strategy}'.",
                stacklevel=4,
            )
        return X[:, ~self._empty], filled, mask[:, ~self._empty], mask

    def _finish(self, filled: np.ndarray, mask: np.ndarray, dtype: Any) -> np.ndarray:
        filled = filled.astype(dtype, copy=False)
        if self.indicator_ is None:
            return filled
        return np.hstack([filled, self.indicator_._output(mask)])

    def _limits(self, p: int) -> tuple[np.ndarray, np.ndarray]:
        made = []
        for name, value, none in (
            ("min", self.min_value, -np.inf),
            ("max", self.max_value, np.inf),
        ):
            limit = np.asarray(none if value is None else value, dtype=np.float64)
            if limit.ndim and len(limit) != self.n_features_in_:
                raise ValueError(
                    f"'{name}_value' should be of shape ({self.n_features_in_},) when an "
                    f"array-like is provided. Got {len(limit)}, instead."
                )
            if limit.ndim and not self.keep_empty_features:
                limit = limit[~self._empty]
            made.append(np.broadcast_to(limit, p))
        if not (made[1] > made[0]).all():
            raise ValueError("One (or more) features have min_value >= max_value.")
        return made[0], made[1]

    def _order(self, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        share = mask.mean(axis=0)
        chosen = np.flatnonzero(share) if self.skip_complete else np.arange(len(share))
        if self.imputation_order == "arabic":
            return chosen[::-1]
        if self.imputation_order == "random":
            return rng.permutation(chosen)
        if self.imputation_order == "roman":
            return chosen
        ascending = np.argsort(share, kind="stable")[len(share) - len(chosen) :]
        return ascending if self.imputation_order == "ascending" else ascending[::-1]

    def _nearness(self, filled: np.ndarray) -> np.ndarray | None:
        p = filled.shape[1]
        if self.n_nearest_features is None or self.n_nearest_features >= p:
            return None
        with np.errstate(invalid="ignore", divide="ignore"):
            near = np.abs(np.corrcoef(filled.T))
        near = np.clip(np.nan_to_num(near, nan=1e-6), 1e-6, None)
        np.fill_diagonal(near, 0.0)
        return near / near.sum(axis=0)

    def _others(
        self, p: int, j: int, nearness: np.ndarray | None, rng: np.random.Generator
    ) -> np.ndarray:
        if nearness is None:
            return np.delete(np.arange(p), j)
        wanted = min(int(self.n_nearest_features or p), p - 1)
        return rng.choice(p, wanted, replace=False, p=nearness[:, j])

    def transform(self, X: Any) -> np.ndarray:
        """Complete new rows with the models of `fit`; draws depend on `random_state` only."""
        check_is_fitted(self)
        X, filled, mask, whole_mask = self._start(X, fitting=False)
        if self.n_iter_ and mask.any():
            rng = np.random.default_rng([self._seed, 1])
            for step in self.imputation_sequence_:
                self._impute(filled, mask[:, step.feature], step, rng)
            np.copyto(filled, X, where=~mask)
        return self._finish(filled, whole_mask, X.dtype)

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


def _truncated_normal(
    mean: np.ndarray, deviation: np.ndarray, low: float, high: float, rng: np.random.Generator
) -> np.ndarray:
    """Normal draws within [low, high], by the inverse distribution function."""
    mean = np.asarray(mean, dtype=np.float64)
    deviation = np.maximum(np.asarray(deviation, dtype=np.float64), 0.0)
    if np.isinf(low) and np.isinf(high):
        return mean + deviation * rng.standard_normal(mean.shape)
    safe = np.where(deviation > 0, deviation, 1.0)
    a, b = (low - mean) / safe, (high - mean) / safe
    # In the upper tail the complement keeps the digits.
    flip = a > 0
    a, b = np.where(flip, -b, a), np.where(flip, -a, b)
    share = ndtr(a) + rng.uniform(size=mean.shape) * (ndtr(b) - ndtr(a))
    z = np.clip(ndtri(share), a, b)
    return np.where(deviation > 0, mean + safe * np.where(flip, -z, z), mean)
