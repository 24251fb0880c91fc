"""Stochastic gradient descent: one row at a time, for streams and for tables too large for passes.

It is a fold over rows, not a round: the order matters and nothing merges.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from ..core.arrays import rows_contiguous
from ..core.parallel import each, slices
from ..data.blocks import runs
from ..kernels import sgd_step as at
from ..kernels.row_hash import dense_row_hash, sparse_row_hash
from ..kernels.sgd_dense import sgd_dense
from ..kernels.sgd_sparse import sgd_sparse
from ..kernels.truncate_all import truncate_all

#: Step size rules by scikit-learn's names.
RULES = {
    "constant": at.CONSTANT,
    "adaptive": at.CONSTANT,
    "optimal": at.OPTIMAL,
    "invscaling": at.INVERSE,
    "pa1": at.PASSIVE_1,
    "pa2": at.PASSIVE_2,
}


DIVERGED = (
    "stochastic gradient descent diverged; scale the features and the target, lower eta0 or raise "
    "alpha"
)


class Settings(NamedTuple):
    """What a descent minimises and how it steps.

    alpha (l1_ratio |w|_1 + (1 - l1_ratio) |w|^2 / 2) is the penalty; `limit` the largest step of the
    passive-aggressive rules; `average_from` the weight of rows seen before averaging begins, negative
    for never; `floor` a lower bound of the coefficients.
    """

    loss: Any
    alpha: float = 1e-4
    l1_ratio: float = 0.0
    fit_intercept: bool = True
    rule: str = "optimal"
    eta0: float = 0.01
    power: float = 0.5
    limit: float = 1.0
    average_from: float = -1.0
    floor: float = -np.inf


class Rows(NamedTuple):
    """Rows as the kernels read them, in groups of equal rows, in an order the table's does not change.

    `order` lists the rows of positive weight by a hash of their content; `first` is where each group
    of equal rows begins in it.
    """

    X: Any
    order: np.ndarray
    first: np.ndarray
    share: float

    @property
    def n(self) -> int:
        return len(self.order)


def prepare(X: Any, y: np.ndarray, weight: np.ndarray) -> Rows:
    """Bring X to float64 (a copy where it is float32) and find the order of its rows."""
    n, p = X.shape
    multiplier = _odd(p + 1)
    key, count = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    label = np.ascontiguousarray(y, dtype=np.float64).view(np.int64)
    np.multiply(label ^ (label >> 29), multiplier[p], out=key)
    if sparse.issparse(X):
        held = runs(X)
        sparse_row_hash(held[0].view(np.int64), held[1], held[2], multiplier[:p], key, count)
    else:
        held = rows_contiguous(X, np.float64)
        bits = held.view(np.int64)

        def hash_rows(s: slice) -> None:
            dense_row_hash(bits[s], multiplier[:p], key[s], count[s])

        each(hash_rows, slices(n, max(-(-n // 16), 256)))
    order = np.argsort(key, kind="stable")
    order = order[weight[order] > 0]
    key = key[order]
    first = np.flatnonzero(np.append([True], key[1:] != key[:-1])) if len(key) else order
    return Rows(held, order, first, float(count.sum()) / max(n * p, 1))


def _odd(count: int) -> np.ndarray:
    """Fixed odd multipliers."""
    state = np.random.default_rng(0x7A687869)
    return state.integers(-(2**62), 2**62, size=count) * 2 + 1


def shuffled(rows: Rows, generator: np.random.Generator, groups: np.ndarray) -> np.ndarray:
    """The rows of the given groups in a random order of groups; equal rows follow each other."""
    chosen = generator.permutation(groups)
    if len(rows.first) == rows.n:
        return rows.order[chosen]
    size = np.diff(np.append(rows.first, rows.n))[chosen]
    ends = np.cumsum(size)
    within = np.arange(ends[-1]) - np.repeat(ends - size, size)
    return rows.order[np.repeat(rows.first[chosen], size) + within]


@dataclass
class Descent:
    """Coefficients on their way: w = scale v, b, their averages, and the step reached."""

    settings: Settings
    p: int
    intercept_step: float = 1.0
    v: np.ndarray = field(init=False)
    r: np.ndarray = field(init=False)
    q: np.ndarray = field(init=False)
    state: np.ndarray = field(init=False)
    options: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        s = self.settings
        self.v, self.r, self.q = np.zeros(self.p), np.zeros(self.p), np.zeros(self.p)
        self.state = np.zeros(7)
        self.state[at.SCALE] = self.state[at.T] = 1.0
        options = self.options = np.zeros(10)
        options[at.RULE] = RULES[s.rule]
        options[at.ETA], options[at.POWER] = s.eta0, s.power
        if s.rule == "optimal":
            options[at.ETA], options[at.POWER] = first_step(s.loss, s.alpha) - 1.0, s.alpha
        options[at.SHRINK] = s.alpha * (1.0 - s.l1_ratio)
        options[at.CUT] = s.alpha * s.l1_ratio
        options[at.LIMIT] = s.limit
        options[at.INTERCEPT_STEP] = self.intercept_step if s.fit_intercept else 0.0
        options[at.AVERAGE_FROM] = s.average_from
        options[at.FLOOR] = s.floor
        options[at.WITH_LOSS] = 1.0

    def start(self, w: np.ndarray, b: float) -> None:
        """Begin at given coefficients."""
        self.v[:] = w
        self.state[at.INTERCEPT] = b

    def visit(self, rows: Rows, y: np.ndarray, weight: np.ndarray, order: np.ndarray) -> float:
        """One pass over the rows in `order`; returns the sum of weight times loss met on the way."""
        tail = (y, weight, order, self.v, self.r, self.q, self.state, self.options)
        if isinstance(rows.X, tuple):
            total = sgd_sparse(self.settings.loss, *rows.X, *tail)
            if self.options[at.CUT] > 0.0:
                truncate_all(self.v, self.r, self.q, self.state)
        else:
            total = sgd_dense(self.settings.loss, rows.X, *tail)
        if not (np.isfinite(total) and np.isfinite(self.v).all()):
            raise ValueError(DIVERGED)
        return float(total)

    @property
    def steps(self) -> float:
        """One more than the weight of the rows seen."""
        return float(self.state[at.T])

    def coefficients(self) -> tuple[np.ndarray, float]:
        """(w, b): the averages once there are any."""
        seen = self.state[at.AVERAGE_WEIGHT]
        if seen > 0.0:
            w = (self.state[at.AVERAGE_SCALE] * self.v - self.r) / seen
            return w, float(self.state[at.AVERAGE_INTERCEPT] / seen)
        return self.last()

    def last(self) -> tuple[np.ndarray, float]:
        """(w, b) of the last step."""
        return self.v * self.state[at.SCALE], float(self.state[at.INTERCEPT])


def first_step(loss: Any, alpha: float) -> float:
    """t0 of the rule 1 / (alpha (t0 + t)), from a typical weight of 1 / alpha^(1/4) (Bottou 2010)."""
    typical = np.sqrt(1.0 / np.sqrt(alpha))
    slope = abs(loss.derivatives(1.0, -typical)[0])
    return float(max(slope, 1.0) / (typical * alpha))
