"""Differences of neighbouring coefficients, and coefficients themselves."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

from ..core.part import part
from .check import require_alpha, require_share
from .coupled import apart


@part
class FusedL1(NamedTuple):
    """alpha (r sum_j |w_j| + (1 - r) sum_j |w_(j+1) - w_j|) with r = `l1_ratio`: the fused lasso.

    For columns in an order (time, wavelength, position): neighbours get equal coefficients, in few
    pieces; l1_ratio = 0 is total variation.  With k outputs each has its own chain.  Tibshirani et
    al. (2005), eq. 3.  The prox is exact: the taut string of Davies and Kovac (2001), section 2.1, then soft
    thresholding (Friedman et al. 2007, lemma A.1); O(p), about 2 ms for 1,000 coefficients.

    >>> FusedL1(1.0, 0.0).prox(np.array([0.0, 1.0, 9.0, 9.0]), 1.0)
    array([1. , 1. , 8.5, 8.5])
    """

    alpha: float = 1.0
    l1_ratio: float = 0.5

    separable = False
    convex = True
    smooth = False

    def value(self, w):
        first, jumps = float(np.abs(w).sum()), float(np.abs(np.diff(w, axis=0)).sum())
        return self.alpha * (self.l1_ratio * first + (1.0 - self.l1_ratio) * jumps)

    def prox(self, v, step):
        columns = v.reshape(len(v), -1)
        steps = np.broadcast_to(step, v.shape).reshape(len(v), -1)
        out = np.empty_like(columns)
        for k, (column, s) in enumerate(zip(columns.T, steps[0])):
            out[:, k] = taut_string(column, float(s) * self.alpha * (1.0 - self.l1_ratio))
        cut = np.maximum(np.abs(out) - steps * (self.alpha * self.l1_ratio), 0.0)
        return (np.sign(out) * cut).reshape(v.shape).astype(v.dtype, copy=False)

    def violation(self, w, g):
        return apart(self, w, g)

    def tied(self, step):
        return np.broadcast_to(step.min(axis=0), step.shape).copy()

    def check(self, p: int) -> None:
        require_alpha(self)
        require_share(self)


def taut_string(v: np.ndarray, size: float) -> np.ndarray:
    """The u (p,) of least |u - v|^2 / 2 + size sum_j |u_(j+1) - u_j|.

    u is the slope of the shortest path through the tube around the running sums of v, `size` to either
    side and closed at its ends.  The path is known up to `at`; beyond, it lies between two chains: one
    bent under the upper wall (slopes rise), one over the lower (slopes fall).
    """
    u = np.empty(len(v))
    if size == 0.0 or len(v) < 2:
        u[:] = v
        return u
    sums = np.cumsum(v, dtype=np.float64).tolist()
    last = len(sums)
    at = (0, 0.0)
    chains: tuple[deque, deque] = (deque(), deque())  # under the upper wall, over the lower

    def reach(to: tuple[int, float]) -> tuple[int, float]:
        u[at[0] : to[0]] = (to[1] - at[1]) / (to[0] - at[0])
        return to

    for i, total in enumerate(sums, start=1):
        for side in (1.0, -1.0):
            own, other = chains if side > 0.0 else chains[::-1]
            new = (i, total + side * size if i < last else total)
            while own:
                x, y = own[-1]
                a, b = own[-2] if len(own) > 1 else at
                # The last corner stays if the chain still bends towards its wall there.
                if side * ((new[1] - y) * (x - a) - (y - b) * (new[0] - x)) > 0.0:
                    break
                own.pop()
            if not own:
                # The straight way would cross the other wall: the path goes around its corners.
                while other:
                    x, y = other[0]
                    a, b = at
                    if side * ((new[1] - b) * (x - a) - (y - b) * (new[0] - a)) > 0.0:
                        break
                    at = reach(other.popleft())
            own.append(new)
            if i == last:
                break
    for corner in chains[0]:
        at = reach(corner)
    return u
