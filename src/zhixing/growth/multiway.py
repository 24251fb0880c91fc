"""Trees whose nodes have a child for every group of categories."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..kernels.descend_multiway import fractional_shares, multiway_leaves

#: Rows a task predicts at a time.
BLOCK = 8192


@dataclass
class Node:
    """A node while its tree grows and is pruned."""

    counts: np.ndarray  # (k,) class weights
    depth: int
    rows: np.ndarray  # its rows of training
    weight: np.ndarray  # and the part of each that reached it
    feature: int = -1
    threshold: float = np.nan
    groups: list[np.ndarray] = field(default_factory=list)  # the codes of each child
    children: list[Node] = field(default_factory=list)
    score: float = np.nan
    log_p: float = np.nan

    @property
    def mass(self) -> float:
        return float(self.counts.sum())

    def close(self) -> None:
        """Make it a leaf."""
        self.feature, self.threshold, self.groups, self.children = -1, np.nan, [], []
        self.score = self.log_p = np.nan


@dataclass
class MultiwayTree:
    """Nodes as arrays, root first; the children of a node follow one another.

    A node that tests a number sends x <= threshold to its first child and the rest to its second; one
    that tests a category of code c sends it to branch[offset + c], -1 for none.
    """

    feature: np.ndarray  # (nodes,) int64, -1 in a leaf
    threshold: np.ndarray  # (nodes,) NaN unless a number is tested
    first: np.ndarray  # (nodes,) int64, the first child
    children: np.ndarray  # (nodes,) int64, how many
    parent: np.ndarray  # (nodes,) int64, -1 for the root
    offset: np.ndarray  # (nodes,) int64, -1 unless a category is tested
    branch: np.ndarray  # int64
    counts: np.ndarray  # (nodes, k) weight of the classes
    score: np.ndarray  # (nodes,) what the split was chosen by
    log_p: np.ndarray  # (nodes,) its log p-value, where it has one

    def __len__(self) -> int:
        return len(self.feature)

    @staticmethod
    def of(root: Node, sizes: np.ndarray) -> MultiwayTree:
        """Lay out grown nodes level by level; sizes[j]: how many codes feature j has."""
        nodes, parent, first = [root], [-1], []
        for at, node in enumerate(nodes):  # it grows while it is walked
            first.append(len(nodes) if node.children else -1)
            nodes.extend(node.children)
            parent.extend([at] * len(node.children))
        offset, branch, used = np.full(len(nodes), -1, np.int64), [], 0
        for at, node in enumerate(nodes):
            if not node.groups:
                continue
            to = np.full(int(sizes[node.feature]), -1, np.int64)
            for g, codes in enumerate(node.groups):
                to[codes] = first[at] + g
            offset[at], used = used, used + len(to)
            branch.append(to)
        return MultiwayTree(
            np.array([n.feature for n in nodes], np.int64),
            np.array([n.threshold for n in nodes]),
            np.array(first, np.int64),
            np.array([len(n.children) for n in nodes], np.int64),
            np.array(parent, np.int64),
            offset,
            np.concatenate(branch) if branch else np.empty(0, np.int64),
            np.array([n.counts for n in nodes]),
            np.array([n.score for n in nodes]),
            np.array([n.log_p for n in nodes]),
        )

    def check(self, p: int, k: int, sizes: np.ndarray) -> None:
        """Refuse arrays (of a model file) that would lead a loop outside them or round in circles."""
        nodes = len(self.feature)
        whole = ("feature", "first", "children", "parent", "offset")
        shaped = all(
            getattr(self, n).shape == (nodes,) and getattr(self, n).dtype.kind == "i" for n in whole
        )
        if not shaped or not nodes or self.threshold.shape != (nodes,):
            raise InputError("MultiwayTree: arrays of different lengths")
        if self.counts.shape != (nodes, k) or self.branch.ndim != 1:
            raise InputError("MultiwayTree.counts is not of (nodes, classes)")
        inner = np.flatnonzero(self.feature >= 0)
        tests = inner[self.offset[inner] >= 0]
        fine = (
            (self.feature < p).all()
            and (self.first[inner] > inner).all()
            and (self.children[inner] >= 1).all()
            and (self.first[inner] + self.children[inner] <= nodes).all()
            and (self.children[inner][self.offset[inner] < 0] == 2).all()
            and (self.offset[tests] + sizes[self.feature[tests]] <= len(self.branch)).all()
        )
        for at in tests if fine else ():
            to = self.branch[self.offset[at] :][: sizes[self.feature[at]]]
            low, high = self.first[at], self.first[at] + self.children[at]
            fine = fine and bool(((to == -1) | ((to >= low) & (to < high))).all())
        if not fine:
            raise InputError("MultiwayTree: a node names a feature or a child that is not there")

    @property
    def share(self) -> np.ndarray:
        """(nodes, k) class shares; a node that no row reached has its parent's."""
        counts = self.counts.astype(np.float64)
        total = counts.sum(axis=1)
        out = counts / np.where(total > 0, total, 1.0)[:, None]
        for at in np.flatnonzero(total <= 0):  # parents come first
            out[at] = out[self.parent[at]] if self.parent[at] >= 0 else 1.0 / counts.shape[1]
        return out

    @property
    def part(self) -> np.ndarray:
        """(nodes,) the share of the weight of all children that is a node's."""
        total = self.counts.sum(axis=1)
        of_parent = np.bincount(
            np.maximum(self.parent, 0), np.where(self.parent >= 0, total, 0.0), len(total)
        )
        base = of_parent[np.maximum(self.parent, 0)]
        return np.where(self.parent >= 0, total / np.where(base > 0, base, 1.0), 1.0)

    @property
    def depths(self) -> np.ndarray:
        """(nodes,) splits above a node."""
        out = np.zeros(len(self), np.int64)
        for at in range(1, len(self)):
            out[at] = out[self.parent[at]] + 1
        return out

    def leaves(self, X: np.ndarray) -> np.ndarray:
        """(n,) where rows end; where a node has no branch for a row, it ends there."""
        X = rows_contiguous(X, np.float64)
        found = np.empty(len(X), np.int64)

        def block(s: slice) -> None:
            multiway_leaves(
                X[s], self.feature, self.threshold, self.first, self.offset, self.branch, found[s]
            )

        each(block, slices(len(X), BLOCK))
        return found

    def shares(self, X: np.ndarray, *, fractional: bool) -> np.ndarray:
        """(n, k) class shares of where rows end, or, `fractional`, of all leaves they partly reach."""
        if not fractional:
            return self.share[self.leaves(X)]
        X = rows_contiguous(X, np.float64)
        share, part = np.ascontiguousarray(self.share), self.part
        out = np.zeros((len(X), share.shape[1]))

        def block(s: slice) -> None:
            fractional_shares(
                X[s], self.feature, self.threshold, self.first, self.children, self.offset,
                self.branch, part, share, out[s],
            )  # fmt: skip

        each(block, slices(len(X), BLOCK))
        return out
