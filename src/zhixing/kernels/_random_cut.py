"""A cut drawn at random between the smallest and largest value of a feature in a node."""

from __future__ import annotations

import numpy as np

from ._features import mix
from ._jit import lean
from ._judge import judge
from ._node_rows import add_row


@lean
def draw_cut(column, absent, values, index, start, rows, state, codes):
    """(last code on the left, the next, whether missing values go left, the cut); -1 if constant.

    codes: takes the rows' codes side by side.
    values: what the codes of the feature stand for, increasing.  The cut is uniform between them as
    in Geurts et al. (2006), table 1, with no sums by code; the side of missing values is drawn too.
    Where all values are one and some are missing, the cut is between these.
    """
    low, high, gone = np.int64(1) << 40, np.int64(-1), np.int64(0)
    for i in range(np.uint64(rows)):
        code = np.int64(column[np.uint64(index[np.uint64(start) + i])])
        codes[i] = code
        here = code != absent
        gone += np.int64(not here)
        low = min(low, code)
        high = max(high, code if here else -1)
    # Missing values have the largest code, so they are the least only where there is nothing else.
    if high < 0 or (low == high and gone == 0):
        return np.int64(-1), np.int64(-1), False, 0.0
    state, z = mix(state)
    share = np.float64(z >> np.uint64(11)) * 2.0**-53
    state, z = mix(state)
    side = gone > 0 and z >> np.uint64(63) == np.uint64(1)
    if low == high:
        return low, np.int64(absent), False, np.inf
    # The last code with a value at or below the cut.
    t = values[low] + share * (values[high] - values[low])
    # Halved without a branch, which would be guessed wrongly half of the time.
    cut, size = low, high - low
    while size > 1:
        half = size // 2
        cut += half if values[cut + half] <= t else 0
        size -= half
    return cut, cut + 1, side, t


@lean
def judge_cut(
    criterion, codes, absent, cut, side, rows, labels, amounts, pairs, total, sign, lower, upper,
    options, left, a, b,
):  # fmt: skip
    """The score of both sides of a drawn cut of rows with these codes."""
    for u in range(total.size):
        left[u] = 0
    if side:  # as if they were the least of all
        for i in range(np.uint64(rows)):
            codes[i] = 0 if codes[i] == absent else codes[i]
    last = np.uint32(cut)
    before = np.int64(0)
    if total.size == 2:
        x, y = np.int64(0), np.int64(0)
        for i in range(np.uint64(rows)):
            go = np.int64(codes[i] <= last)
            before += go
            x += go * pairs[i, 0]
            y += go * pairs[i, 1]
        left[0], left[1] = x, y
    else:
        for i in range(np.uint64(rows)):
            if codes[i] <= last:
                before += 1
                add_row(left, i, labels, amounts)
    return judge(criterion, left, total, before, rows, sign, lower, upper, options, a, b)
