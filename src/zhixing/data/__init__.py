"""Anything in, a table out: reading, kinds of columns, target, schema; and rows in blocks.

`read` opens a file, a frame or an array as a `Table`; `Schema.check` fits a new table to a model.
Names are resolved on first use: an estimator that only needs `data.blocks` does not load polars.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .kinds import KINDS, Judgement, Kind, judge
    from .open import load, read
    from .schema import Column, Schema
    from .table import Table
    from .target import TASKS, Target, infer_target

_HOME = {
    "KINDS": "kinds",
    "TASKS": "target",
    "Column": "schema",
    "Judgement": "kinds",
    "Kind": "kinds",
    "Schema": "schema",
    "Table": "table",
    "Target": "target",
    "infer_target": "target",
    "judge": "kinds",
    "load": "open",
    "read": "open",
}

__all__ = [
    "KINDS",
    "TASKS",
    "Column",
    "Judgement",
    "Kind",
    "Schema",
    "Table",
    "Target",
    "infer_target",
    "judge",
    "load",
    "read",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
