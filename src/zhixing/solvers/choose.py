"""Which solver for which problem: the whole rule in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from ..penalties import check_penalty
from .lbfgs import lbfgs
from .newton import newton
from .newton_cg import newton_cg
from .solution import Problem, Solution


def _prox_newton(problem: Problem, **options: Any) -> Solution:
    from .prox_newton import prox_newton

    return prox_newton(problem, **options)


def _reweighted(problem: Problem, **options: Any) -> Solution:
    from .reweighted import reweighted

    return reweighted(problem, **options)


def _working_groups(problem: Problem, **options: Any) -> Solution:
    from .working_groups import working_groups

    return working_groups(problem, **options)


def _fista(problem: Problem, **options: Any) -> Solution:
    from .fista import fista

    return fista(problem, **options)


def _gradient_descent(problem: Problem, **options: Any) -> Solution:
    from .gradient_descent import gradient_descent

    return gradient_descent(problem, **options)


def _bfgs(problem: Problem, **options: Any) -> Solution:
    from .quasi_newton import bfgs

    return bfgs(problem, **options)


def _dfp(problem: Problem, **options: Any) -> Solution:
    from .quasi_newton import dfp

    return dfp(problem, **options)


def _sgd(problem: Problem, **options: Any) -> Solution:
    from .svrg import sgd

    return sgd(problem, **options)


def _minibatch(problem: Problem, **options: Any) -> Solution:
    from .svrg import minibatch

    return minibatch(problem, **options)


#: Solvers by name: ``solver(problem, start=None, max_iter=..., tol=...) -> Solution``.
SOLVERS: dict[str, Callable[..., Solution]] = {
    "newton": newton,
    "lbfgs": lbfgs,
    "newton_cg": newton_cg,
    "prox_newton": _prox_newton,
    "fista": _fista,
    "reweighted": _reweighted,
    "working_groups": _working_groups,
    # Never chosen by the table: for comparison.
    "gd": _gradient_descent,
    "bfgs": _bfgs,
    "dfp": _dfp,
    "sgd": _sgd,
    "minibatch": _minibatch,
}


def choose(problem: Problem) -> str:
    """The name of the solver that suits a problem.

    | penalty | loss | data | solver |
    |---|---|---|---|
    | l1 and l2 terms | with curvature | any | prox_newton |
    | the same within bounds | with curvature | in memory as one block | prox_newton |
    | concave in abs(w), finite slope (MCP, SCAD) | with curvature | any | reweighted |
    | any other convex | with curvature | up to 500 unknowns, 100 if sparse | prox_newton |
    | groups | with curvature | larger, in memory as one block | working_groups |
    | any other with a prox | smooth | any | fista |
    | smooth | without curvature | any | lbfgs |
    | smooth | with | sparse and over 100 unknowns, or over 2,000, in memory | newton_cg |
    | smooth | with | sparse, up to 100 unknowns | newton |
    | smooth | with | dense, k > 2 outputs, p k^2 over 128, in memory as one block | newton_cg |
    | smooth | with | dense, p k^2 up to 128, or few rows and up to 500 unknowns | newton |
    | smooth | with | otherwise | lbfgs |
    """
    if not problem.penalty.smooth:
        return _for_kinks(problem)
    if problem.loss.curvature == "none":
        return "lbfgs"
    first = next(iter(problem.blocks))
    unknowns = int(np.prod(problem.shape))
    if (sparse.issparse(first.X) and unknowns > 100) or unknowns > 2000:
        return "newton_cg" if problem.blocks.in_memory and first.n and _is_one(problem) else "lbfgs"
    if sparse.issparse(first.X):
        return "newton"
    work = problem.blocks.n_features * max(problem.n_outputs, 1) ** 2
    if work > 128 and problem.n_outputs > 2 and problem.blocks.in_memory and _is_one(problem):
        # The Hessian of k outputs costs p k^2 a row, its product with a vector p k.
        return "newton_cg"
    if work <= 128 or (unknowns <= 500 and first.n <= 20 * unknowns):
        return "newton"
    return "lbfgs"


def _for_kinks(problem: Problem) -> str:
    penalty = problem.penalty
    if problem.loss.curvature == "none":
        return "fista"
    if not penalty.convex:
        return "reweighted" if has_tangent(penalty) else "fista"
    if hasattr(penalty, "elastic"):
        return "prox_newton" if _elastic(problem) else "fista"
    most = 100 if sparse.issparse(next(iter(problem.blocks)).X) else 500
    if int(np.prod(problem.shape)) <= most:
        return "prox_newton"
    if hasattr(penalty, "at") and problem.blocks.in_memory and _is_one(problem):
        return "working_groups"
    return "fista"


def has_tangent(penalty: Any) -> bool:
    """Whether the penalty lies below its tangents in |w|, the one at zero among them."""
    if penalty.convex or not hasattr(penalty, "slope"):
        return False
    return bool(np.isfinite(penalty.slope(np.zeros(1))).all())


def _elastic(problem: Problem) -> bool:
    """Whether the model of the loss can be minimised coefficient by coefficient."""
    form = problem.penalty.elastic()
    free = form.low == -np.inf and form.high == np.inf
    coupled = not problem.n_outputs or problem.loss.coupled
    return free or (coupled and problem.blocks.in_memory and _is_one(problem))


def _is_one(problem: Problem) -> bool:
    blocks = iter(problem.blocks)
    next(blocks)
    return next(blocks, None) is None


def solve(problem: Problem, solver: str = "auto", **options: Any) -> Solution:
    """Solve with the named solver, or with the one the table chooses."""
    check_penalty(problem.penalty, problem.blocks.n_features)
    name = choose(problem) if solver == "auto" else solver
    if name not in SOLVERS:
        raise ValueError(f"solver={solver!r} is not one of {sorted(SOLVERS)} or 'auto'")
    return SOLVERS[name](problem, **options)
