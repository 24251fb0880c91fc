"""Columns that are missing in the same rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, some


def check(view: View) -> Iterator[Finding]:
    """Groups of columns whose missing rows are the same, at least five of them."""
    names = [n for n, rate in zip(view.table.features, view.missing) if 0 < rate < 1]
    groups: dict[int, list[str]] = {}
    rng = np.random.default_rng(0)
    # Random row keys: the sum over the missing rows tells equal sets of rows apart.
    keys = rng.integers(1, 2**62, view.n, dtype=np.uint64)
    rows: dict[int, int] = {}
    for name in names:
        gone = view.table.frame[name].is_null().to_numpy()
        mark = int(keys[gone].sum(dtype=np.uint64))
        groups.setdefault(mark, []).append(name)
        rows[mark] = int(gone.sum())
    together = [(g, rows[m]) for m, g in groups.items() if len(g) > 1 and rows[m] >= 5]
    if together:
        together.sort(key=lambda item: (-len(item[0]), -item[1]))
        group, n_rows = together[0]
        yield Finding(
            "missing-together",
            "info",
            f"{len(together)} group{'s' * (len(together) > 1)} of columns missing in the same rows, "
            f"e.g. {len(group)} columns in {n_rows:,} rows",
            where=some(group),
            evidence={"groups": [{"columns": g[:50], "rows": r} for g, r in together[:20]]},
            cause="they come from one source, or one question that did not apply",
            remedy="one indicator for the group says it all",
        )
