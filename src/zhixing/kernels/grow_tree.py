"""A tree grown by an impurity, on bins of a byte or on ranks: node by node, feature by feature.

No sums are kept for the children.  Nearly all the work of a full tree is in small nodes, where the
difference of two histograms of 256 bins would cost more than the few rows themselves.
"""

from __future__ import annotations

import numpy as np

from ._features import mix
from ._jit import kernel, lean
from ._medians import best_cut_medians, judge_cut_medians, rank_rows
from ._node_rows import gather, mean_between
from ._nodes import CATEGORIES, MISSING
from ._random_cut import draw_cut, judge_cut
from ._scan_codes import best_cut, clear_codes, list_codes, sum_codes
from ._scan_rows import best_cut_rows
from ._scan_sets import best_set, random_set
from ._sort_codes import sort_codes
from ._tree_nodes import (
    ASIDE,
    ASIDE_LEFT,
    CODES,
    DEPTH,
    FEATURE,
    GAIN,
    KIND,
    LEFT,
    LOWER,
    MAX_DEPTH,
    MAX_LEAVES,
    MEDIANS,
    MIN_GAIN,
    MIN_LEAF,
    MIN_SPLIT,
    MISSING_LEFT,
    MOST_FEATURES,
    RANDOM,
    SIGN,
    START,
    STOP,
    THRESHOLD,
    UNSEEN,
    UPPER,
    bear,
    keep,
    keep_set,
    part_rows,
    pop,
    push,
    weigh,
)

#: What `memory` holds.
_MEMORY = (
    "Tuple((i4[:, ::1], i8[:, ::1], i8[:, ::1], u8[:, ::1], u4[::1], u4[::1], i8[::1], i8[:, ::1], "
    "u1[::1], i8[::1], i8[::1], f8[::1], i8[::1], i8[::1], f8[::1], f8[::1], u1[::1], i8[::1], i8[::1], "
    "i8[::1], i8[:, ::1], f8[:, ::1], i8[::1], f8[::1], f8[:, ::1]))"
)
_REST = (
    "u4[::1]", "i4[:, ::1]", "i8[:, ::1]", "i8[:, ::1]", "f8[::1]", "i8[::1]", "f8[::1]",
    "i8[:, ::1]", "f8[:, ::1]", "i8[:, ::1]", "u8[::1]", "u1[:, ::1]", "u4[:, ::1]", "f8[:, ::1]",
    "f8[:, ::1]", _MEMORY,
)  # fmt: skip


def memory_for(
    rows: int, p: int, width: int, outputs: int, terms: int, ranked: bool, medians: bool
) -> tuple[np.ndarray, ...]:
    """What `grow_tree` works in, for trees over so many rows and features and so many sums a node."""
    few, pairs = (1, rows) if width == 2 else (rows, 1)
    half = rows if medians else 0
    return (
        np.empty((few, outputs), np.int32), np.empty((few, terms), np.int64),
        np.empty((pairs, 2), np.int64), np.empty((2, rows if ranked or medians else 1), np.uint64),
        np.empty(2048, np.uint32), np.empty(rows, np.uint32), np.zeros(rows + 2, np.int64),
        np.zeros((256, width), np.int64), np.zeros(256, np.uint8), np.zeros(256, np.int64),
        np.zeros(257, np.int64), np.empty(256), np.empty(256, np.int64), np.empty(width, np.int64),
        np.empty(width), np.empty(width), np.zeros(256, np.uint8), np.arange(p), np.empty(p, np.int64),
        np.empty(outputs, np.int64), np.empty((outputs, half), np.int64), np.empty((outputs, half)),
        np.empty(half + 1, np.int64), np.empty(half + 1), np.empty((2, half + 1)),
    )  # fmt: skip


