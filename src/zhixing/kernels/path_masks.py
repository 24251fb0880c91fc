"""For every leaf of a tree and every row, the features on whose conditions the row fails."""

from __future__ import annotations

import numpy as np

from ._jit import kernel, subroutine
from ._shap import BEFORE, ENTER, FEATURE, INPUTS, KIND, LEAVES, LEVEL, NODE, ROWS, UP, states


@kernel(
    (
        *INPUTS,
        "i8[::1]",
        "i8[:, ::1]",
        "i8",
        "i8[::1]",
        "i8[:, ::1]",
        "i8[:, ::1]",
    )
)
def path_masks(
    columns, codes, feature, threshold, missing_left, sets, set_of, left, steps, levels, leaf,
    asked, masks,
):  # fmt: skip
    """leaf (leaves,): its node; asked (leaves, m): the features of its path, then -1; masks (leaves, rows).

    Bit j of masks[leaf, i] is 1 if row i fails a condition on asked[leaf, j].
    """
    state = np.zeros((levels, ROWS), np.int64)
    fails = np.zeros((levels, ROWS), np.int64)
    bit, asks = np.empty(levels, np.int64), np.empty(levels, np.int64)
    distinct = np.zeros(levels + 1, np.int64)
    for begin in range(0, columns.shape[1], ROWS):
        made = 0
        for j in range(steps.shape[0]):
            step = steps[j]
            if step[KIND] != ENTER:
                continue
            level, before = step[LEVEL], step[BEFORE]
            if level:
                fail(state[level - 1], step[UP] & 1, bit[level - 1], fails[level - 1], fails[level])
            states(
                step, columns, codes, begin, feature, threshold, missing_left, sets, set_of, state
            )
            bit[level] = bit[before] if before >= 0 else distinct[level]
            asks[bit[level]] = step[FEATURE]
            distinct[level + 1] = distinct[level] + np.int64(before < 0)
            for side in range(2):
                if step[LEAVES] & (side + 1):
                    to = masks[made, begin : begin + ROWS]
                    fail(state[level], side, bit[level], fails[level], to)
                    leaf[made] = left[step[NODE]] + side
                    for k in range(asked.shape[1]):
                        asked[made, k] = asks[k] if k < distinct[level + 1] else -1
                    made += 1


@subroutine
def fail(state, side, bit, above, to):
    """to = above, with the bit set for rows that do not go to that side."""
    mask = np.int64(1) << bit
    for i in range(ROWS):
        to[i] = above[i] | (mask if state[i] != side + 1 else 0)
