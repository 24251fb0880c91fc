"""Rows in pieces: what every sum over rows reads, in memory or from disk.

One array in memory is the case of one block, so an estimator has one path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from ..core.arrays import writable


@dataclass(frozen=True)
class Block:
    """Some rows: X of shape (n, p), dense or compressed rows; y and weight of length n."""

    X: Any
    y: np.ndarray
    weight: np.ndarray
    start: int = 0

    @property
    def n(self) -> int:
        return self.X.shape[0]

    def columns(self) -> Any:
        """X as compressed columns, made once: X' g is then a product of rows as well."""
        held = self.__dict__.get("_columns")
        if held is None:
            compressed = self.X.tocsc()  # sorted by the conversion
            compressed.sum_duplicates()
            held = runs(compressed)
            object.__setattr__(self, "_columns", held)
        return held

    def share_layout(self, other: Block) -> None:
        """Use another block's compressed rows and columns: the same X with another y."""
        object.__setattr__(self, "_columns", other.columns())
        object.__setattr__(self, "_rows", other.rows())

    def rows(self) -> Any:
        held = self.__dict__.get("_rows")
        if held is None:
            held = runs(self.X)
            object.__setattr__(self, "_rows", held)
        return held


def thinned(blocks: Blocks, every: int) -> Blocks:
    """Every so many rows, by their place in the whole table: the same rows whatever the blocks."""
    thin = [
        Block(
            b.X[-b.start % every :: every],
            np.ascontiguousarray(b.y[-b.start % every :: every]),
            np.ascontiguousarray(b.weight[-b.start % every :: every]),
        )
        for b in blocks
    ]
    return Blocks(lambda: iter(thin), blocks.n_features, True, blocks.dtype)


def runs(matrix: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(data, indices, indptr) in the types kernels take: float64, int32, int64."""
    return (
        writable(np.ascontiguousarray(matrix.data, dtype=np.float64)),
        writable(np.ascontiguousarray(matrix.indices, dtype=np.int32)),
        writable(np.ascontiguousarray(matrix.indptr, dtype=np.int64)),
    )


@dataclass(frozen=True)
class Blocks:
    """A table of rows that can be read again and again, block by block.

    `read` starts a new pass over the blocks.  `in_memory` holds when the blocks are kept, so that
    solvers which need random access may ask for the one block.
    """

    read: Callable[[], Iterator[Block]]
    n_features: int
    in_memory: bool
    dtype: Any = np.float64

    def __iter__(self) -> Iterator[Block]:
        return self.read()

    def one(self) -> Block:
        """All rows as one block, for solvers that need random access."""
        found = list(self)
        if not self.in_memory or len(found) != 1:
            raise TypeError(
                "this solver needs random access to rows held in memory as one block; "
                "use solver='newton', 'lbfgs' or 'fista' for data read in blocks"
            )
        return found[0]


def from_arrays(X: Any, y: Any, weight: Any = None, *, n_blocks: int = 1) -> Blocks:
    """Blocks over arrays in memory (views where X is dense)."""
    if sparse.issparse(X):
        X = X.tocsr()  # a value given in two parts stays so: products do not mind
    n = X.shape[0]
    y = np.ascontiguousarray(y, dtype=np.float64)
    weight = np.ones(n) if weight is None else np.ascontiguousarray(weight, dtype=np.float64)
    edges = np.linspace(0, n, n_blocks + 1).astype(int)
    kept = [
        Block(X[a:b], writable(y[a:b]), writable(weight[a:b]), int(a))
        for a, b in zip(edges[:-1], edges[1:])
    ]
    return Blocks(lambda: iter(kept), X.shape[1], True, X.dtype)


def from_parquet(
    path: Any, target: str, *, weight: str | None = None, rows: int = 131_072
) -> Blocks:
    """Blocks read from a Parquet file of numeric columns, never holding more than a few at a time.

    Columns other than `target` and `weight` are the features, in file order.
    """
    import polars as pl

    names = pl.scan_parquet(path).collect_schema().names()
    features = [name for name in names if name not in (target, weight)]

    def read() -> Iterator[Block]:
        at = 0
        for frame in pl.scan_parquet(path).collect_batches(chunk_size=rows, maintain_order=True):
            X = frame.select(features).to_numpy().astype(np.float64, order="C", copy=False)
            y = frame[target].to_numpy().astype(np.float64)
            w = np.ones(len(y)) if weight is None else frame[weight].to_numpy().astype(np.float64)
            yield Block(writable(np.ascontiguousarray(X)), writable(y), writable(w), at)
            at += len(y)

    return Blocks(read, len(features), False)
