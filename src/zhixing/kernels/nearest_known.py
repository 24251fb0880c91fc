"""The nearest donors whose value is known."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(("f8[:, ::1]", "i8[::1]", "i8[::1]", "u1[:, ::1]", "f8[:, ::1]", "i8[:, ::1]"))
def nearest_known(distance, receivers, columns, unknown, near, donors):
    """For hole h (row receivers[h] of `distance`, column columns[h]) fill near[h] and donors[h]
    with the smallest distances, ascending, of donors d with unknown[column, d] = 0.

    Missing places get distance inf and donor -1; NaN distances do not count.  Of equal distances
    the first donor comes first.
    """
    k = near.shape[1]
    n = distance.shape[1]
    for h in range(receivers.size):
        row = receivers[h]
        column = columns[h]
        for a in range(k):
            near[h, a] = np.inf
            donors[h, a] = -1
        worst = np.inf
        for d in range(n):
            x = distance[row, d]
            if x < worst and unknown[column, d] == 0:
                at = k - 1
                while at > 0 and near[h, at - 1] > x:
                    near[h, at] = near[h, at - 1]
                    donors[h, at] = donors[h, at - 1]
                    at -= 1
                near[h, at] = x
                donors[h, at] = d
                worst = near[h, k - 1]
