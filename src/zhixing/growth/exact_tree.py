"""Trees grown level by level on all thresholds, from features sorted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.parallel import each
from ..kernels.exact_scan import exact_scan
from .bins import Bins
from .by_value import GrownByValue, Values
from .tree import Forest


@dataclass(frozen=True)
class ExactTree:
    """How a tree is grown on values: the objective and minima of `NewtonTree`, every threshold tried.

    Chen and Guestrin (2016), algorithm 1 with the sparsity-aware directions of algorithm 3.
    Cost: O(p n log n) once for the sort, O(p n) a level.  No categories, no monotone constraints.
    """

    max_depth: int | None = 6
    lam: float = 1.0
    alpha: float = 0.0
    min_gain: float = 0.0
    min_hessian: float = 1.0
    max_value: float = 0.0
    features_per_level: float = 1.0
    features_per_node: float = 1.0
    monotone: np.ndarray | None = None
    groups: np.ndarray | None = None

    @property
    def is_random(self) -> bool:
        return self.features_per_node < 1.0 or self.features_per_level < 1.0

    def table(self, X: np.ndarray, bins: Bins) -> Values:
        return Values(X)

    def workspace(self, table: Values, bins: Bins, weight: Any = None) -> Sorted:
        if self.monotone is not None:
            raise ValueError("monotone constraints need tree_method='hist'")
        return Sorted(table.values)

    def grow(
        self,
        work: Sorted,
        g: np.ndarray,
        h: np.ndarray,
        index: np.ndarray | None = None,
        seed: int = 0,
    ) -> GrownByValue:
        return _Growth(self, work, g, h, index, np.random.default_rng(seed)).run()


class Sorted:
    """Each feature's known values in rising order, with their rows."""

    def __init__(self, X: np.ndarray) -> None:
        self.X = X

        def sort(j: int) -> tuple[np.ndarray, np.ndarray]:
            x = np.ascontiguousarray(X[:, j], dtype=np.float64)
            order = np.argsort(x, kind="stable")
            order = order[: len(x) - int(np.isnan(x).sum())]
            return x[order], order.astype(np.uint32)

        self.columns = each(sort, range(X.shape[1]))


