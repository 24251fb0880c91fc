"""How far the objective of a least-squares problem can still be from its minimum."""

from __future__ import annotations

import numpy as np

from .terms import Terms, violations


def gap(terms: Terms, w: np.ndarray, u: np.ndarray, rr: float, ry: float) -> float:
    """Duality gap of  |y - X w|^2 / 2 + terms(w)  from u = X'r, r'r and r'y with r = y - X w.

    Two dual points are tried and the smaller gap returned.  (a) s r, with the best s that keeps it
    in the feasible set |X_j'(s r) - s l2_j w_j| <= l1_j; the l2 term counts as further rows of X
    (Fercoq et al. 2015).  (b) r itself, where the conjugate of every
    coefficient's penalty is finite: l2_j > 0 or a bound (Dünner et al. 2016, section 5.2).
    Coefficients without any penalty have no dual bound; they add their squared downhill slope
    instead, as in scikit-learn.
    """
    free = (terms.l1 == 0.0) & (terms.l2 == 0.0)
    free &= not (np.isfinite(terms.low) and np.isfinite(terms.high))
    slope = violations(terms.at(free), w[free], -u[free])
    rest = float(slope @ slope)
    l1, l2, w, u = terms.l1[~free], terms.l2[~free], w[~free], u[~free]

    scaled = np.inf
    if terms.high == np.inf and terms.low in (-np.inf, 0.0):
        over = u - l2 * w
        over = over if terms.low == 0.0 else np.abs(over)
        up = over > 0.0
        scale = float((l1[up] / over[up]).min(initial=np.inf))
        squares = rr + float(l2 @ (w * w))
        s = 1.0
        if squares > 0.0:
            s = max(min(ry / squares, scale), 0.0 if terms.low == 0.0 else -scale)
        scaled = 0.5 * squares * (1.0 + s * s) + float(l1 @ np.abs(w)) - s * ry

    with np.errstate(divide="ignore", invalid="ignore"):
        best = np.sign(u) * np.maximum(np.abs(u) - l1, 0.0) / l2
    best = np.clip(np.nan_to_num(best, nan=0.0, posinf=np.inf, neginf=-np.inf), *terms[2:])
    young = np.inf
    if np.isfinite(best).all():
        young = float(
            l1 @ (np.abs(w) - np.abs(best)) + 0.5 * (l2 @ (w * w - best * best)) + u @ (best - w)
        )
    return max(min(scaled, young), 0.0) + rest
