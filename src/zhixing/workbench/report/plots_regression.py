"""Plots of a regressor on the hold-out rows."""

from __future__ import annotations

from typing import Any

from ..writing import interval, number, percent, shorten
from .plots import Spec, _n, _plot, _q, _tip, _titled


def predicted_against_actual(grid: dict[str, Any], target: str) -> Spec:
    """Counts of rows on a grid of prediction by truth; the diagonal is perfection."""
    values = [
        {
            "x0": cell[0],
            "x1": cell[1],
            "y0": cell[2],
            "y1": cell[3],
            "n": cell[4],
            "p": f"{number(cell[0])} to {number(cell[1])}",
            "a": f"{number(cell[2])} to {number(cell[3])}",
            "rows": number(cell[4]),
        }
        for cell in grid["cells"]
    ]
    low, high = grid["low"], grid["high"]
    scale = {"domain": [low, high], "nice": False}
    spec = _plot(
        values,
        320,
        layer=[
            {
                "mark": {"type": "rect"},
                "encoding": {
                    "x": _q("x0", "predicted", scale=scale, bin="binned"),
                    "x2": {"field": "x1"},
                    "y": _q("y0", shorten(target, 30), scale=scale, bin="binned"),
                    "y2": {"field": "y1"},
                    "color": {
                        "field": "n",
                        "type": "quantitative",
                        "legend": None,
                        "scale": {"type": "log", "range": ["@wash", "@accent"]},
                    },
                    "tooltip": _tip(("p", "predicted"), ("a", "actual"), ("rows", "rows")),
                },
            },
            {
                "data": {"values": [{"a": low, "b": low}, {"a": high, "b": high}]},
                "mark": {"type": "line", "strokeDash": [3, 3], "strokeWidth": 1, "color": "@ink"},
                "encoding": {"x": _q("a", scale=scale), "y": _q("b", scale=scale)},
            },
        ],
    )
    return _titled(spec, "predicted", shorten(target, 30))


def residual_bands(bands: list[dict[str, Any]]) -> Spec:
    """Quantiles of the residual by size of prediction: level and even is good."""
    values = [
        {
            "x": b["predicted"],
            "q05": b["q05"],
            "q25": b["q25"],
            "q50": b["q50"],
            "q75": b["q75"],
            "q95": b["q95"],
            "at": number(b["predicted"]),
            "mid": number(b["q50"]),
            "half": interval(b["q25"], b["q75"]),
            "most": interval(b["q05"], b["q95"]),
            "n": number(b["count"]),
        }
        for b in bands
    ]
    x = _q("x", "predicted")
    spec = _plot(
        values,
        300,
        layer=[
            {
                "data": {"values": [{"at": 0}]},
                "mark": {"type": "rule", "strokeDash": [3, 3], "color": "@faint"},
                "encoding": {"y": _q("at")},
            },
            {
                "mark": {"type": "area", "opacity": 0.16},
                "encoding": {
                    "x": x,
                    "y": _q("q05", "actual minus predicted"),
                    "y2": {"field": "q95"},
                    "color": {"value": "@accent"},
                },
            },
            {
                "mark": {"type": "area", "opacity": 0.28},
                "encoding": {
                    "x": x,
                    "y": _q("q25"),
                    "y2": {"field": "q75"},
                    "color": {"value": "@accent"},
                },
            },
            {
                "mark": {
                    "type": "line",
                    "strokeWidth": 2,
                    "point": {"size": 45, "filled": True, "opacity": 1},
                },
                "encoding": {
                    "x": x,
                    "y": _q("q50"),
                    "color": {"value": "@accent"},
                    "tooltip": _tip(
                        ("at", "predicted"),
                        ("mid", "median residual"),
                        ("half", "half of them"),
                        ("most", "90 % of them"),
                        ("n", "rows"),
                    ),
                },
            },
        ],
    )
    return _titled(spec, "predicted", "actual minus predicted")


def residual_histogram(histogram: dict[str, Any]) -> Spec:
    """How often which error."""
    edges, counts = histogram["edges"], histogram["counts"]
    total = max(sum(counts), 1)
    values = [
        {
            "low": low,
            "high": high,
            "n": count,
            "range": f"{number(low)} to {number(high)}",
            "rows": f"{number(count)} ({percent(count / total)})",
        }
        for low, high, count in zip(edges, edges[1:], counts)
    ]
    return _plot(
        values,
        300,
        mark={"type": "bar", "opacity": 0.75, "binSpacing": 1},
        encoding={
            "x": _q("low", "actual minus predicted", bin="binned"),
            "x2": {"field": "high"},
            "y": _q("n", "rows", scale={"zero": True}),
            "color": {"value": "@accent"},
            "tooltip": _tip(("range", "error"), ("rows", "rows")),
        },
    )


def error_by_size(rows: list[dict[str, Any]], target: str) -> Spec:
    """Mean absolute error by tenths of the target: where the model is weak."""
    names = [f"{number(r['low'])} to {number(r['high'])}" for r in rows]
    values = [
        {
            "name": name,
            "mae": r["mae"],
            "bias": number(r["bias"]),
            "says": number(r["mae"]),
            "n": number(r["count"]),
        }
        for name, r in zip(names, rows)
    ]
    return _plot(
        values,
        300,
        mark={"type": "bar", "opacity": 0.75, "height": {"band": 0.7}},
        encoding={
            "y": _n("name", shorten(target, 30), sort=names, axis={"labelLimit": 150}),
            "x": _q("mae", "mean absolute error", scale={"zero": True}),
            "color": {"value": "@accent"},
            "tooltip": _tip(
                ("name", "actual"),
                ("says", "mean abs. error"),
                ("bias", "mean error"),
                ("n", "rows"),
            ),
        },
    )
