"""Columns that say the same: equal, a linear function of each other, or renamed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, some

MOST_LEVELS = 1000


def check(view: View) -> Iterator[Finding]:
    """Groups of columns of which one would do.

    Numbers are compared after centring and scaling, by their product with a random vector and then
    value by value; columns of few values also by which rows share a value, whatever it is called.
    """
    linear = _linear(view)
    groups = linear + [g for g in _renamed(view) if not any(set(g) <= set(h) for h in linear)]
    if groups:
        spare = len({name for group in groups for name in group[1:]})
        pairs = "; ".join(" = ".join(group[:3]) for group in groups[:3])
        yield Finding(
            "duplicate-columns",
            "warning",
            f"{spare} column{'s say' if spare > 1 else ' says'} what another says already: {pairs}",
            where=some(sorted({name for group in groups for name in group})),
            evidence={"groups": groups[:50], "spare": spare},
            cause="the same thing in another unit, coding or spelling",
            remedy="keep one of each group; coefficients and importances are split between them",
        )


def _linear(view: View) -> list[list[str]]:
    moments = view.moments
    use = np.flatnonzero((moments.std > 0) & (moments.count >= 3))
    if use.size < 2:
        return []
    rows = np.arange(view.n) if view.n * use.size <= 2e7 else view.sample[:: max(1, use.size // 50)]
    weight = np.random.default_rng(0).normal(size=len(rows))
    marks = np.empty(use.size)
    for start in range(0, use.size, 256):
        block = use[start : start + 256]
        Z = (view.X[np.ix_(rows, block)] - moments.mean[block]) / moments.std[block]
        np.nan_to_num(Z, copy=False)
        marks[start : start + 256] = np.abs(weight @ Z)
    order = np.argsort(marks).tolist()
    groups: list[list[int]] = []
    for i, j in zip(order[:-1], order[1:]):
        a, b = int(use[i]), int(use[j])
        if marks[j] - marks[i] <= 1e-7 * max(marks[j], 1.0) and _same(view, a, b):
            if groups and groups[-1][-1] == a:
                groups[-1].append(b)
            else:
                groups.append([a, b])
    return [[view.numeric[j] for j in sorted(group)] for group in groups]


def _same(view: View, a: int, b: int) -> bool:
    m = view.moments
    za, zb = ((view.X[:, j] - m.mean[j]) / m.std[j] for j in (a, b))
    both = ~np.isnan(za)
    if not np.array_equal(both, ~np.isnan(zb)):
        return False
    gap = min(np.abs(za[both] - s * zb[both]).max() for s in (1.0, -1.0))
    return bool(gap < 1e-6)


def _renamed(view: View) -> list[list[str]]:
    """Columns of few values in which the same rows are alike."""
    found: dict[tuple[bool, int], list[str]] = {}
    keys = np.random.default_rng(1).integers(1, 2**62, view.n, dtype=np.uint64)
    for name, codes in _codes(view):
        n_values = int(codes.max()) + 1
        # Two numbers of two values each are linear functions of each other, and found as such.
        if n_values < 2 or (n_values == 2 and name in view.place):
            continue
        labels = _by_appearance(codes, n_values).astype(np.uint64)
        mark = int((keys * (labels + np.uint64(1))).sum(dtype=np.uint64))
        found.setdefault((n_values == 2, mark), []).append(name)
    return [group for group in found.values() if len(group) > 1]


def _codes(view: View) -> Iterator[tuple[str, np.ndarray]]:
    """Columns of at most 1,000 values as codes; missing is a value of its own."""
    most = min(MOST_LEVELS, view.n // 2)
    for name, (codes, levels) in view.codes.items():
        if len(levels) <= most:
            yield name, codes + (1 if codes.min() < 0 else 0)
    for name in view.table.columns("boolean"):
        yield name, view.table.frame[name].cast(int).fill_null(2).to_numpy()
    for name in view.numeric:
        if view.table.schema[name].n_distinct <= most:
            yield name, np.unique(view.raw[:, view.place[name]], return_inverse=True)[1]


def _by_appearance(codes: np.ndarray, n_values: int) -> np.ndarray:
    """The codes numbered in the order in which they first appear.

    >>> _by_appearance(np.array([2, 2, 0, 1]), 3).tolist()
    [0, 0, 1, 2]
    """
    first = np.full(n_values, len(codes))
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    place = np.empty(n_values, dtype=np.int64)
    place[np.argsort(first, kind="stable")] = np.arange(n_values)
    return place[codes]
