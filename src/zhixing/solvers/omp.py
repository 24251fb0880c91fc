"""Orthogonal matching pursuit: the columns that explain most, one by one, all refitted after each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..core.parallel import each, slices
from ..kernels.cholesky_update import cholesky_append, cholesky_solve
from ..kernels.matching_pursuit import matching_pursuit
from .lars import DEPENDENT, NOTHING
from .products import GivenProducts, RowProducts


class Pursuit(NamedTuple):
    """For one target: columns in the order they came, and coefficients of every step (or the last)."""

    chosen: np.ndarray  # (m,)
    coefs: np.ndarray  # (m, m), or (1, m)

    def path(self, p: int) -> np.ndarray:
        """Coefficients (steps, p)."""
        out = np.zeros((len(self.coefs), p))
        out[:, self.chosen] = self.coefs
        return out


def omp(
    C: np.ndarray,
    yy: np.ndarray,
    products: GivenProducts | RowProducts,
    most: int,
    *,
    enough: float = -1.0,
    path: bool = False,
) -> list[Pursuit]:
    """Pursue every column of C, (p, k): products of the columns of X with each target, of squares `yy`.

    Ends after `most` columns, or when the squares left are at most `enough`, or when the columns have
    nothing more to say.  A column that is a combination of those taken is passed over, so copies and
    collinear columns do no harm.  `path` keeps the coefficients of every step.  Cost: O(p m) a step from
    given products, over threads; else one pass over X a step.
    """
    C = np.ascontiguousarray(C.T)
    most = min(most, C.shape[1])
    if isinstance(products, RowProducts):
        return [_from_rows(c, float(s), products, most, enough, path) for c, s in zip(C, yy)]
    k, p = C.shape
    G = np.ascontiguousarray(products.G[:p, :p])
    chosen = np.zeros((k, most), dtype=np.int64)
    coefs = np.zeros((k, most if path else 1, most))
    if path and most == 1:
        coefs = np.zeros((k, 1, 1))
    steps = np.zeros(k, dtype=np.int64)
    squares = np.ascontiguousarray(yy, dtype=np.float64)

    def run(s: slice) -> None:
        matching_pursuit(
            G, C[s], squares[s], most, enough, DEPENDENT, NOTHING, chosen[s], coefs[s], steps[s]
        )

    each(run, slices(k, max(-(-k // 16), 8)))
    return [
        Pursuit(chosen[t, :m], coefs[t, : m if path else 1, :m])
        for t, m in enumerate(steps.tolist())
    ]


def _from_rows(
    c: np.ndarray, yy: float, products: RowProducts, most: int, enough: float, path: bool
) -> Pursuit:
    """As the kernel `matching_pursuit`, with products as they are asked for."""
    L, chosen, kept = np.empty((most, most)), [], []
    barred = np.zeros(len(c), dtype=bool)
    r, rest, w = c, yy, np.empty(0)
    least = NOTHING * float(np.abs(c).max(initial=0.0))
    while len(chosen) < most and rest > enough:
        size = np.where(barred, -1.0, np.abs(r))
        j = int(size.argmax())
        if not size[j] > least:
            break
        barred[j] = True
        k = len(chosen)
        row = np.ascontiguousarray(products.row(j, [*chosen, j]))
        if not row[k] > 0.0 or not cholesky_append(L, k, row) > DEPENDENT * row[k]:
            continue
        chosen.append(j)
        w = np.empty(k + 1)
        cholesky_solve(L, k + 1, np.ascontiguousarray(c[chosen]), w)
        kept.append(w)
        r = c - products.combine(chosen, w[:, None])[:, 0]
        rest = yy - float(w @ c[chosen])
    m = len(chosen)
    coefs = np.zeros((m if path else 1, m))
    for i, values in enumerate(kept if path else kept[-1:]):
        coefs[i, : len(values)] = values
    return Pursuit(np.array(chosen, dtype=np.int64), coefs)
