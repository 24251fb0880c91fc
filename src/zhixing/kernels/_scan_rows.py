"""The best cut between rows sorted by one feature."""

from __future__ import annotations

import numpy as np

from ._jit import lean
from ._judge import fewest_rows, is_plain, judge
from ._node_rows import add_row


@lean
def best_cut_rows(
    criterion, keys, rows, absent, labels, amounts, pairs, total, sign, lower, upper, options,
    left, a, b,
):  # fmt: skip
    """`_scan_codes.best_cut` for rows: keys hold (code << 32) + place, sorted.

    Returns (score, last code on the left, next code, whether missing values go left, whether there are any).
    """
    best, at, side = -np.inf, np.int64(-1), False
    known = rows
    low = np.uint64(0xFFFFFFFF)
    gone = np.uint64(absent)
    shift = np.uint64(32)
    while known > 0 and keys[known - 1] >> shift == gone:
        known -= 1
    plain, least = is_plain(options), fewest_rows(options)
    for way in range(2 if known < rows else 1):
        for t in range(total.size):
            left[t] = 0
        before = 0
        if way == 1:
            before = rows - known
            for i in range(known, rows):
                if total.size == 2:
                    left[0] += pairs[keys[i] & low, 0]
                    left[1] += pairs[keys[i] & low, 1]
                else:
                    add_row(left, keys[i] & low, labels, amounts)
        cuts = known if way == 0 and known < rows else known - 1
        if plain and total.size == 2:
            x, y = left[0], left[1]
            for i in range(np.uint64(max(cuts, 0))):
                key = keys[i]
                place = key & low
                x += pairs[place, 0]
                y += pairs[place, 1]
                if key >> shift != keys[i + np.uint64(1)] >> shift:
                    here = before + np.int64(i) + 1
                    if min(here, rows - here) < least:
                        continue
                    found = criterion.score_pair(np.float64(x), np.float64(y))
                    found += criterion.score_pair(
                        np.float64(total[0] - x), np.float64(total[1] - y)
                    )
                    if found > best:
                        best, at, side = found, np.int64(i), way == 1
        elif plain:
            for i in range(cuts):
                add_row(left, keys[i] & low, labels, amounts)
                if keys[i] >> shift != keys[i + 1] >> shift:
                    if min(before + i + 1, rows - before - i - 1) < least:
                        continue
                    found = criterion.score_sides(left, total)
                    if found > best:
                        best, at, side = found, np.int64(i), way == 1
        else:
            for i in range(cuts):
                place = keys[i] & low
                if total.size == 2:
                    left[0] += pairs[place, 0]
                    left[1] += pairs[place, 1]
                else:
                    add_row(left, place, labels, amounts)
                if keys[i] >> shift != keys[i + 1] >> shift:
                    here = before + i + 1
                    found = judge(
                        criterion, left, total, here, rows, sign, lower, upper, options, a, b
                    )
                    if found > best:
                        best, at, side = found, np.int64(i), way == 1
    if at < 0:
        return best, np.int64(-1), np.int64(-1), False, known < rows
    return (
        best, np.int64(keys[at] >> shift), np.int64(keys[at + 1] >> shift), side, known < rows
    )  # fmt: skip
