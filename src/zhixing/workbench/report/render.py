"""Facts to one HTML file: no network, every cell escaped, at most 5 MB whatever the data."""

from __future__ import annotations

import itertools
import json
import math
from collections import defaultdict
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from .. import writing
from . import plots, plots_classification, plots_regression, plots_trees
from .sparkline import spark
from .vega import javascript

#: Columns drawn in the page, and findings shown before a fold.
COLUMNS, FINDINGS = 300, 8

Facts = dict[str, Any]


def html(facts: Facts) -> str:
    """The whole page.

    Text from the data reaches the page through Jinja's autoescape, or as JSON whose ``<``, ``>``
    and ``&`` are written as unicode escapes, so that no cell can close a script element.
    """
    counter = itertools.count()
    specs: list[tuple[str, Markup]] = []

    def put(spec: plots.Spec) -> str:
        name = f"plot-{next(counter)}"
        specs.append((name, script_json(spec)))
        return name

    here = files("zhixing.workbench.report")
    template = _environment().from_string(here.joinpath("template.html.j2").read_text("utf-8"))
    comparison = facts["comparison"]
    shown = facts["findings"][:FINDINGS]
    columns = sorted(facts["columns"], key=lambda c: -abs(c.get("importance") or 0.0))
    return template.render(
        facts,
        main=next(m for m in facts["holdout"]["metrics"] if m.get("main")),
        chosen=next(r for r in comparison["rows"] if r["chosen"]),
        findings_first=shown,
        findings_rest=facts["findings"][FINDINGS:],
        columns_shown=columns[:COLUMNS],
        columns_hidden=max(0, len(columns) - COLUMNS),
        plots=_plots(facts),
        put=put,
        specs=lambda: specs,
        css=Markup(here.joinpath("style.css").read_text("utf-8")),
        js=Markup(here.joinpath("report.js").read_text("utf-8")),
        vega=Markup(javascript().replace("</script", "<\\/script")),
    )


def script_json(value: Any) -> Markup:
    """JSON that can stand inside a script element whatever its strings hold.

    >>> print(script_json("</script><b>&"))
    "\\u003c/script\\u003e\\u003cb\\u003e\\u0026"
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _plots(facts: Facts) -> dict[str, Any]:
    metric, holdout, explained = facts["plan"]["metric"], facts["holdout"], facts["explanation"]
    target = facts["data"]["target"]
    drawn: dict[str, Any] = defaultdict(lambda: None)
    drawn["comparison"] = plots.comparison(facts["comparison"]["rows"], metric)
    if facts["tuning"]["trials"]:
        drawn["tuning"] = plots.tuning(facts["tuning"]["trials"], metric)
    if explained.get("learning_curve"):
        drawn["learning_curve"] = plots.learning_curve(
            explained["learning_curve"]["points"], metric
        )
    if explained.get("importance"):
        drawn["importance"] = plots.importance(explained["importance"], metric)
    if coefficients := explained.get("coefficients"):
        drawn["coefficients"] = plots.coefficients(coefficients["rows"], coefficients["axis"])
    trees = explained.get("trees") or {}
    if trees.get("importance"):
        drawn["shap_importance"] = plots_trees.shap_importance(
            trees["importance"], trees["importance_of"]
        )
    if trees.get("swarm"):
        drawn["shap_summary"] = plots_trees.shap_summary(trees["swarm"], trees["unit"])
    if trees.get("surrogate"):
        # Drawn by us, its names escaped there.
        drawn["tree"] = Markup(trees["surrogate"]["drawing"])
    drawn["partial"] = [
        {
            "spec": plots.partial_dependence(part, explained["partial_title"]),
            "title": writing.shorten(part["column"], 40),
            "says": explained["partial_title"],
        }
        for part in explained.get("partial_dependence") or []
    ]
    if points := holdout.get("roc"):
        drawn["roc"] = plots_classification.roc(points)
    if points := holdout.get("pr"):
        drawn["precision_recall"] = plots_classification.precision_recall(points, holdout["prior"])
    if calibration := holdout.get("calibration"):
        drawn["calibration"] = plots_classification.calibration(calibration["bins"])
    if scores := holdout.get("scores"):
        cut = (holdout.get("threshold") or {}).get("value")
        drawn["scores"] = plots_classification.score_histogram(scores, cut)
    if threshold := holdout.get("threshold"):
        drawn["threshold"] = plots_classification.threshold(
            threshold["curve"], threshold["value"], threshold["cost_label"]
        )
    if confusion := holdout.get("confusion"):
        drawn["confusion"] = plots_classification.confusion(
            confusion["labels"], confusion["counts"]
        )
    if any(row.get("auc") is not None for row in holdout.get("per_class") or []):
        drawn["per_class"] = plots_classification.per_class(holdout["per_class"])
    if residuals := holdout.get("residuals"):
        drawn["predicted"] = plots_regression.predicted_against_actual(residuals["grid"], target)
        drawn["residuals"] = plots_regression.residual_bands(residuals["bands"])
        drawn["residual_histogram"] = plots_regression.residual_histogram(residuals["histogram"])
        drawn["error_by_size"] = plots_regression.error_by_size(residuals["by_size"], target)
    return drawn


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=False
    )
    environment.filters |= {
        "begin": lambda text: text[:1].upper() + text[1:],
        "cut": lambda text, width=60: writing.shorten(text, width),
        "evidence": _evidence,
        "interval": lambda row: writing.interval(row["low"], row["high"]),
        "listing": lambda names, at_most=8: writing.listing(names, at_most),
        "number": writing.number,
        "percent": writing.percent,
        "plural": writing.plural,
        "pvalue": writing.p_value,
        "score": writing.score,
        "seconds": writing.seconds,
        "signed": writing.signed,
        "spark": spark,
        "values": _values,
    }
    return environment


def _values(column: Facts) -> str:
    if column.get("top"):
        total = max(column.get("count") or sum(n for _, n in column["top"]), 1)
        return ", ".join(
            f"{writing.shorten(level, 24)} {writing.percent(n / total)}"
            for level, n in column["top"][:3]
        )
    if column.get("min") is not None and column.get("max") is not None:
        low, high = column["min"], column["max"]
        if isinstance(low, str):
            return f"{low} to {high}"
        middle = column.get("median")
        span = f"{writing.number(low)} to {writing.number(high)}"
        return span + (f", median {writing.number(middle)}" if middle is not None else "")
    return ""


def _evidence(value: Any, limit: int = 4000) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1, default=str)
    return text if len(text) <= limit else text[:limit] + "\n… (all of it in report.json)"


def clean(value: Any) -> Any:
    """The same facts as JSON can hold them: no NaN, no infinity, no NumPy scalars.

    >>> clean({"a": float("nan"), "b": (1, 2.5)})
    {'a': None, 'b': [1, 2.5]}
    """
    if isinstance(value, dict):
        return {str(key): clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if hasattr(value, "tolist"):
        return clean(value.tolist())
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return str(value)
