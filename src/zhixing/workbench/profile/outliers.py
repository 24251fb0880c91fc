"""Numbers far away from the rest of their column."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some

#: Values beyond the quartiles by this many interquartile ranges (Tukey's "far out").
FAR = 3.0
#: Robust z, distance from the median in 1.4826 MAD, from which a value is told.
EXTREME = 10.0


def check(view: View) -> Iterator[Finding]:
    """Columns with far-out values that are few (under 5 %) and extreme; one finding.

    Columns of which the quartiles or the median deviation coincide are not judged: most of their
    values are equal, and everything else would be far out.
    """
    if not view.numeric or view.n < 20:
        return
    low, median, high = view.quantile(0.25), view.quantile(0.5), view.quantile(0.75)
    spread = high - low
    X = view.X
    far = ((X < low - FAR * spread) | (X > high + FAR * spread)).sum(axis=0)
    use = np.flatnonzero((spread > 0) & (far > 0) & (far < 0.05 * view.n))
    found = {}
    for j in use:
        away = np.abs(X[:, j] - median[j])
        mad = float(np.nanmedian(away if view.n <= 200_000 else away[view.sample]))
        if mad <= 0:
            continue
        worst = int(np.nanargmax(away))
        z = float(away[worst] / (1.4826 * mad))
        if z >= EXTREME:
            found[view.numeric[j]] = {
                "rows": int(far[j]),
                "share": float(far[j] / view.n),
                "most_extreme": float(X[worst, j]),
                "row": view.rows([worst])[0],
                "robust_z": z,
                "quartiles": [float(low[j]), float(median[j]), float(high[j])],
            }
    if found:
        name, worst = max(found.items(), key=lambda item: item[1]["robust_z"])
        yield Finding(
            "outliers",
            "tip",
            f"{columns(len(found))} with values far out, e.g. {worst['most_extreme']:g} in {name!r} "
            f"(median {worst['quartiles'][1]:g}, robust z {worst['robust_z']:.0f})",
            where=some(list(found)),
            evidence={"columns": dict(list(found.items())[:50])},
            cause="errors of entry, another unit, or a heavy tail",
            remedy="check them; a skew transform or a robust model bears them if they are real",
        )
