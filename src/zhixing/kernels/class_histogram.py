"""Weight by feature, bin and class: what a stump is chosen from."""

from __future__ import annotations

from ._jit import kernel


@kernel(("u1[:, ::1]", "i4[::1]", "i4[::1]", "f8[::1]", "f8[:, :, ::1]"))
def class_histogram(columns, rows, codes, weight, out):
    """out[j, columns[j, rows[m]], codes[m]] += weight[m], features one after the other.

    One feature's sums (256 bins of k classes) stay in the first cache, and are added up in the order
    of `rows` whoever does it.
    """
    for j in range(columns.shape[0]):
        column = columns[j]
        sums = out[j]
        for m in range(rows.size):
            sums[column[rows[m]], codes[m]] += weight[m]
