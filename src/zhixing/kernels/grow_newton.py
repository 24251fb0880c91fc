"""A tree for packed first and second derivatives, grown by a team of threads.

Every split takes four steps, between which the team meets: rows to the children; histogram of the
smaller child (the larger one's is its parent's less that); the best cut of every feature in both;
bookkeeping by member 0.  Integer sums and a stable partition make the tree the same for any number
of members.
"""

from __future__ import annotations

import numpy as np

from ._best_split import best_split
from ._features import draw_mask
from ._histogram import histogram
from ._jit import kernel, subroutine
from ._nodes import (
    BOUNDED,
    COUNT,
    COUNTED,
    DEPTH,
    FEATURE,
    GROUPS,
    HEAVY,
    LEFT,
    LEFT_TOTAL,
    LOWER,
    MASS,
    MAX_DEPTH,
    MAX_LEAVES,
    MIN_COUNT,
    NEXT,
    ONE,
    SLOT,
    START,
    STOP,
    SUM,
    TOTAL,
    UPPER,
    born,
    bounds,
    choose,
    close,
    settle,
)
from ._partition import gather_rows, split_rows
from ._team import barrier


@kernel(
    (
        "i8",
        "i8",
        "i8[::1]",
        "u1[:, ::1]",
        "u1[:, ::1]",
        "u4[::1]",
        "u4[:, ::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "u1[::1]",
        "i8[::1]",
        "i8[::1]",
        "f8[::1]",
        "i8[:, ::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[:, ::1]",
        "f8[:, ::1]",
        "u1[:, ::1]",
        "i8[:, ::1]",
        "f8[:, ::1]",
        "u1[:, ::1]",
        "u1[:, ::1]",
    )
)
def grow_newton(
    team, me, meet, rows, columns, index, scratch, packed, mass, offsets, kinds, monotone, groups, options,
    sums, free, open_nodes, node_i, node_f, node_sets, found_i, found_f, found_sets, masks,
):  # fmt: skip
    """Grow one tree over the rows of `index`, which ends up in the order of the leaves.

    rows (n, p), columns (p, n): bins of every value, both ways: histograms read rows, partitions columns.
    mass (n,): weights in units of 1 / ONE, by which rows count; empty where all are 1.
    offsets (p + 1): where the features' bins lie in `sums`.
    kinds, monotone, groups (p): bits MISSING, CATEGORIES; -1, 0, 1; bits of the groups of features
    that may meet in a branch.
    sums (team - 1 + slots, offsets[p]): histograms, the first team - 1 scratch; free: a stack of slots, its
    height first; open_nodes: a list of leaves to be split, its length first.
    node_*, found_*: nodes, and what the members found for the two children; *_sets: 256 bins that go left.
    masks (2, p): features the two children may use.  Returns the number of nodes.
    """
    max_leaves = np.int64(options[MAX_LEAVES])
    max_depth = np.int64(options[MAX_DEPTH])
    min_count = np.int64(options[MIN_COUNT] * ONE * (1.0 - 1e-9))
    work_f = np.empty((2, 256))
    work_i = np.empty((2, 256), np.int64)
    chosen = np.empty(256, np.uint8)
    size = index.size
    slot = np.int64(team - 1)
    mine = slot if me == 0 else np.int64(me - 1)
    lo, hi = size * me // team, size * (me + 1) // team
    clear(sums[mine])
    histogram(rows, index, lo, hi, packed, offsets, sums[mine])
    total = np.int64(0)
    heavy = np.int64(0)
    for i in range(lo, hi):
        total += packed[index[i]]
        heavy += mass[index[i]] if mass.size else np.int64(ONE)
    found_i[me, SUM] = total
    found_i[me, HEAVY] = heavy
    if me == 0:
        node_f[0, LOWER], node_f[0, UPPER] = -np.inf, np.inf
        if options[BOUNDED] > 0.0:
            node_f[0, LOWER], node_f[0, UPPER] = -options[BOUNDED], options[BOUNDED]
        born(node_i, 0, 0, size, 0, -1)
        draw_mask(masks[0], 0, 0, -1, groups, options)
    barrier(meet, team)
    total = np.int64(0)
    heavy = np.int64(0)
    for t in range(team):
        total += found_i[t, SUM]
        heavy += found_i[t, HEAVY]
    search(
        team, me, sums, slot, -1, offsets, kinds, monotone, masks, options, total, total, heavy, heavy,
        node_f[0, LOWER], node_f[0, UPPER], 0.0, 0.0,
        work_f, work_i, chosen, found_i, found_f, found_sets,
    )  # fmt: skip
    barrier(meet, team)
    if me == 0:
        open_nodes[0] = 0
        free[0] -= 1
        node_i[0, SLOT] = slot
        node_i[0, TOTAL] = total
        node_i[0, MASS] = heavy
        settle(
            team, 0, 0, options, free, open_nodes, node_i, node_f, node_sets,
            found_i, found_f, found_sets,
        )  # fmt: skip
        found_i[0, NEXT] = choose(options, open_nodes, node_f)
    barrier(meet, team)
    nodes = 1
    leaves = 1
    while leaves < max_leaves:
        node = found_i[0, NEXT]
        if node < 0:
            break
        start, stop, f = node_i[node, START], node_i[node, STOP], node_i[node, FEATURE]
        lo = start + (stop - start) * me // team
        hi = start + (stop - start) * (me + 1) // team
        own = split_rows(columns[f], node_sets[node], index, lo, hi, scratch[0], scratch[1])
        found_i[me, COUNT] = own
        heavy = np.int64(own) * ONE
        if mass.size:
            heavy = 0
            for i in range(lo, lo + own):
                heavy += mass[scratch[0, i]]
        found_i[me, HEAVY] = heavy
        barrier(meet, team)
        count = np.int64(0)
        before = np.int64(0)
        heavy = np.int64(0)
        for t in range(team):
            if t == me:
                before = count
            count += found_i[t, COUNT]
            heavy += found_i[t, HEAVY]
        small_left = count <= stop - start - count
        small_count = count if small_left else stop - start - count
        light = min(heavy, node_i[node, MASS] - heavy)
        if light < min_count or small_count == 0:
            # The weights of the search are estimates from h.  Where they mislead, rows are counted, once:
            # of rows without derivatives a bin does not show on which side they are.
            again = node_i[node, LEFT] != COUNTED
            barrier(meet, team)
            if not again:
                if me == 0:
                    close(node, free, node_i)
                    found_i[0, NEXT] = choose(options, open_nodes, node_f)
                barrier(meet, team)
                continue
            spare = free[free[0]]
            mine = spare if me == 0 else np.int64(me - 1)
            clear(sums[mine])
            weigh(rows, index, lo, hi, mass, offsets, sums[mine])
            barrier(meet, team)
            if me == 0:
                node_i[node, LEFT] = COUNTED
                draw_mask(
                    masks[0], node, node_i[node, DEPTH], node_i[node, GROUPS], groups, options
                )
            barrier(meet, team)
            search_again(
                team, me, sums, node_i[node, SLOT], spare, offsets, kinds, monotone, masks, options,
                node_i[node, TOTAL], node_i[node, MASS], node_f[node, LOWER], node_f[node, UPPER],
                work_f, work_i, chosen, found_i, found_f, found_sets,
            )  # fmt: skip
            barrier(meet, team)
            if me == 0:
                settle(
                    team, node, 0, options, free, open_nodes, node_i, node_f, node_sets,
                    found_i, found_f, found_sets,
                )  # fmt: skip
                found_i[0, NEXT] = choose(options, open_nodes, node_f)
            barrier(meet, team)
            continue
        gather_rows(
            lo, hi, scratch[0], scratch[1], own,
            start + before, start + count + (lo - start - before), index,
        )  # fmt: skip
        left, right = nodes, nodes + 1
        small, large = (left, right) if small_left else (right, left)
        small_start = start if small_left else start + count
        slot, total = node_i[node, SLOT], node_i[node, TOTAL]
        left_total = node_i[node, LEFT_TOTAL]
        small_total = left_total if small_left else total - left_total
        deep = node_i[node, DEPTH] + 1
        # A leaf that can never be split needs no histogram.
        last = deep >= max_depth or leaves + 1 >= max_leaves
        if me == 0:
            node_i[node, LEFT] = left
            living = node_i[node, GROUPS] & groups[f]
            born(node_i, left, start, start + count, deep, living)
            born(node_i, right, start + count, stop, deep, living)
            node_i[left, TOTAL] = left_total
            node_i[right, TOTAL] = total - left_total
            node_i[left, MASS] = heavy
            node_i[right, MASS] = node_i[node, MASS] - heavy
            bounds(node, left, right, monotone[f], options, node_i, node_f)
            free[0] += 1
            free[free[0]] = slot
            if not last:
                node_i[large, SLOT] = slot
                node_i[small, SLOT] = free[free[0] - 1]
                free[0] -= 2
                draw_mask(masks[0], small, deep, living, groups, options)
                draw_mask(masks[1], large, deep, living, groups, options)
        nodes += 2
        leaves += 1
        barrier(meet, team)
        if not last:
            mine = node_i[small, SLOT] if me == 0 else np.int64(me - 1)
            clear(sums[mine])
            lo = small_start + small_count * me // team
            hi = small_start + small_count * (me + 1) // team
            histogram(rows, index, lo, hi, packed, offsets, sums[mine])
            barrier(meet, team)
            search(
                team, me, sums, node_i[small, SLOT], slot, offsets, kinds, monotone, masks, options,
                small_total, total - small_total, node_i[small, MASS], node_i[large, MASS],
                node_f[small, LOWER], node_f[small, UPPER],
                node_f[large, LOWER], node_f[large, UPPER],
                work_f, work_i, chosen, found_i, found_f, found_sets,
            )  # fmt: skip
            barrier(meet, team)
        if me == 0:
            if not last:
                settle(
                    team, large, 1, options, free, open_nodes, node_i, node_f, node_sets,
                    found_i, found_f, found_sets,
                )  # fmt: skip
                settle(
                    team, small, 0, options, free, open_nodes, node_i, node_f, node_sets,
                    found_i, found_f, found_sets,
                )  # fmt: skip
            found_i[0, NEXT] = choose(options, open_nodes, node_f)
        barrier(meet, team)
    return nodes


