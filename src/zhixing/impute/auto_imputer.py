"""The strategy for every column by its missing rate."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import (
    _check_feature_names_in,
    check_is_fitted,
    validate_data,
)

from ..core.estimator import Estimator
from ..core.quiet import quiet
from .iterative_imputer import IterativeImputer
from .missing import missing_mask
from .missing_report import RATES, MissingReport, missing_report
from .regression_imputer import RegressionImputer
from .simple_imputer import most_frequent
from .table_columns import as_table, named_columns, refuse_dates


class AutoImputer(TransformerMixin, Estimator):
    """Fill every column as its missing rate asks: statistic, regression, chained equations, or drop.

    Numeric columns: the median up to `low`, regression on the other numeric columns up to
    `medium`, chained equations and an indicator column up to `high`.  Categorical columns: the
    most frequent value up to `low`, then a category of their own.  Columns above `high` go.

    Parameters
    ----------
    low, medium, high : float, default=0.05, 0.3, 0.8
    missing_category : str, default="missing"
    random_state : int, RandomState, Generator or None, default=None

    Attributes
    ----------
    report_ : MissingReport
        What `fit` saw and chose.
    columns_ : ndarray of int
        Columns kept, then `indicators_`, the columns with an indicator.

    Notes
    -----
    A column complete in `fit` is filled with its median or most frequent value should it have
    holes later.  Dates are refused: DateParts makes numbers of them.  The output is float64 for
    numeric tables and objects otherwise.

    Examples
    --------
    >>> X = np.array([[1.0, 2.0], [2.0, 4.0], [np.nan, 6.0], [4.0, 8.0], [5.0, 10.0]])
    >>> imputer = AutoImputer().fit(X)
    >>> imputer.report_.columns[0].strategy, imputer.transform(X)[2].round(6)
    ('regression', array([3., 6.]))
    """

    def __init__(
        self,
        *,
        low: float = RATES[0],
        medium: float = RATES[1],
        high: float = RATES[2],
        missing_category: str = "missing",
        random_state: Any = None,
    ) -> None:
        self.low = low
        self.medium = medium
        self.high = high
        self.missing_category = missing_category
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> AutoImputer:
        """Measure the missing rates, choose, and fit the imputers chosen."""
        columns = self._columns(X, fitting=True)
        self.report_: MissingReport = missing_report(
            X if hasattr(X, "columns") else np.asarray(as_table(X)),
            rates=(self.low, self.medium, self.high),
        )
        chosen = [column.strategy for column in self.report_.columns]
        self._numeric = np.array([c.kind == "numeric" for c in self.report_.columns])
        self.columns_ = np.array([j for j, s in enumerate(chosen) if s != "drop"], dtype=np.int64)
        self.indicators_ = np.array(
            [j for j, s in enumerate(chosen) if s == "chained"], dtype=np.int64
        )
        self._fills: list[Any] = []
        for j, (strategy, column) in enumerate(zip(chosen, columns)):
            known = column[~missing_mask(column)]
            if strategy == "drop" or not len(known):
                self._fills.append(0.0 if self._numeric[j] else self.missing_category)
            elif self._numeric[j]:
                self._fills.append(float(np.median(known.astype(np.float64))))
            elif strategy == "category":
                self._fills.append(self.missing_category)
            else:
                self._fills.append(most_frequent(known))
        self._block = [j for j in self.columns_ if self._numeric[j]]
        by_regression = [j for j in self._block if chosen[j] == "regression"]
        by_chain = [j for j in self._block if chosen[j] == "chained"]
        self._models: list[tuple[Any, list[int]]] = []
        Z = self._numbers(columns)
        with quiet(ConvergenceWarning):
            if by_regression:
                self._models.append((RegressionImputer().fit(Z), by_regression))
            if by_chain:
                chained = IterativeImputer(random_state=self.random_state, keep_empty_features=True)
                self._models.append((chained.fit(Z), by_chain))
        return self

    def _numbers(self, columns: list[np.ndarray]) -> np.ndarray:
        if not self._block:
            return np.empty((len(columns[0]), 0))
        return np.column_stack([columns[j].astype(np.float64) for j in self._block])

    def _columns(self, X: Any, *, fitting: bool) -> list[np.ndarray]:
        table = X if hasattr(X, "columns") and getattr(X, "ndim", 2) == 2 else as_table(X)
        validate_data(self, X=table, reset=fitting, skip_check_array=True)
        named = named_columns(table)
        refuse_dates(named)
        columns = [column for _, column in named]
        for j, column in enumerate(columns):
            if column.dtype.kind == "f" and np.isinf(column).any():
                raise ValueError(f"Input X contains infinity in column {j}.")
        return columns

    def transform(self, X: Any) -> np.ndarray:
        """`X` completed, without the dropped columns, with indicators at the end."""
        check_is_fitted(self)
        columns = self._columns(X, fitting=False)
        masks = [missing_mask(column) for column in columns]
        filled: dict[int, np.ndarray] = {}
        for j in self.columns_:
            column = columns[j]
            if self._numeric[j]:
                column = column.astype(np.float64)
            filled[j] = column
            if masks[j].any():
                filled[j] = np.where(masks[j], np.array(self._fills[j], column.dtype), column)
        place = {j: k for k, j in enumerate(self._block)}
        Z = self._numbers(columns)
        for model, targets in self._models:
            wanted = [j for j in targets if masks[j].any()]
            if wanted:
                made = model.transform(Z)
                for j in wanted:
                    filled[j] = made[:, place[j]]
        numeric = bool(self._numeric[self.columns_].all())
        out = np.empty(
            (len(columns[0]), len(self.columns_) + len(self.indicators_)),
            np.float64 if numeric else object,
        )
        for k, j in enumerate(self.columns_):
            out[:, k] = filled[j]
        for k, j in enumerate(self.indicators_):
            out[:, len(self.columns_) + k] = masks[j].astype(np.float64)
        return out

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns kept, then ``missingindicator_name``."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        extra = [f"missingindicator_{names[j]}" for j in self.indicators_]
        return np.concatenate([names[self.columns_], np.array(extra, dtype=object)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = []
        return tags
