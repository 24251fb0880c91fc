"""Whether targets are ones a loss is defined for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError

#: What each domain asks of y.
DOMAINS = {
    "real": "finite numbers",
    "nonnegative": "numbers not below 0",
    "positive": "numbers above 0",
    "binary": "numbers in [0, 1]",
    "sign": "two classes coded 0 and 1, or -1 and +1",
    "classes": "class codes 0, 1, 2, ... below the loss's n_outputs",
    "distribution": "rows of probabilities that sum to 1",
}


def check_domain(loss: Any, y: Any) -> None:
    """Raise a clear error naming the first target the loss is not defined for.

    >>> from zhixing.losses import Poisson
    >>> check_domain(Poisson(), np.array([1.0, -2.0]))
    Traceback (most recent call last):
    zhixing.core.errors.InputError: Poisson takes numbers not below 0, but y[1] is -2.0
    """
    y = np.asarray(y)
    name = type(loss).__name__
    power = getattr(loss, "power", None)
    if power is not None and 0.0 < power < 1.0:
        raise InputError(f"{name} has no distribution for power {power}", do="use 0 or 1 and above")
    bad = ~np.isfinite(y)
    domain = loss.domain
    if domain == "nonnegative":
        bad |= y < 0
    elif domain == "positive":
        bad |= y <= 0
    elif domain == "binary":
        bad |= (y < 0) | (y > 1)
    elif domain == "sign":
        bad |= (y != 1) & ((y != -1) if (y == -1).any() else (y != 0))
    elif domain == "classes":
        bad |= (y != np.floor(y)) | (y < 0) | (y >= loss.n_outputs)
    elif domain == "distribution":
        bad |= (y < 0) | ~np.isclose(y.sum(axis=-1, keepdims=True), 1.0, rtol=0, atol=1e-6)
    if bad.any():
        at = tuple(int(i) for i in np.argwhere(bad)[0])
        where = ", ".join(map(str, at))
        raise InputError(f"{name} takes {DOMAINS[domain]}, but y[{where}] is {y[at]}")
