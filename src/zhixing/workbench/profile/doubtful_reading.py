"""Numbers and dates that could have been read in another way."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.finding import Finding
from .view import View


def check(view: View) -> Iterator[Finding]:
    for column in view.table.schema:
        for note in column.notes:
            if " could " in note:
                yield Finding(
                    "doubtful-reading",
                    "warning",
                    f"{column.name!r}: {'; '.join(column.notes)}",
                    where=column.name,
                    evidence={"notes": list(column.notes), "recipe": column.recipe.as_dict()},
                    cause="both readings fit every cell",
                    remedy="compare with the source; write ISO dates (2024-01-31) and plain numbers",
                )
