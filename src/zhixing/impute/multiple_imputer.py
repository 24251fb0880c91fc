"""Several completed data sets, and what they say together."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import TransformerMixin, clone, is_classifier
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted

from ..core.estimator import Estimator
from ..core.random import generator
from .iterative_imputer import IterativeImputer
from .rubin import Pooled, rubin

#: ``statistic(fitted, X, y)`` gives estimates, their variances, and their names.
Statistic = Callable[[Any, np.ndarray, np.ndarray], tuple[Any, Any, Any]]


class MultipleImputer(TransformerMixin, Estimator):
    """Complete the data m times by chained equations with draws, and pool analyses by Rubin's rules.

    One completed data set treats guesses as data and makes intervals too narrow; the variation
    between m of them measures what the missing values hide.

    Parameters
    ----------
    m : int, default=5
        Completed data sets, at least 2.
    estimator : regressor with ``predict(X, return_std=True)`` or None, default=None
        None is Bayesian ridge regression.
    max_iter : int, default=10
    min_value, max_value : float or array-like, default=-inf and inf
    n_nearest_features : int or None, default=None
    random_state : int, RandomState, Generator or None, default=None

    Attributes
    ----------
    imputers_ : list of IterativeImputer
    n_iter_ : int
        Rounds of each.

    Notes
    -----
    `transform` gives the mean of the completions, for pipelines; `completions` gives them all.
    `pool` completes X and y together, because leaving the target out of the imputation pulls
    coefficients towards zero.  Rubin (1987), eq. 3.1.2 to 3.1.6; Barnard and Rubin (1999), eq. 3.

    Examples
    --------
    >>> from zhixing.linear_model import LinearRegression
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(200, 2))
    >>> y = X @ [1.0, 2.0] + rng.normal(size=200)
    >>> X[rng.random(200) < 0.3, 1] = np.nan
    >>> pooled = MultipleImputer(m=10, random_state=0).pool(LinearRegression(), X, y)
    >>> print(pooled["x1"])
    2.1... [1.9..., 2.2...] (95 % Rubin, m = 10)
    """

    def __init__(
        self,
        m: int = 5,
        *,
        estimator: Any = None,
        max_iter: int = 10,
        min_value: Any = -np.inf,
        max_value: Any = np.inf,
        n_nearest_features: int | None = None,
        random_state: Any = None,
    ) -> None:
        self.m = m
        self.estimator = estimator
        self.max_iter = max_iter
        self.min_value = min_value
        self.max_value = max_value
        self.n_nearest_features = n_nearest_features
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> MultipleImputer:
        """Run the chained equations m times."""
        if self.m < 2:
            raise ValueError(f"m must be at least 2, got {self.m}")
        seeds = generator(self.random_state).integers(2**31 - 1, size=self.m)
        self.imputers_ = [self._imputer(int(seed)).fit(X) for seed in seeds]
        self.n_iter_ = max(imputer.n_iter_ for imputer in self.imputers_)
        self.n_features_in_ = self.imputers_[0].n_features_in_
        if hasattr(self.imputers_[0], "feature_names_in_"):
            self.feature_names_in_ = self.imputers_[0].feature_names_in_
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        return self

    def _imputer(self, seed: int) -> IterativeImputer:
        return IterativeImputer(
            self.estimator,
            sample_posterior=True,
            max_iter=self.max_iter,
            n_nearest_features=self.n_nearest_features,
            min_value=self.min_value,
            max_value=self.max_value,
            random_state=seed,
            keep_empty_features=True,
        ).set_output(transform="default")

    def completions(self, X: Any) -> list[np.ndarray]:
        """The m completed versions of `X`."""
        check_is_fitted(self)
        return [imputer.transform(X) for imputer in self.imputers_]

    def transform(self, X: Any) -> np.ndarray:
        """The mean of the completions."""
        made = self.completions(X)
        return np.mean(made, axis=0, dtype=np.float64).astype(made[0].dtype)

    def pool(
        self,
        estimator: Any,
        X: Any,
        y: Any,
        *,
        statistic: Statistic | None = None,
        confidence: float = 0.95,
    ) -> Pooled:
        """Fit `estimator` on m completions of (X, y) and pool its coefficients.

        Parameters
        ----------
        estimator : estimator
            With ``summary(X, y)`` (the linear models of this library), or a linear regression
            with ``coef_`` and ``intercept_``; any other with `statistic`.
        X, y : array-like
            Numbers; both may have missing values.  Two classes are imputed as 0 and 1.
        statistic : callable or None, default=None
            Maps (fitted estimator, X, y) to estimates, variances and names.
        confidence : float, default=0.95
        """
        names = [str(name) for name in getattr(X, "columns", [])]
        X = np.asarray(X, dtype=np.float64)
        names = names or [f"x{j}" for j in range(X.shape[1])]
        target, classes = _numeric_target(y, is_classifier(estimator))
        rng = generator(self.random_state)
        estimates, variances = [], []
        df = math.inf
        for seed in rng.integers(2**31 - 1, size=self.m):
            joint = np.column_stack([X, target])
            imputer = self._imputer(int(seed))
            imputer.set_params(
                min_value=_with_target(self.min_value, X.shape[1], -np.inf),
                max_value=_with_target(self.max_value, X.shape[1], np.inf),
            )
            whole = imputer.fit_transform(joint)
            completed, outcome = whole[:, :-1], whole[:, -1]
            if classes is not None:
                outcome = classes[(outcome > 0.5).astype(np.int64)]
            fitted = clone(estimator).fit(completed, outcome)
            if statistic is not None:
                values, squares, names = statistic(fitted, completed, outcome)
            else:
                values, squares, names, df = _coefficients(fitted, completed, outcome, names)
            estimates.append(np.ravel(values))
            variances.append(np.ravel(squares))
        return rubin(estimates, variances, names=names, df_complete=df, confidence=confidence)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The input names."""
        check_is_fitted(self)
        return _check_feature_names_in(self, input_features)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _with_target(limit: Any, p: int, none: float) -> np.ndarray:
    """Limits of the columns, and none for the target."""
    return np.append(np.broadcast_to(np.asarray(limit, dtype=np.float64), p), none)


