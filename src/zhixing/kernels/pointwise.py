"""Loss, gradient and curvature of every row."""

from __future__ import annotations

from ._jit import kernel


@kernel(
    ("loss", "f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]"),
)
def pointwise(loss, y, z, weight, g, h):
    """Fill g = w dl/dz and h = w d2l/dz2 by row; return (sum of w l, sum of g)."""
    total = 0.0
    slope = 0.0
    for i in range(y.size):
        w = weight[i]
        total += w * loss.value(y[i], z[i])
        a, b = loss.derivatives(y[i], z[i])
        g[i] = w * a
        h[i] = w * b
        slope += g[i]
    return total, slope


@kernel(
    ("loss", "f8[::1]", "f8[::1]", "f8[::1]"),
)
def total_loss(loss, y, z, weight):
    """Sum of w l over the rows."""
    total = 0.0
    for i in range(y.size):
        total += weight[i] * loss.value(y[i], z[i])
    return total
