"""The hold-out: how good the proposed model is on rows that nothing was fitted or chosen on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ..data import Table
from .compare import Compared
from .evaluate_classes import (
    calibration,
    class_table,
    confusion,
    precision_recall_points,
    roc_points,
    score_histogram,
)
from .evaluate_numbers import residuals
from .folds import goal
from .measure import Measure, shown
from .plan import Plan
from .predicted import Predicted, fit, predicted
from .threshold import Threshold
from .writing import plural, score


@dataclass(frozen=True)
class Evaluated:
    """Facts for the report, and the predictions they were computed from."""

    facts: dict[str, Any]
    predictions: pl.DataFrame
    said: Predicted
    main: dict[str, Any]


def evaluate(
    plan: Plan,
    compared: Compared,
    train: Table,
    holdout: Table,
    said: Predicted,
    *,
    index: np.ndarray,
    X_train: Any,
    X_test: Any,
    threshold: Threshold | None,
    seed: int,
) -> Evaluated:
    """Measures with intervals beside the baseline's, curves, tables, and the rows themselves.

    `said` are the proposed model's predictions of the hold-out rows, `index` their places in the
    whole table.
    """
    classes = holdout.classes
    k = None if classes is None else len(classes)
    y, weight = goal(holdout), holdout.weight
    dummy = fit(plan.baseline.make({}, seed), X_train, goal(train), train.weight)
    base = predicted(dummy, X_test, k)
    table = _measures(shown(plan.measure, train.task), y, said, base, weight)  # type: ignore[arg-type]
    facts: dict[str, Any] = {
        "rows": len(holdout),
        "words": _words(holdout),
        "metrics": table,
        "roc": None,
        "pr": None,
        "prior": None,
        "calibration": None,
        "scores": None,
        "threshold": None,
        "confusion": None,
        "per_class": None,
        "residuals": None,
        "quantiles": None,
    }
    if classes is None:
        facts |= residuals(y, said.value, weight)
    else:
        names = [str(c) for c in classes]
        facts["confusion"] = confusion(y, said.value, names, weight, threshold)
        facts["per_class"] = class_table(y, said, names, weight)
        if said.proba is not None:
            facts["calibration"] = calibration(y, said.proba, weight)
        if k == 2 and said.score is not None:
            facts["roc"] = roc_points(y, said.score, weight)
            facts["pr"] = precision_recall_points(y, said.score, weight)
            facts["prior"] = float(np.average(y == 1, weights=weight))
        if k == 2 and said.proba is not None:
            facts["scores"] = score_histogram(y, said.proba[:, 1], names, weight)
            if threshold is not None:
                facts["threshold"] = threshold.facts(y, said.proba[:, 1], weight)
    main = next(m for m in table if m["main"])
    return Evaluated(facts, _rows(holdout, index, y, said, base, weight), said, main)


def _measures(
    measures: list[Measure],
    y: np.ndarray,
    said: Predicted,
    base: Predicted,
    weight: np.ndarray | None,
) -> list[dict[str, Any]]:
    rows = []
    for i, measure in enumerate(measures):
        if measure.reads(said) is None:
            continue
        found = measure.estimate(y, said, weight)
        rows.append(
            {
                "name": measure.name,
                "label": measure.label,
                "value": found.value,
                "low": found.low,
                "high": found.high,
                "method": found.method,
                "baseline": measure(y, base, weight),
                "greater_is_better": measure.greater_is_better,
                "main": i == 0,
            }
        )
    return rows


def _words(holdout: Table) -> str:
    said = (
        f"{plural(len(holdout), 'row')}, kept apart from the first step on; nothing was fitted or "
    )
    said += "chosen on them."
    if holdout.groups is not None:
        groups = int(len(np.unique(holdout.groups)))
        said += (
            f" They come in {plural(groups, 'group')} that the model has never met; the intervals "
            "take rows as independent and are too narrow where rows of a group are alike."
        )
    if holdout.time is not None:
        said += " They are later than every row learned from."
    return said


def _rows(
    holdout: Table,
    index: np.ndarray,
    y: np.ndarray,
    said: Predicted,
    base: Predicted,
    weight: np.ndarray | None,
) -> pl.DataFrame:
    """Truth and predictions by row: what every number above can be computed again from."""
    columns: dict[str, Any] = {"row": index}
    if holdout.classes is None:
        columns["truth"] = y
        columns["predicted"] = said.value
        columns["baseline"] = base.value
    else:
        names = [str(c) for c in holdout.classes]
        columns["truth"] = pl.Series([names[c] for c in y], dtype=pl.String)
        columns["predicted"] = pl.Series([names[c] for c in said.value], dtype=pl.String)
        columns["baseline"] = pl.Series([names[c] for c in base.value], dtype=pl.String)
        if said.proba is not None:
            columns |= {f"P({name})": said.proba[:, i] for i, name in enumerate(names)}
        elif said.score is not None:
            columns["score"] = said.score
    if weight is not None:
        columns["weight"] = weight
    return pl.DataFrame(columns)


def headline(chosen: str, target: str, main: dict[str, Any]) -> str:
    """The run in one sentence."""
    return (
        f"{chosen} predicts {target} with {_name(main['label'])} {score(main['value'])}, where the "
        f"baseline has {score(main['baseline'])}"
    )


def _name(label: str) -> str:
    """A measure within a sentence: ``log loss``, but ``ROC AUC``."""
    return label if label[:2].isupper() else label[0].lower() + label[1:]
