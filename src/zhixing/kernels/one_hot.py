"""One-hot rows from the output columns of every input column."""

from __future__ import annotations

from ._jit import kernel


@kernel(("i4[:, ::1]", "i8", "i8", "i8[::1]"))
def count_present(columns, start, stop, counts):
    """counts[i] = number of input columns whose output column is not -1."""
    p = columns.shape[0]
    for i in range(start, stop):
        counts[i] = 0
    for j in range(p):
        for i in range(start, stop):
            if columns[j, i] >= 0:
                counts[i] += 1


@kernel(("i4[:, ::1]", "i8", "i8", "i8[::1]", "i4[::1]"))
def fill_indices(columns, start, stop, indptr, indices):
    """CSR column indices of rows start to stop; an empty `indptr` says nothing is absent."""
    p = columns.shape[0]
    if indptr.size == 0:
        # Rows in blocks: the strided writes of one block stay in the cache.
        for low in range(start, stop, 512):
            high = min(low + 512, stop)
            for j in range(p):
                for i in range(low, high):
                    indices[i * p + j] = columns[j, i]
        return
    for i in range(start, stop):
        at = indptr[i]
        for j in range(p):
            column = columns[j, i]
            if column >= 0:
                indices[at] = column
                at += 1


@kernel(
    ("i4[:, ::1]", "i8", "i8", "f8[:, ::1]"),
    ("i4[:, ::1]", "i8", "i8", "f4[:, ::1]"),
)
def fill_dense(columns, start, stop, out):
    """out[i, columns[j, i]] = 1 in rows start to stop of a matrix of zeros."""
    p = columns.shape[0]
    for i in range(start, stop):
        for j in range(p):
            column = columns[j, i]
            if column >= 0:
                out[i, column] = 1.0
