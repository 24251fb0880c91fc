"""The search itself: ask, evaluate, tell, on a budget of fits.  It knows nothing of estimators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from .axes import Axis, axes_of
from .proposers import PROPOSERS, Point, Proposer, RandomProposer
from .stopping import Hopeless, NoProgress

Objective = Callable[[dict[str, Any]], "float | Iterable[float]"]

# A proposer on a small discrete space repeats itself; after so many repeats in a row random points
# are tried, and after so many of those the space counts as exhausted.
REPEATS = 20


@dataclass(frozen=True)
class Trial:
    """One candidate: its parameters, a score per fit, and the value that steers the search.

    `value` is the mean score; for a pruned candidate the best candidate's mean plus the mean paired
    difference on the folds it did see; NaN for a failed one.
    """

    number: int
    params: dict[str, Any]
    scores: tuple[float, ...]
    value: float
    state: Literal["complete", "pruned", "failed"] = "complete"


@dataclass
class Search:
    """Every trial in order, and why the search ended."""

    greater_is_better: bool = True
    trials: list[Trial] = field(default_factory=list)
    stopped: str = ""

    @property
    def n_fits(self) -> int:
        """Work done, in fits."""
        return sum(len(trial.scores) for trial in self.trials)

    @property
    def best(self) -> Trial:
        """The best complete trial; of equals the first."""
        if (found := self._best()) is None:
            raise InputError("no candidate could be scored: every one failed or gave no number")
        return found

    @property
    def best_params(self) -> dict[str, Any]:
        return self.best.params

    @property
    def best_value(self) -> float:
        return self.best.value

    def _best(self) -> Trial | None:
        complete = [trial for trial in self.trials if trial.state == "complete"]
        sign = 1.0 if self.greater_is_better else -1.0
        return max(complete, key=lambda trial: sign * trial.value, default=None)


def search(
    objective: Objective,
    space: Mapping[str, Any],
    n_trials: int,
    seed: int = 0,
    start: Sequence[Mapping[str, Any]] = (),
    *,
    method: Literal["tpe", "gp", "random"] = "tpe",
    max_fits: int | None = None,
    greater_is_better: bool = True,
    prune: Hopeless | None = None,
    stop: NoProgress | None = None,
    n_startup: int | None = None,
    on_trial: Callable[[Trial, Search], None] | None = None,
) -> Search:
    """Look for the parameters with the best objective, one candidate after the other.

    Parameters
    ----------
    objective : callable
        From parameters to a number, or to an iterable of numbers, one per fit (a generator over
        folds).  With an iterable the value is the mean, and folds not yet run can be pruned.
    space : mapping of name to range
        `Real`, `Whole`, `OneOf`, a list of values, or a frozen SciPy distribution.
    n_trials : int
        Candidates to evaluate, those of `start` included.
    seed : int
        Same seed, same objective: the same candidates and the same bits.
    start : sequence of mappings
        Candidates to try first, e.g. the defaults.  They may leave names out or lie outside the
        space; the search learns only from complete ones inside.
    method : {"tpe", "gp", "random"}
        Optuna's tree-structured Parzen estimator; a Gaussian process with expected improvement;
        independent random draws.
    max_fits : int, optional
        Budget in fits.  A candidate that might exceed it, judged by the longest so far, is not
        begun.
    prune : Hopeless, optional
        Gives candidates up after their first folds.
    stop : NoProgress, optional
        Ends the search early.
    n_startup : int, optional
        Random candidates before the method learns; by default a quarter of `n_trials`, 4 to 10.
    on_trial : callable, optional
        Called with each trial and the search so far: for progress.

    Returns
    -------
    Search

    Notes
    -----
    The order is sequential on purpose: candidates proposed in parallel depend on which finished
    first.  A candidate proposed twice is not evaluated twice and costs nothing.  Optuna's own
    overhead is about 4 ms per candidate, the Gaussian process's 50 ms or more.

    >>> from zhixing.core.space import Real
    >>> found = search(lambda p: -(p["x"] - 2) ** 2, {"x": Real(-10, 10)}, n_trials=40, seed=1)
    >>> abs(found.best_params["x"] - 2) < 0.5, found.n_fits
    (True, 40)
    """
    if n_trials < 1:
        raise InputError(f"a search needs at least one candidate, not n_trials={n_trials}")
    if method not in PROPOSERS:
        raise InputError(f"method is one of {sorted(PROPOSERS)}, not {method!r}")
    axes = axes_of(space)
    startup = min(10, max(4, n_trials // 4)) if n_startup is None else n_startup
    proposer = PROPOSERS[method](list(axes.values()), seed, startup)
    sign = 1.0 if greater_is_better else -1.0
    result = Search(greater_is_better)
    known: dict[tuple[Any, ...], float] = {}
    fallback = RandomProposer(list(axes.values()), seed + 1)

    while len(result.trials) < n_trials:
        longest = max((len(trial.scores) for trial in result.trials), default=1)
        if max_fits is not None and result.n_fits + longest > max_fits:
            result.stopped = "budget of fits spent"
            break
        if stop is not None and stop.stops(
            [sign * t.value for t in result.trials if t.state != "failed"]
        ):
            result.stopped = "no progress"
            break
        if len(result.trials) < len(start):
            params = dict(start[len(result.trials)])
            point = _encode(axes, params)
        else:
            point = _next(axes, proposer, fallback, known)
            if point is None:
                result.stopped = "space exhausted"
                break
            params = {name: axis.decode(c) for (name, axis), c in zip(axes.items(), point)}
        trial = _evaluate(objective, params, result, sign, prune)
        result.trials.append(trial)
        if point is not None:
            worst = min(known.values(), default=None)
            value = worst if trial.state == "failed" else sign * trial.value
            if value is not None:
                proposer.tell(point, value)
            known[_key(axes, point)] = -np.inf if value is None else value
        if on_trial is not None:
            on_trial(trial, result)
    result.stopped = result.stopped or "all candidates evaluated"
    return result


def _evaluate(
    objective: Objective,
    params: dict[str, Any],
    so_far: Search,
    sign: float,
    prune: Hopeless | None,
) -> Trial:
    number, best = len(so_far.trials), so_far._best()
    answer = objective(dict(params))
    steps = [answer] if isinstance(answer, (int, float, np.number)) else answer
    scores: list[float] = []
    for score in steps:
        scores.append(float(score))
        if prune is None or best is None or not np.all(np.isfinite(scores)):
            continue
        if prune.gives_up([sign * s for s in scores], [sign * s for s in best.scores]):
            lead = float(np.mean(np.subtract(scores, best.scores[: len(scores)])))
            return Trial(number, params, tuple(scores), best.value + lead, "pruned")
    value = float(np.mean(scores)) if scores else float("nan")
    return Trial(
        number, params, tuple(scores), value, "complete" if np.isfinite(value) else "failed"
    )


def _encode(axes: dict[str, Axis], params: Mapping[str, Any]) -> Point | None:
    """The point of a candidate of the caller's own, or None where it lies outside the space."""
    if set(params) != set(axes):
        return None
    try:
        return tuple(axis.encode(params[name]) for name, axis in axes.items())
    except (TypeError, ValueError):
        return None


def _key(axes: dict[str, Axis], point: Point) -> tuple[Any, ...]:
    # Two coordinates of a discrete distribution can mean one value, so values are the key; the
    # values of a choice may not hash, so there the place is.
    return tuple(
        c if isinstance(c, int) else axis.decode(c) for axis, c in zip(axes.values(), point)
    )


def _next(
    axes: dict[str, Axis],
    proposer: Proposer,
    fallback: Proposer,
    known: dict[tuple[Any, ...], float],
) -> Point | None:
    if len(known) >= np.prod([axis.size for axis in axes.values()]):
        return None
    for _ in range(REPEATS):
        point = proposer.ask()
        if (key := _key(axes, point)) not in known:
            return point
        proposer.tell(point, known[key] if np.isfinite(known[key]) else min(known.values()))
    for _ in range(50 * REPEATS):
        if _key(axes, point := fallback.ask()) not in known:
            return point
    return None
