"""Whether a split is allowed, and what it is worth."""

from __future__ import annotations

import numpy as np

from ._jit import lean
from ._tree_nodes import BOUNDED, MIN_LEAF, MIN_WEIGHT, mean_of, weigh


@lean
def is_plain(options):
    """Whether every cut between two values is allowed that leaves enough rows on both sides."""
    return options[MIN_WEIGHT] <= 0.0 and options[BOUNDED] == 0.0


@lean
def fewest_rows(options):
    """How many rows a side needs, 0 where any will do: then they are not counted."""
    return np.int64(options[MIN_LEAF]) if options[MIN_LEAF] > 1.0 else np.int64(0)


@lean
def judge(criterion, left, total, before, rows, sign, lower, upper, options, a, b):
    """The score of both sides, -inf where they are not allowed.

    left, total: sums; before: rows on the left of `rows`, which are counted only where a leaf needs more
    than one; a, b: memory for the sides as floats.
    Monotone effects as scikit-learn has them: where the feature has one, a side's mean must lie within
    the node's bounds, and the means in the order of the sign.  Where it has none the values of the
    nodes are brought within their bounds afterwards.
    """
    for t in range(total.size):
        a[t] = np.float64(left[t])
        b[t] = np.float64(total[t] - left[t])
    if options[MIN_LEAF] > 1.0 and min(before, rows - before) < options[MIN_LEAF]:
        return -np.inf
    if options[MIN_WEIGHT] > 0.0:
        if min(weigh(a, options), weigh(b, options)) < options[MIN_WEIGHT]:
            return -np.inf
    if options[BOUNDED] > 0.0 and sign != 0:
        u, v = mean_of(a, options), mean_of(b, options)
        if min(u, v) < lower or max(u, v) > upper or sign * (u - v) > 0.0:
            return -np.inf
    return criterion.score(a) + criterion.score(b)
