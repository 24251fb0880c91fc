"""Gradient boosting: trees fitted in turn to the derivatives of the loss at the scores so far.

One loop serves every named booster.  What differs between them is a choice of parts: the loss, how a
tree is grown (a `Grower`), which rows and columns it sees (`sampling`), what its leaves hold
(`linear_leaves`), how trees count (`combining`), when to stop (`watching`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..core.history import History
from ..growth.bins import Bins
from ..growth.newton_tree import NewtonTree
from ..growth.tree import Forest
from .combining import Adding, Combining
from .linear_leaves import LinearLeaves, LinearTerms
from .objective import Objective
from .running import Running
from .sampling import ALL_ROWS, Sampling
from .watching import Stopping, Watched


@dataclass
class Boosted:
    """The sum of trees: score k of a row is start[k] plus its leaves in the trees of output k."""

    forest: Forest
    bins: Bins
    start: np.ndarray
    outputs: np.ndarray  # of each tree
    history: History = field(default_factory=History)
    linear: LinearTerms | None = None

    @property
    def rounds(self) -> int:
        return len(self.outputs) // max(len(self.start), 1)

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Raw scores (n, outputs)."""
        found = np.tile(self.start, (len(X), 1))
        self._add(slice(None), X, found)
        return found

    def stages(self, X: np.ndarray) -> Iterator[np.ndarray]:
        """`scores` after each round; the same array, added to."""
        found = np.tile(self.start, (len(X), 1))
        k = len(self.start)
        for t in range(self.rounds):
            self._add(slice(t * k, (t + 1) * k), X, found)
            yield found

    def _add(self, trees: slice, X: np.ndarray, found: np.ndarray) -> None:
        forest = self.forest if trees == slice(None) else self.forest.only(trees)
        if self.linear is None:
            forest.add(X, self.bins, self.outputs[trees], found)
        else:
            self.linear.add(forest, X, self.bins, self.outputs[trees], found)

    def importances(self, kind: str, p: int) -> np.ndarray:
        """By feature: splits (``weight``), ``gain`` or ``cover`` by split, or ``total_`` of them."""
        forest = self.forest
        inner = np.flatnonzero(forest.feature >= 0)
        splits = np.bincount(forest.feature[inner], minlength=p)
        if kind == "weight":
            return splits.astype(float)
        name = kind.removeprefix("total_")
        if name not in ("gain", "cover"):
            raise ValueError(
                f"kind={kind!r} is none of weight, gain, cover, total_gain, total_cover"
            )
        total = np.bincount(
            forest.feature[inner], weights=getattr(forest, name)[inner], minlength=p
        )
        return total if kind.startswith("total_") else total / np.maximum(splits, 1)

    def first(self, rounds: int) -> Boosted:
        """The same with the first `rounds` rounds only."""
        trees = slice(0, rounds * len(self.start))
        if rounds >= self.rounds:
            return self
        end = int(self.forest.roots[trees.stop]) if rounds else 0
        linear = None if self.linear is None else self.linear.first(end)
        return replace(
            self, forest=self.forest.until(end, trees), outputs=self.outputs[trees], linear=linear
        )

    @staticmethod
    def join(before: Boosted, after: Boosted) -> Boosted:
        """The rounds of one after those of another, on the same bins and start."""
        history = History()
        history.rows = before.history.rows + after.history.rows
        return replace(
            after,
            forest=Forest.join([before.forest, after.forest]),
            outputs=np.concatenate([before.outputs, after.outputs]),
            history=history,
            linear=LinearTerms.join(
                [before.linear, after.linear],
                [len(before.forest.feature), len(after.forest.feature)],
            ),
        )


