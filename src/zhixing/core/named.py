"""Estimators by name: how a family uses one of another family.

Siblings of a floor import nothing of one another, so that each can be read and loaded alone.  An
ensemble whose default member is a tree says so by its name in the catalogue, and the family is
imported when such a member is made.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def named(name: str, **parameters: Any) -> Any:
    """An instance of the estimator of that dotted name.

    >>> named("linear_model.Ridge", alpha=2.0)
    Ridge(alpha=2.0)
    """
    family, _, cls = name.rpartition(".")
    package = import_module(f"..{family}", __package__)
    return getattr(package, cls)(**parameters)
