"""Categorical columns that determine each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from ...core.finding import Finding
from .view import View, some

HIGH_V = 0.9
#: Pairs grow with the square: beyond so many columns only the first are compared, and it is said.
MOST_COLUMNS, MOST_LEVELS = 100, 200


def check(view: View) -> Iterator[Finding]:
    """Pairs with a bias-corrected Cramer's V of 0.9 and more.

    V2 = phi2 / min(r - 1, c - 1), phi2 = chi2 / n, both corrected as in Bergsma (2013).
    """
    names = [n for n in view.words if 2 <= len(view.codes[n][1]) <= MOST_LEVELS]
    compared = names[:MOST_COLUMNS]
    found = {}
    for a, b in combinations(compared, 2):
        v = cramers_v(*(view.codes[name][0] for name in (a, b)))
        if v >= HIGH_V:
            found[a, b] = v
    if found:
        order = sorted(found, key=lambda pair: -found[pair])
        a, b = order[0]
        yield Finding(
            "associated-categories",
            "tip",
            f"{len(found)} pair{'s' * (len(found) > 1)} of categorical columns with Cramer's V of "
            f"{HIGH_V} and more, most {a!r} and {b!r} ({found[a, b]:.3f})",
            where=some(list(dict.fromkeys(name for pair in order for name in pair))),
            evidence={
                "pairs": [[x, y, found[x, y]] for x, y in order[:100]],
                "compared": len(compared),
                "not_compared": len(names) - len(compared),
            },
            cause="one is a coarser form of the other, or both code the same thing",
            remedy="keep the finer one, or one of the two",
        )


def cramers_v(a: np.ndarray, b: np.ndarray) -> float:
    """Bias-corrected Cramer's V of two code columns; rows with -1 in either are left out.

    >>> cramers_v(np.arange(300) % 3, np.arange(300) % 3 + 1) > 0.99
    True
    """
    rows, k = int(a.max()) + 1, int(b.max()) + 1
    if min(a.min(), b.min()) < 0:
        both = (a >= 0) & (b >= 0)
        a, b = a[both], b[both]
    n = len(a)
    if n < 2:
        return 0.0
    cells = a.astype(np.int64) * k + b
    table = np.bincount(cells, minlength=rows * k).reshape(rows, k).astype(float)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    r, c = table.shape
    if min(r, c) < 2:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    phi2 = float(((table - expected) ** 2 / expected).sum()) / n
    phi2 = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    r_, c_ = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    smallest = min(r_, c_) - 1
    return float(min(1.0, np.sqrt(phi2 / smallest))) if smallest > 0 else 0.0
