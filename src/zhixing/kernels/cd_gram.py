"""Coordinate descent on a quadratic given by its matrix."""

from __future__ import annotations

from ._jit import kernel


@kernel(("f8[:, ::1]", "f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]", "f8", "f8", "i8", "f8"))
def cd_gram(G, g, w, l1, l2, low, high, max_epochs, tol):
    """Minimise w'Gw/2 - c'w + sum_j (l1_j |w_j| + l2_j w_j^2 / 2) over low <= w_j <= high.

    g holds the gradient G w - c at the w given and is kept up to date with it, so a step of one
    coordinate costs one row of G, and a coordinate that stays costs nothing.  Full sweeps alternate
    with sweeps over the coordinates that are not at zero.  Returns the number of sweeps and the
    largest |step| times curvature in the last full one, which is then at most `tol`.
    """
    p = w.size
    epochs = 0
    full = True
    worst = 0.0
    while epochs < max_epochs:
        epochs += 1
        worst = 0.0
        for j in range(p):
            old = w[j]
            if not full and old == 0.0:
                continue
            curvature = G[j, j] + l2[j]
            if curvature <= 0.0:
                continue
            u = G[j, j] * old - g[j]
            if u > l1[j]:
                new = (u - l1[j]) / curvature
            elif u < -l1[j]:
                new = (u + l1[j]) / curvature
            else:
                new = 0.0
            new = min(max(new, low), high)
            step = new - old
            if step != 0.0:
                w[j] = new
                worst = max(worst, abs(step) * curvature)
                for i in range(p):
                    g[i] += step * G[j, i]
        if worst <= tol:
            if full:
                break
            full = True
        else:
            full = False
    return epochs, worst
