"""What a model file says of itself, read without building anything."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .. import persist
from ..core.errors import InputError
from ..data.schema import USABLE
from .run import MODEL


def inspect_model(
    path: str | os.PathLike[str],
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """(everything the file says, its card, the columns it wants) of a model file or a run."""
    place = Path(path).expanduser()
    file = place / MODEL if place.is_dir() else place
    if not file.is_file():
        raise InputError("there is no such model", where=str(path), do="give a model file or a run")
    facts = persist.inspect(file)
    card = facts["metadata"]
    if "estimator" not in card or "target" not in card:
        raise InputError(
            "holds no model of tables", where=str(file), do="see zhixing.persist.inspect"
        )
    schema = facts["schema"] or {}
    columns = [
        {"name": c["name"], "kind": c["kind"]}
        for c in schema.get("columns", [])
        if c["role"] == "feature" and c["kind"] in USABLE
    ]
    return facts, card, columns
