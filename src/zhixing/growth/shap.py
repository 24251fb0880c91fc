"""Shapley values of trees, exact, in time linear in the nodes of a tree.

Without the features outside S a row goes down both branches of a node that asks for one of them, in the
shares in which the training rows did (Lundberg et al. 2020, "path-dependent").  For a leaf of value v
whose path asks for features 1..m, let o_j be 1 if the row meets all conditions on j, else 0, and z_j
the share of rows that would.  The leaf is then worth v prod_{j in S} o_j prod_{j not in S} z_j, and by Owen's
multilinear extension (1972, eq. 5) the Shapley value of i is an integral over a probability t

    v (o_i - z_i) int_0^1 prod_{j != i} F_j(t) dt,   F_j(t) = o_j t + z_j (1 - t).

The integrand is a polynomial of degree m - 1, so q = ceil(m / 2) points of Gauss and Legendre integrate it
without error.  At each point the products F are carried down the tree and the sums over leaves back up,
as in Linear TreeSHAP (Yu, Xu and Bifet 2022, algorithm 1), which carries coefficients instead; the
points keep all factors between 0 and 1 and need no division by a small z.  A row enters only as
which of three constants an edge takes, so many rows go down together.

Cost: O(n nodes q) for values, O(n nodes depth q) for interactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..core.parallel import each, slices
from ..kernels._shap import ROWS, STEP
from ..kernels.shap_interactions import shap_interactions
from ..kernels.shap_rows import shap_rows
from ..kernels.shap_steps import shap_steps, tree_size
from .tree import Forest
from .tree_sum import TreeSum

#: Rows a task explains at a time.
BLOCK = 4 * ROWS
#: Numbers held at a time: constants of the trees, and what a task returns for its rows.
CONSTANTS, RESULTS = 4_000_000, 500_000


@dataclass(frozen=True)
class Walk:
    """One tree made ready for rows: see `kernels.shap_steps`."""

    root: int
    column: int  # of the values
    output: int
    levels: int
    distinct: int  # the most features on a path
    steps: np.ndarray
    ratio: np.ndarray  # (edges, 3, q)
    change: np.ndarray
    held: np.ndarray


def shap_values(trees: TreeSum, X: np.ndarray) -> np.ndarray:
    """Shapley values (n, p, outputs): with `trees.expected()` they add up to the scores."""
    n, p = X.shape
    k = len(trees.start)
    found = np.zeros((n, p, k))
    for walks in walks_of(trees):

        def block(s: slice, walks: list[Walk] = walks) -> None:
            rows = Rows.of(trees, X[s])
            phi = np.zeros((k, p, rows.columns.shape[1]))
            for walk in walks:
                shap_rows(
                    *rows.arguments, walk.steps, walk.ratio, walk.change, walk.levels,
                    phi[walk.output],
                )  # fmt: skip
            found[s] += phi[:, :, : s.stop - s.start].transpose(2, 1, 0)

        each(block, slices(n, BLOCK))
    return found


def shap_interaction_values(trees: TreeSum, X: np.ndarray) -> np.ndarray:
    """Shapley interactions (n, p, p, outputs), symmetric; the rows of a matrix add up to `shap_values`.

    Off the diagonal stands half the interaction of two features, once on either side; on it what is
    left of a feature's value (Lundberg et al. 2020, eqs. 4 to 6).
    """
    n, p = X.shape
    k = len(trees.start)
    found = np.zeros((n, p, p, k))
    size = ROWS * max(1, RESULTS // (p * p * ROWS))
    for walks in walks_of(trees):

        def block(s: slice, walks: list[Walk] = walks) -> None:
            rows = Rows.of(trees, X[s])
            for output in {walk.output: None for walk in walks}:
                phi = np.zeros((p, p, rows.columns.shape[1]))
                for walk in walks:
                    if walk.output == output:
                        shap_interactions(
                            *rows.arguments, walk.steps, walk.ratio, walk.change, walk.held,
                            walk.levels, phi,
                        )  # fmt: skip
                found[s, :, :, output] += _both_sides(phi)[:, :, : s.stop - s.start].transpose(
                    2, 0, 1
                )

        each(block, slices(n, size))
    return found


def _both_sides(phi: np.ndarray) -> np.ndarray:
    """Pairs kept once, with values on the diagonal, as symmetric matrices with main effects there."""
    i = np.arange(len(phi))
    values = phi[i, i].copy()
    phi[i, i] = 0.0
    phi = phi + phi.transpose(1, 0, 2)
    phi[i, i] = values - phi.sum(axis=1)
    return phi


@dataclass(frozen=True)
class Rows:
    """Rows as the loops want them, by column and filled up to whole registers, and the trees' nodes."""

    columns: np.ndarray  # (p, rows)
    codes: np.ndarray
    nodes: tuple[np.ndarray, ...]

    @staticmethod
    def of(trees: TreeSum, X: np.ndarray) -> Rows:
        codes = trees.category_codes(X)
        return Rows(_filled(X, np.float64), _filled(codes, np.uint8), Rows.nodes_of(trees))

    @staticmethod
    def nodes_of(trees: TreeSum) -> tuple[np.ndarray, ...]:
        """feature, threshold, missing_left, sets, and where a node's set begins in them."""
        forest = trees.forest
        begin = np.where(forest.set >= 0, 256 * forest.set, -1) if len(forest.sets) else NO_SETS
        return (
            forest.feature, forest.threshold, forest.missing_left, forest.sets.reshape(-1), begin,
        )  # fmt: skip

    @property
    def arguments(self) -> tuple[np.ndarray, ...]:
        return (self.columns, self.codes, *self.nodes)


