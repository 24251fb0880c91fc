"""What boosting asks of a loss: its value, its derivatives row by row, its best constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from ..core.parallel import each, slices
from ..core.part import needs
from ..kernels.row_derivatives import row_derivatives, row_derivatives_of_many

BLOCK = 16384


class Objective(Protocol):
    """A loss over given rows.  Scores z and derivatives are (outputs, n)."""

    outputs: int
    weight: np.ndarray

    def start(self) -> np.ndarray: ...

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None: ...

    def value(self, z: np.ndarray) -> float:
        """The mean loss by weight."""
        ...

    def leaf(self, z: np.ndarray) -> Callable[[np.ndarray], float] | None:
        """The best value for the rows of a leaf, where second derivatives say nothing."""
        ...


class PointObjective:
    """A loss of one score a row."""

    outputs = 1

    def __init__(self, loss: Any, y: np.ndarray, weight: np.ndarray) -> None:
        if loss.curvature == "none":
            needs(loss, "shift", by="boosting", instead="a loss with a second derivative")
        self.loss, self.y, self.weight = loss, y, weight

    def start(self) -> np.ndarray:
        return np.array([float(self.loss.start(self.y, self.weight))])

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        y, w = self.y, self.weight

        def block(s: slice) -> None:
            row_derivatives(self.loss, y[s], z[0, s], w[s], g[0, s], h[0, s])

        each(block, slices(len(y), BLOCK))
        if self.loss.curvature == "none":
            h[0] = w

    def value(self, z: np.ndarray) -> float:
        parts = each(
            lambda s: float(self.weight[s] @ self.loss.value(self.y[s], z[0, s])),
            slices(len(self.y), BLOCK),
        )
        return sum(parts) / float(self.weight.sum())

    def leaf(self, z: np.ndarray) -> Callable[[np.ndarray], float] | None:
        """Of losses without curvature: the constant to be added to the rows' scores for least loss."""
        if self.loss.curvature != "none":
            return None
        return lambda rows: float(self.loss.shift(self.y[rows], z[0, rows], self.weight[rows]))


class RowObjective:
    """A loss of several scores a row: y holds class codes as floats."""

    def __init__(self, loss: Any, y: np.ndarray, weight: np.ndarray) -> None:
        self.loss, self.y, self.weight = loss, y, weight
        self.outputs = int(loss.n_outputs)

    def start(self) -> np.ndarray:
        return np.asarray(self.loss.start(self.y, self.weight), dtype=float)

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        coupled = bool(self.loss.coupled)

        def block(s: slice) -> None:
            row_derivatives_of_many(
                self.loss, self.y, z, self.weight, s.start, s.stop, coupled, g, h
            )

        each(block, slices(len(self.y), BLOCK))

    def value(self, z: np.ndarray) -> float:
        codes = self.y.astype(np.intp)
        parts = each(
            lambda s: float(self.weight[s] @ self.loss.value(codes[s], z[:, s].T)),
            slices(len(self.y), BLOCK),
        )
        return sum(parts) / float(self.weight.sum())

    def leaf(self, z: np.ndarray) -> None:
        return None


def objective_for(loss: Any, y: np.ndarray, weight: np.ndarray) -> Objective:
    """The objective of a loss part over rows."""
    if hasattr(loss, "n_outputs"):
        return RowObjective(loss, y, weight)
    return PointObjective(loss, y, weight)
