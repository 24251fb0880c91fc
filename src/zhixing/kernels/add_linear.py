"""What leaves with linear functions add to the scores of rows."""

from __future__ import annotations

import numpy as np

from ._jit import kernel


@kernel(
    *(
        (
            f"{x}[:, ::1]",
            "i4[:, ::1]",
            "f8[::1]",
            "f8[::1]",
            "i8[::1]",
            "i8[::1]",
            "f8[::1]",
            "i8[::1]",
            "f8[:, ::1]",
        )
        for x in ("f8", "f4")
    )
)
def add_linear(X, nodes, value, const, starts, features, coef, outputs, scores):
    """scores[i, outputs[t]] += const + coef'x of the leaf nodes[i, t], or its value.

    The value serves leaves without terms and rows that miss one of the features.
    """
    for i in range(nodes.shape[0]):
        for t in range(nodes.shape[1]):
            node = nodes[i, t]
            total = const[node]
            if starts[node] == starts[node + 1]:
                total = value[node]
            for k in range(starts[node], starts[node + 1]):
                x = np.float64(X[i, features[k]])
                if not abs(x) <= 1e100:  # missing, or beyond what can be squared
                    total = value[node]
                    break
                total += coef[k] * x
            scores[i, outputs[t]] += total
