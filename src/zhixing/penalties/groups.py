"""Which coefficients belong together, and sums over them."""

from __future__ import annotations

from typing import Any

import numpy as np


def groups_of(given: Any) -> int | np.ndarray:
    """One form for every way to state groups: a size, or the read-only labels 0, 1, ... of coefficients.

    Given are the size of equal groups of neighbours (int); a label for each coefficient, whose groups
    are then numbered in sorted order; or a list of lists of indices, one a group, in that order.

    >>> groups_of([[0, 2], [1, 3]])
    array([0, 1, 0, 1])
    """
    if isinstance(given, (int, np.integer)):
        return int(given)
    if len(given) and np.ndim(given[0]) == 1:
        labels = _from_lists([np.asarray(g, dtype=np.int64) for g in given])
    else:
        labels = np.unique(np.asarray(given), return_inverse=True)[1].astype(np.int64)
        if np.ndim(given) != 1:
            raise ValueError(f"groups has shape {np.shape(given)}; give one label a coefficient")
    labels.flags.writeable = False
    return labels


def _from_lists(lists: list[np.ndarray]) -> np.ndarray:
    held = np.concatenate(lists)
    count = np.bincount(held[held >= 0])
    if (held < 0).any() or (count != 1).any() or any(len(g) == 0 for g in lists):
        odd = int(held.min()) if (held < 0).any() else int(np.argmax(count != 1))
        how = "negative" if odd < 0 else f"in {count[odd]} groups"
        if any(len(g) == 0 for g in lists):
            raise ValueError("groups: a group is empty")
        raise ValueError(f"groups: coefficient {odd} is {how}; each must be in one")
    labels = np.empty(len(held), dtype=np.int64)
    for number, members in enumerate(lists):
        labels[members] = number
    return labels


def labels_of(groups: int | np.ndarray, p: int) -> np.ndarray:
    """The label of each of p coefficients."""
    return np.arange(p) // groups if isinstance(groups, int) else groups


def check_groups(made: Any, p: int) -> int:
    """The number of groups; raises ValueError where they are not groups of p coefficients."""
    name, groups = type(made).__name__, made.groups
    if isinstance(groups, int):
        if groups < 1 or p % groups:
            raise ValueError(f"{name}: {p} coefficients cannot be cut into groups of {groups}")
        return p // groups
    if len(groups) != p:
        raise ValueError(f"{name}: groups labels {len(groups)} coefficients, and there are {p}")
    return int(groups.max()) + 1


def norms(labels: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The Euclidean norm of each group of rows of w."""
    squares = w * w
    return np.sqrt(np.bincount(labels, squares if w.ndim == 1 else squares.sum(axis=1)))


def spread(each: np.ndarray, labels: np.ndarray, w: np.ndarray) -> np.ndarray:
    """A number a group, given to the rows of w, in w's dtype."""
    rows = each[labels].astype(w.dtype, copy=False)
    return rows[:, None] if w.ndim == 2 else rows
