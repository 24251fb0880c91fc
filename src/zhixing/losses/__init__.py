"""Losses: what a raw prediction z costs when the truth is y.

A loss gives ``value(y, z, xp)``, one number per row; ``derivatives(y, z) -> (g, h)``, its first and
second derivative in z, written for one row and compiled into kernels; ``mean(z)``, the prediction in
the units of y; ``start(y, weight)``, the best constant z.  It declares its `domain` (which y it
accepts), its `curvature` (``exact``: h is the second derivative; ``bound``: an upper bound of it;
``none``: h says nothing, and Newton refuses) and its `smoothness`, the largest second derivative.
A loss never sees X.
"""

from .logistic import Logistic
from .softmax import Softmax
from .squared import Squared

__all__ = ["Logistic", "Softmax", "Squared"]
