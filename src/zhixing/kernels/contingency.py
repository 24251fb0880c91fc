"""Weight by category and class of every feature, for the rows of one node."""

from __future__ import annotations

from ._jit import kernel


@kernel(
    (
        "i4[:, ::1]",
        "i8[::1]",
        "i8[::1]",
        "i8[::1]",
        "i4[::1]",
        "f8[::1]",
        "f8[:, ::1]",
    )
)
def contingency(codes, features, start, rows, classes, weight, totals):
    """totals[start[k] + codes[j, rows[m]], classes[rows[m]]] += weight[m] for the k-th of features, j.

    A negative code is left out.
    """
    for k in range(features.size):
        column = codes[features[k]]
        at = start[k]
        for m in range(rows.size):
            code = column[rows[m]]
            if code >= 0:
                totals[at + code, classes[rows[m]]] += weight[m]
