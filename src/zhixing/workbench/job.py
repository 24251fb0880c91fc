"""What every step of a run needs: the table in its two parts, the measure, the preparations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.base import clone

from ..core.errors import InputError
from ..core.estimator import Task
from ..data import Table, Target
from .folds import goal
from .measure import Measure
from .prepare import Preparation
from .progress import Progress
from .row_limits import PILOT, SEARCHED, SPLINES, outputs, rows_within, sample, width
from .split import Split, split
from .writing import plural

#: Knots of a number's spline, at most; fewer where a column has few rows, or classes are many.
KNOTS = 8


@dataclass(frozen=True)
class Job:
    """A table split for good, and how its columns become features.

    `preparations` are by form: ``straight``; ``splines``, in which numbers become splines (not there
    where rows are too few); ``native``, for trees.
    `features` is how many features ``straight`` makes of a row (not zero, where that is sparse).
    """

    table: Table
    parts: Split
    train: Table
    held: Table
    measure: Measure
    preparations: dict[str, Preparation]
    features: float
    seed: int
    progress: Progress

    @property
    def target(self) -> Target:
        assert self.table.target is not None
        return self.table.target

    @property
    def k(self) -> int | None:
        """Number of classes, None for numbers."""
        return None if self.table.classes is None else len(self.table.classes)


def start(
    table: Table, measure: Measure, holdout: float | None, seed: int, progress: Progress
) -> Job:
    """Set the hold-out aside, and see what preparation makes of the columns."""
    assert table.target is not None
    parts = split(table, test_size=holdout, seed=seed)
    train, held = table.take(parts.train), table.take(parts.test)
    _check_rarest(table, train)
    kinds = {c.name: c.kind for c in table.schema if c.usable}
    straight = Preparation(kinds, target_type=_encoded_as(table.target.task), random_state=seed)
    features = _features(straight, train, seed)
    k = outputs(measure.k)
    searched = min(len(train), rows_within(SEARCHED, features, k))
    numbers = sum(kind == "numeric" for kind in kinds.values())
    knots = 0
    if numbers:
        knots = min(KNOTS, len(train) // (5 * numbers), int(SPLINES / (searched * numbers * k)))
    forms = {"straight": straight, "native": clone(straight).set_params(native=True)}
    if knots >= 2:
        forms["splines"] = clone(straight).set_params(knots=knots)
    return Job(table, parts, train, held, measure, forms, features, seed, progress)


def _check_rarest(table: Table, train: Table) -> None:
    if table.classes is None or len(table.classes) > 2:
        return
    counts = np.bincount(train.codes, minlength=2)
    if counts.min() < 2:
        name = table.classes[int(counts.argmin())]
        raise InputError(
            f"class {str(name)!r} has {plural(int(counts.min()), 'row')} to learn from, beside the "
            "hold-out: models cannot be compared on that",
            where=table.name,
            do="find more rows of it, or choose another target",
        )


def _features(preparation: Preparation, train: Table, seed: int) -> float:
    """Features of a row, counted on some of the rows; all of them are too few to need counting."""
    if len(train) <= SEARCHED.least:
        return float(len(train.features))
    some = sample(train, PILOT, seed + 11)
    return width(clone(preparation).fit_transform(some.X, goal(some), some.weight))


def _encoded_as(task: Task) -> str:
    return {"binary": "binary", "multiclass": "multiclass"}.get(task, "continuous")