NO_SETS = np.empty(0, np.int64)


def _filled(X: np.ndarray, dtype: type) -> np.ndarray:
    n, p = X.shape
    out = np.zeros((p, -(-n // ROWS) * ROWS), dtype)
    out[:, :n] = X.T
    return out


def walks_of(trees: TreeSum, constants: bool = True) -> Iterator[list[Walk]]:
    """All that is added up, ready for rows, a bounded number of constants at a time.

    Without `constants` the steps alone, which say where rows fail.
    """
    made: list[Walk] = []
    held = 0
    shares, values = trees.shares(), trees.values
    for tree, column, output in trees.parts:
        walk = _walk(
            trees.forest,
            int(trees.forest.roots[tree]),
            shares,
            values[column],
            column,
            output,
            constants,
        )
        if walk is None:
            continue
        made.append(walk)
        held += 3 * walk.ratio.size
        if held > CONSTANTS:
            yield made
            made, held = [], 0
    if made:
        yield made


def _walk(
    forest: Forest,
    root: int,
    shares: np.ndarray,
    value: np.ndarray,
    column: int,
    output: int,
    constants: bool,
) -> Walk | None:
    """A tree made ready; None where it is a single leaf."""
    size = np.empty(3, np.int64)
    tree_size(forest.feature, forest.left, root, size)
    inner, levels, distinct = (int(v) for v in size)
    if not inner:
        return None
    t, w = points(-(-distinct // 2)) if constants else (np.empty(0), np.empty(0))
    steps = np.empty((2 * inner, STEP), np.int64)
    ratio, change, held = (np.empty((2 * inner, 3, len(t))) for _ in range(3))
    shap_steps(
        forest.feature, forest.left, shares, value, root, levels, t, w, steps, ratio, change, held
    )
    return Walk(root, column, output, levels, distinct, steps, ratio, change, held)


@cache
def points(q: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of Gauss and Legendre on (0, 1): exact for polynomials of degree 2 q - 1."""
    t, w = np.polynomial.legendre.leggauss(q)
    return (t + 1.0) / 2.0, w / 2.0
