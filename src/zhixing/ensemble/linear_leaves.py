"""Leaves that hold a linear function of the features on the way to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..core.part import part
from ..growth.bins import Bins
from ..growth.tree import Forest
from ..kernels import _nodes as kernel
from ..kernels.add_linear import add_linear
from ..kernels.leaf_moments import leaf_moments

#: Rows that are sent down all trees at a time.
BLOCK = 8192


@dataclass
class LinearTerms:
    """By node: const + sum coef x over features[starts[node] : starts[node + 1]], if it has any.

    A row that misses one of the features, or holds more than 1e100, takes the node's plain value.
    """

    const: np.ndarray  # (nodes,)
    starts: np.ndarray  # (nodes + 1,)
    features: np.ndarray  # (terms,)
    coef: np.ndarray  # (terms,)

    def scaled(self, factor: float) -> LinearTerms:
        return replace(self, const=self.const * factor, coef=self.coef * factor)

    def first(self, nodes: int) -> LinearTerms:
        """Of the first `nodes` nodes only."""
        end = self.starts[nodes]
        return LinearTerms(
            self.const[:nodes], self.starts[: nodes + 1], self.features[:end], self.coef[:end]
        )

    def check(self, nodes: int, p: int) -> None:
        """Refuse arrays (of a model file) that would lead a loop outside them."""
        m = len(self.coef)
        fine = (
            self.const.shape == (nodes,)
            and self.starts.shape == (nodes + 1,)
            and self.features.shape == self.coef.shape == (m,)
            and self.starts.dtype == self.features.dtype == np.int64
            and self.starts[0] == 0
            and self.starts[-1] == m
            and (np.diff(self.starts) >= 0).all()
            and (not m or (self.features.min() >= 0 and self.features.max() < p))
        )
        if not fine:
            raise InputError("LinearTerms: the terms do not fit the nodes")

    @staticmethod
    def join(terms: Sequence[LinearTerms | None], sizes: Sequence[int]) -> LinearTerms | None:
        """The terms of several trees, in order; of None where a tree of that size has none."""
        if all(t is None for t in terms):
            return None
        none = np.empty(0)
        const = [np.zeros(size) if t is None else t.const for t, size in zip(terms, sizes)]
        counts = [
            np.zeros(size, np.int64) if t is None else np.diff(t.starts)
            for t, size in zip(terms, sizes)
        ]
        features = [none.astype(np.int64) if t is None else t.features for t in terms]
        return LinearTerms(
            np.concatenate(const),
            np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64),
            np.concatenate(features),
            np.concatenate([none if t is None else t.coef for t in terms]),
        )

    def add(
        self, forest: Forest, X: np.ndarray, bins: Bins, outputs: np.ndarray, scores: np.ndarray
    ) -> None:
        """scores[i, outputs[t]] += what row i's leaf of tree t adds."""
        for s in slices(len(X), 16 * BLOCK):
            nodes = forest.apply(X[s], bins) + forest.roots.astype(np.int32)

            def block(b: slice, X: np.ndarray = X[s], n: Any = nodes, z: Any = scores[s]) -> None:
                rows = rows_contiguous(X[b])
                add_linear(
                    rows, n[b], forest.value, self.const, self.starts, self.features, self.coef,
                    outputs, z[b],
                )  # fmt: skip

            each(block, slices(len(nodes), BLOCK))

    def add_grown(self, grown: Any, table: Any, values: np.ndarray, scores: np.ndarray) -> None:
        """The same for a tree just grown and the rows of a table: scores[i] += ..."""
        node = np.zeros(len(scores))
        everyone = np.arange(len(scores), dtype=np.uint32)
        grown.add_elsewhere(table, everyone, np.arange(len(values), dtype=float), node)
        add_linear(
            table.values, node.astype(np.int32)[:, None], values, self.const, self.starts,
            self.features, self.coef, np.zeros(1, np.int64), scores.reshape(-1, 1),
        )  # fmt: skip


@part
class LinearLeaves(NamedTuple):
    """A ridge regression in each leaf, on the numeric features of its branch.

    With rows x~ = (x, 1) of the leaf: coef = -(sum h x~ x~' + lam I')^-1 sum g x~, I' without the
    intercept; a leaf with fewer rows than coefficients, counted where nothing is missing, stays
    constant.  Shi, Li and Li (2019), "Gradient boosting with piece-wise linear regression trees", eq. 7.
    """

    lam: float = 0.0

    def fit(self, grown, table, g, h, values, rate):
        """The terms of a tree just grown, shrunk by `rate`."""
        node_i = grown.node_i
        paths = {0: frozenset()}
        for node in range(len(node_i)):
            left = node_i[node, kernel.LEFT]
            if left < 0:
                continue
            by_cut = node_i[node, kernel.BIN] >= 0
            path = paths[node] | ({int(node_i[node, kernel.FEATURE])} if by_cut else frozenset())
            paths[left] = paths[left + 1] = path
        const = values.copy()
        starts, stops = grown.starts, grown.stops

        def ridge(node):
            features = np.array(sorted(paths[node]), np.int64)
            rows = grown.index[starts[node] : stops[node]]
            return self._ridge(table.values, rows, features, g, h)

        solved = each(ridge, list(grown.leaves))
        found: list[tuple[int, np.ndarray, np.ndarray]] = []
        for node, coef in zip(grown.leaves, solved):
            if coef is not None:
                const[node] = rate * coef[-1]
                found.append((node, np.array(sorted(paths[node]), np.int64), rate * coef[:-1]))
        found.sort(key=lambda f: f[0])
        counts = np.zeros(len(values), np.int64)
        counts[[node for node, *_ in found]] = [len(f) for _, f, _ in found]
        return LinearTerms(
            const,
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            np.concatenate([np.empty(0, np.int64), *(f for _, f, _ in found)]),
            np.concatenate([np.empty(0), *(c for *_, c in found)]),
        )

    def _ridge(self, X, rows, features, g, h):
        """(features + 1,) coefficients and the intercept; None where there is no fit to be had."""
        k = len(features)
        if k == 0 or len(rows) < k + 1:
            return None
        center, slope, gram = np.empty(k), np.empty(k + 1), np.empty((k + 1, k + 1))
        # Centred, or the intercept would swamp the rest.
        known = leaf_moments(X, rows, features, g, h, center, gram, slope)
        flat = gram.diagonal()[:k] <= 1e-24 * max(gram[k, k], 1e-300) * (1.0 + center * center)
        if known < k + 1 or (self.lam == 0.0 and flat.any()):
            return None
        gram[np.arange(k), np.arange(k)] += self.lam
        try:
            coef = -np.linalg.solve(gram, slope)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(coef).all():
            return None
        coef[-1] -= coef[:-1] @ center
        return coef
