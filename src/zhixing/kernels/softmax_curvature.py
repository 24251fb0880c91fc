"""The softmax Hessian of every row times a vector."""

from __future__ import annotations

from ._jit import kernel


@kernel(("f8[:, ::1]", "f8[:, ::1]", "f8[::1]", "f8[:, ::1]"))
def softmax_curvature(probability, u, weight, out):
    """out = weight (diag(p) - p p') u for every row."""
    n, k = u.shape
    for i in range(n):
        mean = 0.0
        for c in range(k):
            mean += probability[i, c] * u[i, c]
        for c in range(k):
            out[i, c] = weight[i] * probability[i, c] * (u[i, c] - mean)
