"""Products of features: each is a shorter product times one more feature."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    ("f8[:, ::1]", "i8[::1]", "i8[::1]", "f8[:, ::1]"),
    ("f4[:, ::1]", "i8[::1]", "i8[::1]", "f4[:, ::1]"),
)
def monomials(X, parent, factor, out):
    """out[i, k] = out[i, parent[k]] X[i, factor[k]]; parent -1 stands for 1, factor -1 for 1."""
    for i in range(X.shape[0]):
        for k in range(parent.size):
            if factor[k] < 0:
                out[i, k] = 1.0
            elif parent[k] < 0:
                out[i, k] = X[i, factor[k]]
            else:
                out[i, k] = out[i, parent[k]] * X[i, factor[k]]


@kernel(
    ("f8[::1]", "i8[::1]", "i8[::1]", "i8[::1]", "i8", "i8", "i8", "i8[::1]", "i8[::1]", "f8[::1]"),
    ("f4[::1]", "i8[::1]", "i8[::1]", "i8[::1]", "i8", "i8", "i8", "i8[::1]", "i8[::1]", "f4[::1]"),
)
def sparse_monomials(
    data, indices, indptr, children, max_degree, first_degree, repeat, heads, out_indices, out_data
):
    """The same for CSR rows, by degree: an entry (rank, position, value) of one degree gives one of
    the next for every later position (or the same, if `repeat` is 1).

    ``children[rank]`` is the output column of the first child of the monomial in column `rank`;
    heads[i] is where row i starts in the output.  Degrees below `first_degree` are built and left
    out; column numbers count them.
    """
    widest = 0
    for i in range(indptr.size - 1):
        widest = max(widest, indptr[i + 1] - indptr[i])
    for i in range(indptr.size - 1):
        start, stop = indptr[i], indptr[i + 1]
        count = stop - start
        ranks = np.empty(count, np.int64)
        places = np.empty(count, np.int64)
        values = np.empty(count, data.dtype)
        for k in range(count):
            ranks[k] = indices[start + k]
            places[k] = k
            values[k] = data[start + k]
        at = heads[i]
        for degree in range(1, max_degree + 1):
            if degree > 1:
                size = 0
                for k in range(ranks.size):
                    size += count - places[k] - 1 + repeat
                new_ranks = np.empty(size, np.int64)
                new_places = np.empty(size, np.int64)
                new_values = np.empty(size, data.dtype)
                made = 0
                for k in range(ranks.size):
                    base = indices[start + places[k]] + 1 - repeat
                    for q in range(places[k] + 1 - repeat, count):
                        new_ranks[made] = children[ranks[k]] + indices[start + q] - base
                        new_places[made] = q
                        new_values[made] = values[k] * data[start + q]
                        made += 1
                ranks, places, values = new_ranks, new_places, new_values
            if degree >= first_degree:
                for k in range(ranks.size):
                    out_indices[at] = ranks[k]
                    out_data[at] = values[k]
                    at += 1
