"""Trees made smaller: branches closed to leaves."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ..kernels.weakest_link import close_weakest
from .levels import levels, preorder
from .tree import Forest


def collapse(forest: Forest, closed: np.ndarray) -> tuple[Forest, np.ndarray]:
    """One tree whose `closed` nodes (nodes,) are leaves, and the nodes that remain, in order."""
    left = np.where(closed, -1, forest.left)
    kept = np.sort(np.concatenate(levels(left)))
    number = np.zeros(len(left), np.int64)
    number[kept] = np.arange(len(kept))
    leaf = left[kept] < 0
    by_node = [f.name for f in fields(Forest) if f.name not in ("roots", "sets")]
    arrays = {name: getattr(forest, name)[kept] for name in by_node}
    by_set = ~leaf & (arrays["set"] >= 0)
    arrays |= {
        "left": np.where(leaf, -1, number[np.where(leaf, 0, left[kept])]),
        "feature": np.where(leaf, -1, arrays["feature"]).astype(np.int32),
        "gain": np.where(leaf, 0.0, arrays["gain"]),
        "sets": forest.sets[arrays["set"][by_set]],
        "set": np.where(by_set, np.cumsum(by_set) - 1, -1),
        "roots": np.zeros(1, np.int64),
    }
    return Forest(**arrays), kept


def parents(left: np.ndarray) -> np.ndarray:
    """(nodes,) the parent of each node, -1 for the root."""
    inner = np.flatnonzero(left >= 0)
    above = np.full(len(left), -1, np.int64)
    above[left[inner]] = inner
    above[left[inner] + 1] = inner
    return above


@dataclass
class WeakestLink:
    """Cost-complexity pruning: the sequence of trees, each the best for its price of a leaf.

    alphas: 0 and the prices at which a branch is closed; impurities: of the tree from that price on.
    """

    forest: Forest
    risk: np.ndarray
    alphas: np.ndarray
    impurities: np.ndarray

    def prune(self, alpha: float) -> tuple[Forest, np.ndarray]:
        """The best tree at the price `alpha`, and its nodes."""
        return collapse(self.forest, _close(self.forest, self.risk, alpha)[2])


def weakest_link(forest: Forest, impurity: np.ndarray) -> WeakestLink:
    """The whole path of one tree.  Cost O(inner nodes) a step."""
    risk = impurity * forest.cover / forest.cover[0]
    alphas, risks, _ = _close(forest, risk, np.inf)
    start = risk[forest.left < 0].sum()
    return WeakestLink(
        forest, risk, np.concatenate([[0.0], alphas]), np.concatenate([[start], risks])
    )


def _close(
    forest: Forest, risk: np.ndarray, most: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    nodes = len(risk)
    alphas, risks, closed = np.empty(nodes), np.empty(nodes), np.zeros(nodes, np.uint8)
    inner = np.argsort(preorder(forest.left))
    inner = inner[forest.left[inner] >= 0]
    made = close_weakest(
        forest.left, parents(forest.left), inner, risk, most, alphas, risks, closed
    )
    return alphas[:made], risks[:made], closed
