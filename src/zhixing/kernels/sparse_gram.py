"""Weighted products of the columns of a matrix in compressed rows."""

from __future__ import annotations

from ._jit import kernel


@kernel(("f8[::1]", "i4[::1]", "i8[::1]", "f8[::1]", "f8[:, ::1]", "i8", "i8"))
def sparse_gram(data, columns, indptr, weight, G, start, stop):
    """G[a, b] += sum_i weight_i x_ia x_ib for start <= a < stop and b <= a.

    The columns of every row are sorted, so each row gives its pairs once: O(sum of squared row
    lengths), however long the columns are.
    """
    for i in range(indptr.size - 1):
        last = indptr[i + 1] - 1
        first = indptr[i]
        while last >= first and columns[last] >= stop:
            last -= 1
        while last >= first and columns[last] >= start:
            a = columns[last]
            value = weight[i] * data[last]
            row = G[a]
            for at in range(first, last + 1):
                row[columns[at]] += value * data[at]
            last -= 1


@kernel(("f8[:, ::1]", "i8", "i8"))
def mirror(G, start, stop):
    """Copy rows start to stop, left of the diagonal, to above it; tile by tile, for the cache."""
    tile = 32
    for a in range(start, stop, tile):
        for b in range(0, min(a + tile, stop), tile):
            for i in range(a, min(a + tile, stop)):
                for j in range(b, min(b + tile, i)):
                    G[j, i] = G[i, j]
