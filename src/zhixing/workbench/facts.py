"""Everything a run found, as one tree of plain values: what ``report.json`` holds."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..core.finding import SEVERITIES, Finding
from ..data import Table
from .advice import advice
from .card import card
from .compare import Compared
from .describe import describe
from .evaluate import headline
from .job import Job
from .keep import Kept
from .prepare import Preparation
from .report import clean
from .run import FACTS, MODEL, REPORT
from .search import Search
from .tune import Tuning
from .writing import listing, percent, plural

PACKAGES = ("numpy", "scipy", "numba", "scikit-learn", "polars", "optuna")


def facts_of(
    job: Job,
    findings: list[Finding],
    search: Search,
    tuning: Tuning,
    compared: Compared,
    kept: Kept,
    explained: dict[str, Any],
    out: Any,
) -> dict[str, Any]:
    """The facts of a run; the model gets its card from them."""
    facts = {
        "format": 1,
        "title": f"{job.target.name} in {Path(job.table.name).name}",
        "headline": headline(kept.chosen.entry.label, job.target.name, kept.evaluated.main),
        "run": _run(job, tuning, compared, explained),
        "data": _data(job),
        "columns": _columns(job.table, kept.preparation, explained["importance"]),
        "findings": [f.as_dict() for f in findings],
        "findings_words": _count_findings(findings),
        "preparation": _prepared(kept.preparation, job.table),
        "plan": _plan(job, search, tuning, compared),
        "tuning": tuning.facts(),
        "comparison": compared.facts,
        "holdout": kept.evaluated.facts,
        "explanation": explained,
        "files": {}
        if out is None
        else {
            "report": os.path.join(out, REPORT),
            "facts": os.path.join(out, FACTS),
            "model": os.path.join(out, MODEL),
        },
    }
    # What is not a number is missing from here on, as it is in report.json.
    facts = clean(facts)
    facts["next"] = advice(facts)
    kept.model.card = card(facts, kept.chosen.entry.name)
    return facts


def _run(job: Job, tuning: Tuning, compared: Compared, explained: dict[str, Any]) -> dict[str, Any]:
    steps, curve = job.progress.steps, explained["learning_curve"]["train"]
    return {
        "zhixing": __version__,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        "seed": job.seed,
        "fits": tuning.fits
        + len(compared.forms) * (len(compared.scores) + 1)
        + sum(map(len, curve))
        + 1,
        "interrupted": tuning.interrupted or None,
        "steps": steps,
        "seconds": sum(step["seconds"] for step in steps),
    }


def _plan(job: Job, search: Search, tuning: Tuning, compared: Compared) -> dict[str, Any]:
    tuned_on, compared_on = search.forms.words, compared.forms.words
    return {
        "metric": job.measure.facts(),
        "budget": search.plan.budget,
        "folds": f"Tuned on {tuned_on}, compared on {compared_on} not used for tuning"
        if job.table.time is None
        else f"Tuned on {tuned_on}, compared on {compared_on}",
        "candidates": [
            {"name": e.name, "label": e.label, "trials": e.trials, "cost": e.cost}
            for e in search.plan.entries
        ],
        "skipped": search.plan.skipped + tuning.failed,
        "splines": job.preparations["splines"].knots if "splines" in job.preparations else 0,
    }


def _data(job: Job) -> dict[str, Any]:
    table, target = job.table, job.target
    counts = None
    if table.classes is not None:
        counts = np.bincount(table.codes, minlength=len(table.classes)).tolist()
    return {
        "name": table.name,
        "rows": len(table),
        "columns": table.frame.width,
        "target": target.name,
        "task": target.task,
        "task_why": target.reason,
        "classes": None if table.classes is None else [str(c) for c in table.classes],
        "class_counts": counts,
        "positive": None if target.positive is None else str(target.positive),
        "task_words": _task_words(table),
        "baseline_words": "always the share of each class"
        if table.classes is not None
        else "always the mean",
        "kinds": {kind: len(names) for kind, names in table.by_kind.items()},
        "kind_columns": table.by_kind,
        "train_rows": len(job.train),
        "holdout_rows": len(job.held),
        "split": job.parts.how,
        "split_words": (
            f"{plural(len(job.train), 'row')} to learn from, {plural(len(job.held), 'row')} held "
            f"out ({job.parts.how})."
        ),
    }


def _columns(
    table: Table, fitted: Preparation, ranked: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    said, lost = fitted.words(), {row["column"]: row["value"] for row in ranked}
    columns = describe(table)
    for column in columns:
        column["importance"] = lost.get(column["name"])
        column["use"] = said.get(column["name"], "")
    return columns


def _prepared(fitted: Preparation, table: Table) -> dict[str, Any]:
    groups: dict[str, list[str]] = {}
    for column in table.schema:
        if column.role == "feature" and not column.usable:
            groups.setdefault(f"{column.kind}", []).append(column.name)
        elif column.role == "aside":
            groups.setdefault("put aside", []).append(column.name)
    for name, why in fitted.left_out_.items():
        groups.setdefault(f"{why} among the rows learned from", []).append(name)
    features = fitted.features()
    return {
        "features": len(features),
        "sparse": fitted.is_sparse_,
        "words": (
            f"{plural(len({f.column for f in features}), 'column')} "
            f"become{'s' if len({f.column for f in features}) == 1 else ''} "
            f"{plural(len(features), 'feature')}; what is learned for that is learned from the rows "
            "learned from alone, in every fold anew."
        ),
        "dropped_groups": [{"why": why, "columns": names} for why, names in groups.items()],
    }


def _task_words(table: Table) -> str:
    target = table.target
    assert target is not None
    if target.task == "binary":
        share = float(np.mean(table.codes == 1))
        return f"two classes, {percent(share)} {target.positive}"
    if target.task == "multiclass":
        return f"{len(target.classes or ())} classes: {listing(target.classes or (), 4)}"
    return "a count" if target.task == "count" else "a number"


def _count_findings(findings: list[Finding]) -> str:
    counts = [(s, sum(f.severity == s for f in findings)) for s in SEVERITIES]
    said = ", ".join(plural(n, s if s != "info" else "note") for s, n in counts if n)
    return f"{said}." if said else "Nothing worth mentioning was found."
