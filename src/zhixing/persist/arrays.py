"""Codecs of NumPy arrays and scalars, and long plain sequences kept as arrays."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import Any

import numpy as np

from .codec import Codec, Node, expect, refuse
from .scalars import dtype_name, dtype_of
from .storage import check_items, check_shape, from_tensor, packing, to_tensor

#: Shorter sequences are written into the manifest value by value.
LONG = 32


def encode_array(value: np.ndarray, encoder: Any) -> Node:
    name = dtype_name(value.dtype)
    if name is None:
        raise ValueError(f"an array of dtype {value.dtype}")
    tensor, order = to_tensor(value)
    return {"i": encoder.store(tensor), "dtype": name, "order": order}


def decode_array(node: Node, decoder: Any) -> np.ndarray:
    return from_tensor(decoder.tensor(node["i"]), node["dtype"], node["order"])


def encode_objects(value: np.ndarray, encoder: Any) -> Node:
    return {"shape": list(value.shape), "v": encoder.sequence(value.ravel().tolist())}


def decode_objects(node: Node, decoder: Any) -> np.ndarray:
    items = decoder.sequence(node["v"])
    if check_shape(node["shape"], 1, len(items)) != len(items):
        raise refuse(f"{len(items)} objects in an array of shape {node['shape']}")
    array = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        array[i] = item
    return array.reshape(node["shape"])


def encode_masked(value: np.ma.MaskedArray, encoder: Any) -> Node:
    return {
        "data": encoder(np.asarray(value.data)),
        "mask": encoder(np.ma.getmaskarray(value)),
        "fill": encoder(value.fill_value),
    }


def decode_masked(node: Node, decoder: Any) -> np.ma.MaskedArray:
    data, mask = (expect(decoder(node[k]), np.ndarray, "a masked array") for k in ("data", "mask"))
    if mask.shape != data.shape or mask.dtype != bool:
        raise refuse("a mask that does not fit its array")
    return np.ma.MaskedArray(data, mask, fill_value=decoder(node["fill"]))


def encode_scalar(value: np.generic, _: Any) -> Node:
    # As an array an empty text has one item, which is what `frombuffer` needs to read it back.
    array = np.asarray(value, value.dtype.newbyteorder("<"))
    name = dtype_name(array.dtype)
    if name is None:
        raise ValueError(f"a NumPy scalar of dtype {value.dtype}")
    return {"dtype": name, "v": array.tobytes().hex()}


def decode_scalar(node: Node, _: Any) -> Any:
    dtype = dtype_of(node["dtype"])
    raw = bytes.fromhex(expect(node["v"], str, "a scalar"))
    if dtype.hasobject or len(raw) != dtype.itemsize or not raw:
        raise refuse("a NumPy scalar of the wrong size")
    check_items(np.frombuffer(raw, packing(dtype)[0]), dtype)
    return np.frombuffer(raw, dtype)[0]


def is_index(value: Any) -> bool:
    """Whether `value` is a flat pandas Index; pandas need not be installed."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.Index) and value.nlevels == 1


def from_index(value: Any) -> Any:
    """The labels of a pandas Index as an array, anything else as it is.

    scikit-learn keeps an Index where it means an array of names; a loaded model needs no pandas.
    """
    if not is_index(value):
        return value
    text = value.dtype.kind == "O"
    return np.asarray(value, dtype=object) if text else np.asarray(value)


def pack(items: list[Any], encoder: Any) -> Node | None:
    """A long sequence of one plain type as an array; None where it is not one."""
    kinds = set(map(type, items))
    if len(items) < LONG or len(kinds) > 1:
        return None
    kind = kinds.pop()
    if kind is float:
        return {"kind": "float", "i": encoder.store(np.array(items, "<f8"))}
    if kind is int and -(2**63) <= min(items) and max(items) < 2**63:
        return {"kind": "int", "i": encoder.store(np.array(items, "<i8"))}
    if kind is str:
        texts = [text.encode("utf-8", "surrogatepass") for text in items]
        ends = np.cumsum([0, *map(len, texts)], dtype="<i8")
        joined = np.frombuffer(b"".join(texts), "u1")
        return {"kind": "str", "i": encoder.store(joined), "ends": encoder.store(ends)}
    return None


def unpack(node: Node, decoder: Any) -> list[Any]:
    """The sequence that `pack` stored."""
    kind, values = node.get("kind"), decoder.tensor(node.get("i"))
    stored = {"float": "f8", "int": "i8", "str": "u1"}.get(str(kind))
    if values.ndim != 1 or values.dtype.str[1:] != stored:
        raise refuse("a packed sequence")
    if kind != "str":
        return values.tolist()
    ends = decoder.tensor(node.get("ends"))
    if ends.ndim != 1 or ends.dtype != np.int64 or ends.size == 0:
        raise refuse("the ends of a packed sequence of text")
    if ends[0] != 0 or ends[-1] != values.size or np.any(ends[1:] < ends[:-1]):
        raise refuse("the ends of a packed sequence of text")
    data = values.tobytes()
    return [data[a:b].decode("utf-8", "surrogatepass") for a, b in pairwise(ends.tolist())]


CODECS = (
    Codec("array", (), ("i", "dtype", "order"), encode_array, decode_array, shared=True),
    Codec("objects", (), ("shape", "v"), encode_objects, decode_objects, shared=True),
    Codec("masked", (), ("data", "mask", "fill"), encode_masked, decode_masked, shared=True),
    Codec("scalar", (), ("dtype", "v"), encode_scalar, decode_scalar),
)
