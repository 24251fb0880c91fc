"""Rows that follow each other in time, or are sorted by the target."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View

#: Correlation of a row's target with the next one's from which the order matters.
LINKED = 0.2


def check(view: View) -> Iterator[Finding]:
    """A date column in order; rows sorted by the target; a target that the row before predicts."""
    if view.table.time is not None or view.n < 50:
        return
    goal = view.goal
    dates = [n for n in view.table.columns("datetime") if _in_order(view, n)]
    lag = _next_correlation(goal, view.table.classes is not None) if goal is not None else 0.0
    linked = lag > LINKED and lag > 5 / np.sqrt(view.n)
    if goal is not None and not dates and _in_blocks(goal):
        yield Finding(
            "sorted-by-target",
            "info",
            "rows with the same target stand together",
            evidence={"changes": int((np.diff(goal) != 0).sum()), "rows": view.n},
            remedy="nothing to do: rows are shuffled before they are split",
        )
    elif dates:
        also = f", and the target goes with that of the row before (r {lag:.2f})" if linked else ""
        yield Finding(
            "time-ordered",
            "warning" if linked else "tip",
            f"the rows are in the order of {dates[0]!r}{also}",
            where=dates[0],
            evidence={"ordered_by": dates, "next_row_correlation": lag},
            cause="the table is a record in time",
            remedy="a random split lets a model look ahead: hold out the latest rows with "
            f"--time {dates[0]}",
        )
    elif linked:
        yield Finding(
            "linked-rows",
            "tip",
            f"the target goes with that of the row before (r {lag:.2f}): the order of rows tells",
            evidence={"next_row_correlation": lag},
            cause="a record in time, or rows written place by place or group by group",
            remedy="if so, random splits flatter the scores: name the time or the group",
        )


def _in_order(view: View, name: str) -> bool:
    values = view.table.frame[name].drop_nulls()
    return values.n_unique() > 20 and (values.is_sorted() or values.is_sorted(descending=True))


def _next_correlation(goal: np.ndarray, classes: bool) -> float:
    """Correlation of neighbours in the target; for classes of the one that shows it most."""
    if not classes:
        ranks = np.argsort(np.argsort(goal, kind="stable"), kind="stable").astype(float)
        return _corr(ranks[:-1], ranks[1:])
    largest = np.argsort(-np.bincount(goal), kind="stable")[:10]
    marks = [(goal == k).astype(float) for k in largest]
    return max(_corr(m[:-1], m[1:]) for m in marks)


def _corr(a: np.ndarray, b: np.ndarray) -> float:
    if a.std() == 0 or b.std() == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _in_blocks(goal: np.ndarray) -> bool:
    """Whether equal targets stand together: few changes beside the rows of the rarer values."""
    changes = int((np.diff(goal) != 0).sum())
    _, counts = np.unique(goal, return_counts=True)
    return changes < 0.1 * (len(goal) - counts.max())
