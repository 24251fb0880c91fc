"""Many p-values at once: adjusted so that the family of statements keeps its level."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def _checked(p_values: ArrayLike) -> np.ndarray:
    p = np.asarray(p_values, dtype=float)
    if p.ndim != 1:
        raise ValueError(f"p-values come as one row, not with {p.ndim} dimensions")
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("p-values lie between 0 and 1; remove the missing ones first")
    return p


def bonferroni(p_values: ArrayLike) -> np.ndarray:
    """Adjusted p-values ``min(1, m p)``: any false rejection among m has probability at most alpha.

    `holm` keeps the same promise and never rejects less.  Dunn (1961).  Cost O(m).

    >>> bonferroni([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.12, 0.09]
    """
    p = _checked(p_values)
    return np.minimum(1.0, p.size * p)


def holm(p_values: ArrayLike) -> np.ndarray:
    """Holm's step-down adjustment: any false rejection has probability at most alpha.

    ``p~_(i) = max_{j <= i} min(1, (m - j + 1) p_(j))`` over the sorted p-values; reject where
    ``p~ <= alpha``.  Valid under every dependence between the tests.  Holm (1979), section 3.
    Cost O(m log m).

    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    stepped = np.minimum(1.0, p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(stepped)
    return adjusted


def benjamini_hochberg(p_values: ArrayLike, *, dependent: bool = False) -> np.ndarray:
    """Adjusted p-values whose rejections are false in expected share at most alpha.

    ``p~_(i) = min_{j >= i} min(1, m p_(j) / j)``: Benjamini and Hochberg (1995), eq. 1, for
    independent or positively dependent tests.  With `dependent` multiplied by ``sum 1/j``, which
    holds under every dependence: Benjamini and Yekutieli (2001), theorem 1.3.  Cost O(m log m).

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    p = _checked(p_values)
    m = p.size
    factor = np.sum(1.0 / np.arange(1, m + 1)) if dependent else 1.0
    order = np.argsort(p, kind="stable")
    stepped = p[order] * (m * factor) / np.arange(1, m + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(stepped[::-1])[::-1])
    return adjusted
