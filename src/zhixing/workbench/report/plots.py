"""The report's plots as Vega-Lite specifications, from facts already aggregated in Python.

Names from the data stand only in data values and axis titles, never in field names or expressions:
Vega evaluates expressions, and a column may be called anything.  Colours are words ("@accent") that
the page replaces by those of its light or dark theme.
"""

from __future__ import annotations

from typing import Any

from ..writing import interval, number, percent, score, shorten

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def _q(field: str, title: str | None = None, **rest: Any) -> Spec:
    """A quantitative channel; its axis need not start at zero unless it says so."""
    scale = rest.pop("scale", {"zero": False})
    return {"field": field, "type": "quantitative", "title": title, "scale": scale, **rest}


def _n(field: str, title: str | None = None, **rest: Any) -> Spec:
    return {"field": field, "type": "nominal", "title": title, **rest}


def _tip(*pairs: tuple[str, str]) -> list[Spec]:
    """Tooltip lines: texts written in Python, so that page and terminal spell numbers alike."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in pairs]


def _plot(values: list[Spec] | None, height: int, **rest: Any) -> Spec:
    spec: Spec = {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
    }
    if values is not None:
        spec["data"] = {"values": values}
    return spec | rest


def _titled(spec: Spec, x: str | None, y: str | None) -> Spec:
    """One title per axis: layers share their axes, and Vega-Lite would join the titles of all."""
    for layer in spec["layer"]:
        for channel, title in (("x", x), ("y", y)):
            if channel in layer["encoding"]:
                layer["encoding"][channel]["title"] = title
    return spec


def _rule_at(zero: float) -> Spec:
    return {
        "data": {"values": [{"at": zero}]},
        "mark": {"type": "rule", "strokeDash": [3, 3], "color": "@faint"},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }


def comparison(rows: list[dict[str, Any]], metric: dict[str, Any]) -> Spec:
    """Mean cross-validated score of each candidate, its interval, and the score of every fold."""
    near = _worth_seeing(rows)
    sign = 1 if metric["greater_is_better"] else -1
    edge = min((sign * row["low" if sign > 0 else "high"] for row in near), default=0.0) * sign
    values, folds, far, order = [], [], [], []
    for row in rows:
        name = shorten(row["label"], 34)
        kind = "proposed" if row["chosen"] else "baseline" if row["baseline"] else "candidate"
        said = {
            "name": name,
            "kind": kind,
            "says": f"{score(row['score'])} {interval(row['low'], row['high'])}",
            "verdict": row["verdict"],
        }
        order.append(name)
        if row not in near:
            far.append(
                said
                | {
                    "at": edge,
                    "text": f"{'◂ ' * (sign > 0)}{score(row['score'])}{' ▸' * (sign < 0)}",
                }
            )
            continue
        values.append(said | {"score": row["score"], "low": row["low"], "high": row["high"]})
        folds += [
            {"name": name, "fold": s, "kind": kind, "says": f"fold {i + 1}: {score(s)}"}
            for i, s in enumerate(row["scores"])
        ]
    y = _n("name", sort=order, axis={"labelLimit": 230, "ticks": False, "domain": False})
    color = {
        "field": "kind",
        "type": "nominal",
        "legend": None,
        "scale": {
            "domain": ["proposed", "candidate", "baseline"],
            "range": ["@accent", "@ink", "@faint"],
        },
    }
    tip = _tip(("name", "model"), ("says", metric["label"]), ("verdict", "verdict"))
    spec = _plot(
        values,
        max(90, 34 * len(order)),
        layer=[
            {
                "data": {"values": folds},
                "mark": {"type": "tick", "thickness": 1, "size": 9, "opacity": 0.45},
                "encoding": {
                    "x": _q("fold", metric["label"]),
                    "y": y,
                    "color": color,
                    "tooltip": _tip(("name", "model"), ("says", "score")),
                },
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {
                    "x": _q("low"),
                    "x2": {"field": "high"},
                    "y": y,
                    "color": color,
                    "tooltip": tip,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {"x": _q("score"), "y": y, "color": color, "tooltip": tip},
            },
            {
                "data": {"values": far},
                "mark": {"type": "text", "align": "left" if sign > 0 else "right", "fontSize": 12},
                "encoding": {
                    "x": _q("at"),
                    "y": y,
                    "text": {"field": "text"},
                    "color": color,
                    "tooltip": tip,
                },
            },
        ],
    )
    return _titled(spec, metric["label"], None)


def _worth_seeing(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows near enough to the proposed one to share an axis; the others are written at its edge."""
    chosen = next(row for row in rows if row["chosen"])
    reach = 6 * max(row["high"] - row["low"] for row in rows if row["chosen"] or row.get("best"))
    gaps = sorted(abs(row["score"] - chosen["score"]) for row in rows if not row["baseline"])
    # The nearer half of the candidates is always shown.
    reach = max(reach, 1.05 * gaps[len(gaps) // 2])
    return [row for row in rows if abs(row["score"] - chosen["score"]) <= reach]


def importance(rows: list[dict[str, Any]], metric: dict[str, Any], at_most: int = 20) -> Spec:
    """How much worse the score gets when one column is shuffled, with its interval."""
    values = [
        {
            "name": shorten(row["column"], 28),
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "says": f"{score(row['value'])} {interval(row['low'], row['high'])}",
        }
        for row in rows[:at_most]
    ]
    tip = _tip(("name", "column"), ("says", "loss when shuffled"))
    return bars(values, f"{metric['label']} lost when shuffled", tip)


def bars(values: list[Spec], title: str, tip: list[Spec]) -> Spec:
    """A bar for every name, with its interval."""
    y = _n(
        "name",
        sort=[v["name"] for v in values],
        axis={"labelLimit": 200, "ticks": False, "domain": False},
    )
    spec = _plot(
        values,
        max(70, 21 * len(values)),
        layer=[
            {
                "mark": {"type": "bar", "opacity": 0.35, "height": 12},
                "encoding": {
                    "x": _q("value", scale={"zero": True}),
                    "y": y,
                    "color": {"value": "@accent"},
                    "tooltip": tip,
                },
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {
                    "x": _q("low", scale={"zero": True}),
                    "x2": {"field": "high"},
                    "y": y,
                    "color": {"value": "@accent"},
                    "tooltip": tip,
                },
            },
        ],
    )
    return _titled(spec, title, None)


def coefficients(rows: list[dict[str, Any]], title: str, at_most: int = 24) -> Spec:
    """Coefficients with their intervals, largest first."""
    values = [
        {
            "name": shorten(row["feature"], 34),
            "value": row["coefficient"],
            "low": row.get("low"),
            "high": row.get("high"),
            "says": f"{number(row['coefficient'])} {interval(row.get('low'), row.get('high'))}",
        }
        for row in rows[:at_most]
    ]
    y = _n(
        "name",
        sort=[v["name"] for v in values],
        axis={"labelLimit": 230, "ticks": False, "domain": False},
    )
    tip = _tip(("name", "feature"), ("says", "coefficient"))
    x = _q("value", title)
    layers: list[Spec] = [_rule_at(0.0)]
    if any(v["low"] is not None for v in values):
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {
                    "x": _q("low"),
                    "x2": {"field": "high"},
                    "y": y,
                    "color": {"value": "@accent"},
                    "tooltip": tip,
                },
            }
        )
    layers.append(
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": {"value": "@accent"}, "tooltip": tip},
        }
    )
    return _titled(_plot(values, max(70, 21 * len(values)), layer=layers), title, None)


