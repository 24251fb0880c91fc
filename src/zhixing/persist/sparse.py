"""Codecs of SciPy's sparse matrices and arrays.

Indices are checked in full: SciPy's compiled loops trust them, so a wrong one would read or write
memory that is not the matrix's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from .codec import Codec, Node, expect, refuse

COMPRESSED = {
    "csr_array": sparse.csr_array,
    "csr_matrix": sparse.csr_matrix,
    "csc_array": sparse.csc_array,
    "csc_matrix": sparse.csc_matrix,
}
COORDINATES = {"coo_array": sparse.coo_array, "coo_matrix": sparse.coo_matrix}


def _two_dimensional(value: Any) -> None:
    if value.ndim != 2:
        raise ValueError(f"a sparse array of {value.ndim} dimension(s)")


def encode_compressed(value: Any, encoder: Any) -> Node:
    _two_dimensional(value)
    return {
        "format": type(value).__name__,
        "shape": list(map(int, value.shape)),
        "data": encoder(value.data),
        "indices": encoder(value.indices),
        "indptr": encoder(value.indptr),
    }


def _parts(node: Node, decoder: Any, *names: str) -> list[np.ndarray]:
    arrays = [expect(decoder(node[name]), np.ndarray, f"the {name} of a matrix") for name in names]
    for array, name in zip(arrays, names):
        kinds = "biufc" if name == "data" else "i"
        if array.ndim != 1 or array.dtype.kind not in kinds:
            raise refuse(f"the {name} of a sparse matrix")
    return arrays


def _shape(node: Node) -> tuple[int, int]:
    rows, columns = (expect(n, int, "a dimension") for n in expect(node["shape"], list, "a shape"))
    if not (0 <= rows < 2**62 and 0 <= columns < 2**62):
        raise refuse("the shape of a sparse matrix")
    return rows, columns


def decode_compressed(node: Node, decoder: Any) -> Any:
    data, indices, indptr = _parts(node, decoder, "data", "indices", "indptr")
    rows, columns = _shape(node)
    major, minor = (rows, columns) if str(node["format"]).startswith("csr") else (columns, rows)
    if indptr.size != major + 1 or indices.size != data.size:
        raise refuse("a sparse matrix whose arrays do not fit its shape")
    if indptr[0] != 0 or indptr[-1] != data.size or np.any(indptr[1:] < indptr[:-1]):
        raise refuse("the index pointers of a sparse matrix")
    if indices.size and not 0 <= indices.min() <= indices.max() < minor:
        raise refuse("an index outside a sparse matrix")
    matrix = COMPRESSED[node["format"]]((rows, columns), dtype=data.dtype)
    matrix.data, matrix.indices, matrix.indptr = data, indices, indptr
    return matrix


def encode_coordinates(value: Any, encoder: Any) -> Node:
    _two_dimensional(value)
    return {
        "format": type(value).__name__,
        "shape": list(map(int, value.shape)),
        "data": encoder(value.data),
        "row": encoder(value.row),
        "col": encoder(value.col),
    }


def decode_coordinates(node: Node, decoder: Any) -> Any:
    data, row, col = _parts(node, decoder, "data", "row", "col")
    rows, columns = _shape(node)
    if row.size != data.size or col.size != data.size:
        raise refuse("a sparse matrix whose arrays differ in length")
    for index, size in ((row, rows), (col, columns)):
        if index.size and not 0 <= index.min() <= index.max() < size:
            raise refuse("an index outside a sparse matrix")
    return COORDINATES[node["format"]]((data, (row, col)), shape=(rows, columns))


CODECS = (
    Codec(
        "compressed",
        tuple(COMPRESSED.values()),
        ("format", "shape", "data", "indices", "indptr"),
        encode_compressed,
        decode_compressed,
        shared=True,
    ),
    Codec(
        "coordinates",
        tuple(COORDINATES.values()),
        ("format", "shape", "data", "row", "col"),
        encode_coordinates,
        decode_coordinates,
        shared=True,
    ),
)
