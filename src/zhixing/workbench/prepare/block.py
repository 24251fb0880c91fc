"""What prepares the columns of one kind: fitted on rows learned from, applied to any rows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl

from ...core.estimator import Estimator


class Feature(NamedTuple):
    """One column of the prepared matrix: its name and the table's column it comes from."""

    name: str
    column: str


class Block(Estimator):
    """Columns of one kind in, a matrix out.

    `learn` fits and returns the training rows as a model should see them (target encoding: out of
    fold); `apply` encodes any rows with what was learned; `features` names the matrix's columns;
    `words` says in a few words what is done to each column.
    """

    def __init__(self, columns: list[str] | None = None) -> None:
        self.columns = columns

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> Any:
        raise NotImplementedError

    def apply(self, frame: pl.DataFrame) -> Any:
        raise NotImplementedError

    def features(self) -> list[Feature]:
        raise NotImplementedError

    def words(self) -> dict[str, str]:
        raise NotImplementedError


def matrix(frame: pl.DataFrame, columns: list[str]) -> np.ndarray:
    """Numbers and booleans as a float64 matrix in C order; null and infinite values are NaN."""
    if not columns:
        return np.empty((frame.height, 0))
    chosen = frame.select(columns)
    if any(dtype != pl.Float64 for dtype in chosen.dtypes):
        chosen = chosen.cast(pl.Float64)
    # Polars gives NaN for null, and may lend its own memory.
    out = np.array(chosen.to_numpy(order="c"), order="C", copy=None)
    if not np.isfinite(out).all():
        out = np.where(np.isinf(out), np.nan, out)
    return out
