"""Surrogates of the 0-1 loss, as functions of the margin."""

from __future__ import annotations

from typing import Any

import numpy as np

from .exponential import Exponential
from .hinge import Hinge, SquaredHinge
from .logistic import Logistic
from .modified_huber import ModifiedHuber

#: A part for each name; scikit-learn's names where it has one.
MARGIN_LOSSES: dict[str, Any] = {
    "exponential": Exponential(),
    "hinge": Hinge(),
    "log_loss": Logistic(),
    "modified_huber": ModifiedHuber(),
    "perceptron": Hinge(0.0),
    "squared_hinge": SquaredHinge(),
}


def margin_loss(kind: str) -> Any:
    """The convex surrogate of this name; all take y in {0, 1} and one score z per row.

    >>> margin_loss("perceptron")
    Hinge(margin=0.0)
    """
    if kind not in MARGIN_LOSSES:
        raise ValueError(f"margin loss {kind!r} is unknown; choose one of {sorted(MARGIN_LOSSES)}")
    return MARGIN_LOSSES[kind]


def zero_one(y: Any, z: Any, xp: Any = np) -> Any:
    """The 0-1 loss the surrogates stand for: 1 where the sign of z is not that of the class.

    >>> zero_one(np.array([1.0, 0.0]), np.array([2.0, 3.0]))
    array([0., 1.])
    """
    return 1.0 * (xp.sign(y - 0.5) * z <= 0)
