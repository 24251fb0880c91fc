"""How the trees of an ensemble count: added up, averaged, or with some left out while one is grown."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np

from ..core.part import part


class Combining(Protocol):
    """What a round does with the trees before it."""

    @property
    def rate(self) -> float:
        """What a tree counts for where nothing is dropped."""
        ...

    @property
    def keeps_trees(self) -> bool:
        """Whether earlier trees are sent rows again."""
        ...

    @property
    def averages(self) -> bool:
        """Whether the trees' mean is what is added to the start."""
        ...

    def before(self, sums: Any, rng: np.random.Generator) -> tuple[float, float, np.ndarray]:
        """(factor of the new trees, new factor of the dropped ones, the rounds dropped)."""
        ...

    def point(self, sums: Any) -> np.ndarray:
        """The scores at which derivatives are taken."""
        ...

    def seen(self, sums: Any, scores: np.ndarray) -> np.ndarray:
        """The scores of the ensemble so far, from the running sums."""
        ...


NONE = np.empty(0, np.int64)


@part
class Adding(NamedTuple):
    """Each tree, shrunk by `rate`, is added to the scores (Friedman 2001, eq. 36)."""

    rate: float = 0.1

    keeps_trees = False
    averages = False

    def before(self, sums, rng):
        return self.rate, 1.0, NONE

    def point(self, sums):
        return sums.scores[0]

    def seen(self, sums, scores):
        return scores


@part
class Averaging(NamedTuple):
    """A forest: every tree is grown at the start, and the scores are start + mean of the trees."""

    rate: float = 1.0

    keeps_trees = False
    averages = True

    def before(self, sums, rng):
        return self.rate, 1.0, NONE

    def point(self, sums):
        return sums.start

    def seen(self, sums, scores):
        return sums.base[:, None] + (scores - sums.base[:, None]) / max(sums.rounds, 1)


@part
class Dropping(NamedTuple):
    """DART: a tree is grown with some earlier ones left out, and then all of them share the step.

    Of k dropped rounds each counts k / (k + a) of what it did and the new one 1 / (k + a) of a tree
    (times `rate`), with a = 1 or, if `by_rate`, a = rate.  With `forest`, the dropped count as
    one round: 1 / (1 + rate) for both.  A round is dropped with chance `drop` (in proportion to its
    weight if `weighted`), at most `most` of them (0 for any number), and none with chance `skip`.
    Rashmi and Gilad-Bachrach (2015), "DART", algorithm 1.
    """

    rate: float = 0.1
    drop: float = 0.1
    most: int = 50
    skip: float = 0.5
    weighted: bool = False
    one: bool = False
    by_rate: bool = False
    forest: bool = False

    keeps_trees = True
    averages = False

    def before(self, sums, rng):
        made = sums.rounds
        # Drawn in any case, so that a draw does not depend on those before it.
        skip, uniform, pick = rng.random(), rng.random(made), rng.random()
        if made == 0 or skip < self.skip:
            return self.rate, 1.0, NONE
        weight = np.array(sums.weights) if self.weighted else np.ones(made)
        relative = weight * made / max(weight.sum(), 1e-300)
        share = min(self.drop, self.most / made) if self.most > 0 else self.drop
        dropped = np.flatnonzero(uniform < share * relative)
        if self.most > 0:
            dropped = dropped[: self.most]
        if self.one and not len(dropped):
            dropped = np.array([min(int(pick * made), made - 1)])
        k = len(dropped)
        if k == 0:
            return self.rate, 1.0, NONE
        if self.forest:
            return self.rate / (1.0 + self.rate), 1.0 / (1.0 + self.rate), dropped
        a = self.rate if self.by_rate else 1.0
        return self.rate / (k + a), k / (k + a), dropped

    def point(self, sums):
        return sums.scores[0]

    def seen(self, sums, scores):
        return scores
