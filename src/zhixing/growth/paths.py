"""The way to a node as conditions on features, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from ..kernels._nodes import MISSING
from .tree_sum import TreeSum


@dataclass(frozen=True)
class Names:
    """What features, categories and classes are called.

    categories: for a feature, the name of each category by its number.
    """

    features: Sequence[str]
    categories: Mapping[int, Sequence[str]] = field(default_factory=dict)
    classes: Sequence[str] | None = None

    def class_of(self, value: np.ndarray) -> str | None:
        """The class of most weight in a leaf that holds a share of each; None for other leaves."""
        if self.classes is None or len(value) != len(self.classes):
            return None
        return str(self.classes[int(value.argmax())])


@dataclass(frozen=True)
class Condition:
    """low < x <= high, or x among categories (or, with `others`, among all that are not named).

    missing: whether a missing value meets it; None where training saw none and nothing is said.
    """

    feature: int
    name: str
    low: float = -np.inf
    high: float = np.inf
    categories: frozenset[str] | None = None
    others: bool = False
    missing: bool | None = None

    def __and__(self, other: Condition) -> Condition:
        """Both, for the same feature."""
        missing = None if self.missing is None else self.missing and bool(other.missing)
        if self.categories is None or other.categories is None:
            low, high = max(self.low, other.low), min(self.high, other.high)
            return replace(self, low=low, high=high, missing=missing)
        named, others = _both(self, other)
        return replace(self, categories=named, others=others, missing=missing)

    def words(self, number: str = ".6g") -> str:
        """``age <= 30``, ``2 < age <= 5 or missing``, ``town in {A, B}``, ``age is missing``."""
        if np.isfinite(self.low) and self.low < self.high < np.inf and self.categories is None:
            low, high = format(self.low, number), format(self.high, number)
            return f"{low} < {self.name} <= {high}" + " or missing" * bool(self.missing)
        return f"{self.name} {self.asks(number)}"

    def asks(self, number: str = ".6g") -> str:
        """The words after the name, of a condition with one bound."""
        if self.categories is not None:
            listed = "{" + ", ".join(sorted(self.categories)) + "}"
            return f"not in {listed}" if self.others else f"in {listed}"
        if self.low >= self.high:  # no value lies between
            return "is missing"
        if np.isinf(self.low) and np.isinf(self.high):
            return "is not missing"
        bound = f"<= {self.high:{number}}" if np.isinf(self.low) else f"> {self.low:{number}}"
        return bound + " or missing" * bool(self.missing)


def _both(a: Condition, b: Condition) -> tuple[frozenset[str], bool]:
    first, second = a.categories or frozenset(), b.categories or frozenset()
    if a.others and b.others:
        return first | second, True
    if a.others:
        return second - first, False
    return (first - second if b.others else first & second), False


def condition(trees: TreeSum, names: Names, node: int, side: int) -> Condition:
    """What a row must meet to go from an inner node to its left (0) or right (1) child."""
    forest, bins = trees.forest, trees.bins
    f = int(forest.feature[node])
    name = names.features[f]
    if forest.set[node] >= 0 and bins is not None:
        left = forest.sets[forest.set[node]]
        codes, known = bins.codes[f], bins.categories[f]
        rest = bool(left[codes[-1]])  # where unknown and missing ones go
        # Those not listed go with the rest; categories too rare for a bin of their own do too.
        listed = [c for c, code in zip(known, codes) if bool(left[code]) != rest]
        return Condition(
            f, name, categories=frozenset(_category(names, f, c) for c in listed),
            others=rest == (side == 0), missing=None,
        )  # fmt: skip
    threshold, absent_left = float(forest.threshold[node]), bool(forest.missing_left[node])
    seen = bins is not None and bool(bins.kinds[f] & MISSING)
    missing = (absent_left == (side == 0)) if seen else None
    if side == 0:
        return Condition(f, name, high=threshold, missing=missing)
    return Condition(f, name, low=threshold, missing=missing)


def _category(names: Names, feature: int, number: float) -> str:
    known = names.categories.get(feature)
    if known is not None and number == int(number) and 0 <= number < len(known):
        return str(known[int(number)])
    return format(number, ".6g")


def steps_to(trees: TreeSum, node: int) -> list[tuple[int, int]]:
    """(inner node, side) from the root down to a node."""
    above = trees.parents
    way: list[tuple[int, int]] = []
    while above[node] >= 0:
        parent = int(above[node])
        way.append((parent, node - int(trees.forest.left[parent])))
        node = parent
    return way[::-1]


def path_to(trees: TreeSum, names: Names, node: int) -> list[Condition]:
    """The conditions on the way to a node, one a feature, in the order in which they are first asked."""
    met: dict[int, Condition] = {}
    for parent, side in steps_to(trees, node):
        asked = condition(trees, names, parent, side)
        f = asked.feature
        met[f] = met[f] & asked if f in met else asked
    return list(met.values())


def decision_path(trees: TreeSum, X: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
    """(n, nodes) with 1 for the nodes a row passes, and (trees + 1,) the first column of each tree.

    A tree's columns are its nodes as `apply` numbers them.  Cost O(n trees depth).
    """
    forest = trees.forest
    ends, place = np.unique(trees.ends(X), return_inverse=True)
    above = trees.parents
    levels = [ends]
    while (levels[-1] >= 0).any():
        levels.append(np.where(levels[-1] >= 0, above[levels[-1]], -1))
    ways = np.stack(levels[::-1], axis=1)[place.reshape(len(X), -1)].reshape(len(X), -1)
    passed = ways >= 0
    pointers = np.concatenate([[0], np.cumsum(passed.sum(axis=1))])
    indices = ways[passed]
    made = sparse.csr_matrix(
        (np.ones(len(indices), np.int64), indices, pointers), (len(X), len(forest.feature))
    )
    return made, np.append(forest.roots, len(forest.feature))
