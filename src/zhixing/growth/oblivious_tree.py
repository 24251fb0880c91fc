"""Oblivious trees: one split for all nodes of a level, so that a leaf is a number of a few bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.parallel import each, slices
from ..kernels._nodes import MISSING
from ..kernels.oblivious_level import level_histograms, level_scores, next_bit, split_leaves
from ..kernels.packed import derivative_sums, pack
from .bins import Binned, Bins
from .tree import Forest

#: Features a task takes at a time, and rows.
FEATURES, BLOCK = 8, 65_536


@dataclass(frozen=True)
class Level:
    """x goes right where x > the cut's threshold; missing values left, or right if `missing_right`."""

    feature: int
    cut: int
    missing_right: bool
    gain: float

    def sides(self, bins: Bins) -> np.ndarray:
        """1 for each bin that goes right."""
        right = (np.arange(256) > self.cut).astype(np.uint8)
        right[bins.absent[self.feature] :] = self.missing_right
        return right


@dataclass(frozen=True)
class ObliviousTree:
    """How the levels are found: the cut of best score over all leaves together, `depth` times.

    score "L2": sum G^2 / (H + lam) over the sides of all leaves (and outputs); "Cosine": the cosine of
    what the leaves would predict and the derivatives, num / sqrt(den) of `kernels.oblivious_level`.
    Prokhorenkova et al. (2018), "CatBoost", section 5 and appendix B.  Cost: O(n p) a level, halved.
    """

    depth: int = 6
    lam: float = 3.0
    cosine: bool = True
    features: float = 1.0

    def find(
        self,
        table: Binned,
        bins: Bins,
        evidence: list[Evidence],
        noise: float,
        random: np.random.Generator,
    ) -> list[Level]:
        """The levels that suit the evidence.

        noise: standard deviation, in units of the score, of what is added to each feature's best.
        """
        p = table.shape[1]
        searches = [_Search(self, table, bins, e) for e in evidence]
        usable = np.ones(p, bool)
        if self.features < 1.0:
            usable[:] = False
            usable[random.choice(p, max(1, round(self.features * p)), replace=False)] = True
        # With missing values their own cut is the last.
        cuts = bins.counts - 1
        offsets = searches[0].offsets
        levels: list[Level] = []
        before = self._score(*np.sum([s.whole() for s in searches], axis=0))
        for _ in range(self.depth):
            shifts = random.standard_normal(p) * noise
            num, den = np.zeros(offsets[-1]), np.zeros(offsets[-1])
            for s in searches:
                s.add_scores(num, den)
            scores = self._score(num, den)
            best, cut, top = -1, -1, -np.inf
            for j in np.flatnonzero(usable & (cuts > 0)):
                own = scores[offsets[j] : offsets[j] + cuts[j]]
                b = int(own.argmax())
                if own[b] > 0 and own[b] + shifts[j] > top:
                    best, cut, top = int(j), b, own[b] + shifts[j]
            if best < 0:
                break
            found = float(scores[offsets[best] + cut])
            # Evidence on other rows may say that a level does harm, yet the next may need it.
            if not evidence[0].ahead and not found > before * (1.0 + 1e-12):
                break
            gain = found * abs(found) - before * abs(before) if self.cosine else found - before
            missing_right = bool(cut == cuts[best] - 1 and bins.kinds[best] & MISSING)
            levels.append(Level(best, cut, missing_right, max(float(gain), 0.0)))
            before = found
            if len(levels) < self.depth:
                for s in searches:
                    s.split(levels[-1])
        return levels

    def _score(self, num: Any, den: Any) -> Any:
        if not self.cosine:
            return num
        return np.where(den > 0, num / np.sqrt(np.where(den > 0, den, 1.0)), 0.0)


@dataclass(frozen=True)
class Evidence:
    """Derivatives (outputs, n) of the rows of `index` (all by default) that make the values of leaves.

    ahead: those of the rows that the values are judged on, where these are others.
    """

    g: np.ndarray
    h: np.ndarray
    index: np.ndarray | None = None
    ahead: tuple[np.ndarray, np.ndarray] | None = None


