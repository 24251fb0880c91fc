"""The plan: which measure decides, which candidates run, and how the budget of fits is shared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sklearn.dummy import DummyClassifier, DummyRegressor

from .. import catalogue
from ..core.errors import InputError
from ..core.estimator import Task
from ..core.space import OneOf, Real, Space, Whole
from .measure import Measure

#: Fits spent on tuning where no budget was given, by rows learned from.
BUDGETS = ((20_000, 240), (60_000, 150), (250_000, 90), (float("inf"), 60))
#: Settings tried of one candidate, at most: beyond, a small space is exhausted anyway.
MOST_TRIALS = 24
#: Rows x features x classes squared up to which sparse penalties are searched for several classes.
COUPLED = 1.5e6
#: Trees of a boosted model, one a class and round, up to which it is searched for several classes.
TREES = 2_000
#: Where solvers stop while candidates are compared.
TOLERANCE = 1e-4


@dataclass(frozen=True)
class Entry:
    """A candidate in a run."""

    name: str
    cls: type
    settings: dict[str, Any] = field(default_factory=dict)
    space: Space = field(default_factory=dict)
    simplicity: float = 0.0
    cost: float = 1.0
    trials: int = 1
    #: The preparation it is fitted on: ``straight``, ``splines`` or ``native``.
    form: str = "straight"
    #: The parameter that takes the mask of categorical columns.
    categories: str | None = None

    @property
    def label(self) -> str:
        if self.is_baseline:
            return "Baseline"
        return spoken(self.cls.__name__) + (" with splines" if self.form == "splines" else "")

    def with_splines(self, trials: int, best: dict[str, Any]) -> Entry:
        """The same candidate on splines of the numbers: less simple than any without.

        It is searched around the settings found `best` without them, a factor of 30 to each side
        of a penalty and with the same choices: a few more columns ask neither for another order of
        magnitude nor for another kind of penalty, and sparse penalties cost most on splines.
        """
        space: Space = {}
        for name, axis in self.space.items():
            if isinstance(axis, Real) and axis.log and name in best:
                low, high = max(axis.low, best[name] / 30), min(axis.high, best[name] * 30)
                axis = Real(low, high, log=True) if low < high else axis
            elif isinstance(axis, OneOf) and name in best:
                axis = OneOf((best[name],))
            space[name] = axis
        return replace(
            self,
            name=f"{self.name} with splines",
            simplicity=self.simplicity + 10,
            trials=trials,
            form="splines",
            space=space,
        )

    @property
    def is_baseline(self) -> bool:
        return self.name == "baseline"

    def make(
        self,
        params: dict[str, Any],
        seed: int,
        *,
        categorical: np.ndarray | None = None,
        loose: bool = True,
    ) -> Any:
        """A new estimator with these settings; `categorical` marks columns that are codes.

        `loose` stops its solver at `TOLERANCE`: scores do not see the digits beyond, and with weak
        penalties they cost hundreds of rounds.  The model that is kept has its own tolerance.
        """
        if self.is_baseline:
            return self.cls(**self.settings | params)
        own = self.cls().get_params(deep=False)  # type: ignore[attr-defined]
        more: dict[str, Any] = {"random_state": seed} if "random_state" in own else {}
        if loose and isinstance(own.get("tol"), float) and own["tol"] < TOLERANCE:
            more["tol"] = TOLERANCE
        if self.categories is not None and categorical is not None and categorical.any():
            more[self.categories] = categorical
        return self.cls(**more | self.settings | params)

    @property
    def defaults(self) -> dict[str, Any]:
        """Where the search starts: the estimator's own settings."""
        own = self.cls().get_params(deep=False) | self.settings  # type: ignore[attr-defined]
        return {name: _within(axis, own[name]) for name, axis in self.space.items() if name in own}


@dataclass(frozen=True)
class Plan:
    """What will be done."""

    measure: Measure
    baseline: Entry
    entries: list[Entry]
    skipped: list[dict[str, str]]
    budget: int
    #: Settings to try of the best linear candidate with splines; 0 where no number can have one.
    spline_trials: int = 0


def _within(axis: Any, value: Any) -> Any:
    """A default moved to the nearest end of an axis that was narrowed."""
    return min(max(value, axis.low), axis.high) if isinstance(axis, Whole) else value


def spoken(name: str) -> str:
    """A class name as words.

    >>> spoken("LogisticRegression"), spoken("SGDClassifier"), spoken("GaussianNB")
    ('Logistic regression', 'SGD classifier', 'Gaussian NB')
    """
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", name)
    return " ".join(w if i == 0 or w.isupper() else w.lower() for i, w in enumerate(words))


def baseline(task: Task) -> Entry:
    """What any model must beat: the share of every class, or the mean."""
    if task in ("binary", "multiclass"):
        return Entry("baseline", DummyClassifier, {"strategy": "prior"})
    return Entry("baseline", DummyRegressor, {"strategy": "mean"})


