"""Rows of a node in the order of a feature's codes."""

from __future__ import annotations

import numpy as np

from ._jit import lean

#: Up to so many rows are sorted by insertion, and from so many on by 11 bits at a time.
FEW, MANY = 48, 2048


@lean
def sort_codes(column, index, start, rows, keys, spare, digits):
    """Fill keys[:rows] with (code << 32) + place, sorted; returns whether the codes differ.

    place counts the node's rows.  Few rows are inserted, more are dealt by digits of the code, the
    lowest first (a radix sort), which is linear in the rows and needs no comparison.
    """
    low, high = np.uint64(1) << np.uint64(40), np.uint64(0)
    shift = np.uint64(32)
    for i in range(np.uint64(rows)):
        code = np.uint64(column[np.uint64(index[np.uint64(start) + i])])
        keys[i] = (code << shift) + i
        low = min(low, code)
        high = max(high, code)
    if low == high:
        return False
    if rows <= FEW:
        for i in range(1, rows):
            key = keys[i]
            k = i
            while k > 0 and keys[k - 1] > key:
                keys[k] = keys[k - 1]
                k -= 1
            keys[k] = key
        return True
    width = np.uint64(11 if rows >= MANY else 8)
    mask = (np.uint64(1) << width) - np.uint64(1)
    least = low << shift
    inside = False  # whether the order so far is in `spare`
    at = np.uint64(0)
    while (high - low) >> at != np.uint64(0):
        source, target = (spare, keys) if inside else (keys, spare)
        digits[: mask + np.uint64(1)] = 0
        move = shift + at
        for i in range(np.uint64(rows)):
            digits[((source[i] - least) >> move) & mask] += 1
        before = np.uint32(0)
        for d in range(mask + np.uint64(1)):
            count = digits[d]
            digits[d] = before
            before += count
        for i in range(np.uint64(rows)):
            d = ((source[i] - least) >> move) & mask
            target[np.uint64(digits[d])] = source[i]
            digits[d] += np.uint32(1)
        inside = not inside
        at += width
    if inside:
        for i in range(np.uint64(rows)):
            keys[i] = spare[i]
    return True
