"""The log density of every row under every class, for features that are independent in a class."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    *((x, "f8[:, ::1]", "f8[:, ::1]", "f8[:, ::1]", "f8[::1]", "f8[:, ::1]")
      for x in ("f8[:, ::1]", "f4[:, ::1]")),
    fastmath={"reassoc", "contract"},
)  # fmt: skip
def gaussian_scores(X, mean, half_precision, half_log, offset, out):
    """out[i, c] = offset[c] - sum over j of half_precision (x - mean)^2; a NaN leaves j out.

    `offset` holds the class's log prior less the sum of `half_log` = log(2 pi variance) / 2.
    """
    n, p = X.shape
    for i in range(n):
        for c in range(mean.shape[0]):
            total = 0.0
            for j in range(p):
                d = np.float64(X[i, j]) - mean[c, j]
                term = d * d * half_precision[c, j]
                total += term if d == d else -half_log[c, j]
            out[i, c] = offset[c] - total


@kernel(("i8[:, ::1]", "i8[::1]", "f8[:, ::1]", "f8[:, ::1]"))
def categorical_scores(X, start, table, out):
    """out[i] += sum over j of table[start[j] + X[i, j]]; a negative category leaves j out."""
    n, p = X.shape
    k = out.shape[1]
    for i in range(n):
        for j in range(p):
            if X[i, j] >= 0:
                row = table[start[j] + X[i, j]]
                for c in range(k):
                    out[i, c] += row[c]
