"""A numeric target with a heavy tail, outliers, or a ceiling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View

SKEWED, FAR, CAPPED = 2.0, 20.0, 0.01


def check(view: View) -> Iterator[Finding]:
    if view.table.task != "regression" or view.n < 30:
        return
    y = view.table.y
    name = view.table.target.name if view.table.target else ""
    yield from _tail(view, y, name)
    yield from _capped(y, name)


def _tail(view: View, y: np.ndarray, name: str) -> Iterator[Finding]:
    """Skewness beyond 2, or values more than 20 robust deviations away."""
    d = (y - y.mean()) / (y.std() or 1.0)
    skewness, kurtosis = float((d**3).mean()), float((d**4).mean() - 3)
    median = np.median(y)
    away = np.abs(y - median)
    mad = 1.4826 * float(np.median(away))
    far = int((away > FAR * mad).sum()) if mad > 0 else 0
    if abs(skewness) < SKEWED and not far:
        return
    worst = int(np.argmax(away))
    positive = bool((y > 0).all())
    yield Finding(
        "target-heavy-tail",
        "tip",
        f"the target is skewed or heavy-tailed (skewness {skewness:.1f}, kurtosis {kurtosis:.0f}, "
        f"median {median:g}, most extreme {y[worst]:g})",
        where=name,
        evidence={
            "skewness": skewness,
            "kurtosis": kurtosis,
            "rows_far_out": far,
            "most_extreme": float(y[worst]),
            "row": view.rows([worst])[0],
        },
        cause="amounts that multiply rather than add, or errors of entry",
        remedy="squared error follows the few largest rows: compare with robust or quantile models"
        + (", or predict the logarithm" if positive else ""),
    )


def _capped(y: np.ndarray, name: str) -> Iterator[Finding]:
    """Many rows on the largest (smallest) value of a target that is otherwise fine-grained."""
    if len(np.unique(y)) < 50:
        return
    for value, what in ((float(y.max()), "largest"), (float(y.min()), "smallest")):
        rows = int((y == value).sum())
        if rows < max(10, CAPPED * len(y)) or (what == "smallest" and value == 0):
            continue
        near = np.sort(np.abs(np.unique(y) - value))[1:6]
        usual = float(np.median([(np.abs(y - value) == d).sum() for d in near]))
        if rows > 5 * usual:
            yield Finding(
                "target-capped",
                "tip",
                f"{rows:,} rows ({rows / len(y):.1%}) stand on the {what} target, {value:g}",
                where=name,
                evidence={"value": value, "rows": rows, "share": rows / len(y)},
                cause="values beyond a limit were cut to it",
                remedy="errors there mean little; leave those rows out, or treat them as censored",
            )
