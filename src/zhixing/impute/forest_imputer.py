"""Fill missing values by random forests, column by column, until they settle."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import TransformerMixin, clone
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, validate_data

from ..core.estimator import Estimator
from ..core.random import generator
from .missing import missing_mask
from .simple_imputer import most_frequent
from .table_columns import as_table, named_columns, refuse_dates


class ForestImputer(TransformerMixin, Estimator):
    """Predict missing values of numeric and categorical columns by random forests, in rounds.

    Start from means and most frequent values; then, from the column with the fewest missing
    values to the one with the most, fit a forest on the rows where it is known and predict the
    others.  Stop when the change grows for the first time, and keep the round before.

    Parameters
    ----------
    max_iter : int, default=10
        Most rounds.
    regressor, classifier : estimators or None, default=None
        For numeric and for categorical columns; None is scikit-learn's random forest with
        `n_estimators` trees.
    n_estimators : int, default=100
    random_state : int, RandomState, Generator or None, default=None

    Attributes
    ----------
    n_iter_ : int
    history_ : list of (float, float)
        Change of the numeric columns (squared, relative) and of the categorical ones (share).
    models_ : dict from column to fitted estimator

    Notes
    -----
    Columns of strings or objects are categorical; the output is float64 for numeric tables and
    objects otherwise.  New rows are filled by the models of the last round kept, run as many times.
    Columns without known values become 0.  O(max_iter) forests per incomplete column.
    Stekhoven and Bühlmann (2012), algorithm 1.

    Examples
    --------
    >>> X = np.array([[float(i), i % 2 * 10.0] for i in range(20)])
    >>> X[3, 1] = np.nan
    >>> ForestImputer(n_estimators=10, random_state=0).fit_transform(X).shape
    (20, 2)
    """

    def __init__(
        self,
        *,
        max_iter: int = 10,
        regressor: Any = None,
        classifier: Any = None,
        n_estimators: int = 100,
        random_state: Any = None,
    ) -> None:
        self.max_iter = max_iter
        self.regressor = regressor
        self.classifier = classifier
        self.n_estimators = n_estimators
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> ForestImputer:
        """Run the rounds and keep the models."""
        self.fit_transform(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> np.ndarray:
        """Run the rounds and give the completed training rows."""
        if self.max_iter < 1:
            raise ValueError(f"max_iter must be at least 1, got {self.max_iter}")
        columns = self._columns(X, fitting=True)
        rng = generator(self.random_state)
        self._levels = [None if c.dtype.kind in "biuf" else _levels(c) for c in columns]
        codes, mask = self._codes(columns)
        self._fills = [
            _first_guess(codes[:, j], mask[:, j], self._levels[j]) for j in range(codes.shape[1])
        ]
        filled = np.where(mask, self._fills, codes)
        rates = mask.mean(axis=0)
        order = [j for j in np.argsort(rates, kind="stable") if 0 < rates[j] < 1]
        self.models_: dict[int, Any] = {}
        self.history_: list[tuple[float, float]] = []
        self.n_iter_ = 0
        if not order or codes.shape[1] == 1:
            self.n_iter_ = 1
            return self._decoded(filled)
        for _ in range(self.max_iter):
            before, models = filled.copy(), dict(self.models_)
            for j in order:
                self.models_[j] = self._fit_one(filled, mask[:, j], j, rng)
                filled[mask[:, j], j] = self._predict_one(filled[mask[:, j]], j)
            self.history_.append(self._change(before, filled, mask))
            if len(self.history_) > 1 and self._grew():
                filled, self.models_ = before, models
                break
            self.n_iter_ += 1
        return self._decoded(filled)

    def _fit_one(
        self, filled: np.ndarray, missing: np.ndarray, j: int, rng: np.random.Generator
    ) -> Any:
        categorical = self._levels[j] is not None
        given = self.classifier if categorical else self.regressor
        if given is None:
            from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

            forest = RandomForestClassifier if categorical else RandomForestRegressor
            given = forest(n_estimators=self.n_estimators)
        model = clone(given)
        if "random_state" in model.get_params():
            model.set_params(random_state=int(rng.integers(2**31 - 1)))
        others = np.delete(np.arange(filled.shape[1]), j)
        target = filled[~missing, j]
        return model.fit(
            filled[np.ix_(~missing, others)], target.astype(int) if categorical else target
        )

    def _predict_one(self, rows: np.ndarray, j: int) -> np.ndarray:
        others = np.delete(np.arange(rows.shape[1]), j)
        return self.models_[j].predict(rows[:, others])

    def _change(
        self, before: np.ndarray, after: np.ndarray, mask: np.ndarray
    ) -> tuple[float, float]:
        numeric = np.array([levels is None for levels in self._levels])
        d = after[:, numeric] - before[:, numeric]
        size = float(np.square(after[:, numeric]).sum())
        holes = int(mask[:, ~numeric].sum())
        changed = float((after[:, ~numeric] != before[:, ~numeric]).sum())
        return (
            float(np.square(d).sum()) / size if size > 0 else 0.0,
            changed / holes if holes else 0.0,
        )

    def _grew(self) -> bool:
        """Both kinds of change present must grow."""
        kinds = [k for k in (0, 1) if any(h[k] > 0 for h in self.history_)]
        return all(self.history_[-1][k] >= self.history_[-2][k] for k in kinds)

    def transform(self, X: Any) -> np.ndarray:
        """Complete new rows with the models of `fit`."""
        check_is_fitted(self)
        codes, mask = self._codes(self._columns(X, fitting=False))
        filled = np.where(mask, self._fills, codes)
        for _ in range(self.n_iter_):
            for j in self.models_:
                if mask[:, j].any():
                    filled[mask[:, j], j] = self._predict_one(filled[mask[:, j]], j)
        return self._decoded(filled)

    def _columns(self, X: Any, *, fitting: bool) -> list[np.ndarray]:
        table = X if hasattr(X, "columns") else as_table(X)
        validate_data(self, X=table, reset=fitting, skip_check_array=True)
        named = named_columns(table)
        refuse_dates(named)
        columns = [column for _, column in named]
        for j, column in enumerate(columns):
            if column.dtype.kind == "f" and np.isinf(column).any():
                raise ValueError(f"Input X contains infinity in column {j}.")
        return columns

    def _codes(self, columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Numbers, and the places of categories; unknown categories count as missing."""
        codes = np.empty((len(columns[0]), len(columns)))
        for j, (column, levels) in enumerate(zip(columns, self._levels)):
            if levels is None:
                codes[:, j] = column.astype(np.float64)
            else:
                place = {v: k for k, v in enumerate(levels.tolist())}
                codes[:, j] = [place.get(v, np.nan) for v in column.tolist()]
        return codes, np.isnan(codes)

    def _decoded(self, filled: np.ndarray) -> np.ndarray:
        if all(levels is None for levels in self._levels):
            return filled
        out = filled.astype(object)
        for j, levels in enumerate(self._levels):
            if levels is not None:
                out[:, j] = levels[filled[:, j].astype(np.int64)] if len(levels) else None
        return out

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The input names."""
        check_is_fitted(self)
        return _check_feature_names_in(self, input_features)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _levels(column: np.ndarray) -> np.ndarray:
    known = column[~missing_mask(column)]
    levels = np.empty(len(set(known.tolist())), object)
    levels[:] = sorted(set(known.tolist()), key=lambda v: (str(type(v)), v))
    return levels


def _first_guess(codes: np.ndarray, missing: np.ndarray, levels: np.ndarray | None) -> float:
    known = codes[~missing]
    if not known.size:
        return 0.0
    return float(known.mean()) if levels is None else float(most_frequent(known))
