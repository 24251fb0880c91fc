"""The best cut between the codes of one feature in one node."""

from __future__ import annotations

import numpy as np

from ._jit import lean, trailing_zeros
from ._judge import fewest_rows, is_plain, judge


@lean
def sum_codes(column, index, start, rows, labels, amounts, pairs, sums, seen, counts, counting):
    """sums[code] += what every row adds; seen[code] = 1; counts[code] += 1 if asked to."""
    at = np.uint64(start)
    width = np.uint64(sums.shape[1])
    flat = sums.reshape(-1)
    if sums.shape[1] == 2:
        for i in range(np.uint64(rows)):
            code = np.uint64(column[np.uint64(index[at + i])])
            place = code + code
            flat[place] += pairs[i, 0]
            flat[place + np.uint64(1)] += pairs[i, 1]
            seen[code] = 1
    elif amounts.shape[1] == 1 and labels.shape[1] == 1:
        for i in range(np.uint64(rows)):
            code = np.uint64(column[np.uint64(index[at + i])])
            flat[code * width + np.uint64(labels[i, 0])] += amounts[i, 0]
            seen[code] = 1
    elif amounts.shape[1] == 1:
        for i in range(np.uint64(rows)):
            code = np.uint64(column[np.uint64(index[at + i])])
            for o in range(labels.shape[1]):
                flat[code * width + np.uint64(labels[i, o])] += amounts[i, 0]
            seen[code] = 1
    else:
        for i in range(np.uint64(rows)):
            code = np.uint64(column[np.uint64(index[at + i])])
            for t in range(np.uint64(amounts.shape[1])):
                flat[code * width + t] += amounts[i, t]
            seen[code] = 1
    if counting:
        for i in range(np.uint64(rows)):
            counts[np.uint64(column[np.uint64(index[at + i])])] += 1


@lean
def list_codes(seen, codes, present):
    """Write the codes that were seen in order, forget them, and return how many.

    Eight marks are read at a time: a small node has few codes among many.
    """
    words = seen.view(np.uint64)
    count = 0
    for k in range((codes + 7) // 8):
        word = words[k]
        while word != np.uint64(0):
            present[count] = 8 * k + np.int64(trailing_zeros(word) >> np.uint64(3))
            count += 1
            word &= word - np.uint64(1)
        words[k] = np.uint64(0)
    return count


@lean
def clear_codes(sums, counts, counting, present, count):
    """Bring the sums of the listed codes back to zero."""
    flat = sums.reshape(-1)
    width = np.uint64(sums.shape[1])
    if sums.shape[1] == 2:  # a call of memset for every code would cost more than the sums
        for b in range(np.uint64(count)):
            place = np.uint64(present[b]) * np.uint64(2)
            flat[place] = 0
            flat[place + np.uint64(1)] = 0
    else:
        for b in range(np.uint64(count)):
            for t in range(width):
                flat[np.uint64(present[b]) * width + t] = 0
    if counting:
        for b in range(np.uint64(count)):
            counts[np.uint64(present[b])] = 0


@lean
def best_cut(
    criterion, sums, counts, present, count, absent, total, rows, sign, lower, upper, options,
    left, a, b,
):  # fmt: skip
    """(score of both sides, place in `present` of the last code on the left, whether missing go left).

    absent: whether the last of `present` is the code of missing values, which are tried on both sides;
    with them on the right, all values against them is a cut too.  The score is -inf where there is
    no cut; of equal ones the first is taken.
    """
    best, at, side = -np.inf, np.int64(-1), False
    values = count - 1 if absent else count
    plain, least = is_plain(options), fewest_rows(options)
    for way in range(2 if absent else 1):
        cuts = values if absent and way == 0 else values - 1
        for t in range(total.size):
            left[t] = sums[present[values], t] if way == 1 else 0
        before = counts[present[values]] if way == 1 else 0
        if plain and total.size == 2:
            x, y = left[0], left[1]
            for k in range(np.uint64(max(cuts, 0))):
                code = np.uint64(present[k])
                x += sums[code, 0]
                y += sums[code, 1]
                before += counts[code]
                if min(before, rows - before) < least:
                    continue
                found = criterion.score_pair(np.float64(x), np.float64(y)) + criterion.score_pair(
                    np.float64(total[0] - x), np.float64(total[1] - y)
                )
                if found > best:
                    best, at, side = found, np.int64(k), way == 1
        elif plain:
            for k in range(np.uint64(max(cuts, 0))):
                code = np.uint64(present[k])
                for t in range(np.uint64(total.size)):
                    left[t] += sums[code, t]
                before += counts[code]
                if min(before, rows - before) < least:
                    continue
                found = criterion.score_sides(left, total)
                if found > best:
                    best, at, side = found, np.int64(k), way == 1
        else:
            for k in range(cuts):
                code = present[k]
                for t in range(total.size):
                    left[t] += sums[code, t]
                before += counts[code]
                found = judge(
                    criterion, left, total, before, rows, sign, lower, upper, options, a, b
                )
                if found > best:
                    best, at, side = found, np.int64(k), way == 1
    return best, at, side
