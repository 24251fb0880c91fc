"""Plots of a model of trees: Shapley values of held-out rows, column by column."""

from __future__ import annotations

from typing import Any

from ..writing import interval, number, percent, score, shorten
from .plots import Spec, _n, _plot, _q, _rule_at, _tip, bars


def shap_importance(rows: list[dict[str, Any]], of: str, at_most: int = 20) -> Spec:
    """Mean |Shapley value| by column, with its interval."""
    values = [
        {
            "name": shorten(row["column"], 28),
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "says": f"{score(row['value'])} {interval(row['low'], row['high'])}",
            "share": percent(row["share"]),
        }
        for row in rows[:at_most]
    ]
    tip = _tip(("name", "column"), ("says", "mean |value|"), ("share", "share of all"))
    return bars(values, f"mean |Shapley value| on {of}", tip)


def shap_summary(columns: list[dict[str, Any]], unit: str) -> Spec:
    """One point a row and column: how far the column moves the row's score, and how high its value is."""
    names, values = [], []
    for column in columns:
        name = shorten(column["column"], 28)
        names.append(name)
        values += [
            {
                "name": name,
                "x": point["x"],
                "aside": point["aside"],
                "level": point["level"],
                "own": point["own"],
                "says": number(point["x"]),
            }
            for point in column["points"]
        ]
    return _plot(
        values,
        max(110, 38 * len(names) + 30),
        layer=[
            _rule_at(0.0),
            {
                "mark": {"type": "circle", "size": 16, "opacity": 0.75, "invalid": "show"},
                "encoding": {
                    "x": _q("x", f"moves {unit} by"),
                    "y": _n(
                        "name",
                        None,
                        sort=names,
                        axis={"labelLimit": 200, "ticks": False, "domain": False, "grid": True},
                    ),
                    "yOffset": _q("aside", scale={"domain": [-2, 2]}),
                    "color": {
                        "condition": {"test": "datum.level === null", "value": "@faint"},
                        "field": "level",
                        "type": "quantitative",
                        "title": "value of the column",
                        "scale": {"domain": [0, 1], "range": ["@second", "@accent"]},
                        "legend": {
                            "orient": "top",
                            "direction": "horizontal",
                            "gradientLength": 120,
                            "gradientThickness": 8,
                            "values": [0, 1],
                            "labelExpr": "datum.value < 0.5 ? 'low' : 'high'",
                        },
                    },
                    "tooltip": _tip(("name", "column"), ("own", "its value"), ("says", "moves by")),
                },
            },
        ],
    )
