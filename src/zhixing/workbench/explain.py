"""Why the model is as good as it is, and what its predictions rest on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse, stats

from .measure import Measure
from .model import TableModel
from .predicted import predicted
from .prepare.splines import knots
from .writing import listing, number, score

#: Hold-out rows that importance is measured on, draws of them, and columns looked at.
ROWS, DRAWS, COLUMNS = 4_000, 12, 300
#: Columns whose partial dependence is drawn, rows averaged over, values per column.
DEPENDENCE, AVERAGED, VALUES = 6, 400, 16
#: Coefficients kept for the report.
COEFFICIENTS = 400


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
    lost: dict[str, list[float]] = {name: [] for name in columns}
    for _ in range(draws):
        rows = rng.integers(len(y), size=min(ROWS, len(y)))
        part, truth = X[rows], y[rows]
        own = None if weight is None else weight[rows]
        before = measure(truth, predicted(model.estimator, part, k), own)
        order = rng.permutation(len(rows))
        for name in columns:
            shuffled = _shuffled(part, np.flatnonzero(origin == name), order)
            after = measure(truth, predicted(model.estimator, shuffled, k), own)
            lost[name].append(measure.sign * (before - after))
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
    dense = part.toarray() if sparse.issparse(part) else part
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


def partial_dependence(
    model: TableModel, rows: pl.DataFrame, columns: list[str], seed: int
) -> tuple[list[dict[str, Any]], str]:
    """The mean prediction as one column takes its values in turn, all else as it is.

    Friedman (2001), section 8.2, over a sample of hold-out rows.  For more than two classes the
    probability of the most frequent one.
    """
    rng = np.random.default_rng(seed)
    if rows.height > AVERAGED:
        rows = rows[np.sort(rng.choice(rows.height, AVERAGED, replace=False))]
    classes = model.classes
    which, title = 0, f"mean {model.target.name}"
    if classes is not None:
        if not model.has_probabilities:
            return [], ""
        base = model.probabilities(model.preparation.transform(rows))
        which = 1 if len(classes) == 2 else int(base.mean(axis=0).argmax())
        title = f"P({classes[which]})"
    parts = []
    for name in columns[:DEPENDENCE]:
        grid = _grid(rows[name], model.schema[name].kind)
        if len(grid) < 2:
            continue
        points = []
        for value in grid:
            changed = rows.with_columns(pl.lit(value, dtype=rows[name].dtype).alias(name))
            X = model.preparation.transform(changed)
            said = (
                model.estimator.predict(X) if classes is None else model.probabilities(X)[:, which]
            )
            points.append({"x": _plain(value, model.schema[name].kind), "y": float(np.mean(said))})
        kind = "numeric" if model.schema[name].kind == "numeric" else "categorical"
        parts.append({"column": name, "kind": kind, "points": points})
    return parts, title


def _grid(column: pl.Series, kind: str) -> list[Any]:
    known = column.drop_nulls()
    if kind == "numeric":
        known = known.filter(known.is_finite())
        if known.n_unique() <= VALUES:
            return known.unique().sort().to_list()
        values = known.to_numpy()
        ends = [float(q) for q in np.quantile(values, [0.005, 0.995])]
        return sorted({*ends, *(float(v) for v in knots(values, VALUES - 2))})
    if kind in ("categorical", "boolean"):
        counts = known.value_counts(sort=True, name="rows").sort(
            ["rows", column.name], descending=[True, False]
        )
        return counts[column.name].head(10).to_list()
    return []


def _plain(value: Any, kind: str) -> Any:
    return float(value) if kind == "numeric" else str(value)


def coefficients(model: TableModel) -> dict[str, Any] | None:
    """The linear model's coefficients, largest first; None for other models."""
    raw = getattr(model.estimator, "coef_", None)
    if raw is None:
        return None
    if sparse.issparse(raw):
        raw = raw.toarray()
    coef = np.atleast_2d(np.asarray(raw, dtype=np.float64))
    names = model.preparation.get_feature_names_out()
    if coef.shape[1] != len(names):
        return None
    classes, of, axis = model.classes, "", f"{model.target.name} per unit"
    flat = [(float(c), str(f)) for c, f in zip(coef[0], names)]
    if classes is not None:
        logistic = hasattr(model.estimator, "predict_proba")
        axis = "log-odds per unit" if logistic else "score per unit"
        of = str(classes[1]) if len(coef) == 1 else ""
        if len(coef) > 1:
            flat = [
                (float(c), f"{f} → {classes[i]}")
                for i, row in enumerate(coef)
                for c, f in zip(row, names)
            ]
    zeros = sum(c == 0.0 for c, _ in flat)
    flat = sorted((item for item in flat if item[0] != 0.0), key=lambda item: -abs(item[0]))
    note = "Numbers are standardised: their coefficient is per standard deviation."
    note += " A category's is against all else equal; all are shrunk by the penalty."
    if zeros:
        note += f" {zeros:,} of {zeros + len(flat):,} are exactly zero."
    rows = [
        {"feature": name, "coefficient": value, "low": None, "high": None}
        for value, name in flat[:COEFFICIENTS]
    ]
    intercept = np.ravel(np.asarray(getattr(model.estimator, "intercept_", np.nan), dtype=float))
    return {
        "rows": rows,
        "total": len(flat) + zeros,
        "zeros": zeros,
        "of": of,
        "axis": axis,
        "note": note,
        "intercept": intercept.tolist(),
    }


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
