"""Rows down oblivious trees: a leaf's number is a bit a level, so nothing is looked up on the way."""

from __future__ import annotations

import numpy as np

from ._jit import kernel
from .descend import ROWS, bin_block


@kernel(
    *(
        (
            f"{x}[:, ::1]",
            "u1[:, ::1]",
            "f8[:, ::1]",
            "u4[::1]",
            "u1[::1]",
            "u1[::1]",
            "i8[::1]",
            "i8[::1]",
            "i8[::1]",
            "f8[::1]",
            "f8[:, ::1]",
        )
        for x in ("f8", "f4")
    )
)
def descend_oblivious(
    X, known, thresholds, feature, last, missing_left, bounds, leaves, outputs, value, scores
):
    """scores[i, outputs[t]] += value[leaves[t] + place] of row i's place in tree t.

    Tree t has the levels bounds[t] to bounds[t + 1] - 1; a level puts a 1 behind the place where the
    bin of its feature is above `last`.  known: empty, since there are no categories.
    """
    p = X.shape[1]
    codes = np.empty(p * ROWS, np.uint8)
    at = np.empty(ROWS, np.uint16)
    for begin in range(0, X.shape[0], ROWS):
        size = np.uint64(min(ROWS, X.shape[0] - begin))
        complete = bin_block(X, known, thresholds, begin, size, codes)
        for t in range(outputs.size):
            for i in range(size):
                at[i] = 0
            for level in range(bounds[t], bounds[t + 1]):
                first = np.uint64(feature[level]) * np.uint64(ROWS)
                cut = last[level]
                if complete:
                    for i in range(size):
                        at[i] = np.uint16(at[i] + at[i] + np.uint16(codes[first + i] > cut))
                else:
                    # Adding 1 turns the code of missing values, 255, into 0, which goes left.
                    shift = missing_left[level]
                    moved = np.uint8(cut + shift)
                    for i in range(size):
                        right = np.uint8(codes[first + i] + shift) > moved
                        at[i] = np.uint16(at[i] + at[i] + np.uint16(right))
            out = outputs[t]
            base = np.uint64(leaves[t])
            for i in range(size):
                scores[np.uint64(begin) + i, out] += value[base + np.uint64(at[i])]
