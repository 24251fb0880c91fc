"""Missing values by column and rate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some

MANY = 0.5


def check(view: View) -> Iterator[Finding]:
    """One finding for columns that miss more than half, one for the others."""
    names, rates = view.table.features, view.missing
    for several, many in ((True, rates > MANY), (False, (rates > 0) & (rates <= MANY))):
        chosen = np.flatnonzero(many)
        if chosen.size:
            yield _finding(view, [names[j] for j in chosen], rates[chosen], several)


def _finding(view: View, names: list[str], rates: np.ndarray, many: bool) -> Finding:
    order = np.argsort(-rates, kind="stable")
    named = {names[j]: round(float(rates[j]), 6) for j in order[:100]}
    worst = next(iter(named))
    spread = f"from {rates.min():.1%} to {rates.max():.1%}" if len(names) > 1 else f"{rates[0]:.1%}"
    return Finding(
        "mostly-missing" if many else "missing-values",
        "warning" if many else "info",
        f"{columns(len(names))} mis{'s' if len(names) > 1 else 'ses'} "
        f"{'most of its' if many and len(names) == 1 else 'most' if many else 'some'} values: {spread}",
        where=some(list(named)),
        evidence={"rates": named, "columns": len(names), "rows": view.n},
        cause="not asked, not measured, or lost on the way",
        remedy=f"see what {worst!r} can still tell; drop what cannot be known at prediction"
        if many
        else "filled in inside cross-validation, by a method that depends on the rate",
    )
