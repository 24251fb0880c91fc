"""Codecs of single values: numbers JSON lacks, bytes, times, NumPy scalars, types."""

from __future__ import annotations

import base64
import builtins
import datetime as dt
import math
import re
from typing import Any

import numpy as np

from .codec import Codec, Node, expect, refuse

#: NumPy types that may stand in a file, as NumPy spells them without byte order.
DTYPE = re.compile(
    r"(b1|[iu][1248]|f[248]|c8|c16|[US]\d{1,6}|[mM]8(\[\d{0,6}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?)"
)
#: Types used as values, e.g. ``OneHotEncoder(dtype=np.float32)``.
TYPES: dict[str, type] = {
    **{
        f"builtins.{n}": getattr(builtins, n)
        for n in ("bool", "complex", "float", "int", "object", "str")
    },
    **{
        f"numpy.{n}": getattr(np, n)
        for n in (
            "bool_ complex64 complex128 float16 float32 float64 floating int8 int16 int32 int64 "
            "integer number object_ str_ uint8 uint16 uint32 uint64"
        ).split()
    },
}  # fmt: skip
_TYPE_NAMES = {kind: name for name, kind in TYPES.items()}
LONGEST_INT = 100_000  # bits


def dtype_name(dtype: np.dtype) -> str | None:
    """The name of a storable type, byte order dropped; None where it cannot be stored."""
    name = dtype.str[1:]
    return name if dtype.fields is None and DTYPE.fullmatch(name) else None


def dtype_of(name: Any) -> np.dtype:
    """The type of that name, if it is on the list."""
    if name == "O":
        return np.dtype(object)
    if not DTYPE.fullmatch(expect(name, str, "a dtype")):
        raise refuse(f"dtype {name[:40]!r}")
    return np.dtype(name)


def encode_float(value: float, _: Any) -> Node:
    return {"v": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}


def decode_float(node: Node, _: Any) -> float:
    if node["v"] not in ("nan", "inf", "-inf"):
        raise refuse(f"float {str(node['v'])[:40]!r}")
    return float(node["v"])


def encode_int(value: int, _: Any) -> Node:
    if value.bit_length() > LONGEST_INT:
        raise ValueError(f"an integer of {value.bit_length()} bits")
    return {"v": hex(value)}


def decode_int(node: Node, _: Any) -> int:
    text = expect(node["v"], str, "an integer")
    if not re.fullmatch(r"-?0x[0-9a-f]+", text) or len(text) > LONGEST_INT // 4 + 3:
        raise refuse("a large integer")
    return int(text, 16)


def encode_complex(value: complex, encoder: Any) -> Node:
    return {"re": encoder(value.real), "im": encoder(value.imag)}


def decode_complex(node: Node, decoder: Any) -> complex:
    return complex(
        expect(decoder(node["re"]), float, "a real part"),
        expect(decoder(node["im"]), float, "an imaginary part"),
    )


def encode_bytes(value: bytes, _: Any) -> Node:
    return {"v": base64.b64encode(value).decode()}


def decode_bytes(node: Node, _: Any) -> bytes:
    return base64.b64decode(expect(node["v"], str, "bytes"), validate=True)


def encode_time(value: Any, _: Any) -> Node:
    zone = getattr(value, "tzinfo", None)
    if zone is not None and type(zone) is not dt.timezone:
        raise ValueError(
            f"a time zone held as {type(zone).__name__}; use a fixed offset such as UTC"
        )
    return {"v": value.isoformat()}


def _decode_time(kind: Any) -> Any:
    return lambda node, _: kind.fromisoformat(expect(node["v"], str, "a time"))


def encode_delta(value: dt.timedelta, _: Any) -> Node:
    return {"v": [value.days, value.seconds, value.microseconds]}


def decode_delta(node: Node, _: Any) -> dt.timedelta:
    days, seconds, microseconds = (expect(n, int, "a duration") for n in node["v"])
    return dt.timedelta(days, seconds, microseconds)


def encode_span(value: Any, encoder: Any) -> Node:
    return {"v": [encoder(value.start), encoder(value.stop), encoder(value.step)]}


def decode_slice(node: Node, decoder: Any) -> slice:
    start, stop, step = (decoder(n) for n in node["v"])
    return slice(start, stop, step)


def decode_range(node: Node, decoder: Any) -> range:
    start, stop, step = (expect(decoder(n), int, "a range") for n in node["v"])
    return range(start, stop, step)


def encode_dtype(value: np.dtype, _: Any) -> Node:
    name = "O" if value.kind == "O" else dtype_name(value)
    if name is None:
        raise ValueError(f"dtype {value}")
    return {"v": name}


def decode_dtype(node: Node, _: Any) -> np.dtype:
    return dtype_of(node["v"])


def encode_type(value: type, _: Any) -> Node:
    return {"v": _TYPE_NAMES[value]}


def decode_type(node: Node, _: Any) -> type:
    if node["v"] not in TYPES:
        raise refuse(f"type {str(node['v'])[:40]!r}")
    return TYPES[node["v"]]


def is_type(value: Any) -> bool:
    return isinstance(value, type) and value in _TYPE_NAMES


CODECS = (
    Codec("float", (), ("v",), encode_float, decode_float),
    Codec("int", (), ("v",), encode_int, decode_int),
    Codec("complex", (complex,), ("re", "im"), encode_complex, decode_complex),
    Codec("bytes", (bytes,), ("v",), encode_bytes, decode_bytes),
    Codec("datetime", (dt.datetime,), ("v",), encode_time, _decode_time(dt.datetime)),
    Codec("date", (dt.date,), ("v",), encode_time, _decode_time(dt.date)),
    Codec("time", (dt.time,), ("v",), encode_time, _decode_time(dt.time)),
    Codec("timedelta", (dt.timedelta,), ("v",), encode_delta, decode_delta),
    Codec("slice", (slice,), ("v",), encode_span, decode_slice),
    Codec("range", (range,), ("v",), encode_span, decode_range),
    Codec("dtype", (), ("v",), encode_dtype, decode_dtype),
    Codec("type", (), ("v",), encode_type, decode_type),
)
