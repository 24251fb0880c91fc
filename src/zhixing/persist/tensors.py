"""The member ``arrays.safetensors``: a header the manifest already determines, then the numbers.

The format is safetensors' own (any reader of it opens the member), written and read in a stream so
that no second copy of the arrays is ever held.  The reader does not interpret the header: it
rebuilds it from the manifest's table of types and shapes, which was checked against the size of the
file, and compares byte by byte.  So overlapping, missing, or oversized tensors cannot be expressed.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

import numpy as np

from .codec import expect, refuse
from .errors import ModelFileError
from .storage import TENSOR_NAMES, TENSOR_TYPES, check_shape

Table = list[list[Any]]


def table_of(tensors: list[np.ndarray]) -> Table:
    """Type and shape of every tensor, for the manifest."""
    return [[TENSOR_NAMES[t.dtype.str[1:]], list(t.shape)] for t in tensors]


def _order(table: Table) -> list[int]:
    # Wide items first keeps each tensor aligned to its own width.
    return sorted(range(len(table)), key=lambda i: -np.dtype(TENSOR_TYPES[table[i][0]]).itemsize)


def header(table: Table) -> bytes:
    """The header of safetensors for these tensors, padded to a multiple of eight."""
    entries, start = {}, 0
    for i in _order(table):
        kind, shape = table[i]
        end = start + int(np.prod(shape, dtype=object)) * np.dtype(TENSOR_TYPES[kind]).itemsize
        entries[str(i)] = {"dtype": kind, "shape": shape, "data_offsets": [start, end]}
        start = end
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def size_of(table: Table) -> int:
    """Bytes of the whole member."""
    bytes_of = (
        int(np.prod(shape, dtype=object)) * np.dtype(TENSOR_TYPES[kind]).itemsize
        for kind, shape in table
    )
    return len(header(table)) + sum(bytes_of)


def write(stream: IO[bytes], tensors: list[np.ndarray]) -> None:
    table = table_of(tensors)
    stream.write(header(table))
    for i in _order(table):
        if tensors[i].size:
            stream.write(tensors[i].reshape(-1).view("u1").data)


def check_table(table: Any, room: int) -> Table:
    """The table of a manifest, if its tensors fill `room` bytes exactly."""
    left = room
    for entry in expect(table, list, "the table of arrays"):
        kind, shape = expect(entry, list, "an array of the table")
        if expect(kind, str, "a tensor type") not in TENSOR_TYPES:
            raise refuse(f"tensor type {kind[:40]!r}")
        left -= check_shape(shape, np.dtype(TENSOR_TYPES[kind]).itemsize, left)
    if size_of(table) != room:
        raise ModelFileError(
            f"arrays.safetensors holds {room} bytes and the manifest describes {size_of(table)}"
        )
    return table


def read(stream: IO[bytes], table: Table) -> list[np.ndarray]:
    """The tensors of a checked table: fresh, writable arrays."""
    expected = header(table)
    if stream.read(len(expected)) != expected:
        raise ModelFileError("the header of arrays.safetensors does not agree with the manifest")
    tensors: list[Any] = [None] * len(table)
    for i in _order(table):
        kind, shape = table[i]
        tensors[i] = np.empty(shape, np.dtype("<" + TENSOR_TYPES[kind]))
        if tensors[i].size:
            _fill(tensors[i].reshape(-1).view("u1").data, stream)
    if stream.read(1):
        raise ModelFileError("arrays.safetensors is longer than the manifest says")
    return tensors


def _fill(target: memoryview, stream: IO[bytes]) -> None:
    at = 0
    while at < len(target):
        n = stream.readinto(target[at : at + 2**24])  # type: ignore[attr-defined]
        if not n:
            raise ModelFileError("arrays.safetensors ends too early")
        at += n
