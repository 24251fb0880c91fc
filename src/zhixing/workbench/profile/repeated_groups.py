"""Several rows of one person, machine or place, and no group given."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from ...core.finding import Finding
from ...data.kinds import is_whole
from .view import View

_GROUP_NAME = re.compile(
    r"(^|_|\b)(id|uid|user|customer|client|patient|subject|person|group|household|family|animal|"
    r"machine|device|sensor|station|series|session|account|store|author|speaker|participant|"
    r"tailnum)(_?(id|no|nr|num|code|name|key|group))?$|[a-z]I[dD]$",
    re.IGNORECASE,
)


def check(view: View) -> Iterator[Finding]:
    """Columns named like a key whose values stand in several rows each, with the target's share.

    The share is the intraclass correlation of the target, (MSB - MSW) / (MSB + (m - 1) MSW): how far
    rows of one group are alike.
    """
    if view.table.groups is not None:
        return
    for column in view.table.schema:
        if column.role != "feature" or not _GROUP_NAME.search(column.name):
            continue
        values = view.table.frame[column.name].drop_nulls()
        d, n = values.n_unique(), values.len()
        if not 10 <= d <= n / 2 or column.kind not in ("categorical", "numeric", "identifier"):
            continue
        if column.kind == "numeric" and (
            n / d > 200 or not is_whole(view.table.frame[column.name])
        ):
            continue
        alike = _alike(view, column.name)
        if alike is not None and alike < 0.05:
            continue
        told = "" if alike is None else f"; the target is alike within them (ICC {alike:.2f})"
        yield Finding(
            "repeated-groups",
            "warning",
            f"{column.name!r} has {d:,} values in {n:,} rows, {n / d:.1f} rows each{told}",
            where=column.name,
            evidence={"groups": d, "rows": n, "icc": alike},
            cause="several rows come from one source",
            remedy=f"if new rows will come from new sources, split by them: --group {column.name}",
        )


def _alike(view: View, name: str) -> float | None:
    """Intraclass correlation of the target; for classes of the class where it is largest."""
    if view.goal is None:
        return None
    values = view.table.frame[name]
    known = values.is_not_null().to_numpy()
    group = (values.cast(pl.String).rank("dense").fill_null(1).to_numpy().astype(np.int64) - 1)[
        known
    ]
    goal = view.goal[known]
    if view.table.classes is None:
        return _icc(goal.astype(float), group)
    largest = np.argsort(-np.bincount(goal), kind="stable")[:10]
    return max(_icc((goal == k).astype(float), group) for k in largest)


def _icc(y: np.ndarray, group: np.ndarray) -> float:
    sizes = np.bincount(group)
    k, n = len(sizes), len(y)
    means = np.bincount(group, y) / sizes
    between = float((sizes * (means - y.mean()) ** 2).sum()) / (k - 1)
    within = float(((y - means[group]) ** 2).sum()) / max(n - k, 1)
    m = (n - float((sizes**2).sum()) / n) / (k - 1)
    spread = between + (m - 1) * within
    return (between - within) / spread if spread > 0 else 0.0
