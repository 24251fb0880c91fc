"""What a criterion is, for type checkers and readers."""

from __future__ import annotations

from typing import Any, Protocol


class Criterion(Protocol):
    """What a node of a tree is worth, told from a few sums over its rows.

    A split is judged by ``score(left) + score(right) - score(both)``, which is the fall of the
    weighted impurity: no other property of the rows is needed, so rows are added one by one and sums
    of bins are added to sums of bins.
    """

    @property
    def n_stats(self) -> int:
        """Length of the sums `s`."""
        ...

    def add(self, s: Any, y: Any, weight: Any) -> None:
        """Add one row to the sums; y (k,) is one number or class code for each output."""
        ...

    def score(self, s: Any) -> Any:
        """Minus weight times impurity, up to a term that splitting leaves unchanged; larger is better."""
        ...

    def leaf(self, s: Any) -> Any:
        """What a leaf of these sums predicts; s may be (..., n_stats)."""
        ...


class ClassCriterion(Criterion, Protocol):
    """A criterion whose impurity follows from the sums alone."""

    def impurity(self, s: Any) -> Any:
        """The impurity of sums (..., n_stats)."""
        ...


class CompiledCriterion(Protocol):
    """The form in which loops take a criterion."""

    def score(self, s: Any) -> Any: ...

    def score_pair(self, a: Any, b: Any) -> Any:
        """`score` of the sums (a, b)."""
        ...

    def score_sides(self, left: Any, total: Any) -> Any:
        """``score(left) + score(total - left)``."""
        ...

    def ceiling(self, s: Any) -> Any:
        """A sum of scores that no split passes; infinite where there is no bound."""
        ...
