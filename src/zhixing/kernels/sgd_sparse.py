"""One pass of stochastic gradient descent over compressed rows."""

from __future__ import annotations

import numpy as np

from ._jit import kernel
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


@kernel(
    (
        "online_loss",
        "f8[::1]",
        "i4[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[::1]",
        "i8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
        "f8[::1]",
    ),
)
def sgd_sparse(loss, data, indices, indptr, y, weight, order, v, r, q, state, options):
    """`sgd_dense` over compressed rows, at a cost of the non-zero entries only.

    Sums keep their order here: the compiler would turn scattered reads into slower vectors of them.
    """
    total = 0.0
    passive = options[RULE] >= PASSIVE_1
    averaging = options[AVERAGE_FROM] >= 0.0
    for k in range(order.size):
        i = order[k]
        first, last = indptr[i], indptr[i + 1]
        visits = min(max(int(np.ceil(weight[i])), 1), 32)
        part = weight[i] / visits
        norm = 0.0
        if passive:
            for at in range(first, last):
                norm += data[at] * data[at]
        for _ in range(visits):
            z = 0.0
            for at in range(first, last):
                z += data[at] * v[np.uint32(indices[at])]  # unsigned: no test for negative ones
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
                    for at in range(first, last):
                        r[indices[at]] += c * data[at]
                for at in range(first, last):
                    v[np.uint32(indices[at])] += d * data[at]
                if options[FLOOR] > -np.inf:
                    for at in range(first, last):
                        j = indices[at]
                        if v[j] * state[SCALE] < options[FLOOR]:
                            new = options[FLOOR] / state[SCALE]
                            r[j] += state[AVERAGE_SCALE] * (new - v[j])
                            v[j] = new
                state[INTERCEPT] += move * options[INTERCEPT_STEP]
            if options[CUT] > 0.0 and not passive:
                state[CUMULATED] += part * eta * options[CUT]
                for at in range(first, last):
                    j = indices[at]
                    before = v[j]
                    truncate(v, state[SCALE], state[CUMULATED], q, j)
                    r[j] += state[AVERAGE_SCALE] * (v[j] - before)
            state[T] += part
            if averaging and state[T] > options[AVERAGE_FROM]:
                state[AVERAGE_SCALE] += part * state[SCALE]
                state[AVERAGE_INTERCEPT] += part * state[INTERCEPT]
                state[AVERAGE_WEIGHT] += part
    return total
