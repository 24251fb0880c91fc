"""Gradient boosting: trees fitted in turn to the derivatives of the loss at the scores so far.

One loop serves every named booster.  What differs between them is a choice of parts: the loss, how a
tree is grown (`growth.NewtonTree`), which rows and columns it sees, when to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from ..core.history import History
from ..growth.bins import Binned, Bins
from ..growth.newton_tree import Grown, NewtonTree, Workspace, grow, to_forest
from ..growth.tree import Forest
from .objective import Objective
from .sampling import ALL_ROWS, Sampling


@dataclass(frozen=True)
class Stopping:
    """Stop when the score (smaller is better) has not fallen by `tolerance` for `rounds` rounds."""

    rounds: int
    tolerance: float = 0.0

    def after(self, scores: list[float]) -> bool:
        if len(scores) <= self.rounds:
            return False
        return min(scores[-self.rounds :]) > min(scores[: -self.rounds]) - self.tolerance


@dataclass
class Boosted:
    """The sum of trees: score k of a row is start[k] plus its leaves in the trees of output k."""

    forest: Forest
    bins: Bins
    start: np.ndarray
    outputs: np.ndarray  # of each tree
    history: History = field(default_factory=History)

    @property
    def rounds(self) -> int:
        return len(self.outputs) // max(len(self.start), 1)

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Raw scores (n, outputs)."""
        found = np.tile(self.start, (len(X), 1))
        self.forest.add(X, self.bins, self.outputs, found)
        return found

    def stages(self, X: np.ndarray) -> Iterator[np.ndarray]:
        """`scores` after each round; the same array, added to."""
        found = np.tile(self.start, (len(X), 1))
        k = len(self.start)
        for t in range(self.rounds):
            trees = slice(t * k, (t + 1) * k)
            self.forest.only(trees).add(X, self.bins, self.outputs[trees], found)
            yield found


def boost(
    binned: Binned,
    bins: Bins,
    objective: Objective,
    *,
    rounds: int,
    learning_rate: float = 0.1,
    tree: NewtonTree,
    sampling: Sampling = ALL_ROWS,
    features_per_tree: float = 1.0,
    start: np.ndarray | None = None,
    scores: np.ndarray | None = None,
    validation: tuple[Binned, Objective, np.ndarray | None] | None = None,
    stopping: Stopping | None = None,
    seed: int = 0,
    first: int = 0,
    progress: Callable[[int, dict[str, float]], None] | None = None,
) -> tuple[Boosted, np.ndarray]:
    """Grow `rounds` rounds of one tree an output; returns the model and the training scores.

    `scores` (outputs, n) are those to go on from (warm start, base margin); else `start`, by default
    the loss's best constant.  `validation` is binned like the training rows; early stopping watches its
    loss, or that of training.  Cost: rounds x outputs x
    O(n p) byte reads.
    """
    n, p = binned.rows.shape
    outputs = objective.outputs
    base = np.asarray(objective.start() if start is None else start, dtype=np.float64)
    z = np.repeat(base[:, None], n, axis=1) if scores is None else scores
    g, h = np.empty_like(z), np.empty_like(z)
    work = Workspace(tree, binned, bins, objective.weight)
    history = History()
    forests: list[Forest] = []
    held: np.ndarray | None = None
    if validation is not None:
        held_binned, held_objective, held = validation
        if held is None:
            held = np.repeat(base[:, None], len(held_binned.rows), axis=1)
    watched: list[float] = []
    for t in range(first, first + rounds):
        rng = np.random.default_rng([seed, t])
        objective.derivatives(z, g, h)
        index = sampling.draw(rng, n)
        now = tree
        if features_per_tree < 1.0:
            now = replace(tree, groups=_features(rng, tree.groups, p, features_per_tree))
        split = False
        for k in range(outputs):
            grown = grow(
                now, work, g[k], h[k], None if index is None else index.copy(),
                int(rng.integers(2**52)),
            )  # fmt: skip
            values = _leaf_values(grown, objective, z) * learning_rate
            split |= len(grown.node_i) > 1
            grown.add_to(z[k], values)
            if index is not None:
                others = np.ones(n, bool)
                others[index] = False
                rest = np.flatnonzero(others).astype(np.uint32)
                grown.add_elsewhere(binned.rows, rest, values, z[k])
            if held is not None:
                everyone = np.arange(held.shape[1], dtype=np.uint32)
                grown.add_elsewhere(held_binned.rows, everyone, values, held[k])
            forests.append(to_forest(grown, bins, values))
        if stopping is not None or progress is not None:
            told: dict[str, float] = {}
            if stopping is not None:
                told["score"] = objective.value(z) if held is None else held_objective.value(held)
                history.record(t, **told)
                watched.append(told["score"])
            if progress is not None:
                progress(t, told)
            if stopping is not None and stopping.after(watched):
                break
        if not split and index is None and features_per_tree >= 1.0 and tree.features_per_node >= 1:
            break  # no tree finds anything more, and neither will the next
    forest = Forest.join(forests) if forests else Forest.empty()
    made = len(forests) // outputs
    return Boosted(forest, bins, base, np.tile(np.arange(outputs), made), history), z


def _features(
    rng: np.random.Generator, groups: np.ndarray | None, p: int, share: float
) -> np.ndarray:
    """Groups with all but ceil(share p) features in none."""
    kept = np.zeros(p, bool)
    kept[rng.choice(p, max(1, int(np.ceil(share * p))), replace=False)] = True
    return np.where(kept, -1 if groups is None else groups, 0)


def _leaf_values(grown: Grown, objective: Objective, z: np.ndarray) -> np.ndarray:
    """Newton's values, or the loss's own where it has no curvature."""
    leaf = objective.leaf(z)
    if leaf is None:
        return grown.value
    values = grown.value.copy()
    starts, stops = grown.starts, grown.stops
    for node in grown.leaves:
        values[node] = leaf(grown.index[starts[node] : stops[node]])
    return values
