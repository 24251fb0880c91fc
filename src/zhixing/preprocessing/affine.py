"""Shift and scale columns: dense in any layout, sparse without a shift, one row in microseconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.arrays import writable
from ..core.parallel import each, slices
from ..kernels.rescale import multiply_add, shift_divide

_SMALL = 8192  # entries; below, NumPy's two passes cost less than handing out chunks
_PIECE = 2**18  # entries of a chunk
_WIDE = 128


def subtract_divide(
    X: np.ndarray, shift: Any, scale: Any, *, copy: bool
) -> tuple[np.ndarray, bool]:
    """(X - shift) / scale by column, and whether every result is finite or NaN.

    `shift` or `scale` may be None.  The layout of `X` is kept; ``copy=False`` works in place.
    """
    return _apply(X, shift, scale, copy, shift_divide, np.subtract, np.divide, (0.0, 1.0))


def multiply_shift(X: np.ndarray, scale: Any, shift: Any, *, copy: bool) -> tuple[np.ndarray, bool]:
    """X scale + shift by column, and whether every result is finite or NaN."""
    return _apply(X, scale, shift, copy, multiply_add, np.multiply, np.add, (1.0, 0.0))


def _apply(
    X: np.ndarray,
    a: Any,
    b: Any,
    copy: bool,
    kernel: Callable[..., int],
    first: Callable[..., Any],
    second: Callable[..., Any],
    neutral: tuple[float, float],
) -> tuple[np.ndarray, bool]:
    n, p = X.shape
    a, b = (None if v is None else v.astype(X.dtype, copy=False) for v in (a, b))
    in_place = not copy and X.flags.writeable
    if X.size <= _SMALL:
        out = first(X, a, out=X if in_place else None) if a is not None else X
        if b is not None:
            out = second(out, b, out=None if out is X and not in_place else out)
        elif out is X and not in_place:
            out = X.copy()
        return out, bool(np.isfinite(out.sum()) or not np.isinf(out).any())
    a, b = (np.full(p, m, X.dtype) if v is None else v for v, m in zip((a, b), neutral))
    if X.flags.c_contiguous:
        out = X if in_place else np.empty_like(X)
        source, a, b = (
            writable(X),
            writable(np.ascontiguousarray(a)),
            writable(np.ascontiguousarray(b)),
        )
        cuts = slices(n, max(1, _PIECE // p))
        return out, not sum(each(lambda s: kernel(source[s], a, b, out[s]), cuts))

    def column(j: int) -> int:
        # The kernel sees a column in one piece as a matrix whose columns share one shift and scale.
        even = n - n % _WIDE
        alike = np.full(_WIDE, a[j], X.dtype), np.full(_WIDE, b[j], X.dtype)
        whole = source[:even, j].reshape(-1, _WIDE)
        infinite = kernel(whole, *alike, out[:even, j].reshape(-1, _WIDE))
        rest = source[even:, j][:, None], out[even:, j][:, None]
        return infinite + kernel(rest[0], alike[0][:1], alike[1][:1], rest[1])

    if X.flags.f_contiguous:
        out, source = X if in_place else np.empty_like(X), writable(X)
        return out, not sum(each(column, range(p)))
    out, finite = _apply(np.ascontiguousarray(X), a, b, False, kernel, first, second, neutral)
    if in_place:
        X[...] = out
        out = X
    return out, finite


def scale_sparse(X: Any, factor: np.ndarray, *, copy: bool) -> Any:
    """CSR or CSC `X` with every column multiplied by `factor`."""
    factor = factor.astype(X.dtype, copy=False)
    if X.format == "csc":
        data = X.data * np.repeat(factor, np.diff(X.indptr))
    else:
        data = X.data * np.take(factor, X.indices, mode="clip")
    if not copy:
        X.data = data
        return X
    kind = type(X)
    return kind((data, X.indices.copy(), X.indptr.copy()), shape=X.shape)
