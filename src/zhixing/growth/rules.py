"""Trees as rules: one conjunction of conditions a leaf."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .paths import Condition, Names, path_to
from .tree_sum import TreeSum


@dataclass(frozen=True)
class Rule:
    """If all conditions hold, the tree says `value`.

    count, share: training rows in the leaf, and of all the tree's rows.  value: a number, or one for
    each output.  leaf: the node's number, as `apply` returns it.
    """

    tree: int
    leaf: int
    conditions: tuple[Condition, ...]
    value: float | np.ndarray
    count: int
    share: float
    label: str | None = None

    def __str__(self) -> str:
        said = " and ".join(c.words() for c in self.conditions) or "always"
        value = (
            self.label
            if self.label is not None
            else np.array2string(np.asarray(self.value), precision=6)
        )
        return f"if {said}: {value} ({self.count:,} row{'s' * (self.count != 1)}, {self.share:.1%})"


def rules(trees: TreeSum, names: Names, tree: int | None = None) -> list[Rule]:
    """The rules of one tree or of all, leaves from left to right.

    Exactly one rule of a tree holds for any row.
    """
    chosen = range(len(trees.forest)) if tree is None else [tree]
    return [rule for t in chosen for rule in _of_tree(trees, names, t)]


def _of_tree(trees: TreeSum, names: Names, tree: int) -> list[Rule]:
    forest, values = trees.forest, trees.plain
    root = int(forest.roots[tree])
    total = max(int(forest.count[root]), 1)
    found = []
    for node in leaves(trees, root):
        value = values[:, node]
        said = float(value[0]) if len(value) == 1 else value
        label = names.class_of(value)
        count = int(forest.count[node])
        found.append(
            Rule(
                tree,
                node - root,
                tuple(path_to(trees, names, node)),
                said,
                count,
                count / total,
                label,
            )
        )
    return found


def leaves(trees: TreeSum, root: int) -> list[int]:
    """The leaves of a tree from left to right."""
    forest = trees.forest
    waiting, found = [root], []
    while waiting:
        node = waiting.pop()
        if forest.feature[node] < 0:
            found.append(node)
        else:
            left = int(forest.left[node])
            waiting += [left + 1, left]
    return found
