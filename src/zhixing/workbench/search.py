"""The search and the comparison: on which rows, on which folds, and with which plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..data import Table
from .folds import Forms, split_rows
from .job import Job
from .plan import Plan, make_plan
from .row_limits import COMPARED, SEARCHED, outputs, rows_within, sample
from .writing import plural


@dataclass
class Search:
    """The plan, and the folds settings are searched on."""

    plan: Plan
    forms: Forms


def plan_search(job: Job, budget: int | None, candidates: Sequence[str] | None) -> Search:
    """Folds of as many rows as a search needs, and the plan for what the table becomes on them."""
    k = outputs(job.k)
    most = rows_within(SEARCHED, job.features, k)
    if k > 4:
        most = min(most, 4 * SEARCHED.rows // k)
    rows = sample(job.train, most, job.seed + 7)
    splits, words = split_rows(rows, 5 if len(rows) < 5000 else 3, job.seed)
    forms = Forms(rows, splits, words + _of(rows, job.train), job.preparations)
    X = forms["straight"][0].X
    plan = make_plan(
        job.target.task,
        job.measure,
        rows=len(rows),
        features=X.shape[1],
        sparse=hasattr(X, "indptr"),
        folds=len(splits),
        splines="splines" in forms,
        budget=budget,
        only=candidates,
    )
    return Search(plan, forms)


def comparison_folds(job: Job) -> Forms:
    """Folds that were not searched on.

    More of them where rows are few: a comparison needs scores, and small fits are cheap.
    """
    rows = sample(job.train, rows_within(COMPARED, job.features, outputs(job.k)), job.seed + 13)
    n = len(rows)
    repeats, n_folds = (4, 5) if n <= 1500 else (1, 10) if n <= 8000 else (1, 5)
    if rows.groups is not None or n * len(rows.features) > 500_000:
        repeats, n_folds = 1, 5
    splits, words = split_rows(rows, n_folds, job.seed + 100_003, repeats)
    return Forms(rows, splits, words + _of(rows, job.train), job.preparations)


def _of(rows: Table, train: Table) -> str:
    if len(rows) == len(train):
        return ""
    return f" over {plural(len(rows), 'row')} of {len(train):,}"
