"""A cut drawn at random between the smallest and largest value of a feature in a node."""

from __future__ import annotations

import numpy as np

from ._features import mix
from ._jit import lean
from ._judge import judge
from ._node_rows import add_row


@lean
def draw_cut(column, absent, values, index, start, rows, state):
    """(last code on the left, the next, whether missing values go left, the cut); -1 if constant.

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
    if high < 0 or (low == high and gone == 0):
        return np.int64(-1), np.int64(-1), False, 0.0
    state, z = mix(state)
    share = np.float64(z >> np.uint64(11)) * 2.0**-53
    state, z = mix(state)
    side = gone > 0 and z >> np.uint64(63) == np.uint64(1)
    if low == high:
        return low, np.int64(absent), False, np.inf
    # The last code with a value at or below the cut.
    cut, after = low, high
    t = values[low] + share * (values[high] - values[low])
    while cut < after - 1:
        middle = (cut + after) // 2
        if values[middle] <= t:
            cut = middle
        else:
            after = middle
    return cut, after, side, t


@lean
def judge_cut(
    criterion, column, absent, cut, side, index, start, rows, labels, amounts, pairs, total, sign,
    lower, upper, options, left, a, b,
):  # fmt: skip
    """The score of both sides of a drawn cut."""
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
    return judge(criterion, left, total, before, rows, sign, lower, upper, options, a, b)
