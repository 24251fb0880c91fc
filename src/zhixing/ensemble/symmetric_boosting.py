"""Boosting of oblivious trees, plain or ordered, over several permutations of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.history import History
from ..core.parallel import each, single_threaded_blas
from ..growth.bins import Binned, Bins
from ..growth.oblivious_tree import Evidence, ObliviousTree, oblivious_forest, places
from ..growth.tree import Forest
from ..kernels.oblivious_level import sums_by_place
from .boosting import Boosted
from .sampling import Sampling
from .symmetric_boosted import SymmetricBoosted
from .watching import Stopping, Watched

#: Least rows of the first prefix of a permutation, where there are as many; each next one is twice as long.
FIRST = 100


@dataclass
class View:
    """The training rows as one permutation sees them: their table, their order, their scores.

    An ordered view keeps, for each prefix of its order, the scores of a model fitted to that
    prefix alone, over the rows up to the end of the next prefix: a row's derivatives come from a model
    that never saw it.
    """

    table: Binned
    order: np.ndarray | None  # None: plain
    scores: np.ndarray  # (outputs, n): of the plain model
    ends: list[int]
    prefixes: list[np.ndarray]  # (outputs, rows) each
    parts: list[Any]  # objectives over these rows

    @staticmethod
    def plain(table: Binned, start: np.ndarray) -> View:
        scores = np.repeat(start[:, None], table.shape[0], axis=1)
        return View(table, None, scores, [], [], [])

    @staticmethod
    def ordered(
        table: Binned, start: np.ndarray, order: np.ndarray, of: Callable[[np.ndarray], Any]
    ) -> View:
        n = table.shape[0]
        ends: list[int] = []
        end = n
        while end // 2 >= FIRST or (not ends and n >= 8):
            end = (end + 1) // 2
            ends.insert(0, end)
        ends = ends or [n]
        reach = [*ends[1:], n]
        prefixes = [np.repeat(start[:, None], r, axis=1) for r in reach]
        parts = [of(order[:r]) for r in reach]
        return View(table, order, np.repeat(start[:, None], n, axis=1), ends, prefixes, parts)

    def evidence(
        self, objective: Any, sampling: Sampling, rng: np.random.Generator, t: int
    ) -> tuple[list[Evidence], float]:
        """What structures are found by, and the sum of g^2 / w.

        In an ordered view, for each prefix: the derivatives at its model of its own rows, and of those
        behind it, which that model never saw.  Structures are found to first order: h is the weight.
        """
        n, weight = self.table.shape[0], objective.weight
        outputs = len(self.scores)
        if self.order is None:
            g, h = np.empty((outputs, n)), np.empty((outputs, n))
            objective.derivatives(self.scores, g, h)
            spread = float((g * g / weight).sum())
            h[:] = weight
            return [Evidence(g, h, sampling.draw(rng, t, g, h))], spread
        found, spread = [], 0.0
        for end, z, part in zip(self.ends, self.prefixes, self.parts):
            own_g, own_h = np.empty_like(z), np.empty_like(z)
            part.derivatives(z, own_g, own_h)
            own_h[:] = part.weight
            reach = z.shape[1]
            behind = slice(end, reach) if end < reach else slice(0, reach)
            spread += float((own_g[:, behind] ** 2 / part.weight[behind]).sum())
            index = sampling.draw(rng, t, own_g, own_h)
            places = [np.zeros((outputs, n)) for _ in range(4)]
            rows = self.order[:reach]
            for held, of, chosen in (
                (places[0], own_g, slice(0, end)), (places[1], own_h, slice(0, end)),
                (places[2], own_g, behind), (places[3], own_h, behind),
            ):  # fmt: skip
                held[:, rows[chosen]] = of[:, chosen]
            kept = rows if index is None else rows[index]
            found.append(
                Evidence(
                    places[0], places[1], np.sort(kept).astype(np.uint32), (places[2], places[3])
                )
            )
        return found, spread

    def step(self, place: np.ndarray, leaves: int, lam: float, rate: float) -> None:
        """Add to each prefix's model what its own rows say of the leaves."""
        for end, z, part in zip(self.ends, self.prefixes, self.parts):
            rows = self.order[: z.shape[1]]  # type: ignore[index]
            where = place[rows]
            g, h = np.empty_like(z), np.empty_like(z)
            part.derivatives(z, g, h)
            for k in range(len(z)):
                sum_g, sum_h = leaf_sums(where[:end], g[k, :end], h[k, :end], leaves)
                z[k] -= (rate * sum_g / np.maximum(sum_h + lam, 1e-100))[where]


def leaf_sums(
    place: np.ndarray, g: np.ndarray, h: np.ndarray, leaves: int
) -> tuple[np.ndarray, np.ndarray]:
    sum_g, sum_h = np.zeros(leaves), np.zeros(leaves)
    sums_by_place(
        np.ascontiguousarray(place), np.ascontiguousarray(g), np.ascontiguousarray(h), sum_g, sum_h
    )
    return sum_g, sum_h


