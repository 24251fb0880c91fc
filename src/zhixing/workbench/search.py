"""The search and the comparison: on which rows, on which folds, and with which plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..data import Table
from .folds import Folds, split_rows
from .job import Job
from .plan import Plan, make_plan
from .row_limits import COMPARED, SEARCHED, outputs, rows_within, sample
from .writing import plural


@dataclass
class Search:
    """The plan, and the folds settings are searched on; prepared matrices are kept until `forget`."""

    plan: Plan
    folds: Folds
    splines: Any
    _spline_folds: Folds | None = field(default=None, repr=False)

    @property
    def spline_folds(self) -> Folds | None:
        """The same folds with splines, where there are any."""
        if self._spline_folds is None and self.splines is not None:
            own = self.folds
            self._spline_folds = Folds(own.table, own.splits, own.words, self.splines)
        return self._spline_folds

    def forget(self) -> None:
        """Give the memory of prepared matrices back."""
        for kept in (self.folds, self._spline_folds):
            kept.forget() if kept is not None else None


def plan_search(job: Job, budget: int | None, candidates: Sequence[str] | None) -> Search:
    """Folds of as many rows as a search needs, and the plan for what the table becomes on them."""
    k = outputs(job.k)
    most = rows_within(SEARCHED, job.features, k)
    if k > 4:
        most = min(most, 4 * SEARCHED.rows // k)
    rows = sample(job.train, most, job.seed + 7)
    splits, words = split_rows(rows, 5 if len(rows) < 5000 else 3, job.seed)
    folds = Folds(rows, splits, words + _of(rows, job.train), job.straight)
    X = folds[0].X
    plan = make_plan(
        job.target.task,
        job.measure,
        rows=len(rows),
        features=X.shape[1],
        sparse=hasattr(X, "indptr"),
        folds=len(splits),
        splines=job.splines is not None,
        budget=budget,
        only=candidates,
    )
    return Search(plan, folds, job.splines)


def comparison_folds(job: Job) -> tuple[Folds, Folds | None]:
    """Folds that were not searched on, plain and with splines.

    More of them where rows are few: a comparison needs scores, and small fits are cheap.
    """
    rows = sample(job.train, rows_within(COMPARED, job.features, outputs(job.k)), job.seed + 13)
    n = len(rows)
    repeats, n_folds = (4, 5) if n <= 1500 else (1, 10) if n <= 8000 else (1, 5)
    if rows.groups is not None or n * len(rows.features) > 500_000:
        repeats, n_folds = 1, 5
    splits, words = split_rows(rows, n_folds, job.seed + 100_003, repeats)
    words += _of(rows, job.train)
    folds = Folds(rows, splits, words, job.straight)
    return folds, None if job.splines is None else Folds(rows, splits, words, job.splines)


def _of(rows: Table, train: Table) -> str:
    if len(rows) == len(train):
        return ""
    return f" over {plural(len(rows), 'row')} of {len(train):,}"
