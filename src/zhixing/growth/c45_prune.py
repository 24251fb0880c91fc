"""C4.5's pruning: a branch gives way where its errors may be expected to be no fewer."""

from __future__ import annotations

import numpy as np

from .multiway import Node
from .pessimistic import expected_errors

#: Errors that a simpler tree may make more.
SLACK = 0.1


class Pruner:
    """Replaces branches by leaves or by their largest child, from the leaves up."""

    def __init__(
        self, X: np.ndarray, classes: np.ndarray, k: int, *, confidence: float, limit: str,
        raising: bool,
    ) -> None:  # fmt: skip
        self.X, self.classes, self.k = X, classes, k
        self.confidence, self.limit, self.raising = confidence, limit, raising

    def prune(self, root: Node) -> Node:
        """The pruned tree; Quinlan (1993), section 4.2, and `prune.c` of release 8."""
        order = [root]
        for node in order:  # it grows while it is walked
            order.extend(node.children)
        kept: dict[int, Node] = {}
        errors: dict[int, float] = {}
        for node in reversed(order):
            as_tree = sum(errors[id(child)] for child in node.children)
            node.children = [kept[id(child)] for child in node.children]
            kept[id(node)], errors[id(node)] = self._one(node, as_tree)
        return kept[id(root)]

    def _one(self, node: Node, as_tree: float) -> tuple[Node, float]:
        as_leaf = expected_errors(node.counts, self.confidence, self.limit)
        if not node.children:
            return node, as_leaf
        largest = max(node.children, key=lambda child: child.mass)
        raised = np.inf
        if self.raising and largest.children:
            raised = self._errors(largest, node.rows, node.weight)
        if as_leaf <= raised + SLACK and as_leaf <= as_tree + SLACK:
            node.close()
            return node, as_leaf
        if raised <= as_tree + SLACK:
            up = self._redistributed(largest, node)
            # Its own branches have been judged with fewer rows: judge them again.
            up = self.prune(up)
            return up, self._total(up)
        return node, as_tree

    def _total(self, root: Node) -> float:
        total, stack = 0.0, [root]
        while stack:
            node = stack.pop()
            stack.extend(node.children)
            if not node.children:
                total += expected_errors(node.counts, self.confidence, self.limit)
        return total

    def _errors(self, root: Node, rows: np.ndarray, weight: np.ndarray) -> float:
        """Expected errors of a branch if it were given these rows."""
        total, stack = 0.0, [(root, rows, weight)]
        while stack:
            node, rows, weight = stack.pop()
            if node.children:
                stack.extend(self._send(node, rows, weight))
                continue
            counts = np.bincount(self.classes[rows], weight, self.k)
            total += expected_errors(counts, self.confidence, self.limit)
        return total

    def _send(
        self, node: Node, rows: np.ndarray, weight: np.ndarray
    ) -> list[tuple[Node, np.ndarray, np.ndarray]]:
        """The rows of a node to its children; those it does not know in parts, as its own rows went."""
        x = self.X[rows, node.feature]
        if node.groups:
            sides = [np.isin(x, codes) for codes in node.groups]
        else:
            sides = [x <= node.threshold, x > node.threshold]
        unknown = ~np.logical_or.reduce(sides)
        masses = np.array([weight[side].sum() for side in sides])
        if masses.sum() <= 0:
            masses = np.array([child.mass for child in node.children])
        shares = masses / max(masses.sum(), 1e-300)
        sent = []
        for child, side, share in zip(node.children, sides, shares):
            part = np.where(unknown, weight * share, weight)
            kept = side | (unknown & (part > 0))
            sent.append((child, rows[kept], part[kept]))
        return sent

    def _redistributed(self, root: Node, instead_of: Node) -> Node:
        """A copy of a branch with the rows of the node it replaces."""
        made = self._copy(root, instead_of.rows, instead_of.weight, instead_of.depth)
        stack = [made]
        while stack:
            node = stack.pop()
            if not node.children:
                continue
            sent = self._send(node, node.rows, node.weight)
            node.children = [self._copy(c, r, w, node.depth + 1) for c, r, w in sent]
            stack.extend(node.children)
        return made

    def _copy(self, node: Node, rows: np.ndarray, weight: np.ndarray, depth: int) -> Node:
        counts = np.bincount(self.classes[rows], weight, self.k)
        return Node(
            counts, depth, rows, weight, node.feature, node.threshold, node.groups,
            list(node.children), node.score,
        )  # fmt: skip
