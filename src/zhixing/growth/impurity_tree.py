"""Grow one tree by a criterion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.parallel import each, team_size
from ..kernels import _tree_nodes as kernel
from ..kernels._nodes import CATEGORIES
from ..kernels.grow_tree import grow_tree, memory_for
from ..kernels.node_means import node_means
from .coded import Coded
from .statistics import Statistics
from .tree import Forest

#: Below so many rows times features a tree is grown by one thread.
ALONE = 200_000
#: Subtrees of at most this share of the rows are grown side by side.
SUBTREE = 1.0 / 8.0


@dataclass(frozen=True)
class ImpurityTree:
    """How far a tree is grown, and where it is cut.

    A node is a leaf when its y are all equal, at `max_depth`, with fewer than `min_split` rows, or where
    no cut leaves `min_leaf` rows and a weight of `min_weight` on both sides or gains at least
    `min_gain`, the fall of the weighted impurity.  With `max_leaves` the node of most gain is split
    first.  `max_features` are drawn for every node, more where all of them are constant; with
    `random` cuts are drawn too.
    """

    max_leaves: int | None = None
    max_depth: int | None = None
    min_split: float = 2
    min_leaf: float = 1
    min_weight: float = 0.0
    min_gain: float = 0.0
    max_features: int | None = None
    random: bool = False
    monotone: np.ndarray | None = None


@dataclass
class Grown:
    """A tree just grown, with the rows of its leaves."""

    index: np.ndarray  # rows in the order of the leaves
    node_i: np.ndarray
    node_f: np.ndarray
    node_s: np.ndarray  # (nodes, sums)
    node_m: (
        np.ndarray
    )  # (nodes, outputs + 1) medians and the distance to them, where nodes have any
    sets: np.ndarray  # (sets, 256)
    set: np.ndarray  # (nodes,) -1 for none

    @property
    def left(self) -> np.ndarray:
        return np.ascontiguousarray(self.node_i[:, kernel.LEFT])

    def means(self, y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Weights (nodes,), means of y and sums of squares about them (nodes, k)."""
        nodes, k = len(self.node_i), y.shape[1]
        total, means, spread = np.empty(nodes), np.empty((nodes, k)), np.empty((nodes, k))
        starts, stops = (
            np.ascontiguousarray(self.node_i[:, c]) for c in (kernel.START, kernel.STOP)
        )
        node_means(self.index, self.left, starts, stops, weight, y, total, means, spread)
        return total, means, spread

    def to_forest(self, coded: Coded, stats: Statistics, value: np.ndarray) -> Forest:
        """The tree as it is kept, its gains in units of y and weight."""
        node_i, left = self.node_i, self.left
        inner = left >= 0
        feature = np.where(inner, node_i[:, kernel.FEATURE], -1)
        by_cut = inner & (self.set < 0)
        cut = np.where(by_cut, node_i[:, kernel.CUT], 0)
        threshold = np.zeros(len(left))
        at = np.flatnonzero(by_cut)
        threshold[at] = coded.thresholds(feature[at], cut[at], node_i[at, kernel.NEXT])
        drawn = at[self.node_f[at, kernel.THRESHOLD] != 0.0] if coded.is_exact else at[:0]
        threshold[drawn] = self.node_f[drawn, kernel.THRESHOLD]
        weight = self.node_s[:, : stats.weights].sum(axis=1) / stats.per_weight
        gain = stats.gains(np.where(inner, self.node_f[:, kernel.GAIN], 0.0))
        return Forest(
            feature.astype(np.int32), threshold,
            np.zeros(len(left), np.int32) if coded.is_exact else cut.astype(np.int32),
            np.where(inner, node_i[:, kernel.MISSING_LEFT], 0).astype(np.uint8), left,
            self.set, self.sets, value, gain, weight,
            node_i[:, kernel.STOP] - node_i[:, kernel.START], np.zeros(1, np.int64),
        )  # fmt: skip


