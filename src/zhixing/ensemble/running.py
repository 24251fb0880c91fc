"""The scores of a fit so far, and the trees they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..growth.bins import Bins
from ..growth.tree import Forest
from .combining import Combining
from .linear_leaves import LinearTerms
from .watching import Watched


@dataclass
class Planted:
    """A tree of the sum: `values` by node, to be counted `factor` times."""

    output: int
    values: np.ndarray
    terms: LinearTerms | None
    forest: Forest
    grown: Any  # None where it is not sent rows again
    factor: float = 1.0


class Running:
    """Sums of trees over the training rows (scores[0]) and over those of each watched table."""

    def __init__(
        self,
        base: np.ndarray,
        scores: np.ndarray,
        table: Any,
        bins: Bins,
        watched: Sequence[Watched],
        combining: Combining,
    ) -> None:
        self.base, self.bins, self.combining = base, bins, combining
        # Where a forest's trees are grown.
        self.start = scores.copy() if combining.averages else scores
        self.tables, self.scores, self.places = [table], [scores], []
        for w in watched:
            if w.table is None:
                self.places.append(0)
                continue
            self.places.append(len(self.tables))
            self.tables.append(w.table)
            size = w.table.shape[0]  # type: ignore[attr-defined]
            start = np.repeat(base[:, None], size, axis=1) if w.scores is None else w.scores
            self.scores.append(start)
        self.weights: list[float] = []
        self.trees: list[Planted] = []

    @property
    def rounds(self) -> int:
        return len(self.trees) // len(self.base)

    def watched_scores(self) -> list[np.ndarray]:
        return [self.scores[place] for place in self.places]

    def plant(
        self,
        grown: Any,
        k: int,
        values: np.ndarray,
        terms: LinearTerms | None,
        index: np.ndarray | None,
    ) -> None:
        """Add a tree of output k, grown on the rows of `index`, to all scores."""
        z = self.scores[0][k]
        if terms is None:
            grown.add_to(z, values)
            if index is not None:
                others = np.ones(len(z), bool)
                others[index] = False
                rest = np.flatnonzero(others).astype(np.uint32)
                grown.add_elsewhere(self.tables[0], rest, values, z)
        else:
            terms.add_grown(grown, self.tables[0], values, z)
        forest = grown.to_forest(self.bins, values)
        kept = None
        if self.combining.keeps_trees:
            kept = grown
            kept.index = None  # of the size of the rows
        tree = Planted(k, values, terms, forest, grown)
        for table, scores in zip(self.tables[1:], self.scores[1:]):
            _send(tree, 1.0, table, scores[k])
        tree.grown = kept
        self.trees.append(tree)

    def drop(self, rounds: np.ndarray) -> None:
        """Take rounds out of the scores."""
        for tree in self._of(rounds):
            self._count(tree, -tree.factor)

    def restore(self, rounds: np.ndarray, factor: float, rate: float) -> None:
        """Put rounds back, to count `factor` times as much as before, and note the new one's weight."""
        for tree in self._of(rounds):
            tree.factor *= factor
            self._count(tree, tree.factor)
        for t in rounds:
            self.weights[t] *= factor
        self.weights.append(rate)

    def _of(self, rounds: np.ndarray) -> list[Planted]:
        k = len(self.base)
        return [tree for t in rounds for tree in self.trees[int(t) * k : (int(t) + 1) * k]]

    def _count(self, tree: Planted, factor: float) -> None:
        for table, scores in zip(self.tables, self.scores):
            _send(tree, factor, table, scores[tree.output])

    def forest(self) -> Forest:
        if not self.trees:
            return Forest.empty()
        forest = Forest.join([tree.forest for tree in self.trees])
        forest.value = forest.value * np.repeat(self._factors(), self._sizes())
        return forest

    def linear(self) -> LinearTerms | None:
        terms = [
            None if tree.terms is None else tree.terms.scaled(factor)
            for tree, factor in zip(self.trees, self._factors())
        ]
        return LinearTerms.join(terms, self._sizes())

    def _sizes(self) -> list[int]:
        return [len(tree.values) for tree in self.trees]

    def _factors(self) -> np.ndarray:
        share = 1.0 / max(self.rounds, 1) if self.combining.averages else 1.0
        return np.array([tree.factor * share for tree in self.trees])


def _send(tree: Planted, factor: float, table: Any, z: np.ndarray) -> None:
    """Add a tree `factor` times to the scores of a table's rows."""
    values = tree.values * factor
    if tree.terms is None:
        tree.grown.add_elsewhere(table, np.arange(len(z), dtype=np.uint32), values, z)
    else:
        tree.terms.scaled(factor).add_grown(tree.grown, table, values, z)
