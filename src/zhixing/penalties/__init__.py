"""Penalties: what a coefficient vector costs.

A penalty gives ``value(w)``; ``prox(v, step)``, the minimiser over u of (u - v)^2 / (2 step) + the
penalty of u, for one coefficient and compiled into kernels; and ``violation(w, g)``, how far a
coefficient w with loss gradient g is from optimal.  `smooth` penalties give a ``gradient(w)`` too.
The intercept is never penalised.
"""

from .elastic_net import ElasticNet
from .l1 import L1
from .l2 import L2

__all__ = ["L1", "L2", "ElasticNet"]