def learning_curve(points: list[dict[str, Any]], metric: dict[str, Any]) -> Spec:
    """Score on the rows learned from and on others, by the number of rows learned from."""
    values = []
    for point in points:
        for which, label in (("train", "rows learned from"), ("validation", "other rows")):
            low, high = point[f"{which}_low"], point[f"{which}_high"]
            values.append(
                {
                    "rows": point["rows"],
                    "which": label,
                    "score": point[which],
                    "low": low,
                    "high": high,
                    "n": number(point["rows"]),
                    "says": f"{score(point[which])} {interval(low, high)}",
                }
            )
    color = _n(
        "which",
        scale={"domain": ["rows learned from", "other rows"], "range": ["@faint", "@accent"]},
        legend={"orient": "top", "title": None, "symbolType": "circle", "symbolOpacity": 1},
    )
    sizes = sorted({point["rows"] for point in points})
    x = _q(
        "rows",
        "rows learned from",
        scale={"type": "log", "nice": False},
        axis={"values": sizes, "labelExpr": "format(datum.value, ',')", "grid": False},
    )
    tip = _tip(("which", "scored on"), ("n", "learned from"), ("says", metric["label"]))
    spec = _plot(
        values,
        260,
        layer=[
            {
                "mark": {"type": "area", "opacity": 0.16, "line": False},
                "encoding": {
                    "x": x,
                    "y": _q("low", metric["label"]),
                    "y2": {"field": "high"},
                    "color": color,
                },
            },
            {
                "mark": {
                    "type": "line",
                    "strokeWidth": 2,
                    "point": {"size": 60, "filled": True, "opacity": 1},
                },
                "encoding": {"x": x, "y": _q("score"), "color": color, "tooltip": tip},
            },
        ],
    )
    return _titled(spec, "rows learned from", metric["label"])


