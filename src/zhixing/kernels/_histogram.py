"""Sums of packed derivatives by feature and bin, over rows in any order."""

from __future__ import annotations

import numpy as np

from ._jit import prefetch, subroutine

#: Rows to look ahead: their bins are fetched while earlier rows are added.
AHEAD = 16


@subroutine
def histogram_plain(rows, index, start, stop, packed, offsets, sums):
    """The definition: ``sums[offsets[j] + rows[r, j]] += packed[r]`` for the rows r of index[start:stop]."""
    for i in range(start, stop):
        for j in range(rows.shape[1]):
            sums[offsets[j] + rows[index[i], j]] += packed[index[i]]


@subroutine
def histogram(rows, index, start, stop, packed, offsets, sums):
    """`histogram_plain`, eight features at a time; unsigned places spare the test for negative ones.

    A row's features lie side by side, so it costs one or two cache lines however few rows a node has.
    Features lie end to end in `sums`: at a fixed distance of 256 the first bins of all of them would
    compete for the same few cache lines, which made tables of indicators ten times slower.
    """
    p = rows.shape[1]
    eights = p - p % 8
    for i in range(start, stop):
        if i + AHEAD < stop:
            ahead = np.int64(index[i + AHEAD])
            for j in range(0, p, 64):
                prefetch(rows, ahead, j)
        r = np.uint64(index[i])
        v = packed[r]
        for j in range(0, eights, 8):
            u = np.uint64(j)
            for k in range(8):
                f = u + np.uint64(k)
                sums[np.uint64(offsets[f]) + np.uint64(rows[r, f])] += v
        for j in range(eights, p):
            f = np.uint64(j)
            sums[np.uint64(offsets[f]) + np.uint64(rows[r, f])] += v