@subroutine
def clear(sums):
    for b in range(np.uint64(sums.size)):
        sums[b] = 0


@subroutine
def search(
    team, me, sums, small, large, offsets, kinds, monotone, masks, options,
    small_total, large_total, small_mass, large_mass,
    small_lower, small_upper, large_lower, large_upper,
    work_f, work_i, chosen, found_i, found_f, found_sets,
):  # fmt: skip
    """The best splits of the smaller and the larger child among this member's features.

    The larger child's histogram takes the place of its parent's.
    """
    found_f[2 * me, 0] = -1.0
    found_f[2 * me + 1, 0] = -1.0
    for j in range(me, offsets.size - 1, team):
        first, end = np.uint64(offsets[j]), np.uint64(offsets[j + 1])
        for t in range(team - 1):
            for b in range(first, end):
                sums[small, b] += sums[t, b]
        if masks[0, j]:
            best_split(
                2 * me, j, sums[small], offsets, kinds[j], monotone[j], options, small_total,
                small_mass, small_lower, small_upper, sums[0, :0],
                work_f, work_i, chosen, found_i, found_f, found_sets,
            )  # fmt: skip
        if large < 0:
            continue
        for b in range(first, end):
            sums[large, b] -= sums[small, b]
        if masks[1, j]:
            best_split(
                2 * me + 1, j, sums[large], offsets, kinds[j], monotone[j], options, large_total,
                large_mass, large_lower, large_upper, sums[0, :0],
                work_f, work_i, chosen, found_i, found_f, found_sets,
            )  # fmt: skip


@subroutine
def weigh(rows, index, start, stop, mass, offsets, counts):
    """The mass of every bin of every feature."""
    p = rows.shape[1]
    for i in range(start, stop):
        r = np.uint64(index[i])
        m = mass[r] if mass.size else np.int64(ONE)
        for f in range(np.uint64(p)):
            counts[np.uint64(offsets[f]) + np.uint64(rows[r, f])] += m


@subroutine
def search_again(
    team, me, sums, slot, counts, offsets, kinds, monotone, masks, options, total, mass, lower, upper,
    work_f, work_i, chosen, found_i, found_f, found_sets,
):  # fmt: skip
    """The best split of one node whose rows have been counted in `sums[counts]`."""
    found_f[2 * me, 0] = -1.0
    for j in range(me, offsets.size - 1, team):
        for t in range(team - 1):
            for b in range(np.uint64(offsets[j]), np.uint64(offsets[j + 1])):
                sums[counts, b] += sums[t, b]
        if masks[0, j]:
            best_split(
                2 * me, j, sums[slot], offsets, kinds[j], monotone[j], options, total, mass, lower, upper,
                sums[counts], work_f, work_i, chosen, found_i, found_f, found_sets,
            )  # fmt: skip
