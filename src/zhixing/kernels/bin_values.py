"""The bin of every value of a block of rows, written by rows and by columns."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    ("f8[:, ::1]", "f8[:, ::1]", "i8[::1]", "i8[::1]", "i8", "u1[:, ::1]", "u1[:, ::1]"),
    ("f4[:, ::1]", "f8[:, ::1]", "i8[::1]", "i8[::1]", "i8", "u1[:, ::1]", "u1[:, ::1]"),
    ("f8[::1, :]", "f8[:, ::1]", "i8[::1]", "i8[::1]", "i8", "u1[:, ::1]", "u1[:, ::1]"),
    ("f4[::1, :]", "f8[:, ::1]", "i8[::1]", "i8[::1]", "i8", "u1[:, ::1]", "u1[:, ::1]"),
)
def bin_values(X, thresholds, absent, features, start, rows, columns):
    """``columns[j, start + i] = rows[start + i, j]``: the number of thresholds of j below X[start + i, j].

    thresholds (p, 256): increasing, filled up with inf; NaN goes to bin absent[j].  The search halves
    256 eight times without a branch, so several of them run at once.  `rows` is of this block only.
    """
    for k in range(features.size):
        j = features[k]
        edges = thresholds[j]
        nan_code = np.uint8(absent[j])
        for i in range(rows.shape[0]):
            x = np.float64(X[start + i, j])
            place = np.uint64(0)
            step = np.uint64(128)
            while step > np.uint64(0):
                place += step if edges[place + step - np.uint64(1)] < x else np.uint64(0)
                step >>= np.uint64(1)
            code = nan_code if x != x else np.uint8(place)
            columns[j, start + i] = code
            rows[i, j] = code


@kernel(("i8[::1]", "u1[::1]", "i8", "i8", "u1[:, ::1]", "u1[:, ::1]"))
def bin_codes(codes, bins, j, start, rows, columns):
    """The same for a column of category codes: ``bins[code]``, the last entry for codes beyond it."""
    for i in range(codes.size):
        code = bins[min(np.uint64(codes[i]), np.uint64(bins.size - 1))]
        columns[j, start + i] = code
        rows[i, j] = code
