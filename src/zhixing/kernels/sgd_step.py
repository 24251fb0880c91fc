"""What stochastic gradient descent does at one row, apart from touching the features.

The weight vector is kept as scale * v, so that shrinking it costs one product, and the sum of all
iterates as C v - r, so that averaging costs nothing where a row is zero.
"""

from __future__ import annotations

import numpy as np

from ._jit import subroutine

# Places in `state`.
INTERCEPT, T, SCALE, CUMULATED, AVERAGE_SCALE, AVERAGE_INTERCEPT, AVERAGE_WEIGHT = range(7)
# Places in `options`.
RULE, ETA, POWER, SHRINK, CUT, LIMIT, INTERCEPT_STEP, AVERAGE_FROM, FLOOR, WITH_LOSS = range(10)
# Step size rules.
CONSTANT, OPTIMAL, INVERSE, PASSIVE_1, PASSIVE_2 = range(5)


@subroutine
def step_size(state, options):
    """eta at step t: constant, 1 / (alpha (t0 + t)) (Bottou 2010), or eta0 / t^power."""
    rule = options[RULE]
    if rule == OPTIMAL:
        return 1.0 / (options[POWER] * (options[ETA] + state[T]))
    if rule == INVERSE:
        return options[ETA] / state[T] ** options[POWER]
    return options[ETA]


@subroutine
def force(loss, y, z, squared_norm, eta, options):
    """How far to go along x: minus eta times the slope, or what Crammer et al. (2006) prescribe."""
    g, h = loss.derivatives(y, z)
    rule = options[RULE]
    if rule == PASSIVE_1 or rule == PASSIVE_2:
        if g == 0.0:
            return 0.0
        if rule == PASSIVE_1:
            size = 0.0
            if squared_norm > 0.0:
                size = min(options[LIMIT], loss.value(y, z) / squared_norm)
        else:
            size = loss.value(y, z) / (squared_norm + 0.5 / options[LIMIT])
        return -np.sign(g) * size
    return -eta * min(max(g, -1e12), 1e12)


@subroutine
def truncate(v, scale, cumulated, q, j):
    """The cumulative L1 penalty of Tsuruoka et al. (2009): w_j moves to zero by what it still owes."""
    w = v[j] * scale
    down = max(0.0, w - (cumulated + q[j]))
    up = min(0.0, w + (cumulated - q[j]))
    new = down if w > 0.0 else up
    q[j] += new - w
    v[j] = new / scale


@subroutine
def fold(v, r, state):
    """Bring scale back to 1, keeping scale v and C v - r."""
    for j in range(v.size):
        r[j] -= state[AVERAGE_SCALE] * v[j]
        v[j] *= state[SCALE]
    state[AVERAGE_SCALE] = 0.0
    state[SCALE] = 1.0
