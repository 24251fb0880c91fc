"""Loss and gradient of rows that have several outputs."""

from __future__ import annotations

from ._jit import kernel


@kernel(("row_loss", "f8[::1]", "f8[:, ::1]", "f8[::1]", "f8[:, ::1]", "f8[:, ::1]"))
def rowwise(loss, y, z, weight, g, h):
    """Fill g with w dl/dz and h with the row's mean parameters; return the sum of w l."""
    total = 0.0
    for i in range(y.size):
        total += weight[i] * loss.derivatives_row(y[i], z[i], g[i], h[i])
        for k in range(z.shape[1]):
            g[i, k] *= weight[i]
    return total