class _Search:
    """The leaves of a level, their rows and their histograms."""

    def __init__(
        self, params: ObliviousTree, table: Binned, bins: Bins, evidence: Evidence
    ) -> None:
        n, p = table.shape
        index = evidence.index
        self.params, self.table, self.bins = params, table, bins
        self.index = np.arange(n, dtype=np.uint32) if index is None else index.copy()
        self.offsets = np.concatenate([[0], np.cumsum(bins.counts)]).astype(np.int64)
        pairs = [(evidence.g, evidence.h), *([evidence.ahead] if evidence.ahead else [])]
        self.outputs = len(evidence.g)
        rows = [(g[k], h[k]) for g, h in pairs for k in range(self.outputs)]
        parts = slices(n, BLOCK)
        totals = [each(lambda s, r=r: derivative_sums(r[0][s], r[1][s]), parts) for r in rows]
        # One unit for all outputs: their scores are added.
        self.per_g = (2.0**30 - n) / max(max(sum(t[0] for t in ts) for ts in totals), 1e-100)
        self.per_h = (2.0**31 - n) / max(max(sum(t[1] for t in ts) for ts in totals), 1e-100)
        self.packed = np.empty((len(rows), n), np.int64)
        for k, r in enumerate(rows):
            each(
                lambda s, r=r, k=k: pack(
                    r[0][s], r[1][s], self.per_g, self.per_h, self.packed[k, s]
                ),
                parts,
            )
        most = 2 ** max(params.depth - 1, 0)
        self.sums = np.empty((len(rows), most, self.offsets[-1]), np.int64)
        self.scratch = np.empty(len(self.index), np.uint32)
        self.starts, self.stops = np.zeros(1, np.int64), np.array([len(self.index)])
        self.slots = np.zeros(1, np.int64)
        self._fill(self.slots, self.starts, self.stops, np.array([-1]))

    def _blocks(self) -> list[slice]:
        return slices(self.table.shape[1], FEATURES)

    def _fill(
        self, slots: np.ndarray, starts: np.ndarray, stops: np.ndarray, parents: np.ndarray
    ) -> None:
        tasks = [(k, s) for k in range(len(self.packed)) for s in self._blocks()]
        each(
            lambda task: level_histograms(
                self.table.rows, self.index, starts, stops, slots, parents, self.packed[task[0]],
                self.offsets, task[1].start, task[1].stop, self.sums[task[0]],
            ),
            tasks,
        )  # fmt: skip

    def whole(self) -> tuple[float, float]:
        """num and den without a split."""
        parts = self.sums[:, 0, : self.offsets[1]].sum(axis=1)
        g, h = (parts >> 32) / self.per_g, (parts & 0xFFFFFFFF) / self.per_h
        k = self.outputs
        w = g[:k] / np.maximum(h[:k] + self.params.lam, 1e-300)
        return float((g[-k:] * w).sum()), float((h[-k:] * w * w).sum())

    def add_scores(self, num: np.ndarray, den: np.ndarray) -> None:
        """Add what this evidence says of every cut."""

        def score(s: slice) -> None:
            for k in range(self.outputs):
                level_scores(
                    self.sums[k], self.sums[k - self.outputs], self.slots, self.offsets,
                    self.bins.kinds, s.start, s.stop, 1.0 / self.per_g, 1.0 / self.per_h,
                    self.params.lam, num, den,
                )  # fmt: skip

        each(score, self._blocks())

    def split(self, level: Level) -> None:
        """Send the rows on, and make the children's histograms: the smaller one's, and what is left."""
        counts = np.empty(len(self.starts), np.int64)
        right = level.sides(self.bins)
        column = self.table.columns[level.feature]
        split_leaves(self.index, self.starts, self.stops, column, right, self.scratch, counts)
        middle = self.starts + counts
        starts = np.stack([self.starts, middle], axis=1).ravel()
        stops = np.stack([middle, self.stops], axis=1).ravel()
        sizes = (stops - starts).reshape(-1, 2)
        small = (sizes[:, 1] < sizes[:, 0]).astype(int)
        leaves = len(self.slots)
        new = np.arange(leaves, 2 * leaves)
        slots = np.empty((leaves, 2), np.int64)
        slots[np.arange(leaves), small] = new
        slots[np.arange(leaves), 1 - small] = self.slots
        picked = 2 * np.arange(leaves) + small
        self._fill(new, starts[picked].copy(), stops[picked].copy(), self.slots)
        self.slots, self.starts, self.stops = slots.ravel(), starts, stops


def places(levels: list[Level], table: Binned, bins: Bins) -> np.ndarray:
    """(n,) the leaf of every row of a table: a bit a level, the first the highest."""
    place = np.zeros(table.shape[0], np.uint16)
    for level in levels:
        right, column = level.sides(bins), table.columns[level.feature]
        each(
            lambda s, c=column, r=right: next_bit(c[s], r, place[s]),
            slices(len(place), BLOCK),
        )
    return place


def oblivious_forest(
    levels: list[Level], bins: Bins, values: np.ndarray, cover: np.ndarray, count: np.ndarray
) -> Forest:
    """The full binary tree of the levels, with values by leaf."""
    depth = len(levels)
    nodes = 2 ** (depth + 1) - 1
    level_of = np.floor(np.log2(np.arange(1, nodes + 1))).astype(int)
    inner = level_of < depth
    padded = [*levels, Level(-1, 0, False, 0.0)]
    feature = np.array([padded[d].feature for d in level_of], np.int32)
    cut = np.array([padded[d].cut for d in level_of], np.int32)
    threshold = np.where(inner, bins.thresholds[feature, cut], 0.0)
    missing_left = np.array([not padded[d].missing_right for d in level_of], np.uint8)
    all_values, all_cover, all_count = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes, np.int64)
    leaves = slice(nodes - 2**depth, nodes)
    all_values[leaves], all_cover[leaves], all_count[leaves] = values, cover, count
    for node in range(nodes - 2**depth - 1, -1, -1):
        for held in (all_cover, all_count):
            held[node] = held[2 * node + 1] + held[2 * node + 2]
    # A level's gain is shared among its nodes by their cover.
    share = all_cover / np.maximum(all_cover[0], 1e-300)
    gain = np.array([padded[d].gain for d in level_of]) * share * inner
    return Forest(
        feature, threshold, np.where(inner, cut, 0).astype(np.int32),
        np.where(inner, missing_left, 0).astype(np.uint8),
        np.where(inner, 2 * np.arange(nodes) + 1, -1), np.full(nodes, -1, np.int64),
        np.empty((0, 256), np.uint8), all_values, gain, all_cover, all_count,
        np.zeros(1, np.int64),
    )  # fmt: skip
