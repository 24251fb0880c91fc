"""Nodes of a tree while it grows: where they are kept, how one is born, judged and chosen."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine
from ._threshold import score, score_at, weight

#: Columns of `node_i`.
FEATURE, BIN, MISSING_LEFT, LEFT, START, STOP, DEPTH, SLOT, TOTAL, LEFT_TOTAL, GROUPS, MASS = range(
    12
)
#: Columns of `node_f`.
GAIN, LOWER, UPPER = range(3)
#: Columns of `found_i` (FEATURE, BIN, MISSING_LEFT as above) and of its first rows, for the team.
FOUND_LEFT, SUM, COUNT, NEXT, HEAVY = 3, 4, 5, 6, 7
#: A row of weight 1 has this mass: weights add up as integers, in any order to the same.
ONE = 1 << 20
#: Places of `options`.
(
    MAX_LEAVES,
    MAX_DEPTH,
    MIN_GAIN,
    LAMBDA,
    ALPHA,
    MIN_HESSIAN,
    MIN_COUNT,
    BY_GAIN,
    BOUNDED,
    SMOOTH,
    EXTRA,
    MOST,
    PER_NODE,
    PER_LEVEL,
    SEED,
    SINGLE,
    PER_GROUP,
    FEWEST,
) = range(18)
#: LEFT of a leaf, and of one whose rows were counted for its split.
LEAF, COUNTED = -1, -2
#: Values of options[BY_GAIN], the order in which leaves are split.
NEWEST, GAINFUL, SHALLOWEST = 0, 1, 2
#: Bits of `kinds`.  BY_VALUE: a feature has too many thresholds for bins; INDICATORS: a column of many.
MISSING, CATEGORIES, BY_VALUE, INDICATORS = 1, 2, 4, 8


@subroutine
def born(node_i, node, start, stop, depth, living):
    """A new leaf."""
    node_i[node, FEATURE] = -1
    node_i[node, BIN] = -1
    node_i[node, MISSING_LEFT] = 0
    node_i[node, LEFT] = LEAF
    node_i[node, START] = start
    node_i[node, STOP] = stop
    node_i[node, DEPTH] = depth
    node_i[node, SLOT] = -1
    node_i[node, LEFT_TOTAL] = 0
    node_i[node, GROUPS] = living


@subroutine
def bounds(node, left, right, sign, options, node_i, node_f):
    """Bounds of the children's values: where the feature is monotone, they meet in the middle."""
    for child in range(left, right + 1):
        node_f[child, LOWER] = node_f[node, LOWER]
        node_f[child, UPPER] = node_f[node, UPPER]
        node_f[child, GAIN] = 0.0
    if sign != 0:
        lam, alpha = options[LAMBDA], options[ALPHA]
        a, b = node_i[left, TOTAL], node_i[right, TOTAL]
        lower, upper = node_f[node, LOWER], node_f[node, UPPER]
        w = weight(np.float64(a >> 32), np.float64(a & 0xFFFFFFFF), lam, alpha, lower, upper)
        v = weight(np.float64(b >> 32), np.float64(b & 0xFFFFFFFF), lam, alpha, lower, upper)
        middle = 0.5 * (w + v)
        node_f[left if sign > 0 else right, UPPER] = middle
        node_f[right if sign > 0 else left, LOWER] = middle


@subroutine
def settle(
    team, node, which, options, free, open_nodes, node_i, node_f, node_sets,
    found_i, found_f, found_sets,
):  # fmt: skip
    """Write the best of what the members found into a node; of equal splits the first feature's."""
    winner = -1
    for t in range(which, 2 * team, 2):
        if found_f[t, 0] >= 0.0 and (
            winner < 0
            or found_f[t, 0] > found_f[winner, 0]
            or (found_f[t, 0] == found_f[winner, 0] and found_i[t, 0] < found_i[winner, 0])
        ):
            winner = t
    total = node_i[node, TOTAL]
    g, h = np.float64(total >> 32), np.float64(total & 0xFFFFFFFF)
    lam, alpha = options[LAMBDA], options[ALPHA]
    if options[BOUNDED] != 0.0:
        w = weight(g, h, lam, alpha, node_f[node, LOWER], node_f[node, UPPER])
        whole = score_at(w, g, h, lam, alpha)
    else:
        whole = score(g, h, lam, alpha)
    gain = found_f[winner, 0] - whole if winner >= 0 else -1.0
    node_f[node, GAIN] = 0.0
    # Gains that rounding alone could make are none.
    if gain <= options[MIN_GAIN] or gain <= 1e-12 * whole:
        close(node, free, node_i)
        return
    node_f[node, GAIN] = gain
    node_i[node, FEATURE] = found_i[winner, FEATURE]
    node_i[node, BIN] = found_i[winner, BIN]
    node_i[node, MISSING_LEFT] = found_i[winner, MISSING_LEFT]
    node_i[node, LEFT_TOTAL] = found_i[winner, FOUND_LEFT]
    for b in range(256):
        node_sets[node, b] = found_sets[winner, b]
    open_nodes[0] += 1
    open_nodes[open_nodes[0]] = node


@subroutine
def close(node, free, node_i):
    """A node that stays a leaf gives its histogram back."""
    node_i[node, FEATURE] = -1
    free[0] += 1
    free[free[0]] = node_i[node, SLOT]


@subroutine
def choose(options, open_nodes, node_f):
    """Take out the open node of most gain, the shallowest, or else the newest (fewest histograms)."""
    count = open_nodes[0]
    if count == 0:
        return np.int64(-1)
    at = count
    if options[BY_GAIN] == GAINFUL:
        for k in range(count - 1, 0, -1):
            a, b = open_nodes[k], open_nodes[at]
            if node_f[a, GAIN] > node_f[b, GAIN] or (node_f[a, GAIN] == node_f[b, GAIN] and a < b):
                at = k
    elif options[BY_GAIN] == SHALLOWEST:
        # Nodes are numbered as they are born, so level by level the lowest number is the shallowest.
        for k in range(count - 1, 0, -1):
            if open_nodes[k] < open_nodes[at]:
                at = k
    node = open_nodes[at]
    open_nodes[at] = open_nodes[count]
    open_nodes[0] = count - 1
    return node
