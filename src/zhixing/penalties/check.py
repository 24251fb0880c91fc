"""Whether a penalty's parameters make sense, and fit the coefficients."""

from __future__ import annotations

from typing import Any

import numpy as np


def check_penalty(penalty: Any, p: int) -> None:
    """Raise ValueError, naming the parameter, where `penalty` does not suit p coefficients.

    >>> from zhixing.penalties import L1
    >>> check_penalty(L1(-1.0), 3)
    Traceback (most recent call last):
    ValueError: L1: alpha is -1.0; it must not be negative
    """
    check = getattr(penalty, "check", None)  # a penalty of the user's need not have one
    if check is not None:
        check(p)


def require(holds: bool, made: Any, name: str, rule: str) -> None:
    """Raise unless `holds`, saying the value of the field `name` and the rule it breaks."""
    if not holds:
        shown = getattr(made, name)
        raise ValueError(f"{type(made).__name__}: {name} is {shown!r}; it must {rule}")


def require_alpha(made: Any) -> None:
    require(0.0 <= made.alpha < np.inf, made, "alpha", "not be negative")


def require_share(made: Any, name: str = "l1_ratio") -> None:
    require(0.0 <= getattr(made, name) <= 1.0, made, name, "lie between 0 and 1")


def require_weights(made: Any, count: int, of: str) -> None:
    """Weights that are finite, not negative, and one for each of `count` things."""
    weights = made.weights
    if weights.size not in (1, count):
        name = type(made).__name__
        raise ValueError(f"{name}: weights has {weights.size} numbers for {count} {of}")
    good = (weights >= 0.0) & (weights < np.inf)
    if not good.all():
        j = int(np.flatnonzero(~good)[0])
        raise ValueError(
            f"{type(made).__name__}: weights[{j}] is {weights[j]}; weights must be finite and not negative"
        )
