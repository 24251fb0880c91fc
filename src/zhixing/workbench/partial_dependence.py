"""Partial dependence: the mean prediction as one column takes its values in turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from .model import TableModel
from .prepare.splines import knots

#: Columns whose partial dependence is drawn, rows averaged over, values per column.
DEPENDENCE, AVERAGED, VALUES = 6, 400, 16


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
