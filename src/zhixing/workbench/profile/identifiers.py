"""Keys: columns that name a row instead of describing it."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.finding import Finding
from .view import View, columns, some


def check(view: View) -> Iterator[Finding]:
    found = {
        c.name: c.reason
        for c in view.table.schema
        if c.role == "feature" and c.kind == "identifier"
    }
    if found:
        yield Finding(
            "identifier",
            "info",
            f"{columns(len(found))} identif{'y' if len(found) > 1 else 'ies'} rows: put aside",
            where=some(list(found)),
            evidence={"columns": dict(list(found.items())[:100])},
            cause="a key of the source, or a row number",
            remedy=f"if it is a measure after all, say so: --kind {next(iter(found))}=numeric",
        )
