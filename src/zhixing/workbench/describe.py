"""What every column holds, in numbers small enough for a page whatever the table."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ..data import Table

BINS, LEVELS, CELLS = 24, 6, 60
#: Histograms and levels are counted on this many rows of a larger table.
ROWS = 200_000


def describe(table: Table) -> list[dict[str, Any]]:
    """Facts of every column, the target included, in the table's order.

    Missing and distinct counts are of all rows; of more than `ROWS` rows, distributions are those
    of an even sample.
    """
    n = len(table)
    frame = table.frame if n <= ROWS else table.frame.gather_every(-(-n // ROWS))
    return [_one(column, frame[column.name], n) for column in table.schema]


def _one(column: Any, values: pl.Series, n: int) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": column.name,
        "kind": column.kind if column.role == "feature" else column.role,
        "why": column.reason,
        "missing_rate": column.n_missing / max(n, 1),
        "distinct": column.n_distinct,
        "notes": list(column.notes),
        "importance": None,
        "use": "",
    }
    known = values.drop_nulls()
    if not known.len():
        return facts
    if known.dtype.is_numeric() and column.kind in ("numeric", "identifier", "constant"):
        return facts | _numbers(known.cast(pl.Float64).to_numpy())
    if known.dtype.is_temporal():
        return facts | _times(known)
    if column.kind == "text":
        lengths = known.str.len_chars()
        words = f"{lengths.min():,} to {lengths.max():,} characters"  # type: ignore[str-format]
        return facts | {"top": [[words, 1]], "count": 1}
    counts = (
        known.cast(pl.String)
        .rename("level")
        .value_counts(name="rows")
        .sort(["rows", "level"], descending=[True, False])
    )
    top = [[str(level)[:CELLS], int(rows)] for level, rows in counts.head(LEVELS).iter_rows()]
    return facts | {"top": top, "count": known.len()}


def _numbers(values: np.ndarray) -> dict[str, Any]:
    values = np.sort(values[np.isfinite(values)])
    if not len(values):
        return {}
    ranks = np.array([0, 0.25, 0.5, 0.75, 1]) * (len(values) - 1)
    low, q25, median, q75, high = np.interp(ranks, np.arange(len(values)), values).tolist()
    facts: dict[str, Any] = {
        "min": low,
        "q25": q25,
        "median": median,
        "q75": q75,
        "max": high,
        "mean": float(values.mean()),
        "std": float(values.std()),
    }
    if high > low and np.isfinite(high - low):
        # Of sorted values a bin is a slice; as in `np.histogram` the last one holds its right end.
        cuts = np.searchsorted(values, np.linspace(low, high, BINS + 1)[1:-1])
        counts = np.diff(cuts, prepend=0, append=len(values))
        facts["histogram"] = {"low": low, "high": high, "counts": counts.tolist()}
    return facts


def _times(values: pl.Series) -> dict[str, Any]:
    times = values.cast(pl.Datetime("us"))
    counts, _ = np.histogram(times.dt.epoch("us").cast(pl.Float64).to_numpy(), bins=BINS)
    span = [str(times.min())[:19].removesuffix(" 00:00:00"), str(times.max())[:19]]
    span[1] = span[1].removesuffix(" 00:00:00")
    return {
        "min": span[0],
        "max": span[1],
        "histogram": {"low": span[0], "high": span[1], "counts": counts.tolist()},
    }
