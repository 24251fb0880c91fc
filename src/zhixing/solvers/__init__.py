"""Engines that minimise (1 / sum weight) sum weight l(y, X w + b) + penalty(w)."""

from .newton import newton
from .prox_newton import prox_newton
from .solution import Problem, Solution

__all__ = ["Problem", "Solution", "newton", "prox_newton"]
