"""A tree for packed first and second derivatives, grown by a team of threads.

Every split takes four steps, between which the team meets: rows to the children; histogram of the
smaller child (the larger one's is its parent's less that); the best cut of every feature in both;
bookkeeping by member 0.  Integer sums and a stable partition make the tree the same for any number
of members.
"""

from __future__ import annotations

import numpy as np

from ._categories import best_set
from ._histogram import histogram
from ._jit import kernel, subroutine
from ._partition import gather_rows, split_rows
from ._team import barrier
from ._threshold import best_bounded, best_threshold, larger, score, score_at, weight

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
    CONSTRAINED,
) = range(16)
#: Bits of `kinds`.
MISSING, CATEGORIES = 1, 2


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
            # The weights of the search are estimates from h; the true ones rule.
            barrier(meet, team)
            if me == 0:
                close(node, free, node_i)
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
def born(node_i, node, start, stop, depth, living):
    """A new leaf."""
    node_i[node, FEATURE] = -1
    node_i[node, BIN] = -1
    node_i[node, MISSING_LEFT] = 0
    node_i[node, LEFT] = -1
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
def mix(state):
    """The next of a sequence of well-mixed 64-bit words (splitmix64)."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    z = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state, z ^ (z >> np.uint64(31))


@subroutine
def draw(mask, share, state):
    """Keep ceil(share) of the marked features, each as likely as any other."""
    marked = 0
    for j in range(mask.size):
        marked += mask[j]
    keep = max(np.int64(np.ceil(share * marked)), 1)
    for j in range(mask.size):
        if mask[j]:
            state, z = mix(state)
            # Kept with probability keep / marked, exactly as many as wanted (Knuth's algorithm S).
            if np.float64(z >> np.uint64(11)) * 2.0**-53 * marked < keep:
                keep -= 1
            else:
                mask[j] = 0
            marked -= 1


@subroutine
def draw_mask(mask, node, depth, living, groups, options):
    """Features a node may use: of the living groups, drawn by level, then by node."""
    for j in range(mask.size):
        mask[j] = groups[j] & living != 0
    seed = np.uint64(np.int64(options[SEED]))
    if options[PER_LEVEL] < 1.0:
        draw(mask, options[PER_LEVEL], seed ^ (np.uint64(depth + 1) << np.uint64(40)))
    if options[PER_NODE] < 1.0:
        draw(mask, options[PER_NODE], seed ^ (np.uint64(node + 1) << np.uint64(20)))


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
                small_mass, small_lower, small_upper,
                work_f, work_i, chosen, found_i, found_f, found_sets,
            )  # fmt: skip
        if large < 0:
            continue
        for b in range(first, end):
            sums[large, b] -= sums[small, b]
        if masks[1, j]:
            best_split(
                2 * me + 1, j, sums[large], offsets, kinds[j], monotone[j], options, large_total,
                large_mass, large_lower, large_upper,
                work_f, work_i, chosen, found_i, found_f, found_sets,
            )  # fmt: skip


@subroutine
def best_split(
    place, j, sums, offsets, kind, sign, options, total, mass, lower, upper,
    work_f, work_i, chosen, found_i, found_f, found_sets,
):  # fmt: skip
    """The best split of a node by feature j, kept in found_*[place] if it is the best so far."""
    lam, alpha = options[LAMBDA], options[ALPHA]
    missing = kind & MISSING != 0
    base = offsets[j]
    bins = offsets[j + 1] - base
    # A side's weight is estimated as its share of h.
    share = np.float64(total & 0xFFFFFFFF) / max(mass / ONE, 1e-300)
    least = max(options[MIN_HESSIAN], (options[MIN_COUNT] - 0.5) * share)
    cut, side = np.int64(-1), False
    if kind & CATEGORIES:
        found, left = best_set(
            sums, base, bins, total, lam, alpha, least, options[SMOOTH], options[EXTRA],
            np.int64(options[MOST]), work_i[1], work_f[1], chosen,
        )  # fmt: skip
    elif options[BOUNDED] != 0.0:
        found, cut, side, left = best_bounded(
            sums, base, bins, missing, total, lam, alpha, least, lower, upper, sign
        )
    else:
        found, cut, side, left = best_threshold(
            sums, base, bins, missing, total, lam, alpha, least, work_i[0], work_f[0]
        )
    if found <= found_f[place, 0]:
        return
    found_f[place, 0] = found
    found_i[place, FEATURE] = j
    found_i[place, BIN] = cut
    found_i[place, MISSING_LEFT] = side
    found_i[place, FOUND_LEFT] = left
    if kind & CATEGORIES:
        for b in range(256):
            found_sets[place, b] = chosen[b] if b < bins else 0
        if sums[base + bins - 1] == 0:
            found_sets[place, bins - 1] = larger(left, total)
    else:
        for b in range(256):
            found_sets[place, b] = b <= cut
        found_sets[place, bins - 1 if missing else bins] = side


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
    """Take out the open node of most gain, or else the newest, which needs the fewest histograms."""
    count = open_nodes[0]
    if count == 0:
        return np.int64(-1)
    at = count
    if options[BY_GAIN] != 0.0:
        for k in range(count - 1, 0, -1):
            a, b = open_nodes[k], open_nodes[at]
            if node_f[a, GAIN] > node_f[b, GAIN] or (node_f[a, GAIN] == node_f[b, GAIN] and a < b):
                at = k
    node = open_nodes[at]
    open_nodes[at] = open_nodes[count]
    open_nodes[0] = count - 1
    return node
