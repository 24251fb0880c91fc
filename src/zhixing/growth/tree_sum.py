"""A score as a sum of trees: what a model of trees is to those who explain it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core.errors import InputError
from .bins import Bins
from .tree import Forest


@dataclass(frozen=True)
class TreeSum:
    """Score k of a row is start[k] plus `scale` times its leaves in the trees of output k.

    Where the forest's values are (nodes, k) every tree adds to every output and `outputs` is None.
    """

    forest: Forest
    bins: Bins | None
    start: np.ndarray  # (k,)
    outputs: np.ndarray | None = None  # (trees,) the output each tree adds to
    scale: float = 1.0
    by_count: bool = False  # whether rows weigh the same when they are spread over branches

    @property
    def parts(self) -> list[tuple[int, int, int]]:
        """(tree, column of the values, output) for all that is added up."""
        trees = range(len(self.forest))
        if self.outputs is not None:
            return [(t, 0, int(k)) for t, k in zip(trees, self.outputs)]
        return [(t, k, k) for k in range(len(self.start)) for t in trees]

    @property
    def plain(self) -> np.ndarray:
        """(columns, nodes): the values as the trees hold them."""
        value = self.forest.value
        return np.ascontiguousarray(value.reshape(len(value), -1).T, dtype=np.float64)

    @property
    def values(self) -> np.ndarray:
        """(columns, nodes): what a row that ends in a node adds."""
        return self.scale * self.plain

    def shares(self) -> np.ndarray:
        """(nodes,) the share of the rows of a node's parent that went to the node; 1 for a root.

        Rows weigh as in training, by `cover` (of boosting the second derivative), or by number where asked
        and where a cover is nothing.
        """
        forest = self.forest
        inner = np.flatnonzero(forest.feature >= 0)
        left = forest.left[inner]
        shares = np.ones(len(forest.feature))
        found = np.full(len(inner), 0.5)
        weights = (forest.cover, forest.count) if self.by_count else (forest.count, forest.cover)
        for weight in weights:
            a, b = np.maximum(weight[left], 0.0), np.maximum(weight[left + 1], 0.0)
            found = np.where(a + b > 0, a / np.where(a + b > 0, a + b, 1.0), found)
        shares[left], shares[left + 1] = found, 1.0 - found
        return shares

    def expected(self) -> np.ndarray:
        """(k,) the mean score of rows spread over the leaves as the rows of training were."""
        forest, shares = self.forest, self.shares()
        values = self.values
        total = self.start.astype(np.float64).copy()
        tree = np.arange(len(forest))
        node, reach = forest.roots, np.ones(len(forest))
        while len(node):
            leaf = forest.feature[node] < 0
            ends = reach[leaf] * values[:, node[leaf]]
            if self.outputs is None:
                total += ends.sum(axis=1)
            else:
                total += np.bincount(
                    self.outputs[tree[leaf]], weights=ends[0], minlength=len(total)
                )
            left = forest.left[node[~leaf]]
            tree, reach = np.tile(tree[~leaf], 2), np.tile(reach[~leaf], 2)
            node = np.concatenate([left, left + 1])
            reach = reach * shares[node]
        return total

    @cached_property
    def parents(self) -> np.ndarray:
        """(nodes,) the parent of each node, -1 for a root."""
        inner = np.flatnonzero(self.forest.feature >= 0)
        above = np.full(len(self.forest.feature), -1, np.int64)
        above[self.forest.left[inner]] = inner
        above[self.forest.left[inner] + 1] = inner
        return above

    def ends(self, X: np.ndarray) -> np.ndarray:
        """The node in which each row ends in each tree, (n, trees)."""
        return self.forest.apply(X, self.bins) + self.forest.roots  # type: ignore[arg-type]

    def mean_score(self, X: np.ndarray) -> np.ndarray:
        """(k,) the mean score of rows."""
        ends, values = self.ends(X), self.values
        mean = self.start.astype(np.float64).copy()
        for tree, column, output in self.parts:
            mean[output] += values[column, ends[:, tree]].mean()
        return mean

    def category_codes(self, X: np.ndarray) -> np.ndarray:
        """The bins of categories, (n, p), or an empty array where no node asks for one."""
        if not len(self.forest.sets):
            return np.empty((0, 0), np.uint8)
        if self.bins is None:
            raise InputError("a tree that splits by categories needs the bins they were coded by")
        return self.bins.category_codes(X)
