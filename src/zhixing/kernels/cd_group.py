"""Block coordinate descent on a quadratic given by its matrix, one block a row of coefficients."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine

_VECTOR = "f8[::1]"
_MATRIX = "f8[:, ::1]"


@subroutine
def group_facts(g, w, order, l1, l2, rr, ry, violation):
    """Fill the violation of every row in `order`; return the duality gap.

    As `least_squares_gap`, with norms of rows in place of absolute values.
    """
    k = w.shape[1]
    first = 0.0
    second = 0.0
    young = 0.0
    free = 0.0
    scale = np.inf
    for j in order:
        norm = 0.0
        slope = 0.0
        over = 0.0
        inner = 0.0
        for t in range(k):
            norm += w[j, t] * w[j, t]
            slope += g[j, t] * g[j, t]
            inner -= g[j, t] * w[j, t]
            over += (g[j, t] + l2[j] * w[j, t]) ** 2
        norm = np.sqrt(norm)
        slope = np.sqrt(slope)
        over = np.sqrt(over)
        if norm == 0.0:
            violation[j] = max(over - l1[j], 0.0)
        else:
            total = 0.0
            for t in range(k):
                total += (g[j, t] + l2[j] * w[j, t] + l1[j] * w[j, t] / norm) ** 2
            violation[j] = np.sqrt(total)
        if l1[j] == 0.0 and l2[j] == 0.0:
            free += slope * slope
            continue
        first += l1[j] * norm
        second += l2[j] * norm * norm
        if over > 0.0:
            scale = min(scale, l1[j] / over)
        beyond = max(slope - l1[j], 0.0)
        if l2[j] > 0.0:
            young += l1[j] * norm + 0.5 * l2[j] * norm * norm - inner
            young += 0.5 * beyond * beyond / l2[j]
        elif beyond > 0.0:
            young = np.inf
        else:
            young += l1[j] * norm - inner
    squares = rr + second
    s = 1.0
    if squares > 0.0:
        s = max(min(ry / squares, scale), -scale)
    scaled = 0.5 * squares * (1.0 + s * s) + first - s * ry
    return max(min(scaled, young), 0.0) + free


@kernel((_MATRIX, _MATRIX, "i8[::1]", _VECTOR, _VECTOR, "f8", "f8", _VECTOR))
def group_gap_and_violations(g, w, order, l1, l2, rr, ry, violation):
    return group_facts(g, w, order, l1, l2, rr, ry, violation)


@subroutine
def quadratic_group_gap(c, g, w, order, l1, l2, yy, violation):
    rr = yy
    ry = yy
    for j in order:
        for t in range(w.shape[1]):
            rr += w[j, t] * (g[j, t] - c[j, t])
            ry -= w[j, t] * c[j, t]
    return group_facts(g, w, order, l1, l2, max(rr, 0.0), ry, violation)


@kernel(
    (
        *(_MATRIX, _MATRIX, _MATRIX, _MATRIX, "i8[::1]", "i8", _VECTOR, _VECTOR),
        *("f8", "i8", "f8"),
    )
)
def cd_group(G, c, g, w, order, m, l1, l2, yy, max_sweeps, gap_tol):
    """Minimise <W, G W>/2 - <c, W> + sum_j (l1_j |w_j| + l2_j |w_j|^2 / 2), w_j the rows of W.

    As `cd_gram`, with a row of K coefficients for each coefficient there.  Returns the number of
    sweeps and the gap.
    """
    k = w.shape[1]
    violation = np.zeros(g.shape[0])
    new = np.empty(k)
    sweeps = 0
    full = True
    gap = quadratic_group_gap(c, g, w, order, l1, l2, yy, violation)
    while gap > gap_tol and sweeps < max_sweeps:
        moved = False
        for j in order:
            zero = True
            for t in range(k):
                if w[j, t] != 0.0:
                    zero = False
            H = G[j, j]
            if (zero and not full) or H + l2[j] <= 0.0:
                continue
            norm = 0.0
            for t in range(k):
                new[t] = H * w[j, t] - g[j, t]
                norm += new[t] * new[t]
            norm = np.sqrt(norm)
            shrink = (1.0 - l1[j] / norm) / (H + l2[j]) if norm > l1[j] else 0.0
            changed = False
            for t in range(k):
                new[t] = shrink * new[t] - w[j, t]
                if new[t] != 0.0:
                    changed = True
                    w[j, t] += new[t]
            if changed:
                moved = True
                for i in range(m):
                    step = G[j, i]
                    for t in range(k):
                        g[i, t] += step * new[t]
        sweeps += 1
        if full and not moved:
            break
        gap = quadratic_group_gap(c, g, w, order, l1, l2, yy, violation)
        worst = 0.0
        used = 0.0
        for j in order:
            worst = max(worst, violation[j])
            for t in range(k):
                if w[j, t] != 0.0:
                    used = max(used, violation[j])
        full = worst > 2.0 * used or not moved
    return sweeps, gap
