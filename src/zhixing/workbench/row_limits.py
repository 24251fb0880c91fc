"""How many rows the search and the comparison take: so many that their work stays bounded.

The work of a fit grows with rows x features x outputs (an output is a set of coefficients, or a tree
a round; several classes have one each).  Beyond a limit a table is represented by a sample of its
rows: settings and differences worth knowing show on it, and the model that is kept learns from all.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..data import Table
from .split import split

#: Rows of the pilot that counts the features a table becomes.
PILOT = 3_000


class Limit(NamedTuple):
    """The most rows, the most rows x features x outputs, and the rows that are always taken."""

    rows: int
    work: float
    least: int = 4_000


SEARCHED = Limit(40_000, 6e6)
COMPARED = Limit(120_000, 1.6e7)
#: Rows x hinges x outputs that splines may add to the search.
SPLINES = 2e7


def rows_within(limit: Limit, features: float, outputs: int) -> int:
    """The most rows a fit may have.

    >>> rows_within(SEARCHED, 100, 1), rows_within(SEARCHED, 16, 26), rows_within(SEARCHED, 1000, 9)
    (40000, 14423, 4000)
    """
    return max(limit.least, min(limit.rows, int(limit.work / max(1.0, features * outputs))))


def outputs(k: int | None) -> int:
    """Sets of coefficients that k classes need; k is None for numbers."""
    return 1 if k is None or k <= 2 else k


def width(X: Any) -> float:
    """Features of a row; of a sparse matrix those that are not zero."""
    return X.nnz / X.shape[0] if hasattr(X, "indptr") else X.shape[1]


def sample(table: Table, most: int, seed: int) -> Table:
    """At most so many rows: the latest in order of time, whole groups, else classes in proportion."""
    n = len(table)
    if n <= most:
        return table
    if table.time is not None:
        return table.take(np.sort(np.argsort(table.time, kind="stable")[-most:]))
    # Official parts were taken apart long ago: what is left is one of them.
    parts = table.schema.role("split")
    some = table if parts is None else table.without([parts])
    return table.take(split(some, test_size=most / n, seed=seed).test)
