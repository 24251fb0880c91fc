"""The nodes of a tree level by level, and numbered as scikit-learn numbers them."""

from __future__ import annotations

import numpy as np


def levels(left: np.ndarray, root: int = 0) -> list[np.ndarray]:
    """The nodes of each depth below a root; left (nodes,) is -1 in a leaf, right children follow."""
    found = [np.array([root], np.int64)]
    while True:
        inner = found[-1][left[found[-1]] >= 0]
        if not len(inner):
            return found
        first = left[inner]
        found.append(np.column_stack([first, first + 1]).ravel())


def preorder(left: np.ndarray) -> np.ndarray:
    """(nodes,) the number of each node when a parent comes first, then all that is left of it."""
    by_depth = levels(left)
    size = np.ones(len(left), np.int64)
    for nodes in reversed(by_depth[:-1]):
        inner = nodes[left[nodes] >= 0]
        size[inner] += size[left[inner]] + size[left[inner] + 1]
    number = np.zeros(len(left), np.int64)
    for nodes in by_depth[:-1]:
        inner = nodes[left[nodes] >= 0]
        first = left[inner]
        number[first] = number[inner] + 1
        number[first + 1] = number[first] + size[first]
    return number
