"""What a model of trees rests on: Shapley values of held-out rows, by column of the table."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ..core.errors import InputError
from ..growth.explained import ExplainedTrees
from .job import Job
from .keep import Kept
from .model import TableModel
from .surrogate import surrogate
from .writing import number, plural

#: Held-out rows explained; columns listed, columns drawn, and points drawn of each.
ROWS, COLUMNS, DRAWN, POINTS = 1000, 40, 12, 250


def trees(job: Job, kept: Kept) -> dict[str, Any] | None:
    """Facts of a model of trees: mean |value| by column, the values of some rows, a tree like it.

    The values of the features that a column became add up to the column's: of all ways to share out a
    score, Shapley's is the one for which that holds.  None for other models.
    """
    model, held = kept.model, job.held
    estimator = model.estimator
    if not isinstance(estimator, ExplainedTrees):
        return None
    rng = np.random.default_rng(job.seed)
    rows = np.sort(rng.choice(len(held), min(ROWS, len(held)), replace=False))
    X = kept.X_held[rows]
    try:
        found = estimator.shap_values(X)
    except InputError as refusal:
        return {"refusal": str(refusal)}
    values = found[:, :, None] if found.ndim == 2 else found
    base = np.atleast_1d(estimator.shap_base_value())
    if values.shape[2] == 2:  # shares of two classes: one says all
        values, base = values[:, :, 1:], base[1:]
    which = 0
    if values.shape[2] > 1:  # the class expected most is drawn
        which = int(model.probabilities(X).mean(axis=0).argmax())
    columns, by_column = _by_column(model.preparation.features(), values)
    weight = None if held.weight is None else held.weight[rows]
    ranked = _importance(columns, by_column, weight)
    unit, of = _unit(model, values.shape[2], which, base + values.sum(axis=1), X)
    over = unit if values.shape[2] == 1 else f"the {unit.split(' of ')[0]} of every class"
    place = {name: j for j, name in enumerate(columns)}
    frame = held.X[rows]
    return {
        "rows": len(rows),
        "of": of,
        "unit": unit,
        "expected": float(base[which]),
        "importance": ranked[:COLUMNS],
        "importance_of": over,
        "words": _words(ranked, len(rows), over),
        "swarm": [
            _swarm(
                frame[row["column"]],
                model.schema[row["column"]].kind,
                by_column[:, place[row["column"]], which],
            )
            for row in ranked[:DRAWN]
            if row["value"] > 0
        ],
        "surrogate": surrogate(job, kept, rows),
    }


def _by_column(features: list[Any], values: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Columns of the table and (n, columns, outputs) the sums of their features' values."""
    columns = list(dict.fromkeys(f.column for f in features))
    place = {name: j for j, name in enumerate(columns)}
    total = np.zeros((len(values), len(columns), values.shape[2]))
    for j, feature in enumerate(features):
        total[:, place[feature.column]] += values[:, j]
    return columns, total


def _importance(
    columns: list[str], values: np.ndarray, weight: np.ndarray | None
) -> list[dict[str, Any]]:
    """Mean |value| (over outputs too) with its interval over rows, largest first."""
    w = np.ones(len(values)) if weight is None else weight
    w = w / w.sum()
    sizes = np.abs(values).mean(axis=2)
    means = w @ sizes
    half = 1.96 * np.sqrt(w**2 @ (sizes - means) ** 2)
    total = max(float(means.sum()), 1e-300)
    found = [
        {
            "column": name,
            "value": float(m),
            "low": max(float(m - h), 0.0),
            "high": float(m + h),
            "share": float(m) / total,
        }
        for name, m, h in zip(columns, means, half)
    ]
    return sorted(found, key=lambda row: -row["value"])


def _unit(
    model: TableModel, outputs: int, which: int, scores: np.ndarray, X: np.ndarray
) -> tuple[str, str]:
    """In what the values are measured, and the class they speak of."""
    score = scores[:, which]
    if model.classes is not None:
        place = which if outputs > 1 else 1
        of = str(model.classes[place])
        shares = np.allclose(score, model.probabilities(X)[:, place], atol=1e-6)
        return f"{'probability' if shares else 'score' if outputs > 1 else 'log-odds'} of {of}", of
    said = model.estimator.predict(X)
    if np.allclose(score, said, rtol=1e-6):
        return model.target.name, ""
    with np.errstate(over="ignore"):
        logs = np.allclose(np.exp(score), said, rtol=1e-6)
    return f"{'log of' if logs else 'score of'} {model.target.name}", ""


def _words(ranked: list[dict[str, Any]], rows: int, over: str) -> str:
    moving = [row for row in ranked if row["value"] > 0]
    if not moving:
        return "No column moves any prediction."
    lead = ", ".join(f"{row['column']} ({row['share']:.0%})" for row in moving[:3])
    return (
        f"Over {plural(rows, 'held-out row')}, predictions are moved most by {lead}: shares of the mean "
        f"|Shapley value| on {over}."
    )


def _swarm(column: pl.Series, kind: str, values: np.ndarray) -> dict[str, Any]:
    """Points of one column: its Shapley value, a place beside equal ones, how high its own value is."""
    rows = np.arange(len(values))
    if len(rows) > POINTS:
        rows = np.sort(np.random.default_rng(0).choice(rows, POINTS, replace=False))
    known = column.is_not_null().to_numpy()
    level = np.full(len(values), np.nan)
    if kind in ("numeric", "boolean", "datetime") and known.sum() > 1:
        order = column.rank("average").to_numpy().astype(float)
        low, high = np.nanmin(order), np.nanmax(order)
        level = (order - low) / (high - low) if high > low else np.where(known, 0.5, np.nan)
    aside = _aside(values[rows])
    return {
        "column": column.name,
        "kind": kind,
        "points": [
            {
                "x": float(values[i]),
                "aside": float(y),
                "level": None if np.isnan(level[i]) else round(float(level[i]), 3),
                "own": _written(column[int(i)]),
            }
            for i, y in zip(rows, aside)
        ],
    }


def _aside(values: np.ndarray, bins: int = 60) -> np.ndarray:
    """Places in (-1, 1) so that points of near values lie beside each other, thickest in the middle."""
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.linspace(-0.9, 0.9, len(values)) if len(values) > 1 else np.zeros(1)
    bin_of = np.minimum(((values - low) / (high - low) * bins).astype(int), bins - 1)
    place = np.zeros(len(values))
    most = np.bincount(bin_of).max()
    for b in np.unique(bin_of):
        inside = np.flatnonzero(bin_of == b)
        k = np.arange(len(inside))
        # 0, 1, -1, 2, -2, ... from the middle outwards
        place[inside] = np.where(k % 2, (k + 1) // 2, -(k // 2))
    return 1.8 * place / max(most, 12)


def _written(value: Any) -> str:
    if value is None:
        return "missing"
    return (
        number(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else str(value)[:60]
    )
