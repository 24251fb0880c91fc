"""A boosted model whose trees are oblivious, read by bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..kernels.descend_oblivious import descend_oblivious
from .boosting import Boosted

#: Rows a task predicts at a time.
BLOCK = 8192


@dataclass
class SymmetricBoosted(Boosted):
    """Every tree is full, its nodes in the order of breadth, with one cut a level."""

    def levels(self) -> tuple[np.ndarray, ...]:
        """(feature, last bin, missing left) by level of all trees, its bounds, first leaf by tree."""
        forest = self.forest
        ends = np.append(forest.roots, len(forest.feature))[1:]
        depths = np.log2(ends - forest.roots + 1.0) - 1.0
        if (depths % 1 != 0).any() or (depths > 15).any():
            raise InputError("a tree is not a full one")
        bounds = np.concatenate([[0], np.cumsum(depths.astype(np.int64))])
        tree = np.repeat(np.arange(len(depths)), depths.astype(np.int64))
        level = np.arange(bounds[-1]) - bounds[tree]
        node = forest.roots[tree] + 2**level - 1  # the first of its level
        leaves = ends - 2 ** depths.astype(np.int64)
        return (
            forest.feature[node].astype(np.uint32), forest.bin[node].astype(np.uint8),
            forest.missing_left[node], bounds, leaves,
        )  # fmt: skip

    def check_levels(self) -> None:
        """Refuse trees (of a model file) whose levels do not have one cut."""
        forest = self.forest
        for tree, root in enumerate(forest.roots):
            end = forest.roots[tree + 1] if tree + 1 < len(forest.roots) else len(forest.feature)
            size = int(end - root)
            inner = np.arange((size - 1) // 2)
            level = np.floor(np.log2(inner + 1)).astype(int)
            first = root + 2**level - 1
            here = root + inner
            same = all(
                (held[here] == held[first]).all()
                for held in (forest.feature, forest.bin, forest.missing_left, forest.threshold)
            )
            full = size & (size + 1) == 0 and (forest.left[here] == root + 2 * inner + 1).all()
            leaves = (forest.feature[root + len(inner) : end] < 0).all()
            if not (same and full and leaves and (forest.feature[here] >= 0).all()):
                raise InputError("a tree is not an oblivious one")
        self.levels()

    def _add(self, trees: slice, X: np.ndarray, found: np.ndarray) -> None:
        # Few rows are not worth their bins, nor is a part of the trees.
        if trees != slice(None) or len(X) < 64 or X.shape[1] > 2 * len(self.forest):
            super()._add(trees, X, found)
            return
        feature, last, missing_left, bounds, leaves = self.levels()
        known = np.empty((0, 0), np.uint8)
        each(
            lambda s: descend_oblivious(
                rows_contiguous(X[s]), known, self.bins.thresholds, feature, last, missing_left,
                bounds, leaves, self.outputs, self.forest.value, found[s],
            ),
            slices(len(X), BLOCK),
        )  # fmt: skip
