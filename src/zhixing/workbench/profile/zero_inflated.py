"""Counts (and amounts) with more zeros or more spread than a Poisson distribution has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View


def check(view: View) -> Iterator[Finding]:
    """Counts: zeros beyond exp(-mean), and variance over mean; amounts: a third of zeros."""
    task = view.table.task
    if task not in ("count", "regression") or view.n < 30:
        return
    y = view.table.y
    name = view.table.target.name if view.table.target else ""
    if y.min() < 0:
        return
    zeros, mean = float((y == 0).mean()), float(y.mean())
    if task == "regression":
        if zeros > 1 / 3:
            yield Finding(
                "zero-inflated",
                "tip",
                f"{zeros:.1%} of the targets are zero",
                where=name,
                evidence={"zeros": zeros},
                cause="whether and how much are two questions",
                remedy="a Tweedie model, or one model for whether and one for how much",
            )
        return
    expected = float(np.exp(-mean))
    error = np.sqrt(expected * (1 - expected) / view.n)
    spread = float(y.var(ddof=1)) / mean if mean > 0 else 1.0
    # Under Poisson (n - 1) s2 / mean is about chi2: 1 +- sqrt(2 / n).
    scattered = spread > 1.5 and spread > 1 + 6 * np.sqrt(2 / view.n)
    if zeros > expected + 4 * error and zeros > 1.2 * expected:
        yield Finding(
            "zero-inflated",
            "tip",
            f"{zeros:.1%} of the counts are zero; a Poisson with their mean has {expected:.1%}",
            where=name,
            evidence={"zeros": zeros, "poisson_zeros": expected, "mean": mean},
            cause="rows that can never have an event, or events that come together",
            remedy="features may explain it; else two models: whether, and how many",
        )
    if scattered:
        yield Finding(
            "overdispersed",
            "tip",
            f"the counts' variance is {spread:.1f} times their mean (Poisson: 1)",
            where=name,
            evidence={"variance_over_mean": spread, "mean": mean},
            cause="the mean differs between rows, or events come together",
            remedy="Poisson intervals would be too narrow; rely on cross-validated ones",
        )
