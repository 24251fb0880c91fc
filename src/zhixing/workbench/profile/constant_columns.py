"""Columns with one value, or nearly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some

#: A column is nearly constant where so few rows differ from its commonest value.
FEW_OTHERS = 0.005


def check(view: View) -> Iterator[Finding]:
    constant = {c.name: c.reason for c in view.table.schema if _is(c, "constant")}
    if constant:
        yield Finding(
            "constant-column",
            "tip",
            f"{columns(len(constant))} with one value or none: put aside",
            where=some(list(constant)),
            evidence={"columns": dict(list(constant.items())[:100]), "n": len(constant)},
            cause="a filter, a default, or a field nobody fills in",
            remedy="leave them out; if they vary in practice, the table is not a fair sample",
        )
    nearly = dict(_nearly(view))
    if nearly:
        yield Finding(
            "near-constant-column",
            "info",
            f"{columns(len(nearly))} nearly constant: one value in over {1 - FEW_OTHERS:.1%} of rows",
            where=some(list(nearly)),
            evidence={"other_rows": dict(list(nearly.items())[:100]), "rows": view.n},
            remedy="they can hardly help; drop them if they are costly to collect",
        )


def _is(column: object, kind: str) -> bool:
    return column.role == "feature" and column.kind == kind  # type: ignore[attr-defined]


def _nearly(view: View) -> Iterator[tuple[str, int]]:
    """Columns and how many rows differ from the commonest value."""
    if view.n < 200:
        return
    limit = FEW_OTHERS * view.n
    X = view.X
    median = view.quantile(0.5)
    others = (~np.isnan(X) & (X != median)).sum(axis=0)
    for name, k, gone in zip(view.numeric, others, np.isnan(X).sum(axis=0)):
        if k + gone < limit:
            yield name, int(k)
    for name, (codes, levels) in view.codes.items():
        rest = view.n - int(np.bincount(codes[codes >= 0], minlength=len(levels)).max(initial=0))
        if rest < limit:
            yield name, rest
    for name in view.table.columns("boolean"):
        true, gone = int(view.table.frame[name].sum()), view.table.frame[name].null_count()
        rest = min(true, view.n - gone - true) + gone
        if rest < limit:
            yield name, rest
