"""Coordinate descent on the second-order model of a softmax loss."""

from __future__ import annotations

import numpy as np

from ._jit import kernel

_RUNS = ("f8[::1]", "i4[::1]", "i8[::1]")


@kernel(
    (
        *_RUNS,
        *("i8[::1]", "i8[::1]", "f8[:, ::1]", "f8[::1]", "b1"),
        *("f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]", "f8", "f8"),
        *("f8[::1]", "f8[::1]", "f8[:, ::1]", "i8", "f8"),
    )
)
def cd_softmax(
    data,
    rows,
    indptr,
    feature,
    output,
    P,
    weight,
    intercept,
    w,
    g,
    l1,
    l2,
    low,
    high,
    b,
    gb,
    U,
    max_epochs,
    tol,
):
    """Minimise the model of the loss around P over the pairs (feature, output) and the intercepts.

    The model is <g, d> + d'H d/2 with (H u)_ik = weight_i P_ik (u_ik - sum_l P_il u_il), u = X d.
    `w` holds the coefficients of the pairs and `b` the change of the intercepts; both change in
    place, and U, zero at first, becomes the change of the scores.  Returns the number of sweeps and
    the worst step times curvature of the last.
    """
    n, k = P.shape
    m = w.size
    s = np.zeros(n)
    curvature = np.zeros(m)
    for t in range(m):
        c = output[t]
        j = feature[t]
        for at in range(indptr[j], indptr[j + 1]):
            i = rows[at]
            curvature[t] += data[at] * data[at] * weight[i] * P[i, c] * (1.0 - P[i, c])
    curvature_b = np.zeros(k)
    if intercept:
        for i in range(n):
            for c in range(k):
                curvature_b[c] += weight[i] * P[i, c] * (1.0 - P[i, c])
    epochs = 0
    full = True
    worst = 0.0
    while epochs < max_epochs:
        epochs += 1
        worst = 0.0
        for t in range(m):
            old = w[t]
            H = curvature[t]
            if (not full and old == 0.0) or H + l2[t] <= 0.0:
                continue
            c = output[t]
            j = feature[t]
            slope = g[t]
            for at in range(indptr[j], indptr[j + 1]):
                i = rows[at]
                slope += data[at] * weight[i] * P[i, c] * (U[i, c] - s[i])
            u = H * old - slope
            if u > l1[t]:
                new = (u - l1[t]) / (H + l2[t])
            elif u < -l1[t]:
                new = (u + l1[t]) / (H + l2[t])
            else:
                new = 0.0
            new = min(max(new, low), high)
            step = new - old
            if step != 0.0:
                w[t] = new
                worst = max(worst, abs(step) * (H + l2[t]))
                for at in range(indptr[j], indptr[j + 1]):
                    i = rows[at]
                    U[i, c] += step * data[at]
                    s[i] += P[i, c] * step * data[at]
        if intercept:
            for c in range(k):
                if curvature_b[c] <= 0.0:
                    continue
                slope = gb[c]
                for i in range(n):
                    slope += weight[i] * P[i, c] * (U[i, c] - s[i])
                step = -slope / curvature_b[c]
                b[c] += step
                worst = max(worst, abs(slope))
                for i in range(n):
                    U[i, c] += step
                    s[i] += P[i, c] * step
        if worst <= tol:
            if full:
                break
            full = True
        else:
            full = False
    return epochs, worst
