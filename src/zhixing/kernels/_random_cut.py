"""A cut drawn at random between the smallest and largest value of a feature in a node."""

from __future__ import annotations

import numpy as np

from ._features import mix
from ._jit import lean
from ._judge import judge
from ._node_rows import add_row


@lean
def random_cut(
    criterion, column, absent, values, index, start, rows, labels, amounts, pairs, total, sign,
    lower, upper, options, state, left, a, b,
):  # fmt: skip
    """(score, last code on the left, the next, whether missing go left, the cut), -inf if constant.

    values: what the codes of the feature stand for, increasing.  The cut is uniform between them as
    in Geurts et al. (2006), table 1, with no sums by code; the side of missing values is drawn too.
    Where all values are one and some are missing, the cut is between these.
    """
    low, high, gone = np.int64(1) << 40, np.int64(-1), np.int64(0)
    for i in range(np.uint64(rows)):
        code = np.int64(column[np.uint64(index[np.uint64(start) + i])])
        if code == absent:
            gone += 1
        else:
            low = min(low, code)
            high = max(high, code)
    none = -np.inf, np.int64(-1), np.int64(-1), False, 0.0
    if high < 0 or (low == high and gone == 0):
        return none
    state, z = mix(state)
    share = np.float64(z >> np.uint64(11)) * 2.0**-53
    state, z = mix(state)
    side = gone > 0 and z >> np.uint64(63) == np.uint64(1)
    # The last code with a value at or below the cut.
    cut, after = low, high
    t = values[low] + share * (values[high] - values[low])
    while cut < after - 1:
        middle = (cut + after) // 2
        if values[middle] <= t:
            cut = middle
        else:
            after = middle
    if low == high:
        cut, after, side, t = low, absent, False, np.inf
    for u in range(total.size):
        left[u] = 0
    before = 0
    for i in range(np.uint64(rows)):
        code = np.int64(column[np.uint64(index[np.uint64(start) + i])])
        if code <= cut or (side and code == absent):
            before += 1
            if total.size == 2:
                left[0] += pairs[i, 0]
                left[1] += pairs[i, 1]
            else:
                add_row(left, i, labels, amounts)
    found = judge(criterion, left, total, before, rows, sign, lower, upper, options, a, b)
    return found, cut, after, side, t
