"""First and second derivatives of every row's loss, without the loss itself."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(("loss", "f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]"))
def row_derivatives(loss, y, z, weight, g, h):
    """Fill g = w dl/dz and h = w d2l/dz2.  A negative h counts as 0."""
    for i in range(y.size):
        a, b = loss.derivatives(y[i], z[i])
        g[i] = weight[i] * a
        h[i] = weight[i] * max(b, 0.0)


@kernel(
    ("row_loss", "f8[::1]", "f8[:, ::1]", "f8[::1]", "i8", "i8", "b1", "f8[:, ::1]", "f8[:, ::1]"),
)
def row_derivatives_of_many(loss, y, z, weight, start, stop, coupled, g, h):
    """The same for several scores a row, z (K, n): g and the diagonal of the Hessian, also (K, n).

    A `coupled` loss tells its Hessian as diag(h) - h h', whose diagonal is h (1 - h).
    """
    outputs = z.shape[0]
    row = np.empty(outputs)
    first = np.empty(outputs)
    second = np.empty(outputs)
    for i in range(start, stop):
        for k in range(outputs):
            row[k] = z[k, i]
        loss.derivatives_row(y[i], row, first, second)
        for k in range(outputs):
            g[k, i] = weight[i] * first[k]
            h[k, i] = weight[i] * (second[k] * (1.0 - second[k]) if coupled else second[k])