class _Growth:
    """One tree while it grows."""

    def __init__(
        self, params: ExactTree, work: Sorted, g: Any, h: Any, index: Any, random: Any
    ) -> None:
        self.params, self.work, self.random = params, work, random
        self.true_g, self.true_h = g, h
        # Whole numbers of a small unit: sums are exact in any order, so equal splits tie.
        self.per_g = 2.0**51 / max(float(np.abs(g).sum()), 1e-100)
        self.per_h = 2.0**51 / max(float(h.sum()), 1e-100)
        self.unit = self.per_h / (self.per_g * self.per_g)  # of a gain
        g, h = np.rint(g * self.per_g), np.rint(h * self.per_h)
        self.g, self.h = g, h
        n = len(g)
        self.place = np.zeros(n, np.int32) if index is None else np.full(n, -1, np.int32)
        if index is not None:
            self.place[index] = 0
        inside = self.place >= 0
        self.feature, self.left = [-1], [-1]
        self.threshold, self.missing_left, self.gain = [0.0], [0], [0.0]
        self.sums = [(float(g[inside].sum()), float(h[inside].sum()))]
        self.groups = (
            params.groups
        )  # bits of the groups that may meet in a branch, as in NewtonTree
        self.bits = [-1]

    def run(self) -> GrownByValue:
        level, depth = [0], 0
        deepest = 2**31 if self.params.max_depth is None else self.params.max_depth
        while level and depth < deepest:
            level = self._split(level)
            depth += 1
        return self._grown()

    def _allowed(self, level: list[int], p: int) -> np.ndarray:
        """(p, nodes): features a node may use."""
        params = self.params
        mask = np.ones((p, len(level)), np.uint8)
        if self.groups is not None:
            mask[:] = (self.groups[:, None] & np.array([self.bits[node] for node in level])) != 0
        for share, by_level in (
            (params.features_per_level, True),
            (params.features_per_node, False),
        ):
            if share >= 1.0:
                continue
            for k in range(1 if by_level else len(level)):
                columns = slice(None) if by_level else slice(k, k + 1)
                usable = np.flatnonzero(mask[:, columns].any(axis=1))
                kept = self.random.choice(
                    usable, max(1, int(np.ceil(share * len(usable)))), replace=False
                )
                away = np.ones(p, bool)
                away[kept] = False
                mask[away, columns] = 0
        return mask

    def _split(self, level: list[int]) -> list[int]:
        params, nodes = self.params, len(level)
        p = self.work.X.shape[1]
        total_g = np.array([self.sums[node][0] for node in level])
        total_h = np.array([self.sums[node][1] for node in level])
        rank = np.full(len(self.feature) + 1, -1, np.int32)
        rank[level] = np.arange(nodes)
        place = rank[self.place]  # -1 stays -1: the last entry
        mask = self._allowed(level, p)
        lam, alpha = params.lam * self.per_h, params.alpha * self.per_g

        def scan(j: int) -> np.ndarray:
            found, room = np.empty((nodes, 5)), np.empty((nodes, 5))
            exact_scan(
                *self.work.columns[j], place, self.g, self.h, total_g, total_h, mask[j],
                lam, alpha, max(params.min_hessian * self.per_h, 0.5), room, found,
            )  # fmt: skip
            return found

        found = np.stack(each(scan, range(p)))
        best = found[:, :, 0].argmax(axis=0)
        short = np.maximum(np.abs(total_g) - alpha, 0.0)
        whole = short * short / (total_h + lam)
        feature = np.full(nodes, -1)
        threshold, missing, first = np.zeros(nodes), np.zeros(nodes, bool), np.zeros(nodes, int)
        born: list[int] = []
        for k, node in enumerate(level):
            top, cut, side, left_g, left_h = found[best[k], k]
            gain = top - whole[k]
            if top < 0 or gain * self.unit <= 2.0 * params.min_gain or gain <= 1e-12 * whole[k]:
                continue
            at = len(self.feature)
            feature[k], threshold[k], missing[k], first[k] = best[k], cut, side > 0, at
            self.feature[node], self.threshold[node] = int(best[k]), float(cut)
            self.missing_left[node], self.left[node] = int(side > 0), at
            self.gain[node] = float(gain * self.unit)
            bits = self.bits[node]
            if self.groups is not None:
                bits &= int(self.groups[best[k]])
            for sums in ((left_g, left_h), (total_g[k] - left_g, total_h[k] - left_h)):
                born.append(len(self.feature))
                self.feature.append(-1)
                self.left.append(-1)
                self.threshold.append(0.0)
                self.missing_left.append(0)
                self.gain.append(0.0)
                self.sums.append(sums)
                self.bits.append(bits)
        rows = np.flatnonzero((place >= 0) & (feature[place] >= 0))
        k = place[rows]
        x = self.work.X[rows, feature[k]]
        goes = np.where(np.isnan(x), missing[k], x <= threshold[k])
        self.place[rows] = first[k] + 1 - goes
        return born

    def _grown(self) -> GrownByValue:
        params, nodes = self.params, len(self.feature)
        inside = self.place >= 0
        place = self.place[inside]
        g = np.bincount(place, weights=self.true_g[inside], minlength=nodes)
        h = np.bincount(place, weights=self.true_h[inside], minlength=nodes)
        count = np.bincount(place, minlength=nodes)
        for node in range(nodes - 1, -1, -1):
            left = self.left[node]
            if left >= 0:
                for sums in (g, h, count):
                    sums[node] = sums[left] + sums[left + 1]
        below = np.maximum(h + params.lam, 1e-300)
        value = -np.sign(g) * np.maximum(np.abs(g) - params.alpha, 0.0) / below
        if params.max_value > 0:
            value = np.clip(value, -params.max_value, params.max_value)
        forest = Forest(
            np.array(self.feature, np.int32), np.array(self.threshold), np.zeros(nodes, np.int32),
            np.array(self.missing_left, np.uint8), np.array(self.left, np.int64),
            np.full(nodes, -1, np.int64), np.empty((0, 256), np.uint8), value,
            np.array(self.gain), h, count.astype(np.int64), np.zeros(1, np.int64),
        )  # fmt: skip
        return GrownByValue(self.place, forest, g, h, value)
