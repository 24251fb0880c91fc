"""The two scalar facts about l1 |w| + l2 w^2 / 2 on [low, high] that coordinate descent needs."""

from __future__ import annotations

from ._jit import subroutine


@subroutine
def step_to(u, curvature, l1, l2, low, high):
    """The minimiser of curvature v^2 / 2 - u v + l1 |v| + l2 v^2 / 2 over low <= v <= high."""
    if u > l1:
        v = (u - l1) / (curvature + l2)
    elif u < -l1:
        v = (u + l1) / (curvature + l2)
    else:
        v = 0.0
    return min(max(v, low), high)


@subroutine
def downhill(w, slope, l1, l2, low, high):
    """How far the one-sided derivatives at w point downhill; 0 at a minimum."""
    slope += l2 * w
    worst = 0.0
    if w < high:
        worst = max(worst, -(slope + l1) if w >= 0.0 else -(slope - l1))
    if w > low:
        worst = max(worst, slope + l1 if w > 0.0 else slope - l1)
    return worst
