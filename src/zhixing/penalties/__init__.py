"""Penalties: what a coefficient vector costs.

A penalty gives ``value(w)``; ``prox(v, step)``, the minimiser over u of |u - v|^2 / (2 step) + the
penalty of u; and ``violation(w, g)``, how far a coefficient w with loss gradient g is from optimal.
The last two take arrays; where the penalty is `separable` they are written for one coefficient, with a
step of its own, and can be compiled into kernels.  `smooth` penalties give a ``gradient(w)`` too, and
those of the form l1 |w| + l2 w^2 / 2 within bounds an ``elastic()``.  The intercept is never penalised.
"""

from .elastic_net import ElasticNet
from .l1 import L1
from .l2 import L2

__all__ = ["L1", "L2", "ElasticNet"]
