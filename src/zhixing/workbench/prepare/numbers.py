"""Numbers and booleans: missing values filled by how many there are, skew undone, scaled, splines."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ...impute import AutoImputer
from ...preprocessing import PowerTransformer, StandardScaler
from .block import Block, Feature, matrix
from .splines import hinges, knots

#: A column whose absolute skewness exceeds this enters a second time, power transformed.
SKEWED = 1.0
#: Missing rates: up to the first the median, up to the second a model of the other numbers, of which
#: there may be so many.
LOW, HIGH, MODELLED = 0.05, 0.8, 100
#: Columns that a power transform is tried on, the most skewed ones: each costs a search of its own.
POWERED = 100
#: Columns whose moments are taken at once.
STRIP = 64
WORDS = {"regression": "regression", "chained": "chained equations"}


def skewness(X: np.ndarray) -> np.ndarray:
    """Third standardised moment of every column; 0 for a constant.

    >>> skewness(np.array([[1.0, 7.0], [1.0, 7.0], [4.0, 7.0]])).round(4).tolist()
    [0.7071, 0.0]
    """
    found = np.zeros(X.shape[1])
    # A few columns at a time: the deviations of all would be another table.
    for at in range(0, X.shape[1], STRIP):
        deviation = X[:, at : at + STRIP] - X[:, at : at + STRIP].mean(axis=0)
        square = deviation * deviation
        variance = square.mean(axis=0)
        square *= deviation
        varies = variance > 1e-24
        third = square.mean(axis=0)
        found[at : at + STRIP][varies] = third[varies] / variance[varies] ** 1.5
    return found


class Numbers(Block):
    """Every number with mean 0 and deviation 1, and what a linear model needs beside it.

    Missing values are filled; a column that misses enough of them (20, or 0.5 %) gets an indicator,
    because that a number is missing often says more than the number would.  A skewed column enters
    twice, as it is and power transformed (Yeo-Johnson): the first sees sizes, the second ratios.
    With `knots` every column gets that many hinges ``max(0, x - knot)``.
    """

    def __init__(
        self, columns: list[str] | None = None, skewed: float = SKEWED, knots: int = 0
    ) -> None:
        super().__init__(columns)
        self.skewed = skewed
        self.knots = knots

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> np.ndarray:
        X = matrix(frame, self.columns or [])
        gaps = np.isnan(X)
        counts = gaps.sum(axis=0)
        self.indicated_ = np.flatnonzero((counts >= 20) | (counts >= 0.005 * len(X)) & (counts > 0))
        self._learn_filling(X, gaps)
        filled = self._fill(X, gaps)
        self.low_, self.high_ = filled.min(axis=0), filled.max(axis=0)
        powers = self._learn_powers(filled)
        self.knots_ = [
            knots(filled[:, j], self.knots) if self.knots else np.empty(0)
            for j in range(X.shape[1])
        ]
        parts = [filled, *powers, *self._hinges(filled)]
        self.scaler_ = StandardScaler()
        made = np.hstack(parts) if len(parts) > 1 else filled
        scaled = self.scaler_.fit(made, sample_weight=weight).transform(made)
        return self._with_indicators(scaled, gaps)

    def _learn_filling(self, X: np.ndarray, gaps: np.ndarray) -> None:
        """Medians of all columns; regression or chained equations for those that miss many values.

        A column that misses nearly everything, and tables of very many numbers, get the median.
        """
        some = gaps.any(axis=0)
        self.fill_ = np.empty(X.shape[1])
        self.fill_[~some] = np.median(X[:, ~some], axis=0)
        for j in np.flatnonzero(some):
            known = X[~gaps[:, j], j]
            self.fill_[j] = np.median(known) if len(known) else 0.0
        rates = gaps.mean(axis=0)
        self.modelled_ = np.flatnonzero(rates <= HIGH)
        many = (rates > LOW) & (rates <= HIGH)
        self.imputer_, self.strategies_ = None, ["median"] * X.shape[1]
        if many.any() and 1 < len(self.modelled_) <= MODELLED:
            self.imputer_ = AutoImputer(low=LOW, high=HIGH, random_state=0)
            self.imputer_.fit(X[:, self.modelled_])
            for place, column in zip(self.modelled_, self.imputer_.report_.columns):
                self.strategies_[place] = WORDS.get(column.strategy, "median")

    def _fill(self, X: np.ndarray, gaps: np.ndarray) -> np.ndarray:
        if not gaps.any():
            return X
        filled = np.where(gaps, self.fill_, X)
        if self.imputer_ is not None:
            made = self.imputer_.transform(X[:, self.modelled_])
            filled[:, self.modelled_] = made[:, : len(self.modelled_)]
        return filled

    def _learn_powers(self, X: np.ndarray) -> list[np.ndarray]:
        """Columns that a power transform makes less skewed by at least a fifth, transformed."""
        before = np.abs(skewness(X))
        tried = np.flatnonzero(before > self.skewed)
        tried = np.sort(tried[np.argsort(-before[tried], kind="stable")[:POWERED]])
        tried = tried[[np.unique(X[:, j]).size >= 3 for j in tried]] if len(tried) else tried
        self.tried_, self.power_ = tried, PowerTransformer() if len(tried) else None
        if self.power_ is None:
            self.better_ = self.powered_ = tried
            return []
        made = self.power_.fit_transform(X[:, tried])
        good = np.asarray(np.isfinite(made).all(axis=0))
        good[good] = np.abs(skewness(made[:, good])) < 0.8 * before[tried[good]]
        self.better_, self.powered_ = np.flatnonzero(good), tried[good]
        return [made[:, good]]

    def _hinges(self, X: np.ndarray) -> list[np.ndarray]:
        return [hinges(X[:, j], at) for j, at in enumerate(self.knots_) if len(at)]

    def apply(self, frame: pl.DataFrame) -> np.ndarray:
        return self.encode(matrix(frame, self.columns or []))

    def encode(self, X: np.ndarray) -> np.ndarray:
        """`apply` for rows that are a matrix already; NaN is missing."""
        gaps = np.isnan(X)
        X = self._fill(X, gaps)
        parts = [X]
        if self.power_ is not None:
            # The first model files of 0.1.0 keep the transform of the better columns alone.
            tried = getattr(self, "tried_", self.powered_)
            better = getattr(self, "better_", slice(None))
            parts.append(self.power_.transform(X[:, tried])[:, better])
        # Beyond what was seen a spline goes on level.
        parts += self._hinges(np.clip(X, self.low_, self.high_)) if self.knots else []
        made = np.hstack(parts) if len(parts) > 1 else X
        return self._with_indicators(self.scaler_.transform(made), gaps)

    def _with_indicators(self, scaled: np.ndarray, gaps: np.ndarray) -> np.ndarray:
        if not self.indicated_.size:
            return scaled
        return np.hstack([scaled, gaps[:, self.indicated_].astype(np.float64)])

    def features(self) -> list[Feature]:
        columns = self.columns or []
        found = [Feature(c, c) for c in columns]
        found += [Feature(f"{columns[j]} (power)", columns[j]) for j in self.powered_]
        found += [
            Feature(f"{c} above {at:.4g}", c) for c, cut in zip(columns, self.knots_) for at in cut
        ]
        return found + [Feature(f"{columns[j]} missing", columns[j]) for j in self.indicated_]

    def words(self) -> dict[str, str]:
        indicated, powered = set(self.indicated_.tolist()), set(self.powered_.tolist())
        found = {}
        for j, column in enumerate(self.columns or []):
            said = ["standardised"]
            if j in indicated:
                said.insert(0, f"missing filled by {self.strategies_[j]} and flagged")
            if j in powered:
                said.append("power transformed beside it")
            if len(self.knots_[j]):
                said.append(f"spline with {len(self.knots_[j])} knots")
            found[column] = ", ".join(said)
        return found
