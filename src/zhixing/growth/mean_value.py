"""What the trees of a forest say on average."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..core.parallel import slices
from .bins import Bins
from .tree import Forest

#: Values of a sparse table that are spread out at a time.
SPREAD = 1 << 24


def dense_blocks(X: Any) -> list[tuple[slice, Any]]:
    """Rows as they are, or of a sparse table in dense blocks, made when they are asked for."""
    if not sparse.issparse(X):
        return [(slice(0, len(X)), lambda: X)]
    X = X.tocsr()
    size = max(1, SPREAD // max(X.shape[1], 1))
    return [(s, lambda s=s: X[s].toarray()) for s in slices(X.shape[0], size)]


def mean_value(forest: Forest, bins: Bins, X: Any) -> np.ndarray:
    """(n, k) the mean over the trees of their leaves' values."""
    found = np.zeros((X.shape[0], forest.value.reshape(len(forest.value), -1).shape[1]))
    for s, rows in dense_blocks(X):
        forest.add(rows(), bins, None, found[s])
    if len(forest) > 1:
        found /= len(forest)
    return found


def apply(forest: Forest, bins: Bins, X: Any) -> np.ndarray:
    """(n, trees) the node, counted within its tree, in which each row ends."""
    parts = [forest.apply(rows(), bins) for _, rows in dense_blocks(X)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
