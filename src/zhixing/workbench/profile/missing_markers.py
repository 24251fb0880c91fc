"""Words that were taken for missing values."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.finding import Finding
from .view import View, columns, some


def check(view: View) -> Iterator[Finding]:
    found = {
        c.name: {k: v for k, v in c.markers.items() if k}
        for c in view.table.schema
        if c.role == "feature" and any(c.markers)
    }
    if found:
        total = sum(sum(cells.values()) for cells in found.values())
        words = sorted({word for cells in found.values() for word in cells})
        yield Finding(
            "missing-markers",
            "info",
            f"{total:,} cells in {columns(len(found))} were read as missing: "
            + ", ".join(map(repr, words[:5])),
            where=some(list(found)),
            evidence={"columns": dict(list(found.items())[:100])},
            remedy="if such a word is a category, spell it out in the file",
        )
