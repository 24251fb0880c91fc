"""Folds: the same for every candidate, and prepared once for all of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
)

from ..core.parallel import each
from ..core.quiet import quiet
from ..data import Table
from .prepare import Preparation

#: Prepared folds are kept while they take no more than this, in bytes.
MEMORY = 1.5e9


@dataclass(frozen=True)
class Fold:
    """Rows to learn from and rows to score on, as matrices; `rows` are the latter's indices."""

    X: Any
    y: np.ndarray
    weight: np.ndarray | None
    X_test: Any
    y_test: np.ndarray
    weight_test: np.ndarray | None
    rows: np.ndarray
    categorical: np.ndarray


@dataclass
class Folds:
    """Train and test rows of a table, prepared on first use and kept while memory allows."""

    table: Table
    splits: list[tuple[np.ndarray, np.ndarray]]
    words: str
    preparation: Preparation
    _kept: dict[int, Fold] = field(default_factory=dict, repr=False)
    _bytes: float = 0.0
    _lock: Any = field(default_factory=threading.Lock, repr=False)

    def __len__(self) -> int:
        return len(self.splits)

    def __iter__(self) -> Iterator[Fold]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, i: int) -> Fold:
        if i not in self._kept:
            fold = self._prepare(i)
            size = _size(fold.X) + _size(fold.X_test)
            with self._lock:
                if self._bytes + size > MEMORY:
                    return fold
                self._kept[i] = fold
                self._bytes += size
        return self._kept[i]

    def _prepare(self, i: int) -> Fold:
        from sklearn.base import clone

        train, test = self.splits[i]
        y, weight = goal(self.table), self.table.weight
        own = None if weight is None else weight[train]
        preparation = clone(self.preparation)
        frame = self.table.X
        X = preparation.fit_transform(frame[train], y[train], own)
        return Fold(
            X,
            y[train],
            own,
            preparation.transform(frame[test]),
            y[test],
            None if weight is None else weight[test],
            test,
            preparation.categorical(),
        )

    def prepare(self) -> None:
        """Prepare all of them over the threads, so that no candidate has to."""
        each(self.__getitem__, range(len(self)))

    @property
    def sizes(self) -> tuple[list[int], list[int]]:
        """Rows learned from and rows scored on, by fold."""
        return _sizes(self.splits)

    def forget(self) -> None:
        """Give the memory of the prepared matrices back."""
        self._kept.clear()
        self._bytes = 0.0


class Forms:
    """The same folds, prepared in every form that candidates ask for."""

    def __init__(
        self,
        table: Table,
        splits: list[tuple[np.ndarray, np.ndarray]],
        words: str,
        preparations: Mapping[str, Preparation],
    ) -> None:
        self.table, self.splits, self.words = table, splits, words
        self.preparations = preparations
        self._made: dict[str, Folds] = {}

    def __len__(self) -> int:
        return len(self.splits)

    def __contains__(self, form: str) -> bool:
        return form in self.preparations

    def __getitem__(self, form: str) -> Folds:
        if form not in self._made:
            self._made[form] = Folds(self.table, self.splits, self.words, self.preparations[form])
        return self._made[form]

    @property
    def sizes(self) -> tuple[list[int], list[int]]:
        """Rows learned from and rows scored on, by fold."""
        return _sizes(self.splits)

    def forget(self) -> None:
        """Give the memory of the prepared matrices back."""
        for folds in self._made.values():
            folds.forget()


def _sizes(splits: list[tuple[np.ndarray, np.ndarray]]) -> tuple[list[int], list[int]]:
    return [len(a) for a, _ in splits], [len(b) for _, b in splits]


def _size(X: Any) -> int:
    if hasattr(X, "indptr"):
        return X.data.nbytes + X.indices.nbytes + X.indptr.nbytes
    return X.nbytes


def goal(table: Table) -> np.ndarray:
    """What estimators are fitted on: class codes, or numbers."""
    return table.codes if table.classes is not None else table.y


def split_rows(
    table: Table, n_splits: int, seed: int, repeats: int = 1
) -> tuple[list[tuple[np.ndarray, np.ndarray]], str]:
    """Folds as the table asks: later rows after earlier ones, groups together, classes in proportion.

    Returns the splits and what they are in words.
    """
    n = len(table)
    if table.time is not None:
        order = np.argsort(table.time, kind="stable")
        cut = TimeSeriesSplit(n_splits)
        splits = [(np.sort(order[a]), np.sort(order[b])) for a, b in cut.split(order)]
        return splits, f"{n_splits} folds, each later than the rows learned from"
    y = goal(table)
    groups, classes = table.groups, table.classes
    n_splits = min(n_splits, n)
    words = "folds"
    if groups is not None:
        n_splits = min(n_splits, int(groups.max()) + 1)
        words = "folds that keep groups together"
    elif classes is not None:
        words = "stratified folds"
        if len(classes) == 2:
            # Measures of two classes need both in every fold; those of more know a missing one.
            n_splits = min(n_splits, max(2, int(np.bincount(y, minlength=2).min())))
    splits = []
    for repeat in range(repeats):
        chance = dict(shuffle=True, random_state=seed + repeat)
        if groups is not None and classes is not None:
            cut = StratifiedGroupKFold(n_splits, **chance)
        elif groups is not None:
            cut = GroupKFold(n_splits, **chance)
        elif classes is not None:
            cut = StratifiedKFold(n_splits, **chance)
        else:
            cut = KFold(n_splits, **chance)
        with quiet(UserWarning):
            # Of a class rarer than the folds some folds have no row: the measures know.
            splits += [(a, b) for a, b in cut.split(np.empty((n, 0)), y, groups)]
    times = f"{repeats} times " if repeats > 1 else ""
    return splits, f"{times}{n_splits} {words}"
