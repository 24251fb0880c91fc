"""Cells of another type than the rest of their column."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.finding import Finding
from .view import View, columns, some


def check(view: View) -> Iterator[Finding]:
    found = {c.name: c for c in view.table.schema if c.misfits and c.role == "feature"}
    if not found:
        return
    lost = [c for c in found.values() if c.kind not in ("categorical", "text")]
    column = (lost or list(found.values()))[0]
    cell = next(iter(column.misfits))
    what = (
        "are kept as words, although most of the cells are numbers"
        if not lost
        else f"are no {'dates' if column.kind == 'datetime' else 'numbers'} and count as missing"
    )
    yield Finding(
        "mixed-types",
        "warning" if lost else "tip",
        f"{columns(len(found))} of mixed types: cells like {cell!r} in {column.name!r} {what}",
        where=some(list(found)),
        evidence={
            "columns": {n: {"kind": c.kind, "cells": c.misfits} for n, c in found.items()},
        },
        cause="notes typed into a field of numbers, or two fields in one column",
        remedy=f"correct those cells, or say what the column is: --kind {column.name}=...",
    )
