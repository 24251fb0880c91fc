"""A column that calls rows train and test: official parts, and no feature."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.finding import Finding
from .view import View

TRAIN = frozenset(("train", "training", "learn", "learning"))
TEST = frozenset(("test", "testing", "holdout", "hold-out", "hold_out"))
OTHER = frozenset(("valid", "validation", "val", "dev", "eval"))


def check(view: View) -> Iterator[Finding]:
    """Columns of words that hold nothing but names of parts, both train and test among them."""
    for column in view.table.schema:
        if not column.usable or not column.categories:
            continue
        words = {value.strip().lower() for value in column.categories}
        if words & TRAIN and words & TEST and words <= TRAIN | TEST | OTHER:
            yield Finding(
                "official-parts",
                "warning",
                f"{column.name!r} names the parts of an official split, and is used as a feature",
                where=column.name,
                evidence={"values": sorted(column.categories)},
                cause="tables are published with the split that results are reported on",
                remedy=f"hold its test part out (--split {column.name}), or drop it "
                f"(--drop {column.name})",
            )
