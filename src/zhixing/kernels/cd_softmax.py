"""Coordinate descent on the second-order model of a softmax loss."""

from __future__ import annotations

import numpy as np

from ._jit import kernel
from .elastic import downhill, step_to

_RUNS = ("f8[::1]", "i4[::1]", "i8[::1]")
_VECTOR = "f8[::1]"
_MATRIX = "f8[:, ::1]"


@kernel(
    (
        *_RUNS,
        *("i8[::1]", "i8[::1]", _MATRIX, _MATRIX, "b1"),
        *(_VECTOR, _VECTOR, _VECTOR, _VECTOR, "f8", "f8"),
        *(_VECTOR, _VECTOR, _MATRIX, "i8", "f8"),
    )
)
def cd_softmax(
    data,
    rows,
    indptr,
    feature,
    first,
    P,
    H,
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
    max_sweeps,
    rough,
):
    """Minimise the model of the loss around P over pairs (feature, output) and the intercepts.

    P and H are transposed, (k, n): the probabilities, and the same times the row weights.  The model
    is <g, d> + d'Bd/2 with (B u)_ik = H_ik (u_ik - sum_l P_il u_il) for u = X d.  The pairs of output
    c are first[c] to first[c + 1]; `w` holds their coefficients and `b` the change of the intercepts.
    Both change in place, and U, zero at first, becomes the change of the scores, (k, n).

    Returns the number of sweeps and the worst derivative seen on the way in the last full one, which
    is then at most `rough` times that of the first.
    """
    k, n = P.shape
    m = w.size
    s = np.zeros(n)
    curvature = np.zeros(m)
    curvature_b = np.zeros(k)
    for c in range(k):
        for t in range(first[c], first[c + 1]):
            j = feature[t]
            for at in range(indptr[j], indptr[j + 1]):
                i = rows[at]
                curvature[t] += data[at] * data[at] * H[c, i] * (1.0 - P[c, i])
        if intercept:
            for i in range(n):
                curvature_b[c] += H[c, i] * (1.0 - P[c, i])
    sweeps = 0
    full = True
    start = -1.0
    worst = 0.0
    while sweeps < max_sweeps:
        sweeps += 1
        worst = 0.0
        for c in range(k):
            Pc, Hc, Uc = P[c], H[c], U[c]
            for t in range(first[c], first[c + 1]):
                old = w[t]
                B = curvature[t]
                if (not full and old == 0.0) or B + l2[t] <= 0.0:
                    continue
                j = feature[t]
                slope = g[t]
                for at in range(indptr[j], indptr[j + 1]):
                    i = rows[at]
                    slope += data[at] * Hc[i] * (Uc[i] - s[i])
                worst = max(worst, downhill(old, slope, l1[t], l2[t], low, high))
                step = step_to(B * old - slope, B, l1[t], l2[t], low, high) - old
                if step != 0.0:
                    w[t] = old + step
                    for at in range(indptr[j], indptr[j + 1]):
                        i = rows[at]
                        Uc[i] += step * data[at]
                        s[i] += Pc[i] * step * data[at]
            if intercept and curvature_b[c] > 0.0:
                slope = gb[c]
                for i in range(n):
                    slope += Hc[i] * (Uc[i] - s[i])
                worst = max(worst, abs(slope))
                step = -slope / curvature_b[c]
                b[c] += step
                for i in range(n):
                    Uc[i] += step
                    s[i] += Pc[i] * step
        if start < 0.0:
            start = worst
        if worst <= rough * start:
            if full:
                break
            full = True
        else:
            full = False
    return sweeps, worst
