"""Many trees grown to the same statistics, each on rows of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.parallel import each
from .coded import Coded
from .grown_value import class_shares, number_means, within_bounds
from .impurity_tree import ImpurityTree, grow
from .prune import weakest_link
from .statistics import Statistics
from .tree import Forest


@dataclass
class Sample:
    """The rows of one tree: `index` ascending, `counts` (n,) how often each occurs; None: all of them, once.

    factor (n,): by what their weights are multiplied besides.
    """

    index: np.ndarray | None = None
    counts: np.ndarray | None = None
    factor: np.ndarray | None = None

    def times(self) -> np.ndarray | None:
        """What the amounts of rows are multiplied with."""
        if self.factor is None:
            return self.counts
        return self.factor if self.counts is None else self.counts * self.factor


def grow_forest(
    params: ImpurityTree,
    table: Coded,
    stats: Statistics,
    criterion: Any,
    y: np.ndarray,
    weight: np.ndarray,
    samples: Callable[[int], Sample],
    seeds: np.ndarray,
    *,
    ccp_alpha: float = 0.0,
) -> list[Forest]:
    """A tree for every seed, side by side, each by one thread; samples(t) are the rows of the t-th."""

    def one(t: int) -> Forest:
        sample = samples(t)
        times = sample.times()
        grown = grow(params, table, stats, index=sample.index, counts=times, seed=int(seeds[t]))
        impurity = None
        if criterion.form.n_classes:
            value = class_shares(grown, stats)
            if ccp_alpha > 0.0:
                impurity = criterion.impurity(value)
        else:
            w = weight if times is None else weight * times
            value, impurity = number_means(grown, y, w, criterion, ccp_alpha > 0.0)
        if params.monotone is not None:
            value = within_bounds(grown, stats, value)
        tree = grown.to_forest(table, stats, value)
        if ccp_alpha > 0.0:
            assert impurity is not None
            tree, _ = weakest_link(tree, impurity).prune(ccp_alpha)
        return tree

    return each(one, range(len(seeds)))