def make_plan(
    task: Task,
    measure: Measure,
    *,
    rows: int,
    features: int,
    sparse: bool,
    folds: int,
    splines: bool = False,
    budget: int | None = None,
    only: Sequence[str] | None = None,
) -> Plan:
    """Candidates from the library's catalogue, each with its share of the budget.

    A fit is one candidate on one fold.  Every candidate is tried with its own settings first; what
    is left of the budget is shared equally, a candidate whose fits cost more than a ridge
    regression's getting fewer of them, and none more than its space can use.  With `splines` one more
    share is kept for the best linear candidate on splines of the numbers.  A budget too small for one
    setting of every candidate goes without the dearest ones.
    """
    offered = catalogue.candidates(task)
    if only:
        offered = _chosen(offered, only)
    entries: list[Entry] = []
    skipped: list[dict[str, str]] = []
    for name, cls in offered.items():
        candidate = cls.candidate
        assert candidate is not None
        why = ""
        if sparse and not candidate.sparse and candidate.categories is None:
            why = "does not take the sparse matrix this table becomes"
        elif candidate.max_rows is not None and rows > candidate.max_rows:
            why = f"not for {rows:,} rows (at most {candidate.max_rows:,})"
        elif not measure.can_judge(cls):
            why = f"gives no probabilities, which {measure.label.lower()} needs"
        if why:
            skipped.append({"name": name, "label": spoken(cls.__name__), "why": why})
            continue
        space = dict(candidate.space)
        if "l1_ratio" in space and (measure.k or 0) > 2:
            work = rows * features * (measure.k or 1) ** 2
            if work > COUPLED:
                space["l1_ratio"] = OneOf((0.0,))
                skipped.append(
                    {
                        "name": name,
                        "label": f"{spoken(cls.__name__)} with an L1 penalty",
                        "why": f"too much work for {measure.k} classes, {features:,} features and "
                        f"{rows:,} rows",
                    }
                )
        rounds = space.get("max_iter")
        if isinstance(rounds, Whole) and (measure.k or 0) > 2:
            most = max(rounds.low, min(rounds.high, TREES // (measure.k or 1)))
            space["max_iter"] = Whole(rounds.low, most, log=rounds.log)
        entries.append(
            Entry(
                name,
                cls,
                dict(candidate.settings),
                space,
                candidate.simplicity,
                candidate.cost,
                form="straight" if candidate.categories is None else "native",
                categories=candidate.categories,
            )
        )
    if not entries:
        raise InputError(
            f"no candidate can be judged by {measure.name} on this {task} target",
            do="choose another metric",
        )
    if budget is None:
        budget = next(fits for most, fits in BUDGETS if rows <= most)
    if budget < folds:
        raise InputError(
            f"a budget of {budget} fits is too small: one setting on {folds} folds needs {folds}",
            do=f"give --budget {folds * len(entries)} or more to try every candidate",
        )
    while budget < folds * len(entries):
        dear = max(entries, key=lambda entry: entry.cost)
        entries.remove(dear)
        skipped.append(
            {
                "name": dear.name,
                "label": dear.label,
                "why": f"its fits cost most, and {budget} are asked for in all",
            }
        )
    least = folds * len(entries)
    splines = splines and budget >= least + folds
    given = _share(entries, budget // folds, splines)
    entries = [replace(entry, trials=n) for entry, n in zip(entries, given)]
    return Plan(measure, baseline(task), entries, skipped, budget, given[-1] if splines else 0)


def _chosen(offered: dict[str, Any], only: Sequence[str]) -> dict[str, Any]:
    found = {}
    for asked in only:
        matches = [name for name in offered if asked in (name, name.rpartition(".")[2])]
        if not matches:
            short = ", ".join(name.rpartition(".")[2] for name in offered)
            raise InputError(f"no candidate {asked!r} for this target", do=f"one of {short}")
        found |= {name: offered[name] for name in matches}
    return found


def _share(entries: list[Entry], trials: int, splines: bool) -> list[int]:
    """Trials by candidate: one each, the rest by 1 / sqrt(cost) until spaces are exhausted.

    With `splines` one more number at the end, the share of the candidate on splines.
    """
    costs = [entry.cost for entry in entries]
    caps = [min(MOST_TRIALS, _size(entry.space)) for entry in entries]
    if splines:
        costs, caps = [*costs, float(max(costs))], [*caps, max(caps)]
    given = [1] * len(costs)
    for _ in range(trials - len(costs)):
        open_ = [i for i in range(len(costs)) if given[i] < caps[i]]
        if not open_:
            break
        # The next trial goes where the fewest were given, measured in work.
        i = min(open_, key=lambda i: (given[i] * costs[i] ** 0.5, i))
        given[i] += 1
    return given


def _size(space: Space) -> int:
    """Points of a space; a real number counts as 24, enough to find its optimum."""
    size = 1
    for axis in space.values():
        if isinstance(axis, OneOf):
            size *= len(axis.values)
        elif isinstance(axis, Whole):
            size *= axis.high - axis.low + 1
        else:
            size *= 24
    return size
