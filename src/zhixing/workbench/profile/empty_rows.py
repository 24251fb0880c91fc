"""Rows with hardly any value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ...core.finding import Finding
from .view import View

MOST = 0.8


def check(view: View) -> Iterator[Finding]:
    """Rows that miss more than 80 % of the features (of four at least)."""
    features = view.table.features
    gappy = [name for name, rate in zip(features, view.missing) if rate > 0]
    if len(features) < 4 or len(gappy) < MOST * len(features):
        return
    frame = view.table.frame
    gone = frame.select(pl.sum_horizontal(pl.col(gappy).is_null())).to_series().to_numpy()
    rows = np.flatnonzero(gone > MOST * len(features))
    if rows.size:
        empty = int((gone == len(features)).sum())
        yield Finding(
            "empty-rows",
            "warning",
            f"{rows.size:,} rows miss more than {MOST:.0%} of their values"
            + (f", {empty:,} of them all" if empty else ""),
            where="rows " + ", ".join(map(str, view.rows(rows[:5]))),
            evidence={"rows": int(rows.size), "empty": empty, "first": view.rows(rows[:100])},
            cause="blank lines, failed joins, or cases that were never filled in",
            remedy="drop them: nothing can be learned from them",
        )
