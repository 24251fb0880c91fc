"""How one kind of value is written into the manifest and read back.

A stored value is JSON: a scalar or a list stands for itself, everything else is a node, an object
``{"t": tag, ...}``.  A `Codec` owns one tag.  `encode` returns the fields of the node and `decode`
takes them back, checking each: a node may come from anyone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from .errors import ModelFileError

T = TypeVar("T")
Node = dict[str, Any]


class Codec(NamedTuple):
    """One tag of the tree: the exact types it stores and its fields."""

    tag: str
    types: tuple[type, ...]
    keys: tuple[str, ...]
    encode: Callable[[Any, Any], Node]
    decode: Callable[[Node, Any], Any]
    #: Kept once and referred to afterwards, because the identity of the value matters.
    shared: bool = False


def expect(value: Any, kind: type[T], what: str) -> T:
    """`value`, if it is exactly of type `kind`."""
    if type(value) is not kind:
        raise ModelFileError(f"{what} is {type(value).__name__}, not {kind.__name__}")
    return value


def refuse(what: str) -> ModelFileError:
    """An error about a node whose content makes no sense."""
    return ModelFileError(f"the manifest is malformed: {what}")