@kernel(("criterion", "u1[:, ::1]", *_REST), ("criterion", "u4[:, ::1]", *_REST), _nrt=False)
def grow_tree(
    criterion, columns, index, labels, amounts, features, values, offsets, options,
    node_i, node_f, node_s, seeds, node_sets, ranks, levels, node_m, memory,
):  # fmt: skip
    """Grow the subtree of node 0 over the rows of `index`, which end up in the order of the leaves.

    columns (p, n): codes; bytes are summed by code, ranks are sorted.
    labels, amounts: what rows add, see `_node_rows`.  features (p, 3), options: see `_tree_nodes`.
    values[offsets[j]:]: what the codes of feature j stand for, where cuts are random.
    node_*: the nodes, the first of them filled in; node_s their sums; node_sets the codes that go left.
    Where options[MEDIANS] is set, scores are distances to medians: ranks (outputs, n) of y, the levels of
    these ranks (outputs, most), node_m (nodes, outputs + 1) medians and distances.
    memory: see `memory_for`.
    Returns the number of nodes.
    """
    p, width = columns.shape[0], node_s.shape[1]
    (
        near_labels, near_amounts, pairs, row_sets, digits, scratch, opened, sums, seen, counts,
        present, keys, by_key, left, a, b, chosen, order, picks, ranked, near, levels_near, partial,
        partial_y, costs,
    ) = memory  # fmt: skip
    opened[0] = 0
    wanted = np.int64(options[MOST_FEATURES])
    medians = options[MEDIANS] > 0.0
    nodes, todo, leaves = 1, 0, 1
    while True:
        while todo < nodes:
            node, todo = todo, todo + 1
            start = node_i[node, START]
            rows = node_i[node, STOP] - start
            total = node_s[node]
            mixed = gather(
                index, start, rows, labels, amounts, near_labels, near_amounts, pairs, total
            )
            apart = 0.0
            if medians:
                for o in range(labels.shape[1]):
                    ranked[o], node_m[node, o], far = rank_rows(
                        ranks[o], levels[o], index, start, rows, amounts, row_sets[0], row_sets[1],
                        digits, near[o], levels_near[o],
                    )  # fmt: skip
                    apart += far / labels.shape[1]
                node_m[node, labels.shape[1]] = apart
            if not mixed or is_leaf(node, rows, options, node_i):
                continue
            if node > 0 and rows <= options[ASIDE]:
                node_i[node, LEFT] = ASIDE_LEFT
                continue
            lower, upper = node_f[node, LOWER], node_f[node, UPPER]
            for t in range(width):
                a[t] = np.float64(total[t])
            whole, ceiling = criterion.score(a), criterion.ceiling(a)
            if medians:
                whole = -apart
            best = -np.inf
            state = seeds[node]
            visited, varied = 0, 0
            # Constant features count, but one that is not must be among those looked at.
            while visited < p and (visited < wanted or varied == 0) and best < ceiling:
                # In random order even if all are looked at: of equal splits, which small nodes are full
                # of, the first feature's would be favoured else.
                state, z = mix(state)
                other = visited + np.int64(z % np.uint64(p - visited))
                order[visited], order[other] = order[other], order[visited]
                picks[visited] = other
                j = order[visited]
                visited += 1
                state, z = mix(state)
                best, differs = look(
                    criterion, columns[j], j, features, values[offsets[j] : offsets[j + 1]], index,
                    start, rows, near_labels, near_amounts, pairs, total, lower, upper, options, z,
                    best, node, sums, seen, counts, present, keys, by_key, left, a, b, chosen,
                    row_sets, digits, node_i, node_f, node_sets, amounts, ranked, near, levels_near,
                    partial, partial_y, costs, scratch,
                )  # fmt: skip
                varied += differs
            for k in range(visited - 1, -1, -1):
                other = picks[k]
                order[k], order[other] = order[other], order[k]
            if best == -np.inf or best - whole < options[MIN_GAIN]:
                node_i[node, FEATURE] = -1
                continue
            node_f[node, GAIN] = max(best - whole, 0.0)
            push(node, options, opened, node_f)
        if leaves >= options[MAX_LEAVES]:
            break
        node = pop(options, opened, node_f)
        if node < 0:
            break
        j = node_i[node, FEATURE]
        codes, sign = features[j, CODES], features[j, SIGN]
        absent = codes - 1 if features[j, KIND] & MISSING else codes
        middle = part_rows(columns[j], absent, node, index, scratch, node_i, node_sets)
        if node_i[node, MISSING_LEFT] == UNSEEN:
            weight = np.int64(0)
            for i in range(node_i[node, START], middle):
                weight += amounts[np.uint64(index[i]), 0]
            node_i[node, MISSING_LEFT] = 2.0 * weight > weigh(node_s[node], options)
        low, high = 0.0, 0.0
        if sign != 0:
            low = mean_between(index, node_i[node, START], middle, labels, amounts, left, options)
            high = mean_between(index, middle, node_i[node, STOP], labels, amounts, left, options)
        bear(node, nodes, middle, sign, low, high, node_i, node_f, seeds)
        nodes += 2
        leaves += 1
    return nodes


