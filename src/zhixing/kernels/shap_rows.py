"""Rows through one tree for their Shapley values: down with products, up with sums."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from ._shap import (
    ABOVE,
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


@kernel(
    (
        *INPUTS,
        "i8[:, ::1]",
        "f8[:, :, ::1]",
        "f8[:, :, ::1]",
        "i8",
        "f8[:, ::1]",
    )
)
def shap_rows(
    columns, codes, feature, threshold, missing_left, sets, set_of, steps, ratio, change, levels,
    phi,
):  # fmt: skip
    """phi[f, i] += the Shapley value of feature f for row i in a tree of at least one split.

    `down` holds the product of F over the features of the path, at each point of integration; `up` the sum
    over the leaves below of value times product.
    """
    q = ratio.shape[2]
    state = np.zeros((levels, ROWS), np.int64)
    down, up = np.ones((levels, q, ROWS)), np.empty((levels, q, ROWS))
    for begin in range(0, columns.shape[1], ROWS):
        for j in range(steps.shape[0]):
            step = steps[j]
            level, edge = step[LEVEL], step[UP]
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
                if level:
                    for k in range(q):
                        go_down(
                            state[level - 1], ratio[edge], k, down[level - 1, k], down[level, k]
                        )
                if step[LEAVES]:
                    own = step[OWN] + np.int64(step[LEAVES] == 2)
                    to = phi[step[FEATURE], begin : begin + ROWS]
                    for k in range(q):
                        turn(
                            state[level],
                            ratio[own],
                            change[own],
                            k,
                            down[level, k],
                            up[level, k],
                            to,
                        )
                else:
                    up[level] = 0.0
            elif level:
                to = phi[step[ABOVE], begin : begin + ROWS]
                for k in range(q):
                    go_up(state[level - 1], change[edge], k, up[level, k], up[level - 1, k], to)


@subroutine
def go_down(state, ratio, k, above, here):
    """here = above times the ratio of each row's state."""
    dead, left, right = ratio[DEAD, k], ratio[LEFT, k], ratio[RIGHT, k]
    for i in range(ROWS):
        here[i] = above[i] * (left if state[i] == LEFT else right if state[i] == RIGHT else dead)


@subroutine
def turn(state, ratio, change, k, down, up, phi):
    """The leaves below: their sum, and what they add to the node's feature."""
    dead, left, right = ratio[DEAD, k], ratio[LEFT, k], ratio[RIGHT, k]
    own, own_right = change[LEFT, k], change[RIGHT, k]
    for i in range(ROWS):
        s = state[i]
        up[i] = down[i] * (left if s == LEFT else right if s == RIGHT else dead)
        phi[i] += down[i] * (own if s == LEFT else own_right if s == RIGHT else 0.0)


@subroutine
def go_up(state, change, k, here, above, phi):
    """above += here; what the edge between adds to the feature above."""
    left, right = change[LEFT, k], change[RIGHT, k]
    for i in range(ROWS):
        s = state[i]
        above[i] += here[i]
        phi[i] += here[i] * (left if s == LEFT else right if s == RIGHT else 0.0)
