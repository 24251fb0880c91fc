"""A tree of JSON and a list of tensors as the object it describes.

Nothing here trusts the tree: tags, fields, names, shapes and references are checked, and only
classes of the registry are built.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import arrays
from .codec import Node, expect, refuse
from .encode import CODECS
from .limits import Limits
from .objects import decode_object
from .registry import class_named


class Decoder:
    """The reverse of `Encoder`."""

    def __init__(self, tensors: list[np.ndarray], limits: Limits | None = None) -> None:
        self.tensors = tensors
        self.limits = limits or Limits()
        self._known: dict[int, Any] = {}
        self._depth = 0
        self._containers: dict[str, Callable[[Node, Any], Any]] = {
            "list": self._list,
            "dict": self._dict,
            "set": self._set,
            "tuple": lambda node, key: tuple(self.sequence(_only(node, "v")["v"])),
            "frozenset": lambda node, key: frozenset(self.sequence(_only(node, "v")["v"])),
            "object": lambda node, key: decode_object(node, self, key),
        }

    def tensor(self, index: Any) -> np.ndarray:
        if type(index) is not int or not 0 <= index < len(self.tensors):
            raise refuse(f"array {str(index)[:20]} of {len(self.tensors)}")
        return self.tensors[index]

    def named(self, pairs: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for pair in expect(pairs, list, "a list of names"):
            name, node = expect(pair, list, "a name with its value")
            if expect(name, str, "a name") in out:
                raise refuse(f"{name[:60]!r} occurs twice")
            out[name] = self(node)
        return out

    def sequence(self, node: Any) -> list[Any]:
        if isinstance(node, dict):
            return arrays.unpack(node, self)
        return [self(item) for item in expect(node, list, "a sequence")]

    def __call__(self, node: Any) -> Any:
        kind = type(node)
        if node is None or kind in (bool, str, int, float):
            return node
        self._depth += 1
        # A leaf may hold a few levels of its own (the state of a generator).
        if self._depth > self.limits.depth + 8:
            raise refuse(f"values lie more than {self.limits.depth} deep")
        try:
            return self.sequence(node) if kind is list else self._node(node)
        finally:
            self._depth -= 1

    def _node(self, node: Node) -> Any:
        tag = expect(node.get("t"), str, "a tag")
        if tag == "ref":
            if _only(node, "v")["v"] not in self._known:
                raise refuse("a reference to nothing")
            return self._known[node["v"]]
        if tag == "class":
            return class_named(_only(node, "v")["v"])
        if tag in self._containers:
            made = self._containers[tag](node, lambda value: self._keep(node, value))
        elif tag in CODECS:
            made = CODECS[tag].decode(_only(node, *CODECS[tag].keys), self)
        else:
            raise refuse(f"tag {tag[:40]!r}")
        if "id" in node and node["id"] not in self._known:
            self._keep(node, made)
        return made

    def _keep(self, node: Node, value: Any) -> None:
        if "id" in node:
            if expect(node["id"], int, "an id") in self._known:
                raise refuse(f"the id {node['id']} occurs twice")
            self._known[node["id"]] = value

    def _list(self, node: Node, key: Any) -> list[Any]:
        made: list[Any] = []
        key(made)
        made.extend(self.sequence(_only(node, "v")["v"]))
        return made

    def _set(self, node: Node, key: Any) -> set[Any]:
        made: set[Any] = set()
        key(made)
        made.update(self.sequence(_only(node, "v")["v"]))
        return made

    def _dict(self, node: Node, key: Any) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        key(made)
        names, values = self.sequence(_only(node, "k", "v")["k"]), self.sequence(node["v"])
        if len(names) != len(values) or len(names) != len(set(map(_typed, names))):
            raise refuse("a dictionary whose keys repeat or do not fit its values")
        made.update(zip(names, values))
        return made


def _typed(key: Any) -> Any:
    # Two NaN keys are two keys, as in the dictionary that was saved.
    return id(key) if key != key else key


def _only(node: Node, *keys: str) -> Node:
    """The node, if it has these fields and no others."""
    if node.keys() - {"t", "id"} != set(keys):
        raise refuse(f"a node of kind {str(node.get('t'))[:40]!r} with fields {sorted(node)[:8]}")
    return node
