"""Weights that leave few rows with a say."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.finding import Finding
from .view import View

FEW = 0.2


def check(view: View) -> Iterator[Finding]:
    """Kish's effective sample size (sum w)^2 / sum w^2 below a fifth of the rows; zero weights."""
    weight = view.table.weight
    if weight is None:
        return
    name = view.table.schema.role("weight") or ""
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    zeros = int((weight == 0).sum())
    if effective < FEW * view.n:
        yield Finding(
            "uneven-weights",
            "warning",
            f"the weights make {view.n:,} rows count like {effective:,.0f}",
            where=name,
            evidence={"effective_rows": effective, "rows": view.n, "zero_weights": zeros},
            cause="a few rows weigh very much",
            remedy="trim the largest weights; intervals will be wide",
        )
    elif zeros:
        yield Finding(
            "zero-weights",
            "info",
            f"{zeros:,} rows have weight 0 and no say",
            where=name,
            evidence={"rows": zeros},
        )
