"""What boosting asks of a loss: its value, its derivatives row by row, its best constant."""

from __future__ import annotations

import inspect
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

    def leaf(self, z: np.ndarray, k: int) -> Callable[[np.ndarray], float] | None:
        """The best value for the rows of a leaf, where second derivatives say nothing."""
        ...


class PointObjective:
    """A loss of one score a row.  Second derivatives count `curvature` times, or as 1 where that is 0."""

    outputs = 1

    def __init__(
        self, loss: Any, y: np.ndarray, weight: np.ndarray, curvature: float = 1.0
    ) -> None:
        if loss.curvature == "none":
            needs(loss, "shift", by="boosting", instead="a loss with a second derivative")
        self.loss, self.y, self.weight, self.curvature = loss, y, weight, curvature

    def start(self) -> np.ndarray:
        return np.array([float(self.loss.start(self.y, self.weight))])

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        y, w = self.y, self.weight

        def block(s: slice) -> None:
            row_derivatives(self.loss, y[s], z[0, s], w[s], g[0, s], h[0, s])

        each(block, slices(len(y), BLOCK))
        if self.loss.curvature == "none" or self.curvature == 0.0:
            h[0] = w
        elif self.curvature != 1.0:
            h *= self.curvature

    def value(self, z: np.ndarray) -> float:
        parts = each(
            lambda s: float(self.weight[s] @ self.loss.value(self.y[s], z[0, s])),
            slices(len(self.y), BLOCK),
        )
        return sum(parts) / float(self.weight.sum())

    def leaf(self, z: np.ndarray, k: int) -> Callable[[np.ndarray], float] | None:
        """Of losses without curvature: the constant to be added to the rows' scores for least loss."""
        if self.loss.curvature != "none":
            return None
        return lambda rows: float(self.loss.shift(self.y[rows], z[0, rows], self.weight[rows]))


class RowObjective:
    """A loss of several scores a row: y holds class codes as floats."""

    def __init__(
        self, loss: Any, y: np.ndarray, weight: np.ndarray, curvature: float = 1.0
    ) -> None:
        self.loss, self.y, self.weight, self.curvature = loss, y, weight, curvature
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
        if self.curvature != 1.0:
            h *= self.curvature

    def value(self, z: np.ndarray) -> float:
        codes = self.y.astype(np.intp)
        parts = each(
            lambda s: float(self.weight[s] @ self.loss.value(codes[s], z[:, s].T)),
            slices(len(self.y), BLOCK),
        )
        return sum(parts) / float(self.weight.sum())

    def leaf(self, z: np.ndarray, k: int) -> None:
        return None


class ManyObjectives:
    """One score an objective: several targets, or each class against the rest."""

    def __init__(self, objectives: list[Any]) -> None:
        self.objectives = objectives
        self.outputs, self.weight = len(objectives), objectives[0].weight

    def start(self) -> np.ndarray:
        return np.concatenate([o.start() for o in self.objectives])

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        for k, o in enumerate(self.objectives):
            o.derivatives(z[k : k + 1], g[k : k + 1], h[k : k + 1])

    def value(self, z: np.ndarray) -> float:
        return float(np.mean([o.value(z[k : k + 1]) for k, o in enumerate(self.objectives)]))

    def leaf(self, z: np.ndarray, k: int) -> Callable[[np.ndarray], float] | None:
        return self.objectives[k].leaf(z[k : k + 1], 0)


class UserObjective:
    """A user's function ``(y, z) -> (g, h)`` or ``(y, z, weight)`` of all rows at once.

    With several outputs z is (n, outputs) and so are g and h.  It starts at 0 and tells no loss, so
    what is watched needs a metric.
    """

    def __init__(
        self, function: Callable[..., Any], y: np.ndarray, weight: np.ndarray, outputs: int = 1
    ) -> None:
        self.function, self.y, self.weight, self.outputs = function, y, weight, outputs
        self.takes_weight = len(inspect.signature(function).parameters) > 2

    def start(self) -> np.ndarray:
        return np.zeros(self.outputs)

    def derivatives(self, z: np.ndarray, g: np.ndarray, h: np.ndarray) -> None:
        given = (self.y, z[0] if self.outputs == 1 else np.ascontiguousarray(z.T))
        found = self.function(*given, self.weight) if self.takes_weight else self.function(*given)
        shape = given[1].shape
        for made, kept, name in zip(found, (g, h), ("first", "second")):
            made = np.asarray(made, dtype=np.float64)
            if made.size != g.size or not np.isfinite(made).all():
                raise ValueError(
                    f"the objective's {name} derivatives must be {shape} finite numbers; "
                    f"it returned shape {made.shape}"
                )
            kept[:] = made.reshape(shape).T if self.outputs > 1 else made.reshape(1, -1)
            if not self.takes_weight:
                kept *= self.weight

    def value(self, z: np.ndarray) -> float:
        raise ValueError("an objective given by its derivatives tells no loss; give eval_metric")

    def leaf(self, z: np.ndarray, k: int) -> None:
        return None


class ArrayObjective(UserObjective):
    """A user's loss with ``value(y, z)`` and ``derivatives(y, z)`` of all rows at once."""

    def __init__(self, loss: Any, y: np.ndarray, weight: np.ndarray) -> None:
        super().__init__(loss.derivatives, y, weight)
        self.loss = loss

    def start(self) -> np.ndarray:
        if hasattr(self.loss, "start"):
            return np.array([float(self.loss.start(self.y, self.weight))])
        return np.zeros(1)

    def value(self, z: np.ndarray) -> float:
        return float(np.average(self.loss.value(self.y, z[0]), weights=self.weight))


def objective_for(
    loss: Any, y: np.ndarray, weight: np.ndarray, *, curvature: float = 1.0, outputs: int = 1
) -> Objective:
    """The objective of a loss over rows: a part, a user's object with `derivatives`, or a function.

    A part of one score and y of shape (n, k), or outputs > 1 with class codes, makes one a column.
    """
    if hasattr(loss, "n_outputs"):
        return RowObjective(loss, y, weight, curvature)
    if not hasattr(loss, "is_part"):
        if hasattr(loss, "derivatives"):
            return ArrayObjective(loss, y, weight)
        return UserObjective(loss, y, weight, outputs)
    if y.ndim == 2:
        columns = [np.ascontiguousarray(y[:, k]) for k in range(y.shape[1])]
        return ManyObjectives([PointObjective(loss, c, weight, curvature) for c in columns])
    if outputs > 1:
        columns = [(y == k).astype(np.float64) for k in range(outputs)]
        return ManyObjectives([PointObjective(loss, c, weight, curvature) for c in columns])
    return PointObjective(loss, y, weight, curvature)
