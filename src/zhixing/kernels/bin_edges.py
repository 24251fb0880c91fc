"""Where a sorted feature is cut into bins of about as many rows each."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine


@subroutine
def between(low, high):
    """A threshold t with low <= t < high, half-way where floats allow."""
    if low == -np.inf:
        return -np.finfo(np.float64).max
    middle = 0.5 * low + 0.5 * high
    return middle if low <= middle < high else low


@kernel(("f8[::1]", "i8", "f8[::1]"), ("f4[::1]", "i8", "f8[::1]"))
def bin_edges(ordered, most, edges):
    """Write at most most - 1 thresholds; returns how many.

    With at most `most` distinct values every two neighbours are cut.  Else a bin closes at the end of
    a run of equal values once it holds its share of the rows that are left, or would pass it by more
    than it now lacks: a value that fills several bins takes one, and the others share what remains.
    """
    n = ordered.size
    distinct = 0
    for i in range(n):
        if i == 0 or ordered[i] != ordered[i - 1]:
            distinct += 1
            if distinct > most:
                break
    made = 0
    used = 0
    start = 0
    while start < n:
        # A run of one value is [start, stop).
        stop = start + 1
        while stop < n and ordered[stop] == ordered[start]:
            stop += 1
        if stop == n or made == most - 1:
            break
        full = distinct <= most
        if not full:
            share = (n - used) / (most - made)
            held = stop - used
            if held >= share:
                full = True
            else:
                after = stop + 1
                while after < n and ordered[after] == ordered[stop] and after - used <= 2 * share:
                    after += 1
                full = (after - used) - share > share - held
        if full:
            edges[made] = between(np.float64(ordered[start]), np.float64(ordered[stop]))
            made += 1
            used = stop
        start = stop
    return made
