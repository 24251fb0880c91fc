"""Equal features with different labels: the best that any model can reach."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View


def check(view: View) -> Iterator[Finding]:
    """For classes: rows whose features also stand with another label, and the accuracy ceiling.

    For numbers: the R2 that remains after the spread within equal features (pure error).
    """
    goal = view.goal
    if goal is None or not view.table.features:
        return
    _, group = np.unique(view.row_hashes, return_inverse=True)
    sizes = np.bincount(group)
    if view.table.classes is None:
        yield from _numbers(view, goal, group, sizes)
        return
    n_classes = len(view.table.classes)
    cell, counts = np.unique(group * n_classes + goal, return_counts=True)
    best = np.zeros(len(sizes), dtype=np.int64)
    np.maximum.at(best, cell // n_classes, counts)
    rows = int(sizes[best < sizes].sum())
    if not rows:
        return
    ceiling, share = float(best.sum() / view.n), rows / view.n
    mixed = np.flatnonzero(best < sizes)
    example = np.flatnonzero(group == mixed[np.argmax(sizes[mixed])])
    other = example[goal[example] != goal[example[0]]][0]
    best_case = f"be right in more than {ceiling:.2%}" if ceiling < 0.9999 else "be right in all"
    yield Finding(
        "conflicting-labels",
        # Many rows may share features that one stray label conflicts with: what it costs decides.
        "warning" if 1 - ceiling > 0.01 else "info",
        f"{rows:,} rows ({share:.2%}) have the features of a row with another label: no model can "
        + best_case,
        where="e.g. rows {} and {}".format(*view.rows([example[0], other])),
        evidence={"rows": rows, "share": share, "accuracy_ceiling": ceiling},
        cause="labels that err, or features that do not tell these cases apart",
        remedy="look at such rows; correct labels, or add what would tell them apart",
    )


def _numbers(view: View, y: np.ndarray, group: np.ndarray, sizes: np.ndarray) -> Iterator[Finding]:
    repeated = sizes[group] > 1
    if repeated.sum() < max(20, 0.02 * view.n):
        return
    mean = np.bincount(group, y) / sizes
    pure = float(((y - mean[group]) ** 2)[repeated].sum())
    freedom = float(sizes[sizes > 1].sum() - (sizes > 1).sum())
    variance = float(y.var())
    if variance <= 0 or pure <= 0:
        return
    ceiling = 1 - (pure / freedom) / variance
    if ceiling < 0.99:
        yield Finding(
            "conflicting-labels",
            "info",
            f"{int(repeated.sum()):,} rows share their features with others but not the target: R2 "
            f"can hardly exceed {max(ceiling, 0):.2f} there",
            evidence={"rows": int(repeated.sum()), "r2_ceiling": ceiling},
            cause="noise, or features that do not tell these cases apart",
            remedy="add what would tell them apart; do not expect more of a model",
        )
