"""Too few rows: in all, for the columns there are, or of a class."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View

FEW, FEW_OF_CLASS, PER_FEATURE = 300, 30, 10


def check(view: View) -> Iterator[Finding]:
    n, p = view.n, _width(view)
    if n < FEW:
        yield Finding(
            "too-few-rows",
            "warning" if n < 100 else "tip",
            f"{n} rows: scores will have wide intervals",
            evidence={"rows": n},
            remedy="expect little of small differences between models; collect more rows",
        )
    if n < PER_FEATURE * p:
        yield Finding(
            "too-few-rows-per-column",
            "warning" if n < 2 * p else "tip",
            f"{n:,} rows for about {p:,} columns once encoded ({n / p:.1f} per column)",
            evidence={"rows": n, "columns": p},
            remedy="penalised models only; drop columns that are known not to matter",
        )
    classes = view.table.classes
    if classes is not None:
        counts = np.bincount(view.table.codes, minlength=len(classes))
        few = {str(classes[k]): int(counts[k]) for k in np.flatnonzero(counts < FEW_OF_CLASS)}
        if few:
            name, rows = min(few.items(), key=lambda item: item[1])
            yield Finding(
                "too-few-rows-of-class",
                "warning",
                f"{len(few)} class{'es' * (len(few) > 1)} with fewer than {FEW_OF_CLASS} rows, "
                f"least {name!r}: {rows}",
                where=view.table.target.name if view.table.target else "",
                evidence={"counts": few},
                remedy="merge classes, collect more, or do not expect a reliable score for them",
            )


def _width(view: View) -> int:
    """Columns after one-hot encoding, high cardinalities counted as one (target encoding)."""
    width = 0
    for column in view.table.schema:
        if column.usable and column.kind == "categorical":
            width += column.n_distinct if column.n_distinct <= 50 else 1
        elif column.usable and column.kind != "text":
            width += 1
    return max(width, 1)
