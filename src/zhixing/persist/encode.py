"""A fitted object as a tree of JSON and a list of tensors."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from . import arrays, functions, randomness, scalars, sparse
from .codec import Codec, Node
from .errors import ModelFileError
from .limits import Limits
from .objects import encode_object
from .registry import kind_of, name_of
from .scalars import is_type

#: Every codec of leaf values, by tag.
CODECS: dict[str, Codec] = {
    codec.tag: codec
    for module in (scalars, arrays, sparse, randomness, functions)
    for codec in module.CODECS
}
BY_TYPE = {kind: codec for codec in CODECS.values() for kind in codec.types}
CONTAINERS = {list: "list", tuple: "tuple", set: "set", frozenset: "frozenset", dict: "dict"}


class Encoder:
    """Turns values into nodes; shared and cyclic references are kept as such.

    >>> encoder = Encoder()
    >>> encoder.tree({"alpha": 0.5, "names": ["a", "b"]})
    {'t': 'dict', 'k': ['alpha', 'names'], 'v': [0.5, ['a', 'b']]}
    >>> encoder.tree({"f": lambda x: x}, "model")
    Traceback (most recent call last):
    zhixing.persist.errors.ModelFileError: model['f'] is a function, which ...
    """

    def __init__(self, limits: Limits | None = None, *, tensors: bool = True) -> None:
        self.limits = limits or Limits()
        self.tensors: list[np.ndarray] | None = [] if tensors else None
        self._seen: dict[int, tuple[Any, Node]] = {}
        self._open: dict[int, bool] = {}
        self._path: list[str] = []
        self._ids = 0

    def tree(self, value: Any, name: str = "value") -> Any:
        """The node of a whole value; errors say where in `name` the trouble lies."""
        self._path = [name]
        return _plain(self(value))

    def store(self, tensor: np.ndarray) -> int:
        if self.tensors is None:
            raise ValueError("an array or a long sequence among facts kept as JSON")
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def at(self, step: str, value: Any) -> Any:
        self._path.append(step)
        node = self(value)
        self._path.pop()
        return node

    def named(self, items: Iterable[tuple[str, Any]]) -> list[Any]:
        return [[name, self.at(f".{name}", value)] for name, value in items]

    def sequence(self, items: list[Any]) -> Any:
        """The values of a container, packed into a tensor where they are many and alike."""
        if self.tensors is not None and (packed := arrays.pack(items, self)) is not None:
            return packed
        return [self.at(f"[{i}]", item) for i, item in enumerate(items)]

    def __call__(self, value: Any) -> Any:
        kind = type(value)
        if value is None or kind in (bool, str):
            return value
        if kind is int:
            small = -(2**63) <= value < 2**63
            return value if small else self._leaf(CODECS["int"], value)
        if kind is float:
            return value if math.isfinite(value) else self._leaf(CODECS["float"], value)
        if id(value) in self._seen:
            return self._again(value)
        if len(self._path) > self.limits.depth:
            raise self._error("lies too deep", "flatten it")
        codec = self._codec(value)
        if codec is not None:
            node = self._leaf(codec, arrays.from_index(value))
            if codec.shared:
                self._seen[id(value)] = (value, node)
            return node
        return self._container(value)

    def _codec(self, value: Any) -> Codec | None:
        kind = type(value)
        if kind in BY_TYPE:
            return BY_TYPE[kind]
        if kind in (np.ndarray, np.memmap):
            return CODECS["objects" if value.dtype == object else "array"]
        if arrays.is_index(value):
            return CODECS["objects" if value.dtype.kind == "O" else "array"]
        if kind is np.ma.MaskedArray:
            return CODECS["masked"]
        if isinstance(value, np.generic):
            return CODECS["scalar"]
        if isinstance(value, np.dtype):
            return CODECS["dtype"]
        if is_type(value):
            return CODECS["type"]
        if functions.is_function(value):
            return CODECS["function"]
        return CODECS["scorer"] if functions.scorer_name(value) else None

    def _leaf(self, codec: Codec, value: Any) -> Node:
        try:
            return {"t": codec.tag, **codec.encode(value, self)}
        except ModelFileError:
            raise
        except ValueError as error:
            raise self._error(f"is {error}", "convert it first") from error

    def _again(self, value: Any) -> Node:
        node = self._seen[id(value)][1]
        if "id" not in node:
            self._ids += 1
            node["id"] = self._ids
        if self._open.get(id(value)):
            raise self._error("contains itself", "break the cycle")
        return {"t": "ref", "v": node["id"]}

    def _container(self, value: Any) -> Node:
        if isinstance(value, type) and name_of(value):
            return {"t": "class", "v": name_of(value)}
        return self._contents(value)

    def _contents(self, value: Any) -> Node:
        kind = type(value)
        node: Node = {"t": CONTAINERS.get(kind, "object")}
        if kind not in CONTAINERS and name_of(kind) is None:
            raise self._refusal(value)
        self._seen[id(value)] = (value, node)
        # What is built in one step from its contents cannot be among them.
        self._open[id(value)] = kind in (tuple, frozenset) or (
            kind not in CONTAINERS and kind_of(kind) in ("tuple", "record")
        )
        if kind is dict:
            node["k"] = self.sequence(list(value))
            node["v"] = self._values(value)
        elif kind in CONTAINERS:
            node["v"] = self.sequence(list(value))
        else:
            node |= encode_object(value, self)
        del self._open[id(value)]
        return node

    def _values(self, value: dict[Any, Any]) -> Any:
        values = list(value.values())
        if self.tensors is not None and (packed := arrays.pack(values, self)) is not None:
            return packed
        return [self.at(f"[{str(key)[:40]!r}]", item) for key, item in value.items()]

    def _refusal(self, value: Any) -> ModelFileError:
        kind = type(value)
        if callable(value) and hasattr(value, "__code__"):
            what, do = (
                "a function",
                "use a transformer of the library, or its name where one is taken",
            )
        elif isinstance(value, type):
            what, do = (
                f"the class {value.__module__}.{value.__qualname__}",
                "keep an instance or a name",
            )
        else:
            what = f"a {kind.__module__}.{kind.__qualname__}"
            do = "keep plain data, or register the class (zhixing.persist.register)"
        return self._error(f"is {what}, which a model file cannot hold", do)

    def _error(self, what: str, do: str) -> ModelFileError:
        return ModelFileError(f"{''.join(self._path)} {what}", do=do)


def _plain(node: Any) -> Any:
    """Lists that nobody refers to again are written as JSON lists."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _plain(value) for key, value in node.items()}
    bare = node.get("t") == "list" and "id" not in node and isinstance(node["v"], list)
    return node["v"] if bare else node
