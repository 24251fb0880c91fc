"""The `xp` that a part's `value` sees inside a loop: NumPy's names, for one number.

Numba's own `clip` takes arrays only and its `where` returns one; everything else is NumPy's.
`_jit` registers the functions below.
"""

from __future__ import annotations

from numpy import abs, exp, expm1, log, log1p, sign, sqrt, tanh  # noqa: F401


def clip(x, low, high):
    return min(max(x, low), high)


def where(condition, x, y):
    return x if condition else y
