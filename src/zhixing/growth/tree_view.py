"""One tree in the arrays and the numbering of scikit-learn's ``tree_``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .levels import levels, preorder
from .tree import Forest


@dataclass(frozen=True)
class TreeView:
    """A tree's nodes; a parent comes before its children, all that is left of it before what is right.

    Trees grown best first are numbered in the order of growth, as scikit-learn's are.
    In a leaf both children are -1, feature and threshold -2.  Where `categories` (nodes,) holds a place in
    `sets`, codes marked there go left, and the threshold says nothing.
    """

    children_left: np.ndarray
    children_right: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    missing_go_to_left: np.ndarray
    value: np.ndarray  # (nodes, outputs, classes or 1)
    impurity: np.ndarray
    n_node_samples: np.ndarray
    weighted_n_node_samples: np.ndarray
    categories: np.ndarray
    sets: np.ndarray
    gain: np.ndarray
    number: np.ndarray  # (nodes,) of the nodes as they are kept
    n_features: int
    max_depth: int

    @property
    def node_count(self) -> int:
        """Inner nodes and leaves."""
        return len(self.feature)

    @property
    def n_leaves(self) -> int:
        """Leaves."""
        return int((self.children_left < 0).sum())

    @property
    def n_outputs(self) -> int:
        """Outputs of a row."""
        return self.value.shape[1]

    @property
    def max_n_classes(self) -> int:
        """Values an output has in a node."""
        return self.value.shape[2]

    def compute_feature_importances(self, normalize: bool = True) -> np.ndarray:
        """(p,) by feature the fall of the weighted impurity in its splits, as shares of the total."""
        inner = self.feature >= 0
        found = np.bincount(
            self.feature[inner], weights=self.gain[inner], minlength=self.n_features
        )
        total = found.sum() if normalize else self.weighted_n_node_samples[0]
        return found / total if total > 0 else found


def view(
    forest: Forest, impurity: np.ndarray, n_outputs: int, p: int, best_first: bool = False
) -> TreeView:
    """The first tree of a forest."""
    left = forest.left
    nodes = len(left)
    number = np.arange(nodes) if best_first else preorder(left)
    order = np.argsort(number)
    inner = left[order] >= 0
    first = np.where(inner, left[order], 0)
    by_set = forest.set[order] >= 0
    value = forest.value.reshape(nodes, n_outputs, -1)[order]
    return TreeView(
        np.where(inner, number[first], -1),
        np.where(inner, number[np.minimum(first + 1, nodes - 1)], -1),
        np.where(inner, forest.feature[order], -2).astype(np.int64),
        np.where(inner & ~by_set, forest.threshold[order], -2.0),
        np.where(inner, forest.missing_left[order], 0).astype(np.uint8),
        value,
        impurity[order],
        forest.count[order],
        forest.cover[order],
        np.where(inner, forest.set[order], -1),
        forest.sets,
        forest.gain[order],
        number,
        p,
        len(levels(left)) - 1,
    )
