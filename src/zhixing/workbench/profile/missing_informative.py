"""Missing values that go with the target."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import norm

from ...core.finding import Finding
from .view import View, columns, some

#: Smallest difference worth telling, in deviations of the target.
EFFECT = 0.2


def check(view: View) -> Iterator[Finding]:
    """Columns where the target's mean differs between rows with and without a value.

    A two-sample z test on the target (for classes: on the class that differs most), corrected for
    the number of columns and classes by Bonferroni at 0.1 %.
    """
    goal = view.goal
    names = [n for n, rate in zip(view.table.features, view.missing) if 0 < rate < 1]
    if goal is None or not names:
        return
    if view.table.classes is not None:
        targets = (goal[:, None] == np.arange(len(view.table.classes))).astype(float)
    else:
        targets = goal[:, None]
    level = 0.001 / (len(names) * targets.shape[1])
    spread = np.maximum(targets.std(axis=0), 1e-300)
    found = {}
    for name in names:
        gone = view.table.frame[name].is_null().to_numpy()
        a, b = targets[gone], targets[~gone]
        if min(len(a), len(b)) < 10:
            continue
        gap = a.mean(axis=0) - b.mean(axis=0)
        error = np.sqrt(spread**2 / len(a) + spread**2 / len(b))
        k = int(np.argmax(np.abs(gap) / error))
        p = 2 * norm.sf(abs(gap[k]) / error[k])
        if p < level and abs(gap[k]) > EFFECT * spread[k]:
            found[name] = {
                "mean_where_missing": float(a[:, k].mean()),
                "mean_where_present": float(b[:, k].mean()),
                "class": None if view.table.classes is None else str(view.table.classes[k]),
                "p_value": float(p),
            }
    if found:
        yield Finding(
            "missing-informative",
            "tip",
            f"whether a value is missing tells about the target in {columns(len(found))}",
            where=some(list(found)),
            evidence={"columns": dict(list(found.items())[:50])},
            cause="values are missing for a reason that has to do with the outcome",
            remedy="keep an indicator of missing; make sure that it is known at prediction",
        )
