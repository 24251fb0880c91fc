"""Penalties: what a coefficient vector costs.

A penalty gives ``value(w)``; ``prox(v, step)``, the minimiser over u of |u - v|^2 / (2 step) + the
penalty of u; and ``violation(w, g)``, how far a coefficient w with loss gradient g is from optimal.
The last two take arrays; where the penalty is `separable` they are written for one coefficient, with a
step of its own, and can be compiled into kernels.  `smooth` penalties give a ``gradient(w)`` too, and
those of the form l1 |w| + l2 w^2 / 2 within bounds an ``elastic()``.  The intercept is never penalised.
"""

from .check import check_penalty
from .elastic_net import ElasticNet
from .feasible import Box, L1Ball, L2Ball
from .group_l2 import GroupL2, SparseGroupL2
from .groups import groups_of
from .l0 import L0
from .l1 import L1
from .l2 import L2
from .lp import Lp
from .mcp import MCP
from .protocol import Concave, Coupled, Penalty
from .scad import SCAD
from .slope import Slope, oscar
from .weighted import WeightedElasticNet, WeightedL1, adaptive_l1

__all__ = [
    "L0",
    "L1",
    "L2",
    "MCP",
    "SCAD",
    "Box",
    "Concave",
    "Coupled",
    "ElasticNet",
    "GroupL2",
    "L1Ball",
    "L2Ball",
    "Lp",
    "Penalty",
    "Slope",
    "SparseGroupL2",
    "WeightedElasticNet",
    "WeightedL1",
    "adaptive_l1",
    "check_penalty",
    "groups_of",
    "oscar",
]
