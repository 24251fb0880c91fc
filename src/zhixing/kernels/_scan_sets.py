"""The best set of categories to go left, and a set drawn at random."""

from __future__ import annotations

import numpy as np

from ._features import mix
from ._jit import lean
from ._judge import judge
from ._tree_nodes import WEIGHTS, weigh


@lean
def best_set(
    criterion, sums, counts, present, count, total, rows, lower, upper, options,
    keys, order, left, a, b, chosen,
):  # fmt: skip
    """The score of both sides; the codes that go left are marked in `chosen`.

    Sorted by the mean of y the best of all sets is a prefix where there are two classes or one number
    (Fisher 1958; Breiman et al. 1984, theorem 4.5).  With more the order by every class, or output,
    is tried in turn, which finds every class against the rest.
    """
    best = -np.inf
    first = 1 if total.size == 2 or np.int64(options[WEIGHTS]) == 1 else 0
    for t in range(first, total.size):
        for k in range(count):
            code = present[k]
            for u in range(total.size):
                a[u] = np.float64(sums[code, u])
            order[k] = code
            keys[code] = a[t] / weigh(a, options)
        sort_by(keys, order, count)
        for u in range(total.size):
            left[u] = 0
        before = 0
        size = 0
        for k in range(count - 1):
            code = order[k]
            for u in range(total.size):
                left[u] += sums[code, u]
            before += counts[code]
            found = judge(criterion, left, total, before, rows, 0, lower, upper, options, a, b)
            if found > best:
                best = found
                size = k + 1
        if size:
            chosen[:] = 0
            for k in range(size):
                chosen[order[k]] = 1
    return best


@lean
def sort_by(keys, order, count):
    """Sort codes by their keys, equal ones by code (Shell's sort, in place)."""
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, count):
            code = order[i]
            k = i
            while k >= gap and (
                keys[order[k - gap]] > keys[code]
                or (keys[order[k - gap]] == keys[code] and order[k - gap] > code)
            ):
                order[k] = order[k - gap]
                k -= gap
            order[k] = code
        gap //= 3


@lean
def random_set(
    criterion, sums, counts, present, count, total, rows, lower, upper, options, state,
    left, a, b, chosen,
):  # fmt: skip
    """The same for a set to which each code but the first goes by the toss of a coin."""
    for u in range(total.size):
        left[u] = 0
    chosen[:] = 0
    before = 0
    size = 0
    for k in range(count):
        state, z = mix(state)
        # The first is left, and at least one is right: sets and their complements are the same.
        last = k == count - 1 and size == k
        if k == 0 or (z >> np.uint64(63) == np.uint64(0) and not last):
            code = present[k]
            chosen[code] = 1
            size += 1
            for u in range(total.size):
                left[u] += sums[code, u]
            before += counts[code]
    return judge(criterion, left, total, before, rows, 0, lower, upper, options, a, b)
