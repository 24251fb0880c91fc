"""Categories as numbers that tell of the target without telling a row its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError


@dataclass
class OrderedStatistics:
    """Target statistics of categories, for training by the rows before, for prediction by all rows.

    A row's statistic of target column c is (sum of c over earlier rows of its category + a prior) /
    (their number + a), in the order of a permutation; beside it stands how common the category is so
    far.  A category of at most `one_hot` levels becomes an indicator for each of them instead.
    Missing is a category; unseen ones have the prior and no count.
    Prokhorenkova et al. (2018), "CatBoost", eq. 5.
    """

    plain: np.ndarray  # features taken as they are
    indicated: dict[int, np.ndarray]  # feature -> its levels
    levels: dict[int, np.ndarray]  # feature -> its levels, NaN last if it is one
    sums: dict[int, np.ndarray]  # feature -> (levels, columns) sums of the target
    counts: dict[int, np.ndarray]  # feature -> (levels,)
    prior: np.ndarray  # (columns,)
    weight: float  # a
    rows: float  # of training

    @staticmethod
    def fit(
        X: np.ndarray,
        categorical: np.ndarray | None,
        target: np.ndarray,
        row_weight: np.ndarray,
        one_hot: int,
        weight: float,
    ) -> OrderedStatistics:
        """target (n, columns): y, or an indicator for each class but the first."""
        p = X.shape[1]
        mask = np.zeros(p, bool) if categorical is None else categorical
        prior = np.average(target, axis=0, weights=row_weight)
        made = OrderedStatistics(
            np.flatnonzero(~mask), {}, {}, {}, {}, prior, weight, float(row_weight.sum())
        )
        for j in np.flatnonzero(mask):
            levels = np.unique(X[:, j])  # NaNs are one, and last
            if len(levels) <= one_hot:
                made.indicated[int(j)] = levels
                continue
            codes = _codes(X[:, j], levels)
            made.levels[int(j)] = levels
            made.counts[int(j)] = np.bincount(codes, weights=row_weight, minlength=len(levels))
            made.sums[int(j)] = np.stack(
                [
                    np.bincount(codes, weights=row_weight * c, minlength=len(levels))
                    for c in target.T
                ],
                axis=1,
            )
        return made

    @property
    def sources(self) -> np.ndarray:
        """The feature of X each column comes from."""
        found = list(self.plain)
        for j, levels in self.indicated.items():
            found += [j] * len(levels)
        for j in self.levels:
            found += [j] * (len(self.prior) + 1)
        return np.array(found, dtype=np.int64)

    def names(self, features: Sequence[str]) -> list[str]:
        """Names of the columns from those of the features."""
        found = [str(features[j]) for j in self.plain]
        for j, levels in self.indicated.items():
            found += [f"{features[j]} is {level:g}" for level in levels]
        for j in self.levels:
            means = (
                [f"mean of {features[j]}"]
                if len(self.prior) == 1
                else [f"share {k + 1} of {features[j]}" for k in range(len(self.prior))]
            )
            found += [*means, f"count of {features[j]}"]
        return found

    def _begin(self, X: np.ndarray) -> list[np.ndarray]:
        columns = [X[:, self.plain].astype(np.float64)]
        for j, levels in self.indicated.items():
            codes = _codes(X[:, j], levels)
            columns.append((codes[:, None] == np.arange(len(levels))).astype(np.float64))
        return columns

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Columns by the statistics of all training rows."""
        columns = self._begin(X)
        for j, levels in self.levels.items():
            codes = _codes(X[:, j], levels)
            sums = np.vstack([self.sums[j], np.zeros(len(self.prior))])[codes]
            counts = np.append(self.counts[j], 0.0)[codes]
            columns.append(self._statistics(sums, counts))
        return np.ascontiguousarray(np.hstack(columns))

    def ordered(
        self, X: np.ndarray, target: np.ndarray, row_weight: np.ndarray, order: np.ndarray
    ) -> np.ndarray:
        """Columns of training rows by the rows before them in `order`."""
        columns = self._begin(X)
        for j, levels in self.levels.items():
            codes = _codes(X[:, j], levels)
            # Rows by category, in order within it: sums so far are running sums less the category's start.
            by_level = order[np.argsort(codes[order], kind="stable")]
            w = row_weight[by_level]
            starts = np.searchsorted(codes[by_level], np.arange(len(levels)))
            first = starts[codes[by_level]]
            counts = _before(w, first)
            sums = np.stack([_before(w * c, first) for c in target[by_level].T], axis=1)
            made = np.empty((len(X), len(self.prior) + 1))
            made[by_level] = self._statistics(sums, counts)
            columns.append(made)
        return np.ascontiguousarray(np.hstack(columns))

    def _statistics(self, sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
        mean = (sums + self.weight * self.prior) / (counts + self.weight)[:, None]
        return np.column_stack([mean, counts])

    def check(self, p: int) -> None:
        """Refuse arrays (of a model file) that do not fit p features."""
        k = len(self.prior)
        fine = all(0 <= j < p for j in (*self.indicated, *self.levels)) and (
            len(self.plain) == 0 or (self.plain.min() >= 0 and self.plain.max() < p)
        )
        for j, levels in self.levels.items():
            fine = fine and self.sums[j].shape == (len(levels), k)
            fine = fine and self.counts[j].shape == (len(levels),)
        if not fine:
            raise InputError("OrderedStatistics: the statistics do not fit the features")


def _before(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    running = np.concatenate([[0.0], np.cumsum(values)])
    return running[:-1] - running[first]


def _codes(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Places among the sorted levels (NaN last); ``len(levels)`` for others."""
    places = np.searchsorted(levels, values).clip(max=len(levels) - 1)
    found = (levels[places] == values) | (np.isnan(levels[places]) & np.isnan(values))
    return np.where(found, places, len(levels))
