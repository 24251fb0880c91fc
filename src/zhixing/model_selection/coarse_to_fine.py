"""Grids that shrink: coarse over the whole range, then finer around the best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from ..core.finding import Finding
from .axes import Axis, ChoiceAxis, Coordinate, axes_of
from .search import Search, search
from .search_cv import SearchCV


class CoarseToFineSearchCV(SearchCV):
    """Grid search in rounds: a wide coarse grid, then narrower and finer ones around the best.

    Each round lays `points` values on every range, evenly (in ratios where the range is `log`),
    evaluates all combinations that are new, and shrinks each range to one step on either side of
    the best.

    Parameters
    ----------
    estimator : estimator
        What to tune; a Pipeline with ``step__parameter`` names works.
    ranges : mapping of name to range
        `Real`, `Whole`, `OneOf`, a list of values (all are tried in every round), or a frozen SciPy
        distribution (its quantiles).
    rounds : int
    points : int
        Values per range and round; at least 3.
    scoring, cv, refit, n_jobs, error_score, return_train_score
        As scikit-learn's GridSearchCV.

    Attributes
    ----------
    best_params_, best_score_, best_index_, best_estimator_, cv_results_, ... : as GridSearchCV
    rounds_ : list of dict
        Per round the values tried, by name.
    findings_ : list of Finding
        "another-basin": a point of the first grid that is no neighbour of the best scored within
        one standard error, so the global best may have been missed.  "edge-of-range": the best lies
        on the edge of a given range, so the range was too narrow.

    Notes
    -----
    Cost: ``points ** ranges`` candidates in the first round, fewer later.  The search follows the
    first grid's best and **can miss the global best**; `findings_` holds the evidence when there is
    any, and no evidence is no proof.  Bayesian search needs fewer fits from three ranges on.

    >>> from zhixing.core.space import Real
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.svm import SVC
    >>> X, y = load_iris(return_X_y=True)
    >>> search = CoarseToFineSearchCV(SVC(), {"C": Real(1e-3, 1e3, log=True)}, rounds=3, points=5)
    >>> search.fit(X, y).best_score_ > 0.95, [len(r["C"]) for r in search.rounds_]
    (True, [5, 5, 5])
    """

    def __init__(
        self,
        estimator: Any,
        ranges: Mapping[str, Any],
        *,
        rounds: int = 3,
        points: int = 5,
        scoring: Any = None,
        cv: Any = None,
        refit: Any = True,
        n_jobs: int | None = None,
        error_score: Any = float("nan"),
        return_train_score: bool = False,
    ) -> None:
        self.estimator = estimator
        self.ranges = ranges
        self.rounds = rounds
        self.points = points
        self.scoring = scoring
        self.cv = cv
        self.refit = refit
        self.n_jobs = n_jobs
        self.error_score = error_score
        self.return_train_score = return_train_score

    def _search(self, objective: Callable[[dict[str, Any]], Iterator[float]]) -> Search:
        if self.rounds < 1 or self.points < 3:
            raise ValueError("a coarse-to-fine search needs rounds >= 1 and points >= 3")
        axes = axes_of(self.ranges)
        bounds = {name: (0.0, 1.0) for name in axes}
        known: dict[tuple[Coordinate, ...], int] = {}
        total = Search()
        self.rounds_ = []
        first: list[tuple[Coordinate, ...]] = []
        for _ in range(self.rounds):
            grids = {name: _grid(axis, *bounds[name], self.points) for name, axis in axes.items()}
            self.rounds_.append({n: [axes[n].decode(c) for c in grid] for n, grid in grids.items()})
            points = list(product(*grids.values()))
            first = first or points
            fresh = [point for point in points if point not in known]
            tried = [_params(axes, point) for point in fresh]
            for point, params in zip(fresh, tried):
                known[point] = len(total.trials)
                one = search(objective, self.ranges, 1, start=[params], method="random").trials[0]
                total.trials.append(replace(one, number=len(total.trials)))
            if total._best() is None:
                break
            best = next(p for p, number in known.items() if number == total.best.number)
            bounds = {
                name: _around(axis, grids[name], c, bounds[name])
                for (name, axis), c in zip(axes.items(), best)
            }
        total.stopped = f"{self.rounds} rounds"
        if total._best() is not None:
            self.findings_ = _findings(axes, total, known, first)
        else:
            self.findings_ = []
        return total


def _params(axes: dict[str, Axis], point: tuple[Coordinate, ...]) -> dict[str, Any]:
    return {name: axis.decode(c) for (name, axis), c in zip(axes.items(), point)}


def _grid(axis: Axis, low: float, high: float, points: int) -> list[Coordinate]:
    if isinstance(axis, ChoiceAxis):
        return list(range(int(axis.size)))
    return list(dict.fromkeys(axis.from_unit(u) for u in np.linspace(low, high, points)))


def _around(
    axis: Axis, grid: list[Coordinate], best: Coordinate, bounds: tuple[float, float]
) -> tuple[float, float]:
    """One step of the grid on either side of the best."""
    units = sorted(axis.to_unit(c) for c in grid)
    here = axis.to_unit(best)
    below = max((u for u in units if u < here), default=bounds[0])
    above = min((u for u in units if u > here), default=bounds[1])
    return min(below, here), max(above, here)


def _findings(
    axes: dict[str, Axis],
    search: Search,
    known: dict[tuple[Coordinate, ...], int],
    first: list[tuple[Coordinate, ...]],
) -> list[Finding]:
    best = search.best
    at = next(p for p, number in known.items() if number == best.number)
    error = (
        float(np.std(best.scores, ddof=1) / np.sqrt(len(best.scores))) if best.scores[1:] else 0.0
    )
    found = []
    steps = [sorted({point[j] for point in first}) for j in range(len(axes))]

    def far(point: tuple[Coordinate, ...]) -> bool:
        # More than a grid step away on some axis: outside what later rounds looked at.
        return any(
            sum(min(c, b) < s < max(c, b) for s in step) > 0 for c, b, step in zip(point, at, steps)
        )

    rivals = [
        point
        for point in first
        if search.trials[known[point]].value >= best.value - error and far(point)
    ]
    if rivals:
        rival = max(rivals, key=lambda point: search.trials[known[point]].value)
        found.append(
            Finding(
                "another-basin",
                "warning",
                "another part of the range scores as well; the global best may have been missed",
                where=", ".join(axes),
                evidence={
                    "rival": _params(axes, rival),
                    "rival_score": search.trials[known[rival]].value,
                    "best_score": best.value,
                    "standard_error": error,
                },
                remedy="search around the rival too, or use BayesSearchCV",
            )
        )
    for (name, axis), c in zip(axes.items(), at):
        if not isinstance(axis, ChoiceAxis) and c in (axis.from_unit(0.0), axis.from_unit(1.0)):
            found.append(
                Finding(
                    "edge-of-range",
                    "warning",
                    f"the best {name} lies on the edge of its range",
                    where=name,
                    evidence={"value": axis.decode(c)},
                    remedy="widen the range",
                )
            )
    return found
