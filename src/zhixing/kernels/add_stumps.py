"""What stumps say of rows."""

from __future__ import annotations

import numpy as np

from ._jit import kernel

_REST = ("i8[::1]", "f8[::1]", "u1[::1]", "f8[:, :, ::1]", "f8[:, ::1]")


@kernel(("f8[:, ::1]", *_REST), ("f4[:, ::1]", *_REST))
def add_stumps(X, feature, threshold, missing_left, values, out):
    """out[i] += values[t, side of row i in stump t], stump after stump; feature -1 sends all left."""
    outputs = values.shape[2]
    for i in range(X.shape[0]):
        for t in range(feature.size):
            side = 0
            if feature[t] >= 0:
                x = np.float64(X[i, feature[t]])
                side = 0 if x <= threshold[t] or (x != x and missing_left[t]) else 1
            for c in range(outputs):
                out[i, c] += values[t, side, c]
