"""Shapley values of trees against background rows ("interventional"), exact.

Without the features outside S a row takes them from a background row z, and the value is the mean over z
(Lundberg et al. 2020, eq. 12; Janzing, Minorics and Bloebaum 2020 say when to prefer this to the
path-dependent values).  A row and z reach a leaf in some mixture if they fail on no feature of its path in
common, so a leaf needs of either no more than the set of features it fails on.  Sets of background rows
are counted once, and a row's value is looked up by its own set: n + background lookups a leaf
instead of n times background walks, which remain for trees whose paths ask for more than 12 features.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import beta

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..kernels.path_masks import path_masks
from ..kernels.shap_masks import shap_masks
from ..kernels.shap_pairs import shap_pairs
from .shap import BLOCK, Rows, Walk, walks_of
from .tree_sum import TreeSum

#: The most features on a path for which sets are counted, and for which values are kept by set.
MASKED, KEPT = 12, 10
#: Rows a task walks at a time with all of the background.
PIECE = 32


def shap_values_against(trees: TreeSum, X: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Values (n, p, k); with the mean score of the background they add up to the scores of X.

    Cost: O((n + background) leaves depth) for trees of few features a path, else
    O(n background) walks.
    """
    n, p = X.shape
    if not len(background):
        raise InputError("background has no rows")
    found = np.zeros((n, p, len(trees.start)))
    values, other = trees.values, Rows.of(trees, background)
    for walks in walks_of(trees, constants=False):
        tables = [_Table.of(trees, w, values[w.column], other, len(background)) for w in walks]

        def block(s: slice, walks: list[Walk] = walks, tables: list = tables) -> None:
            rows = Rows.of(trees, X[s])
            phi = np.zeros((found.shape[2], p, rows.columns.shape[1]))
            for walk, table in zip(walks, tables):
                if table is None:
                    _pairs(trees, walk, values[walk.column], X[s], background, found[s])
                else:
                    table.add(trees, walk, rows, phi[walk.output])
            found[s] += phi[:, :, : s.stop - s.start].transpose(2, 1, 0)

        # Walks take long, so they are handed out in small pieces.
        each(block, slices(n, BLOCK if all(tables) else PIECE))
    return found


@dataclass(frozen=True)
class _Table:
    """The leaves of a tree with the sets of features on which background rows fail there."""

    starts: np.ndarray  # (leaves + 1,)
    fails: np.ndarray
    share: np.ndarray
    value: np.ndarray  # (leaves,)
    asked: np.ndarray  # (leaves, m)
    leaf: np.ndarray

    @staticmethod
    def of(trees: TreeSum, walk: Walk, value: np.ndarray, other: Rows, count: int) -> _Table | None:
        if walk.distinct > MASKED:
            return None
        leaf, asked, masks = _masks(trees, walk, other)
        sets = [np.unique(row[:count], return_counts=True) for row in masks]
        return _Table(
            np.cumsum([0, *(len(fails) for fails, _ in sets)]),
            np.concatenate([fails for fails, _ in sets]),
            np.concatenate([counts for _, counts in sets]) / count,
            value[leaf],
            asked,
            leaf,
        )

    def add(self, trees: TreeSum, walk: Walk, rows: Rows, phi: np.ndarray) -> None:
        """phi (p, rows) += the values of one tree."""
        _, _, masks = _masks(trees, walk, rows)
        shap_masks(
            masks, self.starts, self.fails, self.share, self.value, self.asked,
            _weights(walk.distinct), min(KEPT, walk.distinct), phi,
        )  # fmt: skip


def _masks(trees: TreeSum, walk: Walk, rows: Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    leaves = len(walk.steps) // 2 + 1
    leaf, asked = np.empty(leaves, np.int64), np.empty((leaves, walk.distinct), np.int64)
    masks = np.empty((leaves, rows.columns.shape[1]), np.int64)
    path_masks(*rows.arguments, trees.forest.left, walk.steps, walk.levels, leaf, asked, masks)
    return leaf, asked, masks


def _pairs(
    trees: TreeSum, walk: Walk, value: np.ndarray, X: np.ndarray, Z: np.ndarray, found: np.ndarray
) -> None:
    phi = np.zeros(X.shape)
    shap_pairs(
        rows_contiguous(X, np.float64), trees.category_codes(X),
        rows_contiguous(Z, np.float64), trees.category_codes(Z),
        *Rows.nodes_of(trees), trees.forest.left, value, walk.root, walk.levels,
        _weights(walk.distinct), phi,
    )  # fmt: skip
    found[:, :, walk.output] += phi


@cache
def _weights(most: int) -> np.ndarray:
    """weight[a, b] = (a - 1)! b! / (a + b)!, for a > 0."""
    a, b = np.arange(1, most + 1)[:, None], np.arange(most + 1)[None, :]
    return np.vstack([np.zeros((1, most + 1)), beta(a, b + 1)])
