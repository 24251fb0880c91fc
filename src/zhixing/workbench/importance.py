"""Importance by shuffling: what the measure loses without one column, with its interval."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import sparse, stats

from ..core.parallel import each
from .measure import Measure
from .model import TableModel
from .predicted import predicted
from .writing import listing, number, score

#: Hold-out rows that importance is measured on, draws of them, and columns looked at.
ROWS, DRAWS, COLUMNS = 4_000, 12, 300


def importance(
    model: TableModel, X: Any, y: np.ndarray, weight: np.ndarray | None, measure: Measure, seed: int
) -> list[dict[str, Any]]:
    """Loss of the measure when one column's values are shuffled, most important first.

    The features a column became are shuffled together, so a category's zeros and ones stay a
    category.  Every draw takes other rows of the hold-out (with replacement) and another shuffle:
    the interval covers both the rows seen and the shuffle made.  Correlated columns stand in for
    each other, and a column that others replace looks unimportant (Breiman 2001, section 10).
    """
    rng = np.random.default_rng(seed)
    k = None if model.classes is None else len(model.classes)
    origin = np.array([feature.column for feature in model.preparation.features()], dtype=object)
    columns = _worth_looking(list(dict.fromkeys(origin)), origin, model, X, k)
    draws = DRAWS if len(columns) <= 60 else 5
    size = min(ROWS, len(y))
    drawn = [(rng.integers(len(y), size=size), rng.permutation(size)) for _ in range(draws)]
    places = {name: np.flatnonzero(origin == name) for name in columns}

    def one(draw: tuple[np.ndarray, np.ndarray]) -> list[float]:
        rows, order = draw
        part, truth = X[rows], y[rows]
        own = None if weight is None else weight[rows]
        before = measure(truth, predicted(model.estimator, part, k), own)
        lost = []
        for name in columns:
            shuffled = _shuffled(part, places[name], order)
            after = measure(truth, predicted(model.estimator, shuffled, k), own)
            lost.append(measure.sign * (before - after))
        return lost

    lost = dict(zip(columns, zip(*each(one, drawn))))
    found = []
    reach = float(stats.t.ppf(0.975, draws - 1))
    for name, values in lost.items():
        seen = np.array(values)
        mean, half = float(np.mean(seen)), reach * float(np.std(seen, ddof=1))
        if math.isfinite(mean):
            found.append({"column": name, "value": mean, "low": mean - half, "high": mean + half})
    return sorted(found, key=lambda row: -row["value"])


def _worth_looking(
    columns: list[str], origin: np.ndarray, model: TableModel, X: Any, k: int | None
) -> list[str]:
    """All columns, or of very many those whose features go along with the prediction most."""
    if len(columns) <= COLUMNS:
        return columns
    rows = np.arange(min(X.shape[0], 1000))
    said = predicted(model.estimator, X[rows], k)
    z = said.value if said.proba is None else said.proba[:, -1]
    z = z - z.mean()
    part = X[rows]
    dense = part.toarray() if sparse.issparse(part) else np.nan_to_num(part)
    spread = dense.std(axis=0)
    along = np.abs(z @ (dense - dense.mean(axis=0))) / np.where(spread > 0, spread, 1.0)
    best: dict[str, float] = {}
    for name, value in zip(origin, along):
        best[name] = max(best.get(name, 0.0), float(value))
    return sorted(columns, key=lambda name: -best[name])[:COLUMNS]


def _shuffled(X: Any, features: np.ndarray, order: np.ndarray) -> Any:
    if not sparse.issparse(X):
        made = X.copy()
        made[:, features] = X[order][:, features]
        return made
    inside = np.zeros(X.shape[1])
    inside[features] = 1.0
    own = X @ sparse.diags_array(inside, format="csr")
    return sparse.csr_array((X - own) + own[order])


def in_words(rows: list[dict[str, Any]], columns: int, measure: Measure) -> str:
    """Which columns matter, in a sentence."""
    if not rows:
        return "No column's importance could be measured."
    real = [row for row in rows if row["low"] > 0]
    if not real:
        return (
            f"No single column's loss can be told from zero: {number(columns)} columns carry the "
            "prediction together, or stand in for each other."
        )
    lead = ", ".join(f"{row['column']} ({score(row['value'])})" for row in real[:3])
    rest = columns - len(real)
    said = f"Shuffling one column costs most for {lead}."
    if rest > 0:
        none = [row["column"] for row in rows if row["low"] <= 0]
        said += (
            f" {rest:,} of {columns:,} columns could be shuffled without a loss that can be told from "
            f"chance: {listing(none, 4)}."
        )
    return said
