"""Area under any curve by the trapezoidal rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from .labels import check_lengths, column


def auc(x: Any, y: Any) -> float:
    """Area under the points (x, y), x all increasing or all decreasing.

    >>> auc([0, 0.5, 1], [0, 1, 1])
    0.75
    """
    x, y = column(x, "x"), column(y, "y")
    check_lengths(x, y)
    if x.size < 2:
        raise ValueError(
            f"At least 2 points are needed to compute area under curve, but x.shape = {x.shape}"
        )
    step = np.diff(x)
    if (step < 0).any():
        if not (step <= 0).all():
            raise ValueError(f"x is neither increasing nor decreasing : {x}.")
        return -float(np.trapezoid(y, x))
    return float(np.trapezoid(y, x))
