"""The bin of every value, by binary search among the cut points of its column."""

from __future__ import annotations

from ._jit import kernel


@kernel(
    ("f8[:, ::1]", "f8[::1]", "i8[::1]", "i4[::1]", "i4[:, ::1]"),
    ("f4[:, ::1]", "f8[::1]", "i8[::1]", "i4[::1]", "i4[:, ::1]"),
)
def bin_columns(X, cuts, starts, offsets, out):
    """out[i, j] = offsets[j] + the number of cut points of column j that are <= X[i, j].

    The cut points of column j are cuts[starts[j]:starts[j + 1]], ascending.
    """
    n, p = X.shape
    for i in range(n):
        for j in range(p):
            x = X[i, j]
            base = starts[j]
            size = starts[j + 1] - base
            # Branchless: the range halves whatever the comparison says.
            while size > 1:
                half = size // 2
                base = base + half if cuts[base + half - 1] <= x else base
                size -= half
            if size == 1 and cuts[base] <= x:
                base += 1
            out[i, j] = offsets[j] + base - starts[j]
