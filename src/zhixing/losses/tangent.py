"""Where losses with an exponential go on along its tangent."""

from __future__ import annotations

#: Beyond |exponent| = 300, e^t is replaced by its tangent there.  The loss stays convex and once
#: differentiable, no |z| up to 1e100 overflows a float64, and no data have a mean near e^300.
LIMIT = 300.0
