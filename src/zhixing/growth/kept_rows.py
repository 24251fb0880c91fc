"""The rows a forest was grown on, kept as codes: what quantiles and residuals are read from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.parallel import each, slices
from ..kernels.leaf_quantiles import leaf_quantiles
from .coded import Coded
from .tree import Forest

BLOCK = 4096


@dataclass
class KeptRows:
    """The codes, y and weights of the training rows."""

    table: Coded
    y: np.ndarray  # (n, outputs)
    weight: np.ndarray  # (n,)

    def check(self, p: int) -> None:
        """Refuse arrays (of a model file) that do not fit one another."""
        n = len(self.y)
        table = self.table
        fine = (
            table.columns.shape == (p, n)
            and table.columns.dtype in (np.uint8, np.uint32)
            and self.weight.shape == (n,)
            and self.y.ndim == 2
            and table.codes.shape == table.kinds.shape == (p,)
            and table.offsets.shape == (p + 1,)
            and (table.columns.max(axis=1, initial=0) < np.maximum(table.codes, 1)).all()
            and (np.diff(table.offsets) >= 0).all()
            and table.offsets[-1] == len(table.values)
        )
        if not fine:
            raise InputError("the kept rows of the forest do not fit it")
        table.bins.check(p)

    def leaves(self, forest: Forest) -> np.ndarray:
        """(n, trees) the leaf of every training row, as a place in the forest's arrays."""
        n = len(self.y)
        parts = [forest.apply(self.table.rows(s), self.table.bins) for s in slices(n, BLOCK * 8)]
        return np.concatenate(parts) + forest.roots

    def quantiles(self, forest: Forest, ends: np.ndarray, q: np.ndarray, output: int) -> np.ndarray:
        """(rows, quantiles) for rows that end in the nodes `ends` (rows, trees), as places in the arrays.

        Meinshausen (2006), eqs. 4 to 6: a training row weighs, averaged over the trees, its share of
        the weight of the leaf; the quantile is the least y below which these weights reach q.
        """
        own = self.leaves(forest)
        n, T = own.shape
        used = np.flatnonzero(self.weight > 0)
        order = np.argsort(self.y[used, output], kind="stable")
        used = used[order]
        # Rows by leaf, each leaf's in the order of y: a leaf belongs to one tree.
        leaves = own[used].T.ravel()
        by_leaf = np.argsort(leaves, kind="stable")
        rank = (by_leaf % len(used)).astype(np.int64)
        starts = np.searchsorted(leaves[by_leaf], np.arange(len(forest.feature) + 1))
        weight, y = self.weight[used], np.ascontiguousarray(self.y[used, output])
        total = np.add.reduceat(np.append(weight[rank], 0.0), starts[:-1])
        total = np.where(np.diff(starts) > 0, total, 0.0)
        found = np.empty((len(ends), len(q)))

        def block(s: slice) -> None:
            leaf_quantiles(
                np.ascontiguousarray(ends[s], dtype=np.int64), starts.astype(np.int64), rank,
                weight, total, y, q, found[s],
            )  # fmt: skip

        each(block, slices(len(ends), BLOCK))
        return found