def _numeric_target(y: Any, classes_wanted: bool) -> tuple[np.ndarray, np.ndarray | None]:
    y = np.asarray(y)
    if not classes_wanted:
        return y.astype(np.float64), None
    known = y[[v == v and v is not None for v in y.tolist()]]
    if type_of_target(known) != "binary":
        raise ValueError("pool takes regressors and classifiers of two classes")
    classes = np.unique(known)
    codes = np.full(len(y), np.nan)
    codes[y == classes[0]] = 0.0
    codes[y == classes[-1]] = 1.0
    return codes, classes


def _coefficients(
    fitted: Any, X: np.ndarray, y: np.ndarray, names: list[str]
) -> tuple[np.ndarray, np.ndarray, list[str], float]:
    """Coefficients, then the intercept, with the variances theory gives."""
    p = X.shape[1]
    if hasattr(fitted, "summary"):
        table = fitted.summary(X, y)
        listed = list(table.names)
        listed[:p] = names[:p]
        return table.coef, np.square(table.std_error), listed, float(table.df_resid)
    if not hasattr(fitted, "coef_") or is_classifier(fitted):
        raise ValueError(
            f"{type(fitted).__name__} has no known standard errors; pass statistic=(fitted, X, y) "
            "-> (estimates, variances, names)"
        )
    Z = np.column_stack([X, np.ones(len(X))])
    coef = np.append(np.ravel(fitted.coef_), fitted.intercept_)
    left = y - Z @ coef
    freedom = len(X) - p - 1
    covariance = np.linalg.pinv(Z.T @ Z) * float(left @ left) / freedom
    return coef, np.diag(covariance), [*names[:p], "intercept"], float(freedom)
