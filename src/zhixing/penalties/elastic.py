"""The common form of the penalties that fast loops are written for."""

from __future__ import annotations

from typing import Any, NamedTuple


class Elastic(NamedTuple):
    """l1 |w| + l2 w^2 / 2 for low <= w <= high: what a penalty's `elastic` returns.

    One compiled loop then serves every penalty of this form, instead of one for each.  l1 and l2 may be
    arrays (p,), one entry a coefficient.
    """

    l1: Any = 0.0
    l2: Any = 0.0
    low: float = -float("inf")
    high: float = float("inf")
