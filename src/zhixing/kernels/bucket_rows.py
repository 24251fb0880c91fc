"""Rows of two classes spread over buckets of similar value, so that each can be sorted in the cache."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine


@subroutine
def bucket_of(value, origin, low, shift, last):
    """The bucket of a value: the leading bits of its distance from `origin`, a map that never decreases.

    Like a logarithm it spreads many orders of magnitude; values outside the range go to the ends.
    """
    distance = value - origin
    if distance <= 0.0:
        return 0
    key = np.float64(distance).view(np.int64) - low
    if key < 0:
        return 0
    return min(key >> shift, last)


@kernel(
    ("f8[::1]", "b1[::1]", "f8", "i8", "i8", "i8[:, ::1]"),
)
def count_buckets(score, positive, origin, low, shift, counts):
    """Count the rows of each class (negative, positive) by bucket; `counts` has two rows."""
    last = counts.shape[1] - 1
    for i in range(score.size):
        counts[np.int64(positive[i]), bucket_of(score[i], origin, low, shift, last)] += 1


@kernel(
    ("f8[::1]", "b1[::1]", "f8", "i8", "i8", "i8[:, ::1]", "f8[::1]"),
)
def fill_buckets(score, positive, origin, low, shift, starts, out):
    """Copy each row to the next place of its class and bucket; `starts` is moved on."""
    last = starts.shape[1] - 1
    for i in range(score.size):
        c = np.int64(positive[i])
        b = bucket_of(score[i], origin, low, shift, last)
        out[starts[c, b]] = score[i]
        starts[c, b] += 1


@kernel(
    ("f8[::1]", "b1[::1]", "f8[::1]", "f8", "i8", "i8", "i8[:, ::1]", "f8[::1]", "f8[::1]"),
)
def fill_weighted_buckets(score, positive, weight, origin, low, shift, starts, out, out_weight):
    """`fill_buckets`, and the weight of each row beside it."""
    last = starts.shape[1] - 1
    for i in range(score.size):
        c = np.int64(positive[i])
        b = bucket_of(score[i], origin, low, shift, last)
        at = starts[c, b]
        out[at] = score[i]
        out_weight[at] = weight[i]
        starts[c, b] = at + 1
