"""Merging two sorted arrays: where each value of one falls in the other, and the thresholds of both."""

from __future__ import annotations

from ._jit import kernel


@kernel(
    ("f8[::1]", "f8[::1]", "i8[::1]", "i8[::1]"),
)
def merge_positions(queries, keys, left, right):
    """``np.searchsorted(keys, queries, side)`` for both sides, when the queries are sorted too: O(n + m).

    The first query is found by bisection, so a slice of the queries costs only its part of the
    keys.
    """
    n = queries.size
    m = keys.size
    if n == 0:
        return
    low = 0
    high = m
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < queries[0]:
            low = middle + 1
        else:
            high = middle
    i = low
    j = low
    for q in range(n):
        v = queries[q]
        if q == 0 or v != queries[q - 1]:
            i = j
            while i < m and keys[i] < v:
                i += 1
            j = i
            while j < m and keys[j] == v:
                j += 1
        left[q] = i
        right[q] = j


@kernel(
    ("f8[::1]", "f8[::1]", "f8[::1]", "i8[::1]", "i8[::1]"),
)
def merge_thresholds(a, b, values, from_a, from_b):
    """Distinct values of two ascending arrays, descending, and how many of each lie at or above.

    Returns the number of distinct values; the outputs have room for ``a.size + b.size``.
    """
    i = a.size - 1
    j = b.size - 1
    k = 0
    while i >= 0 or j >= 0:
        v = a[i] if j < 0 or (i >= 0 and a[i] >= b[j]) else b[j]
        while i >= 0 and a[i] == v:
            i -= 1
        while j >= 0 and b[j] == v:
            j -= 1
        values[k] = v
        from_a[k] = a.size - 1 - i
        from_b[k] = b.size - 1 - j
        k += 1
    return k
