"""Rows that stand more than once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View


def check(view: View) -> Iterator[Finding]:
    """Rows equal in every feature and in the target."""
    if view.table.target is None or not view.table.features:
        hashes = view.row_hashes
    else:
        both = [*view.table.features, view.table.target.name]
        hashes = view.table.frame.select(both).hash_rows(seed=1).to_numpy()
    distinct, counts = np.unique(hashes, return_counts=True)
    spare = view.n - len(distinct)
    if not spare:
        return
    share = spare / view.n
    first = view.rows(np.flatnonzero(hashes == distinct[np.argmax(counts)])[:5])
    yield Finding(
        "duplicate-rows",
        "warning" if share > 0.05 else "info",
        f"{spare:,} of {view.n:,} rows ({share:.1%}) repeat an earlier row",
        where=f"e.g. rows {', '.join(map(str, first))}",
        evidence={"rows": spare, "share": share, "most_repeated": int(counts.max())},
        cause="few distinct values, a join that multiplied rows, or data collected twice",
        remedy="if they are copies, drop them: copies on both sides of a split flatter the scores",
    )
