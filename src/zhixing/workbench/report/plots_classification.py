"""Plots of a classifier on the hold-out rows."""

from __future__ import annotations

from typing import Any

from ..writing import interval, number, percent, score, shorten
from .plots import Spec, _n, _plot, _q, _tip, _titled

UNIT = {"domain": [0, 1], "nice": False}


def _diagonal() -> Spec:
    return {
        "data": {"values": [{"a": 0, "b": 0}, {"a": 1, "b": 1}]},
        "mark": {"type": "line", "strokeDash": [3, 3], "strokeWidth": 1, "color": "@faint"},
        "encoding": {"x": _q("a", scale=UNIT), "y": _q("b", scale=UNIT)},
    }


def roc(points: list[dict[str, Any]]) -> Spec:
    """True positives found against false alarms raised, threshold by threshold."""
    values = [
        {
            "x": p["fpr"],
            "y": p["tpr"],
            "fpr": percent(p["fpr"]),
            "tpr": percent(p["tpr"]),
            "t": number(p["threshold"]),
            "which": p.get("label", ""),
        }
        for p in points
    ]
    many = len({v["which"] for v in values}) > 1
    color = (
        _n("which", legend={"orient": "top", "title": None, "columns": 4, "symbolLimit": 12})
        if many
        else {"value": "@accent"}
    )
    tip = [("which", "class")] if many else []
    tip += [("t", "threshold"), ("tpr", "found"), ("fpr", "false alarms")]
    spec = _plot(
        values,
        300,
        layer=[
            _diagonal(),
            {
                "mark": {
                    "type": "line",
                    "strokeWidth": 2,
                    "interpolate": "linear",
                    "point": {"size": 40, "opacity": 0},
                },
                "encoding": {
                    "x": _q("x", "false alarms (false positive rate)", scale=UNIT),
                    "y": _q("y", "found (true positive rate)", scale=UNIT),
                    "order": {"field": "x"},
                    "color": color,
                    "tooltip": _tip(*tip),
                },
            },
        ],
    )
    return _titled(spec, "false alarms (false positive rate)", "found (true positive rate)")


def precision_recall(points: list[dict[str, Any]], prior: float) -> Spec:
    """How many of the flagged are right, against how many of the sought are found."""
    values = [
        {
            "x": p["recall"],
            "y": p["precision"],
            "r": percent(p["recall"]),
            "p": percent(p["precision"]),
            "t": number(p["threshold"]),
        }
        for p in points
    ]
    spec = _plot(
        values,
        300,
        layer=[
            {
                "data": {"values": [{"at": prior, "says": percent(prior)}]},
                "mark": {"type": "rule", "strokeDash": [3, 3], "color": "@faint"},
                "encoding": {
                    "y": _q("at", scale=UNIT),
                    "tooltip": _tip(("says", "precision of flagging everyone")),
                },
            },
            {
                "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 40, "opacity": 0}},
                "encoding": {
                    "x": _q("x", "found (recall)", scale=UNIT),
                    "y": _q("y", "right among flagged (precision)", scale=UNIT),
                    "order": {"field": "x"},
                    "color": {"value": "@accent"},
                    "tooltip": _tip(("t", "threshold"), ("p", "precision"), ("r", "recall")),
                },
            },
        ],
    )
    return _titled(spec, "found (recall)", "right among flagged (precision)")


def calibration(bins: list[dict[str, Any]]) -> Spec:
    """What was predicted against what happened."""
    values = [
        {
            "x": b["mean_predicted"],
            "y": b["observed"],
            "low": b["low"],
            "high": b["high"],
            "p": percent(b["mean_predicted"]),
            "o": f"{percent(b['observed'])} {interval(b['low'], b['high'])}",
            "n": number(b["count"]),
        }
        for b in bins
    ]
    tip = _tip(("p", "predicted"), ("o", "happened"), ("n", "rows"))
    x = _q("x", "predicted probability", scale=UNIT)
    spec = _plot(
        values,
        300,
        layer=[
            _diagonal(),
            {
                "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.5},
                "encoding": {
                    "x": x,
                    "y": _q("low", "share that happened", scale=UNIT),
                    "y2": {"field": "high"},
                    "color": {"value": "@accent"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": _q("y", scale=UNIT),
                    "color": {"value": "@accent"},
                    "tooltip": tip,
                },
            },
        ],
    )
    return _titled(spec, "predicted probability", "share that happened")


def score_histogram(scores: dict[str, Any], threshold: float | None) -> Spec:
    """The predicted probabilities of each class: overlap is what cannot be separated."""
    edges = scores["edges"]
    values = []
    for group in scores["by_class"]:
        total = max(sum(group["counts"]), 1)
        for low, high, count in zip(edges, edges[1:], group["counts"]):
            values.append(
                {
                    "low": low,
                    "high": high,
                    "share": count / total,
                    "which": shorten(group["label"], 24),
                    "n": number(count),
                    "range": f"{low:.2f} to {high:.2f}",
                    "says": percent(count / total),
                }
            )
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "opacity": 0.55, "binSpacing": 0.5},
            "encoding": {
                "x": _q("low", "predicted probability", scale=UNIT, bin="binned"),
                "x2": {"field": "high"},
                "y": _q("share", "share of the class", scale={"zero": True}, stack=None),
                "color": _n(
                    "which",
                    sort=None,
                    scale={"range": ["@faint", "@accent"]},
                    legend={"orient": "top", "title": None},
                ),
                "tooltip": _tip(
                    ("which", "truly"), ("range", "predicted"), ("n", "rows"), ("says", "of class")
                ),
            },
        }
    ]
    if threshold is not None:
        layers.append(
            {
                "data": {"values": [{"at": threshold, "says": number(threshold)}]},
                "mark": {"type": "rule", "strokeWidth": 1.5, "color": "@ink"},
                "encoding": {
                    "x": _q("at", scale=UNIT),
                    "tooltip": _tip(("says", "threshold in use")),
                },
            }
        )
    spec = _plot(values, 300, layer=layers)
    return _titled(spec, "predicted probability", "share of the class")


