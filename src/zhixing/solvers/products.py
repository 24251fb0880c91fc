"""Products of columns for methods that take them up one by one: from a matrix, or from rows."""

from __future__ import annotations

import numpy as np

from .columns import Columns


class GivenProducts:
    """The Gram matrix G of all columns."""

    def __init__(self, G: np.ndarray) -> None:
        self.G = G
        self.p = len(G)

    def row(self, j: int, others: list[int]) -> np.ndarray:
        """Products of column j with the others, of shape (len(others),)."""
        return self.G[j, others]

    def combine(self, chosen: list[int], V: np.ndarray) -> np.ndarray:
        """Products of every column with the combinations of the chosen ones by the columns of V: (p, m)."""
        return self.G[chosen].T @ V


class RowProducts:
    """Products from rows, of the columns asked for: one pass over X for each `combine`."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.p = columns.X.p

    def row(self, j: int, others: list[int]) -> np.ndarray:
        k = self.columns
        if k.place[j] < 0:
            k.add(np.array([j]))
        return k.G[k.place[j], k.place[others]]

    def combine(self, chosen: list[int], V: np.ndarray) -> np.ndarray:
        k = self.columns
        full = np.zeros((k.m, V.shape[1]))
        full[k.place[chosen]] = V
        r = k.fitted(full)
        return k.X.transpose_dot(np.ascontiguousarray(r * k.weight[:, None]))


def products_of(columns: Columns) -> GivenProducts | RowProducts:
    """The products of columns, all of which may be known already."""
    return GivenProducts(columns.G) if columns.m == columns.X.p else RowProducts(columns)
