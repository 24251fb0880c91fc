"""Proximal Newton: a quadratic model of the loss, the penalty as it is.

Lee, Sun and Saunders (2014), algorithm 1.  Where the penalty has an `elastic` form the model is minimised
over a working set of coefficients by coordinate descent, as in Yuan, Ho and Lin (2012), with Newton steps
on the support; any other convex penalty by accelerated proximal gradients on the model's matrix.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.part import needs
from ..data.blocks import Blocks
from ..rounds import Where, here
from .prox_newton_memory import in_memory
from .prox_newton_rounds import by_rounds
from .solution import Problem, Solution


def prox_newton(
    problem: Problem,
    *,
    start: tuple[Any, Any] | None = None,
    max_iter: int = 100,
    tol: float = 1e-6,
    where: Where = here,
) -> Solution:
    """Minimise a loss with curvature plus a convex penalty with a `prox`.

    `tol` bounds the largest violation of the optimality conditions, in units of the gradient of the
    mean loss.  With an `elastic` form (L1, elastic net, weights, ...) rows held in memory as one block are
    solved by working sets, O(n m^2) for m columns that matter; otherwise by rounds with the whole
    Hessian, O(n p^2) each.
    """
    has_form = hasattr(problem.penalty, "elastic")
    needs(problem.penalty, "prox", by="prox_newton", instead="a member of zhixing.penalties")
    if not has_form and not problem.penalty.convex:
        raise TypeError(
            f"prox_newton needs a convex penalty, which {type(problem.penalty).__name__} is not; "
            "use solver='reweighted' (MCP, SCAD) or 'fista'"
        )
    if problem.loss.curvature == "none":
        raise TypeError(
            f"prox_newton needs curvature, which {type(problem.loss).__name__} does not have; "
            "use fista"
        )
    point = start or problem.split(problem.constant())
    if has_form:  # coefficients begin where they are allowed
        form = problem.penalty.elastic()
        if form.low > -np.inf or form.high < np.inf:
            point = np.clip(point[0], form.low, form.high), point[1]
    coupled = not problem.n_outputs or problem.loss.coupled
    if has_form and coupled and where is here and is_one_block(problem.blocks):
        return in_memory(problem, point, max_iter, tol)
    return by_rounds(problem, point, max_iter, tol, where)


def is_one_block(blocks: Blocks) -> bool:
    if not blocks.in_memory:
        return False
    found = iter(blocks)
    next(found)
    return next(found, None) is None
