"""Writes canon.md from the ledger: ``python -m docs.canon``."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
LEDGER = HERE / "canon.tsv"
PAGE = HERE / "canon.md"


class Entry(NamedTuple):
    """One row of the canon: what does it (dotted paths) and where that is shown."""

    id: str
    area: str
    item: str
    paths: tuple[str, ...]
    shown: str


def entries() -> list[Entry]:
    with LEDGER.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [
            Entry(r["id"], r["area"], r["item"], tuple(r["paths"].split()), r["shown"])
            for r in rows
        ]


def page() -> str:
    """The page: one table an area, rows that are not there yet said so."""
    found = entries()
    there = sum(1 for e in found if e.paths)
    lines = [
        "# The canon",
        "",
        "Every method, system, metric and practice this project answers for, and what does it: a name of",
        "this library, or the call of NumPy, SciPy or scikit-learn that already does it exactly.",
        "Generated from `canon.tsv` by `python -m docs.canon`; a test imports every path.",
        "",
        f"**{there} of {len(found)} rows are there.**",
    ]
    for area in dict.fromkeys(e.area for e in found):
        lines += ["", f"## {area}", "", "| id | item | done by | shown by |", "|---|---|---|---|"]
        for e in found:
            if e.area != area:
                continue
            item = e.item.replace("|", "\\|")
            done = ", ".join(f"`{p}`" for p in e.paths) or "not there yet"
            lines.append(
                f"| {e.id} | {item} | {done} | {e.shown or ('-' if not e.paths else '')} |"
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {sum(1 for e in entries() if e.paths)} rows are there")
