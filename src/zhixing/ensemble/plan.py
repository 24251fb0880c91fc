"""A booster as a choice of parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..growth.newton_tree import NewtonTree
from .combining import Adding, Combining
from .linear_leaves import LinearLeaves
from .sampling import ALL_ROWS, Sampling
from .watching import Stopping


@dataclass(frozen=True)
class Plan:
    """What a named booster is made of; `ensemble.boosting` puts it to work.

    loss: a part, or a user's loss (see `objective.objective_for`), whose second derivatives count
    `curvature` times (0: they count as 1, which is first-order boosting).  start: "best" for the loss's
    best constant, "newton" for one Newton step from 0, else the score itself.
    """

    loss: Any
    rounds: int
    combining: Combining = field(default_factory=Adding)
    tree: Any = field(default_factory=NewtonTree)
    leaves: LinearLeaves | None = None
    sampling: Sampling = ALL_ROWS
    features_per_tree: float = 1.0
    max_bins: int = 255
    curvature: float = 1.0
    start: Any = "best"
    stopping: Stopping | None = None
    metrics: Any = None  # names or functions that judge watched rows
    validation_fraction: float | None = None
    watch_training: bool = False  # tell the training loss each round
    monotone: Any = None
    interaction: Any = None
    warm: bool = False
