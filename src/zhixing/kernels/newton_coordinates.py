"""One pass of Newton steps over the coefficients of a linear model."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    *((f"{x}[::1, :]", "f8[::1]", "f8[::1]", "f8[::1]", "f8", "f8", "f8") for x in ("f8", "f4"))
)
def newton_coordinates(X, g, h, w, lam, alpha, rate):
    """w_j += rate times the step that minimises the quadratic model in w_j; g follows.

    The model is sum g d + h d^2 / 2 over the rows' changes d = x_j (step), plus
    lam w^2 / 2 + alpha |w|; a missing x counts as 0.
    """
    for j in range(X.shape[1]):
        slope = 0.0
        curve = 0.0
        for i in range(X.shape[0]):
            x = np.float64(X[i, j])
            if x == x:
                slope += g[i] * x
                curve += h[i] * x * x
        if curve < 1e-5:
            continue
        slope += lam * w[j]
        curve += lam
        ahead = w[j] - slope / curve
        if ahead >= 0.0:
            step = max(-(slope + alpha) / curve, -w[j])
        else:
            step = min(-(slope - alpha) / curve, -w[j])
        step *= rate
        w[j] += step
        for i in range(X.shape[0]):
            x = np.float64(X[i, j])
            if x == x:
                g[i] += h[i] * x * step