def tuning(trials: list[dict[str, Any]], metric: dict[str, Any]) -> Spec:
    """Every trial of the search, in the order they were made."""
    values = [
        {
            "fits": t["fits"],
            "score": t["score"],
            "model": shorten(t["candidate"], 30),
            "says": score(t["score"]),
            "settings": t["settings"] or "as it comes",
        }
        for t in trials
        if t["score"] is not None
    ]
    # Settings far below the middle would press all others onto one line: they stand at the edge.
    sign = 1 if metric["greater_is_better"] else -1
    scores = sorted((v["score"] for v in values), key=lambda s: -sign * s)
    best, middle = scores[0], scores[len(scores) // 2]
    edge = best - 3.0 * (best - middle) if middle != best else scores[-1]
    for v in values:
        v["score"] = max(v["score"], edge) if sign > 0 else min(v["score"], edge)
    return _plot(
        values,
        240,
        mark={"type": "point", "filled": True, "size": 55, "opacity": 0.85},
        encoding={
            "x": _q("fits", "fits so far", scale={"zero": True, "nice": False}),
            "y": _q("score", metric["label"]),
            "color": _n("model", legend={"orient": "top", "title": None, "columns": 2}),
            "tooltip": _tip(
                ("model", "model"), ("says", metric["label"]), ("settings", "settings")
            ),
        },
    )


def partial_dependence(part: dict[str, Any], title: str) -> Spec:
    """The mean prediction as one column takes each of its values."""
    numeric = part["kind"] == "numeric"
    values = [
        {
            "x": p["x"] if numeric else shorten(p["x"], 18),
            "y": p["y"],
            "at": number(p["x"]) if numeric else str(p["x"]),
            "says": percent(p["y"]) if title.startswith("P(") else number(p["y"], 4),
        }
        for p in part["points"]
    ]
    tip = _tip(("at", shorten(part["column"], 30)), ("says", title))
    if numeric:
        return _plot(
            values,
            150,
            mark={"type": "line", "strokeWidth": 2, "point": {"size": 26, "opacity": 1}},
            encoding={
                "x": _q("x", axis={"tickCount": 5, "grid": False}),
                "y": _q("y", title),
                "color": {"value": "@accent"},
                "tooltip": tip,
            },
        )
    return _plot(
        values,
        max(150, 17 * len(values) + 40),
        mark={"type": "point", "filled": True, "size": 70, "opacity": 1},
        encoding={
            "y": _n("x", sort=[v["x"] for v in values], axis={"labelLimit": 110}),
            "x": _q("y", title),
            "color": {"value": "@accent"},
            "tooltip": tip,
        },
    )
