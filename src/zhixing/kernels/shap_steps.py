"""A tree as the steps of one walk through it, with the constants its edges need for Shapley values."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from ._shap import (
    ABOVE,
    BEFORE,
    DEAD,
    ENTER,
    FEATURE,
    KIND,
    LEAVE,
    LEAVES,
    LEFT,
    LEVEL,
    NODE,
    OWN,
    RIGHT,
    SIDE,
    UP,
)  # fmt: skip


@kernel(("i4[::1]", "i8[::1]", "i8", "i8[::1]"))
def tree_size(feature, left, root, found):
    """found: inner nodes, levels of inner nodes, the most features that differ on one path."""
    levels = 64
    at, side = np.empty(levels, np.int64), np.empty(levels, np.int64)
    distinct = np.zeros(levels, np.int64)
    found[0] = found[1] = found[2] = 0
    if left[root] < 0:
        return
    level = 0
    at[0], side[0], distinct[0] = root, -1, 1
    found[0] = found[1] = found[2] = 1
    while level >= 0:
        side[level] += 1
        if side[level] == 2:
            level -= 1
            continue
        child = left[at[level]] + side[level]
        if left[child] < 0:
            continue
        level += 1
        if level == levels:
            levels *= 2
            at, side, distinct = grown(at), grown(side), grown(distinct)
        at[level], side[level] = child, -1
        new = last_same(feature, at, level) < 0
        distinct[level] = distinct[level - 1] + np.int64(new)
        found[0] += 1
        found[1] = max(found[1], level + 1)
        found[2] = max(found[2], distinct[level])


@subroutine
def grown(a):
    """The array with as much room again."""
    b = np.empty(2 * a.size, a.dtype)
    for i in range(a.size):
        b[i] = a[i]
    return b


@subroutine
def last_same(feature, at, level):
    """The last level above that asks for the same feature, or -1."""
    f = feature[at[level]]
    for b in range(level - 1, -1, -1):
        if feature[at[b]] == f:
            return b
    return -1


@kernel(
    (
        "i4[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[::1]",
        "i8",
        "i8",
        "f8[::1]",
        "f8[::1]",
        "i8[:, ::1]",
        "f8[:, :, ::1]",
        "f8[:, :, ::1]",
        "f8[:, :, ::1]",
    )
)
def shap_steps(feature, left, share, value, root, levels, t, w, steps, ratio, change, held):
    """The steps of one walk and, by edge, state and point of integration, what rows need there.

    With F = o t + z (1 - t) for the conditions on one feature along a path, o in {0, 1} whether the row meets
    them and z the share of training rows that does; before and after an edge:
    ratio = F after / F before, change = w ((o - z) / F after - (o - z) / F before),
    held = (o - z) / F after.  Where the child is a leaf of value v, ratio becomes v ratio and change
    v ratio change, both summed over the leaves of a node and kept with the first of them.
    """
    at, side = np.empty(levels, np.int64), np.empty(levels, np.int64)
    own, share_above = np.empty(levels, np.int64), np.empty(levels)
    made, edges = 0, 0
    level = 0
    at[0], side[0] = root, -1
    entering = True
    while level >= 0:
        node = at[level]
        if entering:
            before = last_same(feature, at, level)
            z = 1.0
            if before >= 0:
                z = share_above[before] * share[left[at[before]] + side[before]]
            share_above[level] = z
            own[level] = edges
            up = own[level - 1] + side[level - 1] if level else -1
            child = left[node]
            leaves = np.int64(left[child] < 0) + 2 * np.int64(left[child + 1] < 0)
            edge_constants(z, share[child], t, w, LEFT, ratio[edges], change[edges], held[edges])
            edge_constants(
                z,
                share[child + 1],
                t,
                w,
                RIGHT,
                ratio[edges + 1],
                change[edges + 1],
                held[edges + 1],
            )
            fold_leaves(leaves, value[child], value[child + 1], edges, ratio, change)
            write(steps, made, ENTER, feature, at, level, edges, up)
            steps[made, BEFORE] = before
            steps[made, SIDE] = side[before] if before >= 0 else -1
            steps[made, LEAVES] = leaves
            made += 1
            edges += 2
            entering = False
        side[level] += 1
        if side[level] == 2:
            up = own[level - 1] + side[level - 1] if level else -1
            write(steps, made, LEAVE, feature, at, level, own[level], up)
            made += 1
            level -= 1
            continue
        child = left[node] + side[level]
        if left[child] >= 0:
            level += 1
            at[level], side[level] = child, -1
            entering = True


@subroutine
def write(steps, i, kind, feature, at, level, own, up):
    """A step."""
    steps[i, KIND] = kind
    steps[i, NODE] = at[level]
    steps[i, LEVEL] = level
    steps[i, OWN] = own
    steps[i, UP] = up
    steps[i, FEATURE] = feature[at[level]]
    steps[i, ABOVE] = feature[at[level - 1]] if level else -1


@subroutine
def edge_constants(z, share, t, w, taken, ratio, change, held):
    """The constants of an edge that rows in state `taken` go along."""
    other = LEFT + RIGHT - taken
    y = z * share
    for k in range(t.size):
        whole = t[k] + z * (1.0 - t[k])
        part = t[k] + y * (1.0 - t[k])
        above = (1.0 - z) / whole
        fails = -1.0 / (1.0 - t[k])
        ratio[DEAD, k] = share
        ratio[taken, k] = part / whole
        ratio[other, k] = y * (1.0 - t[k]) / whole
        held[DEAD, k] = held[other, k] = fails
        held[taken, k] = (1.0 - y) / part
        change[DEAD, k] = 0.0
        change[taken, k] = w[k] * (held[taken, k] - above)
        change[other, k] = w[k] * (fails - above)


@subroutine
def fold_leaves(leaves, left_value, right_value, edge, ratio, change):
    """Multiply the leaves' values in and add the leaves of a node up."""
    for side in range(2):
        if leaves & (side + 1):
            v = right_value if side else left_value
            for s in range(3):
                for k in range(ratio.shape[2]):
                    ratio[edge + side, s, k] *= v
                    change[edge + side, s, k] *= ratio[edge + side, s, k]
    if leaves == 3:
        for s in range(3):
            for k in range(ratio.shape[2]):
                ratio[edge, s, k] += ratio[edge + 1, s, k]
                change[edge, s, k] += change[edge + 1, s, k]
