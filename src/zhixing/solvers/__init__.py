"""Engines that minimise (1 / sum weight) sum weight l(y, X w + b) + penalty(w)."""

from .choose import SOLVERS, choose, solve
from .lbfgs import lbfgs
from .newton import newton
from .newton_cg import newton_cg
from .solution import Problem, Solution

__all__ = ["SOLVERS", "Problem", "Solution", "choose", "lbfgs", "newton", "newton_cg", "solve"]
