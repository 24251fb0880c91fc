"""Rows through one tree for the Shapley interactions of pairs of features."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from ._shap import (
    DEAD,
    ENTER,
    FEATURE,
    INPUTS,
    KIND,
    LEAVES,
    LEFT,
    LEVEL,
    OWN,
    RIGHT,
    ROWS,
    UP,
    states,
)  # fmt: skip
from .shap_rows import go_down


@kernel(
    (
        *INPUTS,
        "i8[:, ::1]",
        "f8[:, :, ::1]",
        "f8[:, :, ::1]",
        "f8[:, :, ::1]",
        "i8",
        "f8[:, :, ::1]",
    )
)
def shap_interactions(
    columns, codes, feature, threshold, missing_left, sets, set_of, steps, ratio, change, held,
    levels, phi,
):  # fmt: skip
    """phi[f, f, i] += the Shapley value of f; phi[e, f, i] += half the interaction of e above f.

    `gain` holds, by level and point of integration, what the edges of the node there add to its feature
    before they are summed over the points.  Times (o - z) / F of another feature above, it is that pair's.
    """
    q = ratio.shape[2]
    state = np.zeros((levels, ROWS), np.int64)
    down, up = np.ones((levels, q, ROWS)), np.empty((levels, q, ROWS))
    gain = np.empty((levels, q, ROWS))
    along, asks = np.empty(levels, np.int64), np.empty(levels, np.int64)
    for begin in range(0, columns.shape[1], ROWS):
        for j in range(steps.shape[0]):
            step = steps[j]
            level, edge, f = step[LEVEL], step[UP], step[FEATURE]
            if step[KIND] == ENTER:
                states(
                    step,
                    columns,
                    codes,
                    begin,
                    feature,
                    threshold,
                    missing_left,
                    sets,
                    set_of,
                    state,
                )
                asks[level] = f
                if level:
                    along[level - 1] = edge
                    for k in range(q):
                        go_down(
                            state[level - 1], ratio[edge], k, down[level - 1, k], down[level, k]
                        )
                own = step[OWN] + np.int64(step[LEAVES] == 2)
                for k in range(q):
                    if step[LEAVES]:
                        go_down(state[level], ratio[own], k, down[level, k], up[level, k])
                        go_down(state[level], change[own], k, down[level, k], gain[level, k])
                    else:
                        up[level, k] = 0.0
                        gain[level, k] = 0.0
                continue
            to = phi[f, f, begin : begin + ROWS]
            for k in range(q):
                add(gain[level, k], to)
            for b in range(level):
                if is_last(asks, b, level):
                    to = phi[asks[b], f, begin : begin + ROWS]
                    for k in range(q):
                        meet(state[b], held[along[b]], k, gain[level, k], to)
            if level:
                for k in range(q):
                    add(up[level, k], up[level - 1, k])
                    change_above(
                        state[level - 1], change[edge], k, up[level, k], gain[level - 1, k]
                    )


@subroutine
def is_last(asks, b, level):
    """Whether no level between, nor `level` itself, asks for the feature of level b."""
    for c in range(b + 1, level + 1):
        if asks[c] == asks[b]:
            return False
    return True


@subroutine
def add(a, to):
    """to += a."""
    for i in range(ROWS):
        to[i] += a[i]


@subroutine
def change_above(state, change, k, here, to):
    """to += what the edge between adds to the feature above."""
    left, right = change[LEFT, k], change[RIGHT, k]
    for i in range(ROWS):
        s = state[i]
        to[i] += here[i] * (left if s == LEFT else right if s == RIGHT else 0.0)


@subroutine
def meet(state, held, k, gain, to):
    """to += half of gain times (o - z) / F of the feature above."""
    dead, left, right = held[DEAD, k], held[LEFT, k], held[RIGHT, k]
    for i in range(ROWS):
        s = state[i]
        to[i] += 0.5 * gain[i] * (left if s == LEFT else right if s == RIGHT else dead)
