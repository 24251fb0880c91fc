"""Columns far from symmetric, or with heavy tails."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some

SKEWED, HEAVY = 2.0, 10.0


def check(view: View) -> Iterator[Finding]:
    """Skewness |g1| over 2 or excess kurtosis g2 over 10, and beyond four standard errors.

    The standard errors under normality are sqrt(6 / n) and sqrt(24 / n).
    """
    m = view.moments
    if not view.numeric:
        return
    n = np.maximum(m.count, 1)
    skewed = (np.abs(m.skewness) > np.maximum(SKEWED, 4 * np.sqrt(6 / n))) & (n >= 30)
    heavy = (m.kurtosis > np.maximum(HEAVY, 4 * np.sqrt(24 / n))) & (n >= 30)
    chosen = np.flatnonzero(skewed | heavy)
    if not chosen.size:
        return
    chosen = chosen[np.argsort(-np.abs(m.skewness[chosen]), kind="stable")]
    low = view.quantile(0.0)
    found = {
        view.numeric[j]: {
            "skewness": float(m.skewness[j]),
            "kurtosis": float(m.kurtosis[j]),
            "transform": "log1p" if low[j] >= 0 and m.skewness[j] > 0 else "Yeo-Johnson",
        }
        for j in chosen[:100]
    }
    name, worst = next(iter(found.items()))
    yield Finding(
        "skewed",
        "info",
        f"{columns(len(chosen))} skewed or heavy-tailed, most {name!r} (skewness "
        f"{worst['skewness']:.1f}, kurtosis {worst['kurtosis']:.0f})",
        where=some(list(found)),
        evidence={"columns": found, "n": len(chosen)},
        remedy="a power or log transform, inside cross-validation; trees need none",
    )
