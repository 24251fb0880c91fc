"""Arrays as plain tensors: every NumPy type the file allows, in one of the types of safetensors.

Text is stored as code points, times as 64-bit counts, complex numbers as pairs, each with one more
dimension where an item is several numbers; Fortran order is stored as the transpose.  What the file
says is checked before it becomes an array: a code point beyond Unicode or a boolean of 2 would be
undefined behaviour later.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .codec import expect, refuse
from .scalars import dtype_of

#: safetensors' names of the types used here, and ours.
TENSOR_TYPES = {
    "BOOL": "b1", "I8": "i1", "U8": "u1", "I16": "i2", "U16": "u2", "F16": "f2", "I32": "i4",
    "U32": "u4", "F32": "f4", "I64": "i8", "U64": "u8", "F64": "f8",
}  # fmt: skip
TENSOR_NAMES = {name: tensor for tensor, name in TENSOR_TYPES.items()}
#: No dimension and no array is larger, whatever the file says.
LARGEST = 2**48


def packing(dtype: np.dtype) -> tuple[str, int | None]:
    """The tensor type that holds `dtype`, and how many numbers an item has (None: it is one)."""
    kind, size = dtype.kind, dtype.itemsize
    if kind == "U":
        return "u4", size // 4
    if kind == "S":
        return "u1", size
    if kind == "c":
        return f"f{size // 2}", 2
    if kind in "mM":
        return "i8", None
    return f"{kind}{size}", None


def to_tensor(array: np.ndarray) -> tuple[np.ndarray, str]:
    """A C-contiguous tensor with the content of `array`, and its order ("C" or "F")."""
    order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    if order == "F":
        array = array.T
    array = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
    held, width = packing(array.dtype)
    if width is None:
        return array.view(held), order
    if array.size == 0 or width == 0:
        return np.zeros((*array.shape, width), held), order
    return array.reshape(-1).view(held).reshape(*array.shape, width), order


def from_tensor(tensor: np.ndarray, name: Any, order: Any) -> np.ndarray:
    """The array whose tensor this is."""
    dtype = dtype_of(name)
    if dtype.hasobject or order not in ("C", "F"):
        raise refuse("an array of objects among the tensors")
    held, width = packing(dtype)
    if tensor.dtype.str[1:] != held:
        raise refuse(f"a {tensor.dtype.name} tensor for an array of {dtype.name}")
    check_items(tensor, dtype)
    shape = tensor.shape
    if width is not None:
        if not shape or shape[-1] != width:
            raise refuse(f"a tensor of shape {shape} for items of {width} numbers")
        shape = shape[:-1]
    if width == 0 or tensor.size == 0:
        array = np.zeros(shape, dtype)
    else:
        array = tensor.reshape(-1).view(dtype).reshape(shape)
    return array.T if order == "F" else array


def check_items(tensor: np.ndarray, dtype: np.dtype) -> None:
    """Refuse numbers that are no items of `dtype`."""
    if tensor.size == 0:
        return
    if dtype.kind == "U" and tensor.max() > 0x10FFFF:
        raise refuse("text beyond Unicode")
    if dtype.kind == "b" and tensor.view("u1").max() > 1:
        raise refuse("a boolean that is neither 0 nor 1")


def check_shape(shape: Any, itemsize: int, room: int) -> int:
    """The bytes an array of that shape takes, if they fit into `room`."""
    dimensions = [expect(n, int, "a dimension") for n in expect(shape, list, "a shape")]
    if len(dimensions) > 32 or any(not 0 <= n <= LARGEST for n in dimensions):
        raise refuse(f"shape {str(shape)[:60]}")
    if math.prod(max(n, 1) for n in dimensions) * itemsize > LARGEST:
        raise refuse(f"shape {str(shape)[:60]}")
    size = math.prod(dimensions) * itemsize
    if size > room:
        raise refuse(f"shape {str(shape)[:60]} needs {size} bytes, and {room} are left in the file")
    return size
