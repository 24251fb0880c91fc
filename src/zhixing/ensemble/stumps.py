"""Trees of one cut: chosen from binned rows, kept as arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..growth.bins import Bins
from ..growth.tree import Forest
from ..kernels._nodes import MISSING
from ..kernels.add_stumps import add_stumps
from ..kernels.best_stump import best_stump
from ..kernels.class_histogram import class_histogram

#: Rows a task predicts, and (row, feature) pairs a task adds to a histogram.
BLOCK, PAIRS = 8192, 100_000


class Stump(NamedTuple):
    """One of the stumps of a model: x <= threshold goes left, or is there by `missing_left`."""

    feature: int
    threshold: float
    missing_left: bool
    share: np.ndarray  # (2, k) the classes' shares of the weight, left and right
    cover: np.ndarray  # (2,) the weight that the rows of training had at first, left and right
    classes_: np.ndarray

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, k) the shares on each row's side."""
        held = Stumps.of([self])
        out = np.zeros((X.shape[0], len(self.classes_)))
        held.add(X, held.share, out)
        return out

    def predict(self, X: Any) -> np.ndarray:
        """The class of the largest share on each row's side."""
        return self.classes_[largest(self.share)[self._sides(X)]]

    def _sides(self, X: Any) -> np.ndarray:
        out = np.zeros((X.shape[0], 1))
        Stumps.of([self]).add(X, np.array([[[0.0], [1.0]]]), out)
        return out[:, 0].astype(np.intp)


def largest(share: np.ndarray) -> np.ndarray:
    """The first class whose share is the largest but for rounding.

    After a round of boosting the classes of a leaf are often worth exactly the same.
    """
    return (share >= share.max(axis=-1, keepdims=True) * (1 - 1e-9)).argmax(axis=-1)


@dataclass
class Stumps:
    """Stumps as arrays."""

    feature: np.ndarray  # (t,) int64, -1 where there was no cut
    threshold: np.ndarray  # (t,)
    missing_left: np.ndarray  # (t,) uint8
    share: np.ndarray  # (t, 2, k)
    cover: np.ndarray  # (t, 2)

    def __len__(self) -> int:
        return len(self.feature)

    @staticmethod
    def of(made: list[Stump]) -> Stumps:
        return Stumps(
            np.array([s.feature for s in made], np.int64),
            np.array([s.threshold for s in made]),
            np.array([s.missing_left for s in made], np.uint8),
            np.array([s.share for s in made]),
            np.array([s.cover for s in made]),
        )

    def each(self, classes: np.ndarray) -> list[Stump]:
        return [
            Stump(int(f), float(t), bool(m), s, c, classes)
            for f, t, m, s, c in zip(
                self.feature, self.threshold, self.missing_left, self.share, self.cover
            )
        ]

    def check(self, p: int, k: int) -> None:
        """Refuse arrays (of a model file) that would lead a loop outside them."""
        t = len(self.feature)
        shapes = {"feature": (t,), "threshold": (t,), "missing_left": (t,)}
        shapes |= {"share": (t, 2, k), "cover": (t, 2)}
        kinds = {"feature": "i", "missing_left": "u"}
        for name, shape in shapes.items():
            held = getattr(self, name)
            if held.shape != shape or held.dtype.kind not in kinds.get(name, "f"):
                raise InputError(f"Stumps.{name} is not an array of shape {shape}")
        if t and not (-1 <= self.feature.min() and self.feature.max() < p):
            raise InputError(f"Stumps.feature names a feature that is none of {p}")

    def only(self, t: int) -> Stumps:
        s = slice(t, t + 1)
        return Stumps(**{f.name: getattr(self, f.name)[s] for f in fields(self)})

    def forest(self, values: np.ndarray) -> Forest:
        """The same as trees of three nodes, or one where there was no cut; values (t, 2, outputs)."""
        cut = self.feature >= 0
        size = np.where(cut, 3, 1)
        roots = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64)
        nodes = int(size.sum())
        stump = np.repeat(np.arange(len(self)), size)
        place = np.arange(nodes) - roots[stump]  # 0 the root, 1 the left leaf, 2 the right one
        inner = cut[stump] & (place == 0)
        side = np.maximum(place - 1, 0)
        whole = self.cover.sum(axis=1)
        cover = np.where(place == 0, whole[stump], self.cover[stump, side])
        value = values[stump, side]
        return Forest(
            np.where(inner, self.feature[stump], -1).astype(np.int32),
            np.where(inner, self.threshold[stump], 0.0),
            np.zeros(nodes, np.int32),
            np.where(inner, self.missing_left[stump], 0).astype(np.uint8),
            np.where(inner, np.arange(nodes) + 1, -1),
            np.full(nodes, -1, np.int64),
            np.empty((0, 256), np.uint8),
            value,
            np.zeros(nodes),
            cover,
            np.rint(cover).astype(np.int64),
            roots,
        )

    def add(self, X: Any, values: np.ndarray, out: np.ndarray) -> None:
        """out[i] += values[t, side] over all stumps t; O(stumps) a row."""
        values = np.ascontiguousarray(values, dtype=np.float64)

        def block(s: slice) -> None:
            part = X[s].toarray() if sparse.issparse(X) else X[s]
            rows = rows_contiguous(part)
            add_stumps(rows, self.feature, self.threshold, self.missing_left, values, out[s])

        each(block, slices(X.shape[0], BLOCK))