def boost(
    table: Any,
    bins: Bins,
    objective: Objective,
    *,
    rounds: int,
    tree: Any = None,
    combining: Combining | None = None,
    sampling: Sampling = ALL_ROWS,
    features_per_tree: float = 1.0,
    leaves: LinearLeaves | None = None,
    start: np.ndarray | None = None,
    scores: np.ndarray | None = None,
    watched: Sequence[Watched] = (),
    stopping: Stopping | None = None,
    seed: int = 0,
    first: int = 0,
    progress: Callable[[int, dict[str, float]], None] | None = None,
) -> tuple[Boosted, np.ndarray]:
    """Grow `rounds` rounds of one tree an output; returns the model and the training scores.

    `scores` (outputs, n) are those to go on from (warm start, base margin); else `start`, by default
    the loss's best constant.  `stopping` follows the first metric of the last of `watched`, or the
    training loss where nothing is watched.  Cost: rounds x outputs x O(n p) byte reads.
    """
    tree = NewtonTree() if tree is None else tree
    combining = Adding() if combining is None else combining
    n, p = table.shape
    outputs = objective.outputs
    base = np.asarray(objective.start() if start is None else start, dtype=np.float64)
    z = np.repeat(base[:, None], n, axis=1) if scores is None else scores
    g, h = np.empty_like(z), np.empty_like(z)
    work = tree.workspace(table, bins, objective.weight)
    watched = list(watched)
    if not watched and stopping is not None:
        watched = [Watched("", None, {"score": objective.value})]
    sums = Running(base, z, table, bins, watched, combining)
    history = History()
    followed: list[float] = []
    for t in range(first, first + rounds):
        rng = np.random.default_rng([seed, t])
        rate, old, dropped = combining.before(sums, rng)
        sums.drop(dropped)
        point = combining.point(sums)
        objective.derivatives(point, g, h)
        draws = np.random.default_rng([seed, t - t % sampling.every, 1])
        index = sampling.draw(draws, t, g, h)
        now = tree
        if features_per_tree < 1.0:
            now = replace(tree, groups=_features(rng, tree.groups, p, features_per_tree))
        split = False
        for k in range(outputs):
            grown = now.grow(
                work, g[k], h[k], None if index is None else index.copy(), int(rng.integers(2**52))
            )
            values = _leaf_values(grown, objective, point, k) * rate
            split |= len(grown.value) > 1
            terms = None
            if leaves is not None and t > 0:
                terms = leaves.fit(grown, table, g[k], h[k], values, rate)
            sums.plant(grown, k, values, terms, index)
        sums.restore(dropped, old, rate)
        told: dict[str, float] = {}
        for w, seen in zip(watched, sums.watched_scores()):
            told |= w.judge(combining.seen(sums, seen))
        history.record(t, **told)
        if progress is not None:
            progress(t, told)
        if stopping is not None:
            followed.append(told[watched[-1].told_as(next(iter(watched[-1].metrics)))])
            if stopping.after(followed):
                break
        random = index is not None or features_per_tree < 1.0 or tree.is_random
        if not split and not random and not combining.keeps_trees:
            break  # no tree finds anything more, and neither will the next
    of_trees = np.tile(np.arange(outputs), sums.rounds)
    made = Boosted(sums.forest(), bins, base, of_trees, history, sums.linear())
    if stopping is not None and stopping.best and followed:
        made = made.first(stopping.best_round(followed) + 1)
    return made, sums.scores[0]


def _features(
    rng: np.random.Generator, groups: np.ndarray | None, p: int, share: float
) -> np.ndarray:
    """Groups with all but ceil(share p) features in none."""
    kept = np.zeros(p, bool)
    kept[rng.choice(p, max(1, int(np.ceil(share * p))), replace=False)] = True
    return np.where(kept, -1 if groups is None else groups, 0)


def _leaf_values(grown: Any, objective: Objective, z: np.ndarray, k: int) -> np.ndarray:
    """Newton's values, or the loss's own where it has no curvature."""
    leaf = objective.leaf(z, k)
    if leaf is None:
        return grown.value
    values = grown.value.copy()
    starts, stops = grown.starts, grown.stops
    for node in grown.leaves:
        values[node] = leaf(grown.index[starts[node] : stops[node]])
    return values