@lean
def is_leaf(node, rows, options, node_i):
    """Whether limits forbid to split a node, whatever its rows."""
    return (
        node_i[node, DEPTH] >= options[MAX_DEPTH]
        or rows < options[MIN_SPLIT]
        or rows < 2.0 * options[MIN_LEAF]
    )


@lean
def look(
    criterion, column, j, features, values, index, start, rows, labels, amounts, pairs, total,
    lower, upper, options, state, best, node, sums, seen, counts, present, keys, by_key,
    left, a, b, chosen, row_sets, digits, node_i, node_f, node_sets, far_amounts, ranked, near,
    levels_near, partial, partial_y, costs, scratch,
):  # fmt: skip
    """The best score so far, a split of this feature noted if it is better; whether its codes differ."""
    codes, kind, sign = features[j, CODES], features[j, KIND], features[j, SIGN]
    absent = codes - 1 if kind & MISSING else codes
    by_set, random = kind & CATEGORIES != 0, options[RANDOM] > 0.0
    medians, outputs = options[MEDIANS] > 0.0, labels.shape[1]
    if random and not by_set:
        cut, after, side, t = draw_cut(column, absent, values, index, start, rows, state, scratch)
        if cut < 0:
            return best, False
        if medians:
            found = judge_cut_medians(
                column, absent, cut, side, outputs, ranked, near, levels_near, index, start, rows,
                far_amounts, partial, partial_y, options,
            )  # fmt: skip
        else:
            found = judge_cut(
                criterion, scratch, absent, cut, side, rows, labels, amounts, pairs, total, sign,
                lower, upper, options, left, a, b,
            )  # fmt: skip
        if found > best:
            best = found
            keep(node, j, cut, after, side, node_i)
            node_f[node, THRESHOLD] = t
        return best, True
    if medians or (column.itemsize > 1 and not by_set):
        order = row_sets[0]
        if not sort_codes(column, index, start, rows, order, row_sets[1], digits):
            return best, False
        if medians:
            found, cut, after, side, gone = best_cut_medians(
                order, rows, absent, outputs, ranked, near, levels_near, index, start, far_amounts,
                partial, partial_y, costs, options,
            )  # fmt: skip
        else:
            found, cut, after, side, gone = best_cut_rows(
                criterion, order, rows, absent, labels, amounts, pairs, total, sign, lower, upper,
                options, left, a, b,
            )  # fmt: skip
        if found > best:
            best = found
            if column.itemsize == 1:
                cut = absent - 1 if after == absent else cut + (after - 1 - cut) // 2
            keep(node, j, cut, after, side if gone else UNSEEN, node_i)
        return best, True
    counting = options[MIN_LEAF] > 1.0
    sum_codes(
        column, index, start, rows, labels, amounts, pairs, sums, seen, counts, counting
    )  # fmt: skip
    count = list_codes(seen, codes, present)
    if count > 1 and by_set:
        if random:
            found = random_set(
                criterion, sums, counts, present, count, total, rows, lower, upper, options,
                state, left, a, b, chosen,
            )  # fmt: skip
        else:
            found = best_set(
                criterion, sums, counts, present, count, total, rows, lower, upper, options,
                keys, by_key, left, a, b, chosen,
            )  # fmt: skip
        if found > best:
            best = found
            keep_set(node, j, codes, chosen, sums, present, count, options, node_i, node_sets)
    elif count > 1:
        gone = present[count - 1] == absent
        found, at, side = best_cut(
            criterion, sums, counts, present, count, gone, total, rows, sign, lower, upper, options,
            left, a, b,
        )  # fmt: skip
        if found > best:
            best = found
            low, high = present[at], present[at + 1]
            if high == absent:
                low = absent - 1
            # In a gap of several bins the cut lies in its middle.
            keep(node, j, low + (high - 1 - low) // 2, high, side if gone else UNSEEN, node_i)
    clear_codes(sums, counts, counting, present, count)
    return best, count > 1
