"""Older formats, brought up to date one step at a time.

`FORMAT` grows whenever a file written before would be read wrongly: a class renamed, an attribute
laid out anew.  The step that grows it comes with a function here, from the manifest of the older
format to that of the next, and every archive under ``tests/persist/archives`` must go on loading.
A parameter that is merely added needs no step: it keeps its default.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FORMAT = 1

#: The step from a format to the next.
STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def migrated(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest in the current format."""
    for number in range(manifest["format"], FORMAT):
        manifest = STEPS[number](manifest) | {"format": number + 1}
    return manifest
