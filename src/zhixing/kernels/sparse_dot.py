"""Products of compressed rows with a vector or a narrow matrix.

The same loop computes X w from compressed rows and X' g from compressed columns: each is a list of
(index, value) runs, one run per output.
"""

from __future__ import annotations

import numpy as np

from ._jit import kernel

_RUNS = ("f8[::1]", "i4[::1]", "i8[::1]")


@kernel((*_RUNS, "f8[::1]", "f8[::1]", "i8", "i8"))
def runs_dot_vector(data, indices, indptr, v, out, start, stop):
    """out[i] = sum over run i of data * v[index], for start <= i < stop.

    Four sums at a time hide the latency of an addition; unsigned places spare the test for negative
    ones.  The order of additions depends on the run alone.
    """
    one, four = np.uint64(1), np.uint64(4)
    for i in range(start, stop):
        at, end = np.uint64(indptr[i]), np.uint64(indptr[i + 1])
        a = b = c = d = 0.0
        while at + four <= end:
            a += data[at] * v[np.uint32(indices[at])]
            b += data[at + one] * v[np.uint32(indices[at + one])]
            c += data[at + np.uint64(2)] * v[np.uint32(indices[at + np.uint64(2)])]
            d += data[at + np.uint64(3)] * v[np.uint32(indices[at + np.uint64(3)])]
            at += four
        while at < end:
            a += data[at] * v[np.uint32(indices[at])]
            at += one
        out[i] = (a + b) + (c + d)


@kernel((*_RUNS, "f8[:, ::1]", "f8[:, ::1]", "i8", "i8"))
def runs_dot_matrix(data, indices, indptr, v, out, start, stop):
    """out[i, :] = sum over run i of data * v[index, :], for start <= i < stop."""
    k = v.shape[1]
    # The sum is kept apart from `out`, which the compiler must suppose to overlap `v`.
    total = np.empty(k)
    for i in range(start, stop):
        total[:] = 0.0
        for at in range(np.uint64(indptr[i]), np.uint64(indptr[i + 1])):
            value = data[at]
            row = v[np.uint32(indices[at])]
            for c in range(k):
                total[c] += value * row[c]
        out[i] = total
