"""What a penalty is, for type checkers and readers."""

from __future__ import annotations

from typing import Any, Protocol


class Penalty(Protocol):
    """A cost of the coefficients w, of shape (p,), or (p, k) for k outputs.

    A member that couples coefficients (`separable` is false) takes in `prox` only steps that `tied`
    returns; a separable one takes a step for each coefficient.
    """

    @property
    def separable(self) -> bool:
        """Whether the penalty is a sum of one term a coefficient."""
        ...

    @property
    def convex(self) -> bool: ...

    @property
    def smooth(self) -> bool:
        """Whether it is a multiple of |w|^2 / 2: then it has a `gradient`, and Newton takes it."""
        ...

    def value(self, w: Any) -> float: ...

    def prox(self, v: Any, step: Any) -> Any:
        """The u of least |u - v|^2 / (2 step) + value(u); one of them, where there are several."""
        ...

    def violation(self, w: Any, g: Any) -> Any:
        """How far w is from stationary when the loss has gradient g there: 0 for every coefficient if it is.

        The entry of the shortest vector in g + the subdifferential at w, where the subdifferential is
        closed; otherwise |w - prox(w - g, 1)|, which is 0 at the same points.
        """
        ...

    def check(self, p: int) -> None:
        """Raise ValueError where a parameter makes no sense for p coefficients."""
        ...


class Smooth(Penalty, Protocol):
    """A penalty that Newton's method takes."""

    def gradient(self, w: Any) -> Any: ...


class Coupled(Penalty, Protocol):
    """A penalty over groups of coefficients or over all of them."""

    def tied(self, step: Any) -> Any:
        """The largest steps that `prox` can take, none above those given."""
        ...


class Grouped(Coupled, Protocol):
    """A penalty that sets groups of coefficients to zero, and adds up over them."""

    groups: Any  # a size, or labels: see `groups_of`

    def at(self, chosen: Any) -> Any:
        """The same penalty of the chosen coefficients (by number, whole groups) alone."""
        ...


class Concave(Penalty, Protocol):
    """A separable penalty that is concave in |w|, so that its tangent lies above it."""

    def slope(self, w: Any) -> Any:
        """The derivative in |w|; at zero the one to the right, which may be infinite."""
        ...
