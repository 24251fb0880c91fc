"""The page of the study: one row a table, then what was seen by reading the reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .tables_list import CASES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "tables.md"
SHORT = {
    "roc_auc": "AUC",
    "log_loss": "log loss",
    "root_mean_squared_error": "RMSE",
    "mean_poisson_deviance": "Poisson deviance",
}


def write(done: dict[str, Any]) -> None:
    cases = [case for case in CASES if case.name in done]
    good = [case for case in cases if "metric" in done[case.name]]
    lines = ["# `zhixing fit` on real tables", "", *_head(done, good), ""]
    lines += [
        "| table | rows x columns | task | s | CPU s | chosen | measure | hold-out, 95 % | linear | "
        "boosting |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(_row(case.name, done[case.name]) for case in cases),
        "",
        "## Findings, and what was seen by reading them",
        "",
        "Errors and warnings by name, tips and notes by number; after the dash a person's judgement "
        "of kinds, alarms and what was missed.",
        "",
    ]
    for case in cases:
        given = f" (`{' '.join(case.options)}`)" if case.options else ""
        kind = f", {case.kind}" if case.kind else ""
        note = f" — {case.note}" if case.note else ""
        lines.append(f"- **{case.name}**{kind}{given}: {_findings(done[case.name])}{note}")
    PAGE.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _head(done: dict[str, Any], good: list[Any]) -> list[str]:
    seconds = np.array([done[c.name]["seconds"] for c in good])
    cpu = np.array([done[c.name]["cpu"] for c in good])
    worse, better, level = [], [], 0
    for case in good:
        against = _best(done[case.name])
        if against is None:
            continue
        gain = _gain(done[case.name], against)
        if gain == 0:
            level += 1
        else:
            (better if gain > 0 else worse).append(case.name)
    return [
        f"{len(good)} of the {len(CASES)} listed tables of `shared/data`, default budget, seed 0, two "
        "cores that did other work too (judge by CPU seconds): the median in "
        f"{np.median(seconds):.0f} s (CPU {np.median(cpu):.0f} s), the longest in "
        f"{seconds.max():.0f} s (CPU {cpu.max():.0f} s).",
        "",
        "Beside it, on the same hold-out, what a person writes in ten minutes with scikit-learn: a "
        "linear pipeline (imputation, scaling, one-hot or TF-IDF, logistic / ridge / Poisson "
        "regression) and HistGradientBoosting with its defaults (`benchmarks/tables_baseline.py`).  "
        f"Against the better of the two the proposal lies level on {level} tables (that score is "
        f"inside its 95 % interval), above on {len(better)}"
        + (f" ({', '.join(better)})" if better else "")
        + f" and below on {len(worse)}"
        + (f" ({', '.join(worse)})" if worse else "")
        + ".  Picking the better of two on the hold-out flatters them; the proposal never saw it.",
        "",
        "Not run yet: "
        + (", ".join(case.name for case in CASES if case not in good) or "none")
        + ".  Rows were made one by one while `fit` was being bounded and sped up; those at the top of "
        "the list are older than those at its end.",
        "",
        "Made by `python -m benchmarks.tables_study`.  Options are given only where the command asks "
        "for them (a doubtful target stops it and names the two choices) or a person knows better "
        "(time, groups, a column that gives the target away); they are named in the second list.",
    ]


def _best(found: dict[str, Any]) -> float | None:
    values = [v for v in found.get("baseline", {}).values() if isinstance(v, float)]
    if not values:
        return None
    return max(values) if found["greater_is_better"] else min(values)


def _gain(found: dict[str, Any], against: float) -> int:
    low, high = found["low"], found["high"]
    if low is None or high is None or low <= against <= high:
        return 0
    return 1 if (found["value"] > against) == found["greater_is_better"] else -1


def _row(name: str, found: dict[str, Any]) -> str:
    if "metric" not in found:
        return f"| {name} | | | {found.get('seconds', '')} | | {found['error']} | | | | |"
    beside = [_number(found.get("baseline", {}).get(kind)) for kind in ("linear", "boosting")]
    score = f"{_number(found['value'])} [{_number(found['low'])}, {_number(found['high'])}]"
    task = found["task"]
    if task == "multiclass":
        task = f"{len(found['classes'])} classes"
    cells = [
        name,
        f"{found['rows']:,} x {found['columns']}",
        task,
        f"{found['seconds']:.0f}",
        f"{found['cpu']:.0f}",
        found["chosen"],
        SHORT.get(found["metric"], found["metric"]),
        score,
        *beside,
    ]
    return "| " + " | ".join(cells) + " |"


def _number(value: Any) -> str:
    if not isinstance(value, (int, float)):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _findings(found: dict[str, Any]) -> str:
    if "findings" not in found:
        return found["error"]
    named, others = [], 0
    for severity, code, _title, where in found["findings"]:
        if severity in ("error", "warning"):
            columns = where if len(where) <= 40 else where[:37] + "..."
            named.append(f"{code} ({columns})" if columns else code)
        else:
            others += 1
    said = ", ".join(named) or "no error or warning"
    return f"{said}; {others} more." if others else f"{said}."
