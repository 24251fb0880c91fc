"""Instances of estimators that cannot be made without arguments, for the contract suites."""

from __future__ import annotations

from typing import Any

#: By the catalogue's name; several instances where a choice changes the code path.
REQUIRED: dict[str, list[Any]] = {}
