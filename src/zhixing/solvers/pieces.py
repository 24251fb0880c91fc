"""The chosen columns of X, with the products a Newton model of them needs."""

from __future__ import annotations

import numpy as np

from ..core.parallel import each, slices
from .design import DenseDesign, SparseColumns, SparseDesign
from .statistics import STRANDS, multiply, total


class DensePiece:
    """Columns held as the rows of A, (m, n): a view of X where all of them are chosen."""

    def __init__(self, A: np.ndarray) -> None:
        self.A = A
        self.m, self.n = A.shape
        self.cut = slices(self.n, max(-(-self.n // STRANDS), 64))

    def dot(self, w: np.ndarray) -> np.ndarray:
        """X w."""
        return np.concatenate(each(lambda s: self.A[:, s].T @ w, self.cut))

    def transpose_dot(self, r: np.ndarray) -> np.ndarray:
        """X' r."""
        return total(each(lambda s: self.A[:, s] @ r[s], self.cut))

    def gram(self, h: np.ndarray) -> np.ndarray:
        """X' diag(h) X, h >= 0."""
        root = np.sqrt(h)
        chunks = slices(self.n, max((1 << 16) // max(self.m, 1), 128))
        strands = min(max((1 << 22) // max(self.m, 1) ** 2, 2), STRANDS)
        per = -(-len(chunks) // strands)

        def part(group: list[slice]) -> np.ndarray:
            G = np.zeros((self.m, self.m))
            for s in group:
                B = self.A[:, s] * root[s]
                G += B @ B.T  # NumPy sees B B' and calls the symmetric product
            return G

        return total(each(part, [chunks[i : i + per] for i in range(0, len(chunks), per)]))

    def runs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The columns as compressed runs of what is not zero."""
        column, row = np.nonzero(self.A)
        start = np.searchsorted(column, np.arange(self.m + 1))
        return self.A[column, row], row.astype(np.int32), start.astype(np.int64)


class SparsePiece:
    """Columns of a sparse X."""

    def __init__(self, held: SparseColumns) -> None:
        self.held, self.m, self.n = held, held.m, held.n

    def dot(self, w: np.ndarray) -> np.ndarray:
        return self.held.dot(w)

    def transpose_dot(self, r: np.ndarray) -> np.ndarray:
        out = np.empty((self.m, *r.shape[1:]))
        return multiply(self.held.columns, np.ascontiguousarray(r), out)

    def gram(self, h: np.ndarray) -> np.ndarray:
        G = np.empty((self.m, self.m))
        self.held.gram(h, G)
        return G

    def runs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.held.columns


def piece(X: DenseDesign | SparseDesign, chosen: np.ndarray) -> DensePiece | SparsePiece:
    """The chosen columns (sorted)."""
    if isinstance(X, SparseDesign):
        return SparsePiece(X.take(chosen))
    if len(chosen) == X.p and X.X.dtype == np.float64:
        return DensePiece(X.X.T)
    return DensePiece(X.take(chosen))
