"""Rows of a node to its left and right child, keeping their order."""

from __future__ import annotations

import numpy as np

from ._jit import subroutine


@subroutine
def split_rows(bins, goes_left, index, start, stop, lefts, rights):
    """Write a slice's rows that go left and right to two scratch arrays, from `start` on.

    `bins` is the column of the feature, `goes_left` a table by bin: one look-up serves thresholds,
    missing values and sets of categories.  Both places are written and one of them advances, so
    nothing waits for a guessed branch.  Returns the number that go left.
    """
    left = np.uint64(start)
    right = np.uint64(start)
    for i in range(np.uint64(start), np.uint64(stop)):
        row = index[i]
        go = np.uint64(goes_left[np.uint64(bins[np.uint64(row)])])
        lefts[left] = row
        rights[right] = row
        left += go
        right += np.uint64(1) - go
    return np.int64(left) - start


@subroutine
def gather_rows(start, stop, lefts, rights, count, left_at, right_at, index):
    """Copy a slice's rows from the scratch arrays to their places."""
    source = np.uint64(start)
    place = np.uint64(left_at)
    for i in range(np.uint64(count)):
        index[place + i] = lefts[source + i]
    place = np.uint64(right_at)
    for i in range(np.uint64(stop - start - count)):
        index[place + i] = rights[source + i]
