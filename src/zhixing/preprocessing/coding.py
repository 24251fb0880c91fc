"""Any column as small integer codes and its distinct values, in one hashing pass without sorting."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.validation import check_array

from ..core.parallel import each
from ..kernels.distinct import distinct

_TOGETHER = 8  # columns of a row-major matrix copied at a time: one cache line of doubles


class Coded(NamedTuple):
    """A column as ``values[codes]``; a code of -1 is missing (NaN).

    `values` may hold the same value twice (two objects that are equal, 0.0 and -0.0): whoever maps
    values to categories maps both to one.
    """

    codes: np.ndarray
    values: np.ndarray


class _View:
    """Memory of another array under another type, kept alive by `owner`."""

    def __init__(self, owner: np.ndarray, typestr: str) -> None:
        interface = dict(owner.__array_interface__)
        interface.pop("descr", None)
        self.__array_interface__ = interface | {
            "typestr": typestr,
            "data": (owner.ctypes.data, False),
        }
        self.owner = owner


def code(column: np.ndarray) -> Coded:
    """Code one column of numbers, strings, dates or objects.

    Objects are told apart by their address first (a column of a million strings usually holds few
    distinct objects); equal ones are united later, among the distinct values only.

    >>> code(np.array([3.0, 1.0, 3.0]))
    Coded(codes=array([0, 1, 0], dtype=int32), values=array([3., 1.]))
    """
    codes, first = code_keys(_keys(column))
    return Coded(codes, column[first])


def _keys(column: np.ndarray) -> np.ndarray:
    kind = column.dtype.kind
    if kind == "O":
        return np.asarray(_View(np.ascontiguousarray(column), "<i8"))
    if kind == "f":
        return np.ascontiguousarray(column, dtype=np.float64).view(np.int64)
    if kind in "mM":
        return np.ascontiguousarray(column).view(np.int64)
    if kind in "biu":
        return np.ascontiguousarray(column).astype(np.int64, copy=False)
    if kind in "SU":
        return _string_keys(np.ascontiguousarray(column))
    raise TypeError(f"columns of dtype {column.dtype} cannot be encoded")


def _string_keys(column: np.ndarray) -> np.ndarray:
    """Exact keys of fixed-width strings: refine the code of a prefix by the next eight bytes."""
    width = -(-column.dtype.itemsize // 8) * 8
    padded = np.zeros((column.size, width), np.uint8)
    padded[:, : column.dtype.itemsize] = column[:, None].view(np.uint8)
    pieces = padded.view(np.int64)
    codes = code_keys(np.ascontiguousarray(pieces[:, 0]))[0]
    for k in range(1, pieces.shape[1]):
        following = code_keys(np.ascontiguousarray(pieces[:, k]))[0]
        codes = code_keys((codes.astype(np.int64) << 32) | following)[0]
    return codes.astype(np.int64)


def code_keys(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes of 64-bit keys by order of appearance, and where each appears first."""
    n = keys.size
    codes = np.empty(n, np.int32)
    first = np.empty(n, np.int64)
    if not keys.flags.writeable:
        keys = keys.copy()
    size, row, count = 1 << 10, 0, 0
    table, slots = np.empty(size, np.int64), np.full(size, -1, np.int32)
    while True:
        row, count = distinct(keys, row, count, table, slots, first, codes)
        if row == n:
            return codes, first[:count].copy()
        size *= 4
        table, slots = np.empty(size, np.int64), np.full(size, -1, np.int32)
        known = keys[first[:count]]
        distinct(known, 0, 0, table, slots, np.empty(count, np.int64), np.empty(count, np.int32))


def code_columns(X: Any) -> list[Coded]:
    """Code every column of what `as_columns` returned, over the threads."""
    if isinstance(X, list):
        return each(lambda column: column if isinstance(column, Coded) else code(column), X)
    if X.flags.f_contiguous:
        return each(lambda j: code(X[:, j]), range(X.shape[1]))
    coded: list[Coded] = []
    for start in range(0, X.shape[1], _TOGETHER):
        block = np.asfortranarray(X[:, start : start + _TOGETHER])
        coded += each(lambda j: code(block[:, j]), range(block.shape[1]))  # noqa: B023
    return coded


def as_columns(X: Any, *, finite: bool | str = "allow-nan") -> Any:
    """`X` as one two-dimensional array, or for a frame as a list of columns that keep their types.

    Text and categorical columns of a frame come back already `Coded`.
    """
    if hasattr(X, "columns") and hasattr(X, "dtypes") and getattr(X, "ndim", 2) == 2:
        if hasattr(X, "iloc"):
            return [_pandas_column(X.iloc[:, j], finite) for j in range(X.shape[1])]
        if hasattr(X, "get_columns"):
            return [_polars_column(column) for column in X.get_columns()]
    if (
        type(X) is np.ndarray
        and X.ndim == 2
        and X.size
        and X.dtype.kind in "ObiU"
        and finite is not True
    ):
        return X
    checked = check_array(X, dtype=None, ensure_all_finite=finite)
    if not hasattr(X, "dtype") and checked.dtype.kind == "U":
        # Lists of strings: as objects, so that longer categories are never cut short.
        checked = check_array(X, dtype=object, ensure_all_finite=finite)
    return checked


def _pandas_column(column: Any, finite: bool | str) -> Any:
    dtype = column.dtype
    name = getattr(dtype, "name", str(dtype))
    if name == "category":
        categories = column.cat.categories
        values = np.asarray(categories)
        return _used(Coded(column.cat.codes.to_numpy().astype(np.int32), values))
    if name in ("str", "string") and getattr(dtype, "storage", "") == "pyarrow" and len(column):
        encoded = column.array.__arrow_array__().dictionary_encode()
        chunks = encoded.chunks if hasattr(encoded, "chunks") else [encoded]
        if len(chunks) == 1:
            codes = chunks[0].indices.fill_null(-1).to_numpy(zero_copy_only=False)
            values = chunks[0].dictionary.to_numpy(zero_copy_only=False)
            return Coded(codes.astype(np.int32, copy=False), values.astype(object))
    if isinstance(dtype, np.dtype) and dtype.kind in "OMmb":
        return column.to_numpy()
    return check_array(column, ensure_2d=False, dtype=None, ensure_all_finite=finite)


def _polars_column(column: Any) -> Any:
    import polars as pl

    if column.dtype in (pl.Categorical, pl.Enum):
        column = column.cast(pl.String)
    if column.dtype == pl.String:
        values = column.drop_nulls().unique(maintain_order=True)
        codes = column.cast(pl.Enum(values)).to_physical().cast(pl.Int32).fill_null(-1)
        missing = np.array([None], object)
        coded = Coded(codes.to_numpy().astype(np.int32), np.array(values.to_list(), object))
        if column.null_count():
            coded = Coded(
                np.where(coded.codes < 0, len(values), coded.codes).astype(np.int32),
                np.concatenate([coded.values, missing]),
            )
        return coded
    if column.dtype == pl.Boolean and column.null_count():
        return np.array(column.to_list(), object)
    return column.to_numpy()


def _used(coded: Coded) -> Coded:
    """Only the values that occur, as a plain array of them would show."""
    counts = np.bincount(coded.codes + 1, minlength=len(coded.values) + 1)
    present = counts[1:] > 0
    if present.all() and not counts[0]:
        return coded
    rank = np.concatenate([[-1], np.cumsum(present) - 1]).astype(np.int32)
    return Coded(rank[coded.codes + 1], coded.values[present])
