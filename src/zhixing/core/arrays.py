"""Arrays as kernels want them."""

from __future__ import annotations

from typing import Any

import numpy as np


class _Interface:
    def __init__(self, interface: dict[str, Any], owner: Any) -> None:
        self.__array_interface__, self.owner = interface, owner


def writable(a: np.ndarray) -> np.ndarray:
    """The same memory, typed as writable.

    Numba compiles every kernel a second time for read-only arrays (memory maps, Arrow columns).
    Kernels never write to their inputs, so they are given this view instead of a copy.
    """
    if a.flags.writeable:
        return a
    interface = dict(a.__array_interface__)
    interface["data"] = (interface["data"][0], False)
    return np.asarray(_Interface(interface, a))


def rows_contiguous(a: np.ndarray, dtype: Any = None) -> np.ndarray:
    """`a` with rows in one piece (C order), float32 or float64, copied only where needed."""
    if dtype is None:
        dtype = a.dtype if a.dtype in (np.float32, np.float64) else np.float64
    return writable(np.ascontiguousarray(a, dtype=dtype))


def columns_contiguous(a: np.ndarray, dtype: Any = None) -> np.ndarray:
    """`a` with columns in one piece (Fortran order), float32 or float64."""
    if dtype is None:
        dtype = a.dtype if a.dtype in (np.float32, np.float64) else np.float64
    return writable(np.asfortranarray(a, dtype=dtype))
