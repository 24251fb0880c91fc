"""Whether values are ones a density is defined for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError

#: What each domain asks of x.
DOMAINS = {
    "real": "finite numbers",
    "nonnegative": "numbers not below 0",
    "positive": "numbers above 0",
    "counts": "whole numbers not below 0",
    "binary": "0 and 1",
}


def check_domain(density: Any, X: np.ndarray) -> None:
    """Raise a clear error naming the first value a density is not defined for; NaN passes.

    >>> from zhixing.densities import Poisson
    >>> check_domain(Poisson(), np.array([[1.0, 2.5]]))
    Traceback (most recent call last):
    zhixing.core.errors.InputError: Poisson takes whole numbers not below 0, but X[0, 1] is 2.5
    """
    domain = density.domain
    bad = np.isinf(X)
    if domain in ("nonnegative", "counts"):
        bad |= X < 0
    elif domain == "positive":
        bad |= X <= 0
    elif domain == "binary":
        bad |= (X != 0) & (X != 1) & ~np.isnan(X)
    if domain == "counts":
        bad |= (X != np.floor(X)) & ~np.isnan(X)
    if bad.any():
        at = tuple(int(i) for i in np.argwhere(bad)[0])
        where = ", ".join(map(str, at))
        name = type(density).__name__
        raise InputError(f"{name} takes {DOMAINS[domain]}, but X[{where}] is {X[at]}")
