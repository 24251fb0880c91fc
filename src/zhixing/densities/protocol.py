"""What a density is, for type checkers and readers."""

from __future__ import annotations

from typing import Any, Protocol


class Density(Protocol):
    """A density of one variable with parameters theta of shape (n_params,)."""

    @property
    def domain(self) -> str:
        """Which x it is over: a key of `zhixing.densities.domain.DOMAINS`."""
        ...

    @property
    def n_stats(self) -> int: ...

    @property
    def n_params(self) -> int: ...

    def log_density(self, x: Any, theta: Any) -> Any:
        """log p(x) of one value."""
        ...

    def add(self, s: Any, x: Any, weight: Any) -> None:
        """Take one value into the sums s, of shape (n_stats,)."""
        ...

    def merge(self, a: Any, b: Any) -> Any:
        """The sums of both samples; the last axis holds sums."""
        ...

    def estimate(self, s: Any) -> Any:
        """The parameters of greatest likelihood; the last axis holds sums, then parameters."""
        ...

    def draw(self, theta: Any, rng: Any) -> Any:
        """One value from every row of parameters."""
        ...
