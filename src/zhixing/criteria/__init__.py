"""Criteria: what a node of a tree is worth, told from a few sums over its rows.

A criterion gives ``add(s, y, weight)``, which adds one row to the sums; ``score(s)``, minus weight
times impurity up to a term that splitting leaves unchanged; and ``leaf(s)``, what a leaf predicts.
A split gains ``score(left) + score(right) - score(both)``.  `target` says what y is: ``classes``
(codes), ``numbers``, ``counts`` (not negative) or ``medians`` (numbers whose order matters).
Compiled loops take the `form` of a criterion, a `Convex`: two functions of the means make four criteria.
"""

from .absolute import Absolute
from .convex import Convex
from .entropy import Entropy
from .friedman import FriedmanSquared
from .gini import Gini
from .poisson import Poisson
from .protocol import Criterion
from .squared import Squared

__all__ = [
    "Absolute",
    "Convex",
    "Criterion",
    "Entropy",
    "FriedmanSquared",
    "Gini",
    "Poisson",
    "Squared",
]
