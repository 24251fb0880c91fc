"""Penalties over groups by working sets: most groups are zero, and are read once a round only."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.part import needs
from ..penalties.groups import labels_of
from ..rounds import Where, here
from .fista import fista
from .prox_newton import is_one_block, prox_newton
from .solution import Problem, Solution
from .working_sets import working_sets

#: Unknowns up to which a working set is solved by `prox_newton`, and by `fista` beyond.
MOST = 1000


def working_groups(
    problem: Problem,
    *,
    start: tuple[Any, Any] | None = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Minimise a loss with curvature plus a penalty over groups, rows in memory as one block.

    `tol` bounds the largest violation of the optimality conditions, in units of the gradient of the mean
    loss.  One pass over X a round, and O(n m^2) a step on m columns; see `working_sets`.
    """
    penalty = problem.penalty
    needs(penalty, "at", "groups", by="working_groups", instead="prox_newton or fista")
    if problem.loss.curvature == "none":
        raise TypeError(
            f"working_groups needs curvature, which {type(problem.loss).__name__} does not have; "
            "use fista"
        )
    if where is not here or not is_one_block(problem.blocks):
        raise TypeError("working_groups reads columns of one block in memory; use fista")
    return working_sets(
        problem,
        _engine,
        start=start or problem.split(problem.constant()),
        labels=labels_of(penalty.groups, problem.blocks.n_features),
        restrict=penalty.at,
        max_iter=max_iter,
        tol=tol,
        name="working_groups",
    )


def _engine(problem: Problem, **options: Any) -> Solution:
    few = int(np.prod(problem.shape)) <= MOST
    return (prox_newton if few else fista)(problem, **options)
