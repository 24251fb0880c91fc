"""What a loss is, for type checkers and readers."""

from __future__ import annotations

from typing import Any, Protocol


class Loss(Protocol):
    """A loss of one raw prediction z per row.  It never sees X.

    `value` and `mean` work on arrays of any shape and take the namespace `xp`, NumPy or torch.
    `derivatives` is written for one row and compiled into kernels.
    """

    @property
    def domain(self) -> str:
        """Which y it accepts: a key of `zhixing.losses.domain.DOMAINS`."""
        ...

    @property
    def curvature(self) -> str:
        """What h is: ``exact``, ``bound`` (above the second derivative) or ``none``."""
        ...

    @property
    def smoothness(self) -> float:
        """The largest second derivative in z, infinite where there is none."""
        ...

    def value(self, y: Any, z: Any, xp: Any = ...) -> Any: ...

    def derivatives(self, y: Any, z: Any) -> tuple[Any, Any]:
        """First and second derivative in z of one row."""
        ...

    def mean(self, z: Any, xp: Any = ...) -> Any:
        """The prediction in units of y of which z is the raw form."""
        ...

    def start(self, y: Any, weight: Any) -> float:
        """The constant z of least total loss."""
        ...


class DualLoss(Loss, Protocol):
    """A loss whose convex conjugate is known, from which duality gaps are made."""

    def conjugate(self, y: Any, u: Any) -> Any:
        """The largest u z - value(y, z) over z of one row, infinite where there is none."""
        ...


class ShiftLoss(Loss, Protocol):
    """A loss without curvature, whose best constant step is known: the leaf value of boosting."""

    def shift(self, y: Any, z: Any, weight: Any) -> float:
        """The constant s of least total loss of z + s."""
        ...


class RowLoss(Protocol):
    """A loss of `n_outputs` raw predictions per row: z has shape (n, n_outputs)."""

    n_outputs: int

    @property
    def coupled(self) -> bool:
        """Whether a row's Hessian is diag(h) - h h'; else it is diag(h)."""
        ...

    def value(self, y: Any, z: Any, xp: Any = ...) -> Any: ...

    def value_row(self, y: Any, z: Any) -> Any:
        """The loss of one row, z of shape (n_outputs,)."""
        ...

    def derivatives_row(self, y: Any, z: Any, g: Any, h: Any) -> Any:
        """Fill g with one row's gradient and h with what builds its Hessian; return the loss."""
        ...

    def mean(self, z: Any, xp: Any = ...) -> Any: ...

    def start(self, y: Any, weight: Any) -> Any: ...
