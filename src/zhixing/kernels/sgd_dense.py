"""One pass of stochastic gradient descent over dense rows."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, prefetch
from .sgd_step import (
    AVERAGE_FROM,
    AVERAGE_INTERCEPT,
    AVERAGE_SCALE,
    AVERAGE_WEIGHT,
    CUMULATED,
    CUT,
    FLOOR,
    INTERCEPT,
    INTERCEPT_STEP,
    PASSIVE_1,
    RULE,
    SCALE,
    SHRINK,
    WITH_LOSS,
    T,
    fold,
    force,
    step_size,
    truncate,
)

#: Rows to look ahead.
AHEAD = 8


@kernel(
    (
        "online_loss",
        "f8[:, ::1]",
        "f8[::1]",
        "f8[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
    ),
    fastmath={"reassoc", "contract"},
)
def sgd_dense(loss, X, y, weight, order, v, r, q, state, options):
    """Visit the rows in `order`; v, r, q and `state` change in place.  Returns the sum of weight loss.

    A row of weight w is w visits in a row: whole ones, or ceil(w) equal parts, at most 32.
    """
    p = X.shape[1]
    total = 0.0
    passive = options[RULE] >= PASSIVE_1
    averaging = options[AVERAGE_FROM] >= 0.0
    for k in range(order.size):
        i = order[k]
        if k + AHEAD < order.size:
            for j in range(0, p, 8):
                prefetch(X, order[k + AHEAD], j)
        visits = min(max(int(np.ceil(weight[i])), 1), 32)
        part = weight[i] / visits
        norm = 0.0
        if passive:
            for j in range(p):
                norm += X[i, j] * X[i, j]
        for _ in range(visits):
            z = 0.0
            for j in range(p):
                z += X[i, j] * v[j]
            z = z * state[SCALE] + state[INTERCEPT]
            if options[WITH_LOSS] > 0.0:
                total += part * loss.value(y[i], z)
            eta = step_size(state, options)
            share = min(part, 1.0) if passive else part  # a passive step goes all the way already
            move = share * force(loss, y[i], z, norm, eta, options)
            if options[SHRINK] > 0.0 and not passive:
                shrink = 1.0 - part * eta * options[SHRINK]
                if shrink <= 0.0:  # the step is too large to shrink; the weights are forgotten
                    state[SCALE] = 0.0
                    fold(v, r, state)
                else:
                    state[SCALE] *= shrink
                    if state[SCALE] < 1e-5:
                        fold(v, r, state)
            if move != 0.0:
                d = move / state[SCALE]
                if averaging:
                    c = d * state[AVERAGE_SCALE]
                    for j in range(p):
                        r[j] += c * X[i, j]
                for j in range(p):
                    v[j] += d * X[i, j]
                if options[FLOOR] > -np.inf:
                    for j in range(p):
                        if v[j] * state[SCALE] < options[FLOOR]:
                            new = options[FLOOR] / state[SCALE]
                            r[j] += state[AVERAGE_SCALE] * (new - v[j])
                            v[j] = new
                state[INTERCEPT] += move * options[INTERCEPT_STEP]
            if options[CUT] > 0.0 and not passive:
                state[CUMULATED] += part * eta * options[CUT]
                scale, cumulated, c = state[SCALE], state[CUMULATED], state[AVERAGE_SCALE]
                if averaging:
                    for j in range(p):
                        before = v[j]
                        truncate(v, scale, cumulated, q, j)
                        r[j] += c * (v[j] - before)
                else:
                    for j in range(p):
                        truncate(v, scale, cumulated, q, j)
            state[T] += part
            if averaging and state[T] > options[AVERAGE_FROM]:
                state[AVERAGE_SCALE] += part * state[SCALE]
                state[AVERAGE_INTERCEPT] += part * state[INTERCEPT]
                state[AVERAGE_WEIGHT] += part
    return total
