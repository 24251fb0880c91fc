"""Penalties: what a coefficient vector costs.

A penalty gives ``value(w)``; ``prox(v, step)``, the minimiser over u of |u - v|^2 / (2 step) + the
penalty of u; and ``violation(w, g)``, how far a coefficient w with loss gradient g is from optimal.  It
declares whether it is `separable` (a sum over coefficients: each may have a step of its own, and those
whose methods take `xp` can be compiled into kernels), `convex` and `smooth` (a multiple of |w|^2 / 2, with
a ``gradient(w)``).  What more it can say decides which solver is fast:

| also gives | of the form | members | solver |
|---|---|---|---|
| ``gradient(w)`` | a |w|^2 / 2 | L2 | newton, lbfgs, newton_cg |
| ``elastic()`` | l1_j |w_j| + l2_j w_j^2 / 2 within bounds | L1, ElasticNet, weighted, Box | prox_newton |
| ``slope(w)``, not convex | concave in |w_j| | MCP, SCAD | reweighted |
| ``tied(step)`` | couples coefficients | Slope, FusedL1, balls, groups | prox_newton, fista |
| ``at(chosen)`` and ``groups`` | a sum over groups | GroupL2, SparseGroupL2 | the same, working_groups |
| no more | | Lp (1 < p), L0 and Lp (p < 1) | prox_newton; fista |

``check(p)`` says which parameter is wrong.  The intercept is never penalised.
"""

from .check import check_penalty
from .elastic_net import ElasticNet
from .feasible import Box, L1Ball, L2Ball
from .fused_l1 import FusedL1
from .group_l2 import GroupL2, SparseGroupL2
from .groups import groups_of
from .l0 import L0
from .l1 import L1
from .l2 import L2
from .lp import Lp
from .max_norm import MaxNorm
from .mcp import MCP
from .protocol import Concave, Coupled, Grouped, Penalty
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
    "FusedL1",
    "GroupL2",
    "Grouped",
    "L1Ball",
    "L2Ball",
    "Lp",
    "MaxNorm",
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
