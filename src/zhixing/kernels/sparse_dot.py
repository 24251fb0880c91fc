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
    """out[i] = sum over run i of data * v[index], for start <= i < stop."""
    for i in range(start, stop):
        total = 0.0
        for at in range(indptr[i], indptr[i + 1]):
            total += data[at] * v[indices[at]]
        out[i] = total


@kernel((*_RUNS, "f8[:, ::1]", "f8[:, ::1]", "i8", "i8"))
def runs_dot_matrix(data, indices, indptr, v, out, start, stop):
    """out[i, :] = sum over run i of data * v[index, :], for start <= i < stop."""
    k = v.shape[1]
    # The sum is kept apart from `out`, which the compiler must suppose to overlap `v`.
    total = np.empty(k)
    for i in range(start, stop):
        total[:] = 0.0
        for at in range(indptr[i], indptr[i + 1]):
            value = data[at]
            row = v[indices[at]]
            for c in range(k):
                total[c] += value * row[c]
        out[i] = total
