"""What every weight still owes to the cumulative L1 penalty, at the end of a pass over compressed rows."""

from __future__ import annotations

from ._jit import kernel
from .sgd_step import AVERAGE_SCALE, CUMULATED, SCALE, truncate


@kernel(("f8[::1]", "f8[::1]", "f8[::1]", "f8[::1]"))
def truncate_all(v, r, q, state):
    for j in range(v.size):
        before = v[j]
        truncate(v, state[SCALE], state[CUMULATED], q, j)
        r[j] += state[AVERAGE_SCALE] * (v[j] - before)
