"""Small integer codes for 64-bit keys, without sorting."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    ("i8[::1]", "i8", "i8", "i8[::1]", "i4[::1]", "i8[::1]", "i4[::1]"),
)
def distinct(keys, start, count, table, slots, first, codes):
    """Code keys[start:] by order of first appearance; returns (next row, number of codes).

    `table` and `slots` (-1 where empty) are an open-addressing hash table whose length is a power
    of two; `first` keeps the row of each code's first appearance.  Stops early when the table is
    half full, for the caller to grow it and call again.
    """
    mask = table.size - 1
    limit = table.size // 2
    shift = np.uint64(64)
    while (1 << (64 - np.int64(shift))) < table.size:
        shift -= np.uint64(1)
    for i in range(start, keys.size):
        key = keys[i]
        # Fibonacci hashing: the high bits of a product with 2^64 / golden ratio.  Whole numbers
        # held as doubles differ in their high half only, so the halves are folded first.
        bits = np.uint64(key)
        bits = (bits ^ (bits >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
        at = np.int64(bits >> shift)
        while True:
            code = slots[at]
            if code < 0:
                if count >= limit:
                    return i, count
                table[at] = key
                slots[at] = count
                first[count] = i
                codes[i] = count
                count += 1
                break
            if table[at] == key:
                codes[i] = code
                break
            at = (at + 1) & mask
    return keys.size, count
