"""Trees of other libraries in the form of ours: children side by side, categories as bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..kernels._nodes import CATEGORIES
from .bins import Bins
from .by_value import by_value
from .tree import Forest


@dataclass
class Nodes:
    """One tree by node, in any order, node 0 its root; left is -1 in a leaf.

    sets: of a node that splits by category, the whole numbers that go left, else None.
    others_left: whether categories beyond them that no node names, and missing ones, go left.
    """

    left: np.ndarray
    right: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    missing_left: np.ndarray
    value: np.ndarray
    gain: np.ndarray
    cover: np.ndarray
    count: np.ndarray
    sets: list[np.ndarray | None]
    others_left: np.ndarray

    def order(self) -> np.ndarray:
        """Nodes from the root on, the children of each side by side."""
        order = [0]
        for node in order:
            if self.left[node] >= 0:
                order += [int(self.left[node]), int(self.right[node])]
        return np.array(order)


def forest_of(trees: Sequence[Nodes], p: int, where: str) -> tuple[Forest, Bins, list[np.ndarray]]:
    """The forest, bins that serve its categories, and each tree's nodes in the order of ours."""
    bins = by_value(p, "<f8")
    orders = [tree.order() for tree in trees]
    named = [
        (int(tree.feature[node]), tree, node)
        for tree, order in zip(trees, orders)
        for node in order
        if tree.sets[node] is not None
    ]
    rows: dict[tuple[int, int], np.ndarray] = {}
    for j in sorted({j for j, *_ in named}):
        here = [(tree, node) for k, tree, node in named if k == j]
        for (tree, node), row in zip(here, _bins_of_sets(bins, j, here, where)):
            rows[id(tree), int(node)] = row
    forests = [_forest(tree, order, rows) for tree, order in zip(trees, orders)]
    return (Forest.join(forests) if forests else Forest.empty()), bins, orders


def _bins_of_sets(bins: Bins, j: int, nodes: list, where: str) -> list[np.ndarray]:
    """Give categories that always go the same way one bin; returns each node's 256 sides."""
    values = np.unique(np.concatenate([np.asarray(tree.sets[node]) for tree, node in nodes]))
    # Numbers in between are categories too: those that no node names.
    values = np.union1d(values, np.arange(values.max() + 1)) if values.max() < 65_536 else values
    sides = np.stack([np.isin(values, tree.sets[node]) for tree, node in nodes], axis=1)
    patterns, codes = np.unique(sides, axis=0, return_inverse=True)
    if len(patterns) > 254:
        raise InputError(
            f"feature {j} splits its categories in {len(patterns)} ways; at most 254 fit",
            where=where,
        )
    bins.categories[j] = values.astype(np.float64)
    bins.codes[j] = np.append(codes.ravel(), len(patterns)).astype(np.uint8)
    bins.counts[j] = len(patterns) + 1
    bins.kinds[j] |= CATEGORIES
    made = []
    for k, (tree, node) in enumerate(nodes):
        row = np.zeros(256, np.uint8)
        row[: len(patterns)] = patterns[:, k]
        row[len(patterns)] = tree.others_left[node]
        made.append(row)
    return made


def _forest(tree: Nodes, order: np.ndarray, rows: dict) -> Forest:
    new = np.empty(len(tree.left), np.int64)
    new[order] = np.arange(len(order))
    leaf = tree.left[order] < 0
    by_set = np.array([tree.sets[node] is not None for node in order], bool)
    sets = [rows[id(tree), int(node)] for node in order[by_set]]
    size = len(order)
    return Forest(
        np.where(leaf, -1, tree.feature[order]).astype(np.int32),
        np.where(leaf | by_set, 0.0, tree.threshold[order]), np.zeros(size, np.int32),
        np.where(leaf, 0, tree.missing_left[order]).astype(np.uint8),
        np.where(leaf, -1, new[np.where(leaf, 0, tree.left[order])]),
        np.where(by_set, np.cumsum(by_set) - 1, -1),
        np.stack(sets) if sets else np.empty((0, 256), np.uint8),
        tree.value[order], tree.gain[order], tree.cover[order], tree.count[order].astype(np.int64),
        np.zeros(1, np.int64),
    )  # fmt: skip
