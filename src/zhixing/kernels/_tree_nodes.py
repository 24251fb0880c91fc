"""Nodes of a tree that is grown by an impurity: how they are kept, opened, divided and chosen."""

from __future__ import annotations

import numpy as np

from ._features import mix
from ._jit import lean

#: Columns of `node_i`; LEFT is -1 for a leaf and -2 for a node put aside to be grown later.
LEFT, FEATURE, CUT, NEXT, MISSING_LEFT, START, STOP, DEPTH, BY_SET = range(9)
NODE_I = 9
#: Columns of `node_f`.
GAIN, LOWER, UPPER, THRESHOLD = range(4)
NODE_F = 4
#: Columns of `features`: number of codes, bits of its kind, sign of a monotone effect.
CODES, KIND, SIGN = range(3)
#: Places of `options`.
(
    MAX_LEAVES,
    MAX_DEPTH,
    MIN_SPLIT,
    MIN_LEAF,
    MIN_WEIGHT,
    MIN_GAIN,
    MOST_FEATURES,
    RANDOM,
    BEST_FIRST,
    ASIDE,
    BOUNDED,
    WEIGHTS,
    MEDIANS,
) = range(13)
OPTIONS = 13
#: MISSING_LEFT of a split that met no missing value: they follow the larger side.
UNSEEN = -1
ASIDE_LEFT = -2


@lean
def weigh(s, options):
    """The weight behind sums."""
    total = 0.0
    for t in range(np.int64(options[WEIGHTS])):
        total += s[t]
    return total


@lean
def mean_of(s, options):
    """What a leaf of these sums would predict, in the units of the sums: of the last class, or number."""
    return s[s.size - 1] / weigh(s, options)


@lean
def keep(node, feature, cut, after, side, node_i):
    """Note a cut as the node's best split so far."""
    node_i[node, FEATURE] = feature
    node_i[node, CUT] = cut
    node_i[node, NEXT] = after
    node_i[node, MISSING_LEFT] = side
    node_i[node, BY_SET] = 0


@lean
def keep_set(node, feature, codes, chosen, sums, present, count, options, node_i, node_sets):
    """The same for a set; categories that the node has not seen follow the larger side."""
    node_i[node, FEATURE] = feature
    node_i[node, CUT] = 0
    node_i[node, MISSING_LEFT] = 0
    node_i[node, BY_SET] = 1
    more = 0.0
    for k in range(count):
        weight = weigh(sums[present[k]], options)
        more += weight if chosen[present[k]] else -weight
    for code in range(256):
        node_sets[node, code] = more > 0.0 and code < codes
    for k in range(count):
        node_sets[node, present[k]] = chosen[present[k]]


@lean
def bear(node, nodes, middle, sign, value_left, value_right, node_i, node_f, seeds):
    """Two children of a node whose rows are parted at `middle`."""
    node_i[node, LEFT] = nodes
    for side in range(2):
        child = nodes + side
        node_i[child, LEFT] = -1
        node_i[child, FEATURE] = -1
        node_i[child, CUT] = 0
        node_i[child, NEXT] = 0
        node_i[child, MISSING_LEFT] = 0
        node_i[child, START] = node_i[node, START] if side == 0 else middle
        node_i[child, STOP] = middle if side == 0 else node_i[node, STOP]
        node_i[child, DEPTH] = node_i[node, DEPTH] + 1
        node_i[child, BY_SET] = 0
        node_f[child, GAIN] = 0.0
        node_f[child, LOWER] = node_f[node, LOWER]
        node_f[child, UPPER] = node_f[node, UPPER]
        node_f[child, THRESHOLD] = 0.0
        # What a node draws depends on its path alone, whoever grows it and in whatever order.
        seeds[child] = mix(seeds[node] ^ np.uint64(side + 1))[1]
    if sign != 0:
        border = 0.5 * (value_left + value_right)
        node_f[nodes if sign > 0 else nodes + 1, UPPER] = border
        node_f[nodes + 1 if sign > 0 else nodes, LOWER] = border


@lean
def part_rows(column, absent, node, index, scratch, node_i, node_sets):
    """Bring a node's rows in order, those that go left first; returns where the right ones begin."""
    start, stop = node_i[node, START], node_i[node, STOP]
    left, right = np.uint64(start), np.uint64(0)
    one = np.uint64(1)
    if node_i[node, BY_SET]:
        goes = node_sets[node]
        for i in range(np.uint64(start), np.uint64(stop)):
            row = index[i]
            go = np.uint64(goes[np.uint64(column[np.uint64(row)])])
            index[left] = row
            scratch[right] = row
            left += go
            right += one - go
    else:
        cut = np.uint64(node_i[node, CUT])
        missing = np.uint64(absent if node_i[node, MISSING_LEFT] == 1 else 1 << 40)
        for i in range(np.uint64(start), np.uint64(stop)):
            row = index[i]
            code = np.uint64(column[np.uint64(row)])
            go = np.uint64(code <= cut) | np.uint64(code == missing)
            index[left] = row
            scratch[right] = row
            left += go
            right += one - go
    for i in range(right):
        index[left + i] = scratch[i]
    return np.int64(left)


@lean
def push(node, options, opened, node_f):
    """Keep a node that can be split; opened[0] is their number."""
    at = opened[0] + 1
    opened[0] = at
    opened[at] = node
    if options[BEST_FIRST] == 0.0:
        return
    while at > 1 and ahead(opened[at], opened[at // 2], node_f):
        opened[at], opened[at // 2] = opened[at // 2], opened[at]
        at //= 2


@lean
def pop(options, opened, node_f):
    """Take out the open node of most gain, or the newest; -1 where there is none."""
    count = opened[0]
    if count == 0:
        return np.int64(-1)
    opened[0] = count - 1
    if options[BEST_FIRST] == 0.0:
        return opened[count]
    node = opened[1]
    opened[1] = opened[count]
    at, count = 1, count - 1
    while 2 * at <= count:
        child = 2 * at
        if child < count and ahead(opened[child + 1], opened[child], node_f):
            child += 1
        if not ahead(opened[child], opened[at], node_f):
            break
        opened[at], opened[child] = opened[child], opened[at]
        at = child
    return node


@lean
def ahead(a, b, node_f):
    """Whether node a is split before node b: of equal gains the older one."""
    return node_f[a, GAIN] > node_f[b, GAIN] or (node_f[a, GAIN] == node_f[b, GAIN] and a < b)
