"""Grow one tree to first and second derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.parallel import each, slices, team, team_size
from ..kernels import _nodes as kernel
from ..kernels._team import barrier_state
from ..kernels.descend import add_trained
from ..kernels.grow_newton import grow_newton
from ..kernels.leaf_rows import add_leaves, leaf_sums
from ..kernels.packed import derivative_sums, pack
from .bins import Binned, Bins
from .bundles import Bundles
from .tree import Forest

BLOCK = 16384


@dataclass(frozen=True)
class NewtonTree:
    """How a tree is grown: leaves minimise sum g w + h w^2 / 2 + lam w^2 / 2 + alpha |w|.

    Chen and Guestrin (2016), eqs. 5 to 7: a leaf's value is w = -S(G, alpha) / (H + lam) and a split gains
    [score(left) + score(right) - score(both)] / 2, score = S(G, alpha)^2 / (H + lam); one that gains
    no more than `min_gain` is not made.

    Growth is best first (``by_gain``, as LightGBM) or level by level (as XGBoost's depthwise) as far as
    `max_leaves` limits it, or all of it, where only `max_depth` and the minima bind.
    `max_value` bounds |w| (XGBoost's max_delta_step).  Sets of categories: see `kernels._categories`.
    """

    max_leaves: int | None = 31
    max_depth: int | None = None
    lam: float = 0.0
    alpha: float = 0.0
    min_gain: float = 0.0
    min_hessian: float = 1e-3
    min_count: int = 20
    by_gain: bool = True
    max_value: float = 0.0
    features_per_level: float = 1.0
    features_per_node: float = 1.0
    category_smooth: float = 10.0
    category_lam: float = 10.0
    max_categories: int = 32
    category_single: int = 4  # at most so many categories are tried alone against the rest
    category_group: int = 0  # rows by which a set grows
    category_rows: int = 0  # rows a category needs to go left
    monotone: np.ndarray | None = None
    groups: np.ndarray | None = None  # (p,) bits of the groups a feature is in

    @property
    def is_random(self) -> bool:
        """Whether two trees to the same derivatives may differ."""
        return self.features_per_node < 1.0 or self.features_per_level < 1.0

    @property
    def bundles(self) -> bool:
        """Whether indicators may share a column: nothing here asks for one of them by its place."""
        return not (self.is_random or self.max_value) and self.monotone is self.groups is None

    def table(self, X: np.ndarray, bins: Bins) -> Binned:
        """Rows as the trees read them."""
        return bins.transform(X)

    def workspace(self, table: Binned, bins: Bins, weight: np.ndarray | None = None) -> Workspace:
        return Workspace(self, table, bins, weight)

    def grow(
        self,
        work: Workspace,
        g: np.ndarray,
        h: np.ndarray,
        index: np.ndarray | None = None,
        seed: int = 0,
    ) -> Grown:
        return grow(self, work, g, h, index, seed)


@dataclass
class Grown:
    """A tree just grown, with the rows of its leaves."""

    index: np.ndarray  # rows in the order of the leaves
    node_i: np.ndarray
    node_f: np.ndarray
    node_sets: np.ndarray
    leaves: np.ndarray  # nodes that are leaves, those of most rows first
    g: np.ndarray  # (nodes,) sums of the derivatives
    h: np.ndarray
    value: np.ndarray  # (nodes,) before shrinkage
    unit: float  # of a gain

    @property
    def starts(self) -> np.ndarray:
        return self.node_i[:, kernel.START].copy()

    @property
    def stops(self) -> np.ndarray:
        return self.node_i[:, kernel.STOP].copy()

    def add_to(self, scores: np.ndarray, values: np.ndarray) -> None:
        """scores[row] += values[leaf] for the rows the tree was grown on."""
        size = team_size() if len(self.index) > BLOCK else 1
        starts, stops = self.starts, self.stops
        team(
            lambda me: add_leaves(self.index, starts, stops, self.leaves, me, size, values, scores),
            size,
        )

    def to_forest(self, bins: Bins, values: np.ndarray) -> Forest:
        return to_forest(self, bins, values)

    def add_elsewhere(
        self, table: Binned, chosen: np.ndarray, values: np.ndarray, scores: np.ndarray
    ) -> None:
        """The same for the `chosen` of any rows binned alike, sent down the tree."""
        rows = table.rows
        each(
            lambda s: add_trained(chosen[s], rows, self.node_i, self.node_sets, values, scores),
            slices(len(chosen), BLOCK),
        )


class Layout:
    """Columns of bins as a tree is grown on them, and where each lies in a histogram."""

    def __init__(
        self, rows: np.ndarray, columns: np.ndarray, counts: np.ndarray, kinds: np.ndarray
    ) -> None:
        self.rows, self.columns, self.kinds = rows, columns, kinds
        self.offsets = np.concatenate([[0], np.cumsum(counts)])

    def histograms(self, memory: np.ndarray, slots: int) -> np.ndarray:
        """(slots, bins) in memory that may be larger."""
        bins = int(self.offsets[-1])
        return memory[: slots * bins].reshape(slots, bins)


class Workspace:
    """Memory that a booster's trees share."""

    def __init__(
        self,
        params: NewtonTree,
        binned: Binned,
        bins: Bins,
        weight: np.ndarray | None = None,
        *,
        bundle: bool = True,
    ) -> None:
        n, p = binned.rows.shape
        self.size = team_size() if n * p > 50_000 else 1
        most = params.max_leaves or n
        if params.max_depth is not None:
            most = min(most, 2**params.max_depth if params.max_depth < 40 else most)
        self.max_leaves = max(1, min(most, n))
        # Where all splits are made their order is free.  Newest first, the smaller child before the
        # larger, holds one histogram for every halving of the rows; best first holds one a leaf.
        self.order = kernel.NEWEST
        if params.max_leaves is not None:
            self.order = kernel.GAINFUL if params.by_gain else kernel.SHALLOWEST
        newest = self.order == kernel.NEWEST
        slots = (min(self.max_leaves, 2 * 64) if newest else self.max_leaves) + 1
        self.slots = slots
        self.plain = Layout(binned.rows, binned.columns, bins.counts, bins.kinds)
        self.bundles = Bundles.of(binned, bins) if bundle and params.bundles else None
        if self.bundles is not None:
            b = self.bundles
            self.bundled = Layout(b.rows, b.columns, b.counts, b.kinds)
        self.sums = np.empty((self.size - 1 + slots) * self.plain.offsets[-1], np.int64)
        self.scratch = np.empty((2, n), np.uint32)
        self.packed = np.empty(n, np.int64)
        # By weight a row counts: as many rows as it stands for.
        unit = weight is None or bool((weight == 1.0).all())
        self.mass = np.empty(0, np.int64) if unit or weight is None else _mass(weight)
        self.nodes = 2 * self.max_leaves - 1
        self.meet = barrier_state()


def _mass(weight: np.ndarray) -> np.ndarray:
    # Bounded so that no sum leaves 62 bits.
    return np.round(np.minimum(weight, 2.0**41 / len(weight)) * kernel.ONE).astype(np.int64)


def grow(
    params: NewtonTree,
    work: Workspace,
    g: np.ndarray,
    h: np.ndarray,
    index: np.ndarray | None = None,
    seed: int = 0,
) -> Grown:
    """One tree over the rows of `index` (all by default).  Cost O(n p) for the first levels, then less.

    Histograms sum derivatives rounded to integers (`kernels.packed`); leaf values come from the
    derivatives themselves.
    """
    bundles = work.bundles if params.groups is None else None
    table = work.plain if bundles is None else work.bundled
    n, p = table.rows.shape
    parts = slices(n, BLOCK)
    total = each(lambda s: derivative_sums(g[s], h[s]), parts)
    sum_g, sum_h = (float(sum(x)) for x in zip(*total))
    per_g = (2.0**30 - n) / max(sum_g, 1e-100)
    per_h = (2.0**31 - n) / max(sum_h, 1e-100)
    each(lambda s: pack(g[s], h[s], per_g, per_h, work.packed[s]), parts)
    index = np.arange(n, dtype=np.uint32) if index is None else index
    size = work.size
    unit = per_h / (per_g * per_g)  # of a score: g^2 / h
    options = np.zeros(18)
    options[kernel.MAX_LEAVES] = work.max_leaves
    options[kernel.MAX_DEPTH] = 2**31 if params.max_depth is None else params.max_depth
    options[kernel.MIN_GAIN] = 2.0 * params.min_gain / unit
    options[kernel.LAMBDA] = params.lam * per_h
    options[kernel.ALPHA] = params.alpha * per_g
    options[kernel.MIN_HESSIAN] = max(params.min_hessian * per_h, 0.5)
    options[kernel.MIN_COUNT] = max(params.min_count, 1)
    options[kernel.BY_GAIN] = work.order
    monotone = np.zeros(p, np.int64) if params.monotone is None else params.monotone
    bounded = params.max_value * per_g / per_h
    options[kernel.BOUNDED] = bounded if bounded > 0 else -1.0 if monotone.any() else 0.0
    options[kernel.SMOOTH] = params.category_smooth * per_h
    options[kernel.EXTRA] = params.category_lam * per_h
    options[kernel.MOST] = params.max_categories
    options[kernel.SINGLE] = params.category_single
    options[kernel.PER_GROUP] = params.category_group
    options[kernel.FEWEST] = params.category_rows
    options[kernel.PER_NODE] = params.features_per_node
    options[kernel.PER_LEVEL] = params.features_per_level
    options[kernel.SEED] = seed
    groups = np.full(p, -1, np.int64) if params.groups is None else params.groups
    sums = table.histograms(work.sums, size - 1 + work.slots)
    nodes = work.nodes
    node_i, node_f = np.empty((nodes, 12), np.int64), np.empty((nodes, 3))
    node_sets = np.empty((nodes, 256), np.uint8)
    found_i, found_f = np.empty((2 * size, 8), np.int64), np.empty((2 * size, 1))
    found_sets, masks = np.empty((2 * size, 256), np.uint8), np.ones((2, p), np.uint8)
    free = np.r_[work.slots, np.arange(size - 1 + work.slots - 1, size - 2, -1)]
    open_nodes = np.zeros(work.max_leaves + 2, np.int64)
    made = team(
        lambda me: grow_newton(
            size, me, work.meet, table.rows, table.columns, index, work.scratch, work.packed,
            work.mass, table.offsets, table.kinds, monotone, groups, options, sums, free, open_nodes,
            node_i, node_f, node_sets, found_i, found_f, found_sets, masks,
        ),
        size,
    )[0]  # fmt: skip
    node_i, node_f, node_sets = node_i[:made], node_f[:made], node_sets[:made]
    if bundles is not None:
        bundles.undo(node_i, node_sets)
    nothing = np.empty(0)
    return _values(
        params,
        Grown(index, node_i, node_f, node_sets, nothing, nothing, nothing, nothing, unit),
        g,
        h,
        size,
        per_g / per_h,
    )


def _values(
    params: NewtonTree, grown: Grown, g: np.ndarray, h: np.ndarray, size: int, per_value: float
) -> Grown:
    """Exact sums of the leaves, of their ancestors, and the value of each node."""
    node_i = grown.node_i
    count = node_i[:, kernel.STOP] - node_i[:, kernel.START]
    leaf = np.flatnonzero(node_i[:, kernel.LEFT] < 0)
    grown.leaves = leaf[np.argsort(-count[leaf], kind="stable")]
    grown.g, grown.h = np.zeros(len(node_i)), np.zeros(len(node_i))
    starts, stops = grown.starts, grown.stops
    team(
        lambda me: leaf_sums(
            grown.index, starts, stops, grown.leaves, me, size, g, h, grown.g, grown.h
        ),
        size,
    )
    for node in range(len(node_i) - 1, -1, -1):
        left = node_i[node, kernel.LEFT]
        if left >= 0:
            grown.g[node] = grown.g[left] + grown.g[left + 1]
            grown.h[node] = grown.h[left] + grown.h[left + 1]
    short = np.sign(grown.g) * np.maximum(np.abs(grown.g) - params.alpha, 0.0)
    below = grown.h + params.lam
    grown.value = np.where(below > 0, -short / np.where(below > 0, below, 1.0), 0.0)
    if params.max_value or params.monotone is not None:
        # Bounds were found in the units of the packed sums.
        np.clip(
            grown.value, grown.node_f[:, kernel.LOWER] / per_value,
            grown.node_f[:, kernel.UPPER] / per_value, out=grown.value,
        )  # fmt: skip
    return grown


def to_forest(grown: Grown, bins: Bins, values: np.ndarray) -> Forest:
    """The tree as it is kept."""
    node_i = grown.node_i
    inner = node_i[:, kernel.LEFT] >= 0
    left = np.where(inner, node_i[:, kernel.LEFT], -1)
    feature = np.where(inner, node_i[:, kernel.FEATURE], -1)
    cut = np.where(inner, node_i[:, kernel.BIN], 0)
    by_set = inner & (cut < 0)
    rank = np.where(by_set, np.cumsum(by_set) - 1, -1)
    threshold = np.where(inner & ~by_set, bins.thresholds[feature, np.maximum(cut, 0)], 0.0)
    return Forest(
        feature.astype(np.int32), threshold, np.maximum(cut, 0).astype(np.int32),
        node_i[:, kernel.MISSING_LEFT].astype(np.uint8), left, rank, grown.node_sets[by_set],
        values, np.where(inner, grown.node_f[:, kernel.GAIN] * grown.unit, 0.0), grown.h,
        node_i[:, kernel.STOP] - node_i[:, kernel.START], np.zeros(1, np.int64),
    )  # fmt: skip
