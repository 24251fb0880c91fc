"""What boosting asks of a loss: its value, its derivatives row by row, its best constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from ..core.parallel import each, slices
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
        """Of the losses without curvature: the constant of least loss on the residuals.

        For a loss of z - y alone that is the constant that fits the residuals y - z best.
        """
        if self.loss.curvature != "none":
            return None
        residual = self.y - z[0]
        return lambda rows: float(self.loss.start(residual[rows], self.weight[rows]))


class RowObjective:
    """A loss of several scores a row: y holds class codes as floats."""

    def __init__(self, loss: Any, y: np.ndarray, weight: np.ndarray, factor: float = 1.0) -> None:
        self.loss, self.y, self.weight, self.factor = loss, y, weight, factor
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
        if self.factor != 1.0:
            h *= self.factor

    def value(self, z: np.ndarray) -> float:
        codes = self.y.astype(np.intp)
        parts = each(
            lambda s: float(self.weight[s] @ self.loss.value(codes[s], z[:, s].T)),
            slices(len(self.y), BLOCK),
        )
        return sum(parts) / float(self.weight.sum())

    def leaf(self, z: np.ndarray) -> None:
        return None


class CallableObjective:
    """A user's ``objective(y, z) -> (g, h)``, z of shape (n,) or (n, outputs)."""

    def __init__(
        self, function: Callable[..., Any], y: np.ndarray, weight: np.ndarray, outputs: int = 1
    ) -> None:
        self.function, self.y, self.weight, self.outputs = function, y, weight, outputs

    def start(self) -> np.ndarray:
        return np.zeros(self.outputs)

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        one = self.outputs == 1
        found = self.function(self.y, z[0] if one else z.T)
        try:
            first, second = (np.asarray(a, dtype=np.float64) for a in found)
        except (TypeError, ValueError):
            raise ValueError(
                "an objective returns two arrays, first and second derivatives"
            ) from None
        shape = (len(self.y),) if one else (len(self.y), self.outputs)
        for name, a in (("first", first), ("second", second)):
            if a.shape != shape:
                raise ValueError(
                    f"the objective's {name} derivatives have shape {a.shape}, not {shape}"
                )
            if not np.isfinite(a).all():
                raise ValueError(f"the objective's {name} derivatives contain NaN or infinity")
        g[...] = first.T * self.weight
        h[...] = np.maximum(second.T, 0.0) * self.weight

    def value(self, z: np.ndarray) -> float:
        raise ValueError("a bare objective has no value to stop on; give `eval_metric` or scoring")

    def leaf(self, z: np.ndarray) -> None:
        return None


def objective_for(loss: Any, y: np.ndarray, weight: np.ndarray, factor: float = 1.0) -> Objective:
    """The objective of a loss part over rows."""
    if hasattr(loss, "n_outputs"):
        return RowObjective(loss, y, weight, factor)
    return PointObjective(loss, y, weight)
