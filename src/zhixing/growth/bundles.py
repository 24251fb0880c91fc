"""Indicators that are never on together, in one column: exclusive feature bundling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.parallel import each, slices
from ..kernels import _nodes as kernel
from .bins import Binned, Bins

#: Indicators of a bundle at most, and bundles an indicator is tried in before it starts its own.
MOST, TRIED = 254, 24
#: Rows a task writes at a time.
BLOCK = 16384


@dataclass
class Bundles:
    """A table of which many indicators share a column, and the way back to their splits.

    Ke et al. (2017), algorithm 3, for features of two bins of which the second is the rarer and no row
    is on in two: a bundle's code is 0 where all are off, else the place of the one that is on.
    A split by one of them is that code against all others, so the trees are those of the separate
    columns (of equal gains the first column's wins, and bundles come last).  A histogram costs one
    addition a row for all of a bundle.
    """

    rows: np.ndarray
    columns: np.ndarray
    counts: np.ndarray
    kinds: np.ndarray
    single: np.ndarray  # features that have a column of their own, in its order
    members: list[np.ndarray]  # features of each bundle, the columns after those
    absent: np.ndarray  # of every feature, the code of a missing value

    @staticmethod
    def of(binned: Binned, bins: Bins) -> Bundles | None:
        """None where too few columns would be spared."""
        n, p = binned.rows.shape
        two: list[int] = np.flatnonzero((bins.counts == 2) & (bins.kinds == 0)).tolist()
        if len(two) < 4 or 4 * len(two) < p:
            return None
        on = dict(zip(two, each(lambda j: np.packbits(binned.columns[j]), two)))
        shares = {j: int(np.bitwise_count(bits).sum()) for j, bits in on.items()}
        made: list[tuple[np.ndarray, list[int]]] = []
        # The commonest first: the rare ones fit in beside them.
        for j in sorted(on, key=lambda j: (-shares[j], j)):
            if 2 * shares[j] > n:
                continue
            for held, members in made[-TRIED:]:
                if len(members) < MOST and not (held & on[j]).any():
                    held |= on[j]
                    members.append(j)
                    break
            else:
                made.append((on[j].copy(), [j]))
        members = [np.array(sorted(m)) for _, m in made if len(m) > 1]
        spared = sum(len(m) - 1 for m in members)
        if 4 * spared < p:
            return None
        single = np.setdiff1d(np.arange(p), np.concatenate(members))
        width = len(single) + len(members)
        columns = np.empty((width, n), np.uint8)

        def fill(s: slice) -> None:
            columns[: len(single), s] = binned.columns[single, s]
            for k, m in enumerate(members):
                codes = np.arange(1, len(m) + 1, dtype=np.uint8)
                columns[len(single) + k, s] = codes @ binned.columns[m, s]

        each(fill, slices(n, BLOCK))
        counts = np.concatenate([bins.counts[single], [len(m) + 1 for m in members]])
        kinds = np.concatenate(
            [bins.kinds[single], np.full(len(members), kernel.INDICATORS, np.uint8)]
        )
        return Bundles(
            np.ascontiguousarray(columns.T), columns, counts, kinds, single, members, bins.absent
        )

    def undo(self, node_i: np.ndarray, node_sets: np.ndarray) -> None:
        """Splits by columns of this table to splits by features, in place."""
        inner = node_i[:, kernel.LEFT] >= 0
        column = node_i[:, kernel.FEATURE].copy()
        own = inner & (column < len(self.single))
        node_i[own, kernel.FEATURE] = self.single[column[own]]
        for node in np.flatnonzero(inner & ~own):
            members = self.members[column[node] - len(self.single)]
            feature = members[node_i[node, kernel.BIN] - 1]
            node_i[node, kernel.FEATURE], node_i[node, kernel.BIN] = feature, 0
            node_sets[node] = 0
            node_sets[node, 0] = 1
            node_sets[node, self.absent[feature]] = node_i[node, kernel.MISSING_LEFT]
