"""Sums of products for regressions that take turns at the columns of one matrix."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Products(NamedTuple):
    """Centred sums of one regression: X'X, X'y, y'y, rows, and the means."""

    G: np.ndarray
    b: np.ndarray
    yy: float
    n: float
    x_mean: np.ndarray
    y_mean: float


class ChainedSums:
    """Sums of products of [1, columns], kept current while columns change in some rows."""

    def __init__(self, filled: np.ndarray) -> None:
        self.centre = filled.mean(axis=0)
        self.refresh(filled)

    def refresh(self, filled: np.ndarray) -> None:
        """From the rows again, so that rounding does not pile up over rounds."""
        Z = filled - self.centre
        self.total = Z.sum(axis=0)
        self.gram = Z.T @ Z
        self.n = len(Z)

    def without(
        self, filled: np.ndarray, missing: np.ndarray, j: int, others: np.ndarray
    ) -> Products:
        """What the regression of column `j` on `others` needs, over the rows where `j` is known."""
        self.rows, self.feature = np.flatnonzero(missing), j
        n = self.n - self.rows.size
        few = self.rows.size <= n
        self.piece = filled[self.rows] - self.centre
        if few:
            gram = self.gram - self.piece.T @ self.piece
            total = self.total - self.piece.sum(axis=0)
        else:
            Z = filled[~missing] - self.centre
            gram, total = Z.T @ Z, Z.sum(axis=0)
        mean = total / n
        G = gram[np.ix_(others, others)] - n * np.outer(mean[others], mean[others])
        b = gram[others, j] - n * mean[others] * mean[j]
        yy = max(gram[j, j] - n * mean[j] * mean[j], 0.0)
        x_mean = mean[others] + self.centre[others]
        return Products(G, b, yy, float(n), x_mean, float(mean[j] + self.centre[j]))

    def put_back(self, filled: np.ndarray) -> None:
        """Account for the new values of the column whose turn it was."""
        j = self.feature
        new = filled[self.rows, j] - self.centre[j]
        change = new - self.piece[:, j]
        row = change @ self.piece
        row[j] = float(new @ new - self.piece[:, j] @ self.piece[:, j])
        self.gram[j, :] += row
        self.gram[:, j] = self.gram[j, :]
        self.total[j] += change.sum()
