"""Medians of growing sets of a node's rows, and distances to them: O(log n) for a row.

The weights of the rows, and weight times y, are kept by rank of y in a tree of partial sums (Fenwick
1994).  The median is the first value at which half the weight is reached.
"""

from __future__ import annotations

import numpy as np

from ._jit import lean
from ._sort_codes import sort_codes
from ._tree_nodes import MIN_LEAF, MIN_WEIGHT


@lean
def rank_rows(ranks, levels, index, start, rows, amounts, keys, spare, digits, near, values):
    """Rank the node's rows by y: near[place] counts distinct values, values[rank]; how many, the
    median, and the weighted distance to it.

    ranks (n,): among all rows; levels: the values of these ranks.
    """
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    count = np.int64(0)
    if sort_codes(ranks, index, start, rows, keys, spare, digits):
        before = np.uint64(0)
        for i in range(rows):
            code = keys[i] >> shift
            if i == 0 or code != before:
                values[count] = levels[code]
                count += 1
                before = code
            near[keys[i] & low] = count - 1
    else:
        count = np.int64(1)
        values[0] = levels[ranks[index[start]]]
        for i in range(rows):
            near[i] = 0
    whole = np.int64(0)
    for i in range(rows):
        whole += amounts[index[start + i], 0]
    median = values[0]
    total = 0.0
    if count > 1:
        weight = np.int64(0)
        for i in range(rows):
            place = keys[i] & low
            weight += amounts[index[start + np.int64(place)], 0]
            if 2 * weight >= whole:
                median = values[near[place]]
                # Half-way to the next value where the weight is parted in two equal halves.
                if 2 * weight == whole and i + 1 < rows:
                    median = 0.5 * median + 0.5 * values[near[keys[i + 1] & low]]
                break
        for i in range(rows):
            total += amounts[index[start + i], 0] * abs(values[near[i]] - median)
    return count, median, total


@lean
def insert(rank, weight, y, partial, partial_y, count):
    """Add a row to the partial sums over ranks 0 to count - 1."""
    k = rank + 1
    while k <= count:
        partial[k] += weight
        partial_y[k] += weight * y
        k += k & -k


@lean
def distance(values, partial, partial_y, count, whole, whole_y):
    """sum w |y - median| over the rows inserted, of total weight `whole` and sum w y `whole_y`."""
    at, below, below_y = np.int64(0), np.int64(0), 0.0
    step = np.int64(1)
    while 2 * step <= count:
        step *= 2
    while step > 0:
        k = at + step
        if k <= count and 2 * (below + partial[k]) < whole:
            at = k
            below += partial[k]
            below_y += partial_y[k]
        step //= 2
    median = values[min(at, count - 1)]
    return median * below - below_y + (whole_y - below_y) - median * (whole - below)


@lean
def add_costs(
    keys, rows, first, known, outputs, counts, near, values, index, start, amounts, partial,
    partial_y, forward, costs,
):  # fmt: skip
    """costs[i] += the distances of all rows up to and with the i-th (or from it on), over the outputs.

    keys: the rows sorted; those from `known` on have no value and are put in first, if `first`.
    """
    low = np.uint64(0xFFFFFFFF)
    for o in range(outputs):
        count = counts[o]
        partial[: count + 1] = 0
        partial_y[: count + 1] = 0.0
        whole, whole_y = np.int64(0), 0.0
        if first:
            for i in range(known, rows):
                place = keys[i] & low
                w = amounts[index[start + np.int64(place)], 0]
                y = values[o, near[o, place]]
                insert(near[o, place], w, y, partial, partial_y, count)
                whole += w
                whole_y += w * y
        for step in range(known):
            i = step if forward else known - 1 - step
            place = keys[i] & low
            w = amounts[index[start + np.int64(place)], 0]
            y = values[o, near[o, place]]
            insert(near[o, place], w, y, partial, partial_y, count)
            whole += w
            whole_y += w * y
            costs[i] += distance(values[o], partial, partial_y, count, whole, whole_y)


@lean
def best_cut_medians(
    keys, rows, absent, outputs, ranked, near, values, index, start, amounts, partial, partial_y,
    costs, options,
):  # fmt: skip
    """`_scan_rows.best_cut_rows` where the score is minus the distance to the medians of both sides."""
    best, at, side = -np.inf, np.int64(-1), False
    shift, low = np.uint64(32), np.uint64(0xFFFFFFFF)
    known = rows
    while known > 0 and keys[known - 1] >> shift == np.uint64(absent):
        known -= 1
    whole, gone = np.int64(0), np.int64(0)
    for i in range(rows):
        w = amounts[index[start + np.int64(keys[i] & low)], 0]
        whole += w
        gone += w if i >= known else 0
    for way in range(2 if known < rows else 1):
        costs[:, : rows + 1] = 0.0
        add_costs(
            keys, rows, way == 1, known, outputs, ranked, near, values, index, start, amounts,
            partial, partial_y, True, costs[0],
        )  # fmt: skip
        add_costs(
            keys, rows, way == 0, known, outputs, ranked, near, values, index, start, amounts,
            partial, partial_y, False, costs[1],
        )  # fmt: skip
        if way == 0 and known < rows:
            # All values against the missing ones.
            for o in range(outputs):
                count = ranked[o]
                partial[: count + 1] = 0
                partial_y[: count + 1] = 0.0
                w_all, y_all = np.int64(0), 0.0
                for i in range(known, rows):
                    place = keys[i] & low
                    w = amounts[index[start + np.int64(place)], 0]
                    y = values[o, near[o, place]]
                    insert(near[o, place], w, y, partial, partial_y, count)
                    w_all += w
                    y_all += w * y
                costs[1, known] += distance(values[o], partial, partial_y, count, w_all, y_all)
        cuts = known if way == 0 and known < rows else known - 1
        weight = gone if way == 1 else np.int64(0)
        before = rows - known if way == 1 else 0
        for i in range(cuts):
            weight += amounts[index[start + np.int64(keys[i] & low)], 0]
            if keys[i] >> shift == keys[i + 1] >> shift:
                continue
            if min(before + i + 1, rows - before - i - 1) < options[MIN_LEAF]:
                continue
            if min(weight, whole - weight) < options[MIN_WEIGHT]:
                continue
            found = -(costs[0, i] + costs[1, i + 1]) / outputs
            if found > best:
                best, at, side = found, np.int64(i), way == 1
    if at < 0:
        return best, np.int64(-1), np.int64(-1), False, known < rows
    return (
        best, np.int64(keys[at] >> shift), np.int64(keys[at + 1] >> shift), side, known < rows
    )  # fmt: skip


@lean
def judge_cut_medians(
    column, absent, cut, side, outputs, ranked, near, values, index, start, rows, amounts, partial,
    partial_y, options,
):  # fmt: skip
    """The score of both sides of one cut."""
    total = 0.0
    for right in range(2):
        weight, before = np.int64(0), 0
        for o in range(outputs):
            count = ranked[o]
            partial[: count + 1] = 0
            partial_y[: count + 1] = 0.0
            weight, whole_y, before = np.int64(0), 0.0, 0
            for i in range(rows):
                row = np.int64(index[start + i])
                code = np.int64(column[row])
                if (code <= cut or (side and code == absent)) == (right == 1):
                    continue
                w, y = amounts[row, 0], values[o, near[o, i]]
                insert(near[o, i], w, y, partial, partial_y, count)
                weight += w
                whole_y += w * y
                before += 1
            total += distance(values[o], partial, partial_y, count, weight, whole_y)
        if before < options[MIN_LEAF] or weight < options[MIN_WEIGHT]:
            return -np.inf
    return -total / outputs
