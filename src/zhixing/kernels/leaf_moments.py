"""What a ridge regression in a leaf needs of its rows."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    *(
        (
            f"{x}[:, ::1]",
            "u4[::1]",
            "i8[::1]",
            "f8[::1]",
            "f8[::1]",
            "f8[::1]",
            "f8[:, ::1]",
            "f8[::1]",
        )
        for x in ("f8", "f4")
    )
)
def leaf_moments(X, rows, features, g, h, center, gram, slope):
    """Number of rows whose features are all known; fills, over them and with x~ = (x - center, 1),

    center = mean of x, gram = sum h x~ x~', slope = sum g x~.  Beyond 1e100 a value counts as missing.
    """
    k = features.size
    known = 0
    row = np.empty(k + 1)
    row[k] = 1.0
    center[:] = 0.0
    gram[:] = 0.0
    slope[:] = 0.0
    for i in range(rows.size):
        whole = True
        for a in range(k):
            row[a] = np.float64(X[np.int64(rows[i]), features[a]])
            whole &= abs(row[a]) <= 1e100
        if whole:
            known += 1
            for a in range(k):
                center[a] += row[a]
    for a in range(k):
        center[a] /= max(known, 1)
    for i in range(rows.size):
        r = np.int64(rows[i])
        whole = True
        for a in range(k):
            x = np.float64(X[r, features[a]])
            whole &= abs(x) <= 1e100
            row[a] = x - center[a]
        if not whole:
            continue
        for a in range(k + 1):
            weighted = h[r] * row[a]
            slope[a] += g[r] * row[a]
            for b in range(a + 1):
                gram[a, b] += weighted * row[b]
    for a in range(k + 1):
        for b in range(a):
            gram[b, a] = gram[a, b]
    return known