def boost_symmetric(
    views: list[View],
    bins: Bins,
    objective: Any,
    start: np.ndarray,
    *,
    rounds: int,
    rate: float,
    tree: ObliviousTree,
    sampling: Sampling,
    random_strength: float = 1.0,
    leaf_steps: int = 1,
    watched: Sequence[Watched] = (),
    stopping: Stopping | None = None,
    seed: int = 0,
    progress: Callable[[int, dict[str, float]], None] | None = None,
) -> Boosted:
    """Grow `rounds` oblivious trees (one structure for all outputs).

    The last view makes the model's leaf values; the structure of a tree is found in one of the
    others, drawn for each round (or in the only one).  A leaf takes `leaf_steps` Newton steps
    -sum g / (sum h + lam).  Prokhorenkova et al. (2018), algorithm 2.
    """
    outputs = objective.outputs
    weight = objective.weight
    held = [
        np.repeat(start[:, None], w.table.shape[0], axis=1)  # type: ignore[attr-defined]
        for w in watched
    ]
    history, forests, followed = History(), [], []
    for t in range(rounds):
        random = np.random.default_rng([seed, t])
        view = views[int(random.integers(max(len(views) - 1, 1)))]
        draws = np.random.default_rng([seed, t, 1])
        evidence, squares = view.evidence(objective, sampling, draws, t)
        spread = np.sqrt(squares / max(weight.sum(), 1e-100))
        left = np.exp(np.log(max(weight.sum(), 1.0)) - t * rate)
        noise = random_strength * spread * left / (1.0 + left)
        levels = tree.find(view.table, bins, evidence, noise, random)
        leaves = 2 ** len(levels)
        made = each(lambda v, s=levels: places(s, v.table, bins), views)
        for k, (v, place) in enumerate(zip(views, made)):
            v.step(place, leaves, tree.lam, rate)
            values, cover = _leaf_values(objective, v.scores, place, leaves, tree.lam, leaf_steps)
            for o in range(outputs):
                v.scores[o] += rate * values[o][place]
            if k == len(views) - 1:
                count = np.bincount(place, minlength=leaves)
                forests += [
                    oblivious_forest(levels, bins, rate * values[o], cover[o], count)
                    for o in range(outputs)
                ]
        told: dict[str, float] = {}
        for w, z in zip(watched, held):
            place = places(levels, w.table, bins)  # type: ignore[arg-type]
            for o in range(outputs):
                z[o] += rate * values[o][place]
            told |= w.judge(z)
        history.record(t, **told)
        if progress is not None:
            progress(t, told)
        if stopping is not None:
            followed.append(told[watched[-1].told_as(next(iter(watched[-1].metrics)))])
            if stopping.after(followed):
                break
    forest = Forest.join(forests) if forests else Forest.empty()
    of_trees = np.tile(np.arange(outputs), len(forests) // outputs)
    boosted: Boosted = SymmetricBoosted(forest, bins, start, of_trees, history)
    if stopping is not None and stopping.best and followed:
        boosted = boosted.first(stopping.best_round(followed) + 1)
    return boosted


def _leaf_values(
    objective: Any, scores: np.ndarray, place: np.ndarray, leaves: int, lam: float, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """(outputs, leaves) values and sums of h."""
    outputs = len(scores)
    values, cover = np.zeros((outputs, leaves)), np.zeros((outputs, leaves))
    own = [objective.leaf(scores, k) for k in range(outputs)]
    if own[0] is not None:
        order = np.argsort(place, kind="stable")
        bounds = np.searchsorted(place[order], np.arange(leaves + 1))
        for k, leaf in enumerate(own):
            for b in range(leaves):
                rows = order[bounds[b] : bounds[b + 1]]
                if len(rows):
                    values[k, b] = leaf(rows)
                    cover[k, b] = objective.weight[rows].sum()
        return values, cover
    g, h = np.empty_like(scores), np.empty_like(scores)
    coupled = bool(getattr(getattr(objective, "loss", None), "coupled", False))
    order = np.argsort(place, kind="stable") if coupled else None
    for step in range(steps):
        z = scores if step == 0 else scores + values[:, place]
        objective.derivatives(z, g, h)
        sums = [leaf_sums(place, g[k], h[k], leaves) for k in range(outputs)]
        if step == 0:
            cover[:] = [sum_h for _, sum_h in sums]
        if order is not None:
            sum_g = np.stack([sum_g for sum_g, _ in sums], axis=1)
            values += _coupled_step(objective, z, place, order, sum_g, lam)
            continue
        for k, (sum_g, sum_h) in enumerate(sums):
            values[k] -= sum_g / np.maximum(sum_h + lam, 1e-100)
    return values, cover


def _coupled_step(
    objective: Any,
    z: np.ndarray,
    place: np.ndarray,
    order: np.ndarray,
    sum_g: np.ndarray,
    lam: float,
) -> np.ndarray:
    """(outputs, leaves): Newton's step with the whole Hessian sum w (diag(p) - p p') of each leaf."""
    leaves, outputs = sum_g.shape
    p = np.asarray(objective.loss.mean(z.T[order]))
    weighted = p * objective.weight[order, None]
    bounds = np.searchsorted(place[order], np.arange(leaves + 1))
    hessian = np.empty((leaves, outputs, outputs))
    with single_threaded_blas():
        for b in range(leaves):
            rows = slice(bounds[b], bounds[b + 1])
            hessian[b] = np.diag(weighted[rows].sum(axis=0)) - weighted[rows].T @ p[rows]
        # Scores may all move together at no cost, so without lam the Hessian is singular.
        hessian += max(lam, 1e-10) * np.eye(outputs)
        return -np.linalg.solve(hessian, sum_g[:, :, None])[:, :, 0].T
