"""C4.5: gain ratios, thresholds, and rows that go to several children in parts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..kernels.best_threshold import best_threshold
from .information import tables, worth
from .multiway import Node

#: Parts of rows below which a row is no longer followed.
LEAST_PART = 1e-3


class Cut(NamedTuple):
    """What one feature has to offer a node."""

    gain: float
    ratio: float
    threshold: float


NOTHING = Cut(-np.inf, -np.inf, np.nan)


class C45:
    """The choices of C4.5 and the rows they are made on."""

    def __init__(
        self,
        X: np.ndarray,
        sizes: np.ndarray,
        classes: np.ndarray,
        k: int,
        *,
        least: float,
        max_depth: int | None,
        correction: bool,
    ) -> None:
        self.X, self.classes, self.k = X, classes, k
        self.least, self.max_depth, self.correction = least, max_depth, correction
        self.sizes = sizes
        self.named = np.flatnonzero(sizes > 0).tolist()
        self.numeric = np.flatnonzero(sizes == 0).tolist()
        self.codes = np.ascontiguousarray(np.where(np.isnan(X), -1, X).T[self.named], np.int32)
        self.columns = np.ascontiguousarray(X.T)
        # Thresholds are values that occur, as C4.5's are.
        self.values = {j: np.unique(X[~np.isnan(X[:, j]), j]) for j in self.numeric}

    def grow(self, weight: np.ndarray) -> Node:
        rows = np.arange(len(weight))
        root = Node(np.bincount(self.classes, weight, self.k), 0, rows, weight)
        stack = [root]
        while stack:
            node = stack.pop()
            if self._split(node):
                stack.extend(node.children)
        return root

    def _split(self, node: Node) -> bool:
        full = self.max_depth is not None and node.depth >= self.max_depth
        if full or node.mass < 2 * self.least - 1e-9:
            return False
        if node.counts.max() >= node.mass - 1e-9:
            return False
        offers = self._offers(node)
        gains = np.array([o.gain for o in offers])
        possible = gains > 1e-9
        if not possible.any():
            return False
        # Only among the features of at least average gain: a ratio favours cuts that part very few rows.
        average = gains[possible].mean()
        ratios = np.array([o.ratio for o in offers])
        ratios[~possible | (gains < average - 1e-3)] = -np.inf
        at = int((ratios >= ratios.max() - 1e-12).argmax())
        if not np.isfinite(ratios[at]):
            return False
        node.score = float(ratios[at])
        self._part(node, at, offers[at].threshold)
        return True

    def _offers(self, node: Node) -> list[Cut]:
        offers = [NOTHING] * self.X.shape[1]
        if len(self.named):
            sizes = self.sizes[self.named]
            every = np.arange(len(self.named), dtype=np.int64)
            found = tables(self.codes, sizes, every, node.rows, self.classes, node.weight, self.k)
            value = worth(found)
            for at, j in enumerate(self.named):
                held = found.of(at)[1].sum(axis=1)
                if len(held) < 2 or (held >= self.least - 1e-9).sum() < 2:
                    continue
                known = value.known[at] / node.mass
                gain = known * value.gain[at]
                offers[j] = Cut(gain, _ratio(gain, held, node.mass), np.nan)
        for j in self.numeric:
            offers[j] = self._cut(node, j)
        return offers

    def _cut(self, node: Node, j: int) -> Cut:
        x = self.columns[j, node.rows]
        known = np.flatnonzero(~np.isnan(x))
        if len(known) < 2:
            return NOTHING
        order = known[np.argsort(x[known], kind="stable")]
        values = np.ascontiguousarray(x[order])
        weight = np.ascontiguousarray(node.weight[order])
        mass = float(weight.sum())
        # A tenth of the rows a class, at least `least` and at most 25.
        least = min(max(0.1 * mass / self.k, self.least), max(25.0, self.least))
        left = np.empty(self.k)
        classes = np.ascontiguousarray(self.classes[node.rows[order]])
        place, gain, candidates = best_threshold(values, classes, weight, least, left)
        if place == 0:
            return NOTHING
        gain *= mass / node.mass
        if self.correction:
            # To name one of the cuts takes log2(candidates) bits, shared by the rows.
            gain -= np.log2(candidates) / node.mass
        middle = 0.5 * values[place - 1] + 0.5 * values[place]
        every = self.values[j]
        threshold = every[int(np.searchsorted(every, middle, side="right")) - 1]
        below = float(left.sum())
        ratio = _ratio(gain, np.array([below, mass - below]), node.mass)
        return Cut(gain, ratio, max(float(threshold), float(values[place - 1])))

    def _part(self, node: Node, j: int, threshold: float) -> None:
        node.feature, node.threshold = j, threshold
        x = self.columns[j, node.rows]
        unknown = np.isnan(x)
        if self.sizes[j]:
            present = np.unique(x[~unknown])
            sides = [x == code for code in present]
            node.groups = [np.array([int(code)]) for code in present]
        else:
            sides = [x <= threshold, x > threshold]
        masses = np.array([node.weight[side].sum() for side in sides])
        shares = masses / masses.sum()
        for side, share in zip(sides, shares):
            part = np.where(unknown, node.weight * share, node.weight)
            kept = side | (unknown & (part >= LEAST_PART))
            rows, weight = node.rows[kept], part[kept]
            counts = np.bincount(self.classes[rows], weight, self.k)
            node.children.append(Node(counts, node.depth + 1, rows, weight))


def _ratio(gain: float, masses: np.ndarray, total: float) -> float:
    """Gain over the entropy of the branches; rows where the feature is unknown count as one more."""
    parts = np.append(masses, max(total - masses.sum(), 0.0))
    parts = parts[parts > 1e-12 * total] / total
    split = float(-(parts * np.log2(parts)).sum())
    return gain / split if split > 1e-9 else -np.inf