def grow(
    params: ImpurityTree,
    coded: Coded,
    stats: Statistics,
    *,
    index: np.ndarray | None = None,
    counts: np.ndarray | None = None,
    seed: int = 0,
) -> Grown:
    """One tree over the rows of `index` (all by default), each of them `counts` times.

    Cost: O(max_features n) additions a level on bins, O(max_features n log n) on ranks.  A node
    depends on its rows and its path alone, so the subtrees below the first levels are grown side by
    side, and the tree is the same for any number of threads.
    """
    p, n = coded.columns.shape
    index = np.arange(n, dtype=np.uint32) if index is None else index
    amounts = stats.amounts if counts is None else stats.times(counts)
    features = np.zeros((p, 3), np.int64)
    features[:, kernel.CODES], features[:, kernel.KIND] = coded.codes, coded.kinds
    if params.monotone is not None:
        features[:, kernel.SIGN] = params.monotone
    options = _options(params, stats, p)
    best_first = params.max_leaves is not None
    if not best_first and team_size() > 1 and len(index) * p > ALONE:
        options[kernel.ASIDE] = np.floor(len(index) * SUBTREE)
    by_medians, outputs = stats.by_medians, stats.labels.shape[1]
    has_sets = bool((coded.kinds & CATEGORIES).any())
    values = coded.values if params.random else np.empty(0)
    offsets = coded.offsets if params.random else np.zeros(p + 1, np.int64)

    def run(root: tuple[np.ndarray, np.ndarray, np.uint64], rows: np.ndarray, aside: bool) -> list:
        most = _most_nodes(params, len(rows))
        node_i, node_f = np.empty((most, kernel.NODE_I), np.int64), np.empty((most, kernel.NODE_F))
        node_s, seeds = np.empty((most, stats.width), np.int64), np.empty(most, np.uint64)
        sets = np.zeros((most if has_sets else 0, 256), np.uint8)
        node_m = np.empty((most if by_medians else 0, outputs + 1))
        memory = memory_for(
            len(rows), p, stats.width, outputs, amounts.shape[1], coded.is_exact, by_medians
        )
        node_i[0], node_f[0], seeds[0] = root
        node_i[0, kernel.START : kernel.STOP + 1] = 0, len(rows)
        node_i[0, kernel.LEFT] = -1
        chosen = options.copy()
        chosen[kernel.ASIDE] = options[kernel.ASIDE] if aside else 0
        made = grow_tree(
            stats.form, coded.columns, rows, stats.labels, amounts, features, values, offsets,
            chosen, node_i, node_f, node_s, seeds, sets, stats.ranks, stats.levels, node_m, memory,
        )  # fmt: skip
        held = (node_i[:made], node_f[:made], node_s[:made], node_m[:made], seeds[:made])
        return [a.copy() if most > 2 * made else a for a in held] + [sets[:made]]

    start = np.zeros(kernel.NODE_I, np.int64)
    start[kernel.FEATURE] = -1
    bounds = np.array([0.0, -np.inf, np.inf, 0.0])
    whole = run((start, bounds, np.uint64(seed)), index, True)
    later = np.flatnonzero(whole[0][:, kernel.LEFT] == kernel.ASIDE_LEFT)
    if len(later):
        whole = _join(whole, later, _subtrees(whole, later, index, run))
    node_i, node_f, node_s, node_m, _, sets = whole
    by_set = (node_i[:, kernel.BY_SET] == 1) & (node_i[:, kernel.LEFT] >= 0)
    rank = np.where(by_set, np.cumsum(by_set) - 1, -1)
    kept = sets[by_set] if has_sets else np.empty((0, 256), np.uint8)
    return Grown(index, node_i, node_f, node_s, node_m, kept, rank)


def _subtrees(whole: list, later: np.ndarray, index: np.ndarray, run) -> list:
    node_i, node_f, _, _, seeds, _ = whole
    largest = later[np.argsort(node_i[later, kernel.START] - node_i[later, kernel.STOP])]

    def below(node: int) -> list:
        rows = index[node_i[node, kernel.START] : node_i[node, kernel.STOP]]
        return run((node_i[node], node_f[node], seeds[node]), rows, False)

    made = dict(zip(largest.tolist(), each(below, largest.tolist())))
    return [made[node] for node in later.tolist()]


def _join(whole: list, later: np.ndarray, subtrees: list) -> list:
    """The nodes of a tree and of its subtrees in one piece."""
    parts: list[list[np.ndarray]] = [[a] for a in whole]
    total = len(whole[0])
    node_i = whole[0]
    for node, subtree in zip(later, subtrees):
        start = node_i[node, kernel.START]
        moved = subtree[0].copy()
        moved[:, kernel.START : kernel.STOP + 1] += start
        moved[:, kernel.LEFT] += np.where(moved[:, kernel.LEFT] >= 0, total - 1, 0)
        for k, a in enumerate([moved, *subtree[1:]]):
            if len(a):
                whole[k][node] = a[0]
                parts[k].append(a[1:])
        total += len(moved) - 1
    return [np.concatenate(p) for p in parts]


def _options(params: ImpurityTree, stats: Statistics, p: int) -> np.ndarray:
    options = np.zeros(kernel.OPTIONS)
    options[kernel.MAX_LEAVES] = np.inf if params.max_leaves is None else params.max_leaves
    options[kernel.MAX_DEPTH] = np.inf if params.max_depth is None else params.max_depth
    options[kernel.MIN_SPLIT] = params.min_split
    options[kernel.MIN_LEAF] = params.min_leaf
    # A hair less, since weights are rounded.
    options[kernel.MIN_WEIGHT] = params.min_weight * stats.per_weight * (1.0 - 1e-12)
    options[kernel.MIN_GAIN] = (
        params.min_gain / float(stats.gains(np.ones(()))) * (1.0 - 1e-12)
        if params.min_gain > 0
        else -np.inf
    )
    options[kernel.MOST_FEATURES] = p if params.max_features is None else params.max_features
    options[kernel.RANDOM] = params.random
    options[kernel.BEST_FIRST] = params.max_leaves is not None
    options[kernel.BOUNDED] = params.monotone is not None and bool(params.monotone.any())
    options[kernel.WEIGHTS] = stats.weights
    options[kernel.MEDIANS] = stats.by_medians
    return options


def _most_nodes(params: ImpurityTree, rows: int) -> int:
    leaves = rows // max(int(np.ceil(params.min_leaf)), 1)
    if params.max_leaves is not None:
        leaves = min(leaves, params.max_leaves)
    if params.max_depth is not None and params.max_depth < 40:
        leaves = min(leaves, 2**params.max_depth)
    return 2 * max(leaves, 1) - 1
