"""Whole numbers that behave like names of categories."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import f as f_distribution

from ...core.finding import Finding
from .view import View, columns, some

#: Values in fewer rows than `FEWEST` are left out: their means are mostly noise.
MOST_VALUES, FEWEST, GAIN = 30, 15, 0.02


def check(view: View) -> Iterator[Finding]:
    """Numeric columns of 3 to 30 whole values whose levels predict far better than a line does.

    An F test of the lack of fit of a straight line (Bonferroni at 0.1 %) and at least 0.02 of R2
    gained; for classes, on the class where most is gained.
    """
    goal = view.goal
    if goal is None:
        return
    if view.table.classes is not None:
        counts = np.bincount(goal)
        common = [k for k in np.argsort(-counts, kind="stable")[:10] if counts[k] >= 30]
        targets = (goal[:, None] == common).astype(float)
    else:
        targets = goal[:, None].astype(float)
    names = [n for n in view.numeric if 3 <= view.table.schema[n].n_distinct <= MOST_VALUES]
    level = 0.001 / max(len(names) * targets.shape[1], 1)
    found = {}
    for name in names:
        x = view.X[:, view.place[name]]
        values, codes, counts = np.unique(x, return_inverse=True, return_counts=True)
        often = (counts >= FEWEST) & ~np.isnan(values)
        if often.sum() < 3 or (values[often] != np.rint(values[often])).any():
            continue
        rows = often[codes]
        codes = (np.cumsum(often) - 1)[codes[rows]]
        fits = [_gain(values[often], codes, y[rows]) for y in targets.T]
        gain, p, line, means = max(fits, key=lambda fit: fit[0])
        if gain >= GAIN and p < level:
            found[name] = {
                "values": int(often.sum()),
                "r2_line": line,
                "r2_levels": line + gain,
                "p_value": p,
                "mean_by_value": {
                    f"{v:g}": round(float(m), 6) for v, m in zip(values[often], means)
                },
            }
    if found:
        name = max(found, key=lambda key: found[key]["r2_levels"] - found[key]["r2_line"])
        best = found[name]
        yield Finding(
            "integer-codes",
            "tip",
            f"{columns(len(found))} of whole numbers predict{'s' * (len(found) == 1)} better as "
            f"categories, most {name!r}: R2 {best['r2_line']:.3f} as a number, "
            f"{best['r2_levels']:.3f} by value",
            where=some(list(found)),
            evidence={"columns": dict(list(found.items())[:50])},
            cause="codes, or an effect that rises and falls",
            remedy=f"say so: --kind {name}=categorical",
        )


def _gain(
    values: np.ndarray, codes: np.ndarray, y: np.ndarray
) -> tuple[float, float, float, np.ndarray]:
    """Adjusted R2 that level means add to a line, its p-value, the line's R2, and the means."""
    n, k = len(y), len(values)
    counts = np.bincount(codes)
    means = np.bincount(codes, y) / counts
    total = float(((y - y.mean()) ** 2).sum())
    if total <= 0 or n <= k:
        return 0.0, 1.0, 0.0, means
    between = float((counts * (means - y.mean()) ** 2).sum())
    x = values - (counts @ values) / n
    sxy, sxx = float((counts * x * means).sum()), float((counts * x**2).sum())
    line = sxy**2 / sxx
    lack, pure = max(between - line, 0.0), max(total - between, 1e-12 * total)
    p = float(f_distribution.sf(lack / (k - 2) / (pure / (n - k)), k - 2, n - k))
    adjusted = (lack - (k - 2) * pure / (n - k)) / total
    return adjusted, p, line / total, means