def threshold(curve: list[dict[str, Any]], chosen: float, cost_label: str) -> Spec:
    """Precision, recall and cost as the threshold moves."""
    lines = (("precision", "precision"), ("recall", "recall"), ("cost", cost_label))
    values = [
        {
            "t": p["threshold"],
            "value": p[key],
            "which": label,
            "says": number(p[key]) if key == "cost" else percent(p[key]),
            "at": number(p["threshold"]),
            "flagged": percent(p["flagged"]),
        }
        for p in curve
        for key, label in lines
        if p[key] is not None
    ]
    spec = _plot(
        values,
        300,
        layer=[
            {
                "mark": {"type": "line", "strokeWidth": 2, "point": {"size": 40, "opacity": 0}},
                "encoding": {
                    "x": _q("t", "threshold", scale=UNIT),
                    "y": _q("value", scale={"zero": True}),
                    "color": _n(
                        "which",
                        sort=None,
                        scale={
                            "domain": [label for _, label in lines],
                            "range": ["@accent", "@second", "@faint"],
                        },
                        legend={"orient": "top", "title": None, "symbolType": "stroke"},
                    ),
                    "tooltip": _tip(
                        ("at", "threshold"),
                        ("which", "curve"),
                        ("says", "value"),
                        ("flagged", "flagged"),
                    ),
                },
            },
            {
                "data": {"values": [{"at": chosen, "says": number(chosen)}]},
                "mark": {"type": "rule", "strokeWidth": 1.5, "color": "@ink"},
                "encoding": {
                    "x": _q("at", scale=UNIT),
                    "tooltip": _tip(("says", "threshold in use")),
                },
            },
        ],
    )
    return _titled(spec, "threshold", None)


def confusion(labels: list[str], counts: list[list[float]]) -> Spec:
    """Rows are the truth, columns what was said; shading is the share of the row."""
    names = [f"{shorten(label, 18)}" for label in labels]
    if len(set(names)) < len(names):
        names = [f"{shorten(label, 12)} ({i + 1})" for i, label in enumerate(labels)]
    values = []
    for truth, row in zip(names, counts):
        total = max(sum(row), 1e-300)
        for said, count in zip(names, row):
            values.append(
                {
                    "truth": truth,
                    "said": said,
                    "share": count / total,
                    "text": number(round(count, 1)),
                    "says": percent(count / total),
                    "dark": int(count / total > 0.55),
                }
            )
    k = len(names)
    axis = {"labelLimit": 110, "ticks": False, "domain": False, "labelAngle": 0 if k <= 5 else -45}
    x = _n("said", "predicted", sort=names, axis=axis | {"orient": "top"})
    y = _n("truth", "truth", sort=names, axis=axis | {"labelAngle": 0})
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "stroke": "@paper", "strokeWidth": 2 if k <= 12 else 1},
            "encoding": {
                "x": x,
                "y": y,
                "color": {
                    "field": "share",
                    "type": "quantitative",
                    "legend": None,
                    "scale": {"domain": [0, 1], "range": ["@wash", "@accent"]},
                },
                "tooltip": _tip(
                    ("truth", "truth"), ("said", "predicted"), ("text", "rows"), ("says", "of row")
                ),
            },
        }
    ]
    if k <= 12:
        layers.append(
            {
                "mark": {"type": "text", "fontSize": 13 if k <= 5 else 10},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "text"},
                    "color": {
                        "field": "dark",
                        "type": "nominal",
                        "legend": None,
                        "scale": {"domain": [0, 1], "range": ["@ink", "@paper"]},
                    },
                },
            }
        )
    return _plot(values, min(560, max(220, 40 + 44 * min(k, 12))), layer=layers)


def per_class(rows: list[dict[str, Any]]) -> Spec:
    """One class against the others: AUC with its interval, or recall where there is none."""
    values = [
        {
            "name": shorten(row["label"], 22),
            "value": row["auc"],
            "low": row.get("auc_low"),
            "high": row.get("auc_high"),
            "says": f"{score(row['auc'])} {interval(row.get('auc_low'), row.get('auc_high'))}",
            "n": number(row["support"]),
        }
        for row in rows
        if row.get("auc") is not None
    ]
    y = _n(
        "name",
        sort=[v["name"] for v in values],
        axis={"labelLimit": 160, "ticks": False, "domain": False},
    )
    tip = _tip(("name", "class"), ("says", "AUC against the others"), ("n", "rows"))
    spec = _plot(
        values,
        max(70, 21 * len(values)),
        layer=[
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {
                    "x": _q("low", "AUC, one class against the others"),
                    "x2": {"field": "high"},
                    "y": y,
                    "color": {"value": "@accent"},
                    "tooltip": tip,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {
                    "x": _q("value"),
                    "y": y,
                    "color": {"value": "@accent"},
                    "tooltip": tip,
                },
            },
        ],
    )
    return _titled(spec, "AUC, one class against the others", None)
