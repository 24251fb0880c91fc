"""Numbers held by a part, one for each coefficient or group."""

from __future__ import annotations

from typing import Any

import numpy as np


def vector(values: Any) -> np.ndarray:
    """A read-only float64 copy of one-dimensional numbers; a single number becomes one entry."""
    held = np.array(values, dtype=np.float64, ndmin=1)
    if held.ndim != 1:
        raise ValueError(f"numbers in one dimension are needed, and these have shape {held.shape}")
    held.flags.writeable = False
    return held


def vector_or_none(values: Any) -> np.ndarray | None:
    return None if values is None else vector(values)


def against(values: np.ndarray, w: np.ndarray) -> np.ndarray:
    """`values`, one for each row of w or one for all, in w's dtype and so that they broadcast."""
    held = values.astype(w.dtype, copy=False)
    return held[:, None] if w.ndim == 2 else held
