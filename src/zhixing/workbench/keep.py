"""The model that is kept: the proposal learned from all rows but the hold-out, and judged there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.base import clone

from .compare import Compared
from .evaluate import Evaluated, evaluate
from .folds import goal
from .job import Job
from .model import TableModel
from .plan import Plan
from .predicted import fit, predicted
from .prepare import Preparation
from .threshold import choose_threshold
from .tune import Tuned


@dataclass(frozen=True)
class Kept:
    """The proposal, its preparation and its model, the rows as it saw them, and what was measured.

    X: the rows it learned from, where categories are encoded by means those of other rows.
    """

    chosen: Tuned
    preparation: Preparation
    model: TableModel
    X: Any
    X_held: Any
    evaluated: Evaluated


def keep(job: Job, plan: Plan, compared: Compared, costs: dict[str, float] | None) -> Kept:
    """Fit the proposal, choose its threshold out of fold, and look at the hold-out once."""
    chosen = compared.finalists[compared.proposed]
    fitted = clone(job.preparations[chosen.entry.form])
    y, own = goal(job.train), job.train.weight
    X = fitted.fit_transform(job.train.X, y, own)
    X_held = fitted.transform(job.held.X)
    new = chosen.entry.make(chosen.params, job.seed, categorical=fitted.categorical(), loose=False)
    estimator = fit(new, X, y, own)
    # The rows of the comparison: all of them, or a sample of very many.
    truth, weight = goal(compared.forms.table)[compared.rows], compared.forms.table.weight
    threshold = choose_threshold(
        truth,
        compared.out_of_fold[compared.proposed],
        None if weight is None else weight[compared.rows],
        job.measure,
        costs,
    )
    applied = None if threshold is None else threshold.applied
    model = TableModel(job.table.schema, job.target, fitted, estimator, applied)
    said = predicted(estimator, X_held, job.k)
    if applied is not None and said.proba is not None:
        said = replace(said, value=(said.proba[:, 1] >= applied).astype(np.int64))
    evaluated = evaluate(
        plan,
        compared,
        job.train,
        job.held,
        said,
        index=job.parts.test,
        X_train=X,
        X_test=X_held,
        threshold=threshold,
        seed=job.seed,
    )
    return Kept(chosen, fitted, model, X, X_held, evaluated)
