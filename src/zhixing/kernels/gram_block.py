"""Rows of a symmetric matrix, picked and added up."""

from __future__ import annotations

from ._jit import kernel


@kernel(("f8[:, ::1]", "i8[::1]", "f8[:, ::1]"))
def gram_block(G, chosen, out):
    """out[a, b] = G[chosen[a], chosen[b]]."""
    k = chosen.size
    for a in range(k):
        row = G[chosen[a]]
        for b in range(k):
            out[a, b] = row[chosen[b]]


@kernel(("f8[:, ::1]", "i8[::1]", "f8[::1]", "i8", "f8[::1]"))
def gram_combine(G, chosen, d, m, out):
    """out[i] = sum_a d[a] G[chosen[a], i] for i < m."""
    for i in range(m):
        out[i] = 0.0
    for a in range(chosen.size):
        row = G[chosen[a]]
        step = d[a]
        for i in range(m):
            out[i] += step * row[i]
