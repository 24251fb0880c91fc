"""Columns that say the same: equal, a linear function of each other, or renamed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

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
    for i, j in enumerate(use):
        z = (view.X[rows, j] - moments.mean[j]) / moments.std[j]
        marks[i] = abs(weight @ np.where(np.isnan(z), 0.0, z))
    order = np.argsort(marks)
    groups: list[list[int]] = []
    for a, b in zip(order[:-1], order[1:]):
        if marks[b] - marks[a] <= 1e-7 * max(marks[b], 1.0) and _same(view, use[a], use[b]):
            if groups and groups[-1][-1] == use[a]:
                groups[-1].append(use[b])
            else:
                groups.append([use[a], use[b]])
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
    found: dict[int, list[str]] = {}
    keys = np.random.default_rng(1).integers(1, 2**62, view.n, dtype=np.uint64)
    names = view.table.columns("categorical", "boolean", "numeric")
    for name in names:
        column = view.table.schema[name]
        if not 2 < column.n_distinct <= min(MOST_LEVELS, view.n // 2):
            continue
        labels = _by_appearance(view.table.frame[name])
        mark = int((keys * (labels.astype(np.uint64) + 1)).sum(dtype=np.uint64))
        found.setdefault(mark, []).append(name)
    for pair in _two_valued(view):
        found.setdefault(pair[0], []).append(pair[1])
    return [group for group in found.values() if len(group) > 1]


def _two_valued(view: View) -> Iterator[tuple[int, str]]:
    keys = np.random.default_rng(2).integers(1, 2**62, view.n, dtype=np.uint64)
    for name in view.table.columns("categorical", "boolean"):
        if view.table.schema[name].n_distinct == 2:
            labels = _by_appearance(view.table.frame[name])
            yield int((keys * (labels.astype(np.uint64) + 1)).sum(dtype=np.uint64)), name


def _by_appearance(values: pl.Series) -> np.ndarray:
    """Codes in the order in which values first appear; missing is a value of its own."""
    if values.dtype.is_float():
        _, first, inverse = np.unique(values.to_numpy(), return_index=True, return_inverse=True)
    else:
        ranks = values.cast(pl.String).fill_null("\0").rank("dense").to_numpy()
        _, first, inverse = np.unique(ranks, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse]