class StumpLearner:
    """Fits stumps to rows binned once.

    A round of boosting raises the weight of the rows it got wrong and leaves the others, so the
    histogram of the next round is this one and that of the rows whose weight has changed.
    """

    def __init__(
        self, X: np.ndarray, codes: np.ndarray, classes: np.ndarray, weight: np.ndarray
    ) -> None:
        self.bins = Bins.fit(X)
        self.columns = self.bins.transform(X).columns
        self._codes, self.classes = codes.astype(np.int32), classes
        p, n = self.columns.shape
        width = int(self.bins.counts.max())
        self.sums = np.zeros((p, width, len(classes)))
        self.weight, self.at_first = np.zeros(n), weight
        self.missing = (self.bins.kinds & MISSING != 0).astype(np.uint8)
        self.counts = self.bins.counts.astype(np.int64)

    def fit(self, weight: np.ndarray, seed: int = 0) -> Stump:
        """The stump of least weighted Gini impurity; the first of equals."""
        self._update(weight)
        found, sides = np.empty(3, np.int64), np.zeros((2, len(self.classes)))
        best_stump(self.sums, self.counts, self.missing, found, sides)
        feature, cut, missing_left = found.tolist()
        self._bin = cut
        total = sides.sum(axis=1, keepdims=True)
        if feature < 0:
            share = np.repeat(sides[:1] / total[0], 2, axis=0)
            cover = np.array([self.at_first.sum(), 0.0])
            return Stump(-1, 0.0, True, share, cover, self.classes)
        if not self.missing[feature]:
            missing_left = int(total[0, 0] >= total[1, 0])
        threshold = float(self.bins.thresholds[feature, cut])
        made = Stump(
            feature, threshold, bool(missing_left), sides / total, total[:, 0], self.classes
        )
        return made._replace(cover=np.bincount(self.sides(made), self.at_first, 2))

    def sides(self, stump: Stump) -> np.ndarray:
        """(n,) 0 or 1, the side of the stump last fitted on which each row of training lies."""
        if stump.feature < 0:
            return np.zeros(self.columns.shape[1], np.intp)
        column = self.columns[stump.feature]
        right = column > self._bin
        if stump.missing_left and self.missing[stump.feature]:
            right &= column != self.counts[stump.feature] - 1
        return right.astype(np.intp)

    def codes(self, stump: Stump) -> np.ndarray:
        """What the stump last fitted says of the rows of training."""
        return largest(stump.share)[self.sides(stump)]

    def proba(self, stump: Stump) -> np.ndarray:
        """Its class shares for them."""
        return stump.share[self.sides(stump)]

    def _update(self, weight: np.ndarray) -> None:
        rows = np.flatnonzero(weight != self.weight)
        change = weight[rows] - self.weight[rows]
        if len(rows) > 0.75 * len(weight) or (change < 0).any():
            # Differences of weights that fall would leave rounding behind.
            self.sums[:] = 0.0
            rows, change = np.flatnonzero(weight), weight[weight != 0]
        rows = rows.astype(np.int32)
        codes = self._codes[rows]
        columns, sums = self.columns, self.sums

        def block(s: slice) -> None:
            class_histogram(columns[s], rows, codes, change, sums[s])

        each(block, slices(len(columns), max(PAIRS // max(len(rows), 1), 1)))
        self.weight = weight.copy()
