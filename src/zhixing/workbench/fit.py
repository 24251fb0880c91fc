"""The main job: from a table to a model a person may trust."""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import clone

from .. import __version__
from ..core.errors import InputError
from ..core.estimator import Task
from ..core.finding import SEVERITIES, Finding
from ..core.parallel import single_threaded_blas
from ..core.quiet import quiet
from ..data import Kind, Table, read
from . import folder
from .advice import advice
from .compare import compare
from .describe import describe
from .evaluate import evaluate, headline
from .explain import coefficients, importance, in_words, partial_dependence
from .folds import Folds, goal, split_rows
from .learning import learning_curve, verdict
from .measure import measure as find_measure
from .model import TableModel
from .plan import make_plan
from .predicted import fit as fit_one
from .predicted import predicted
from .prepare import Preparation
from .probe import probe
from .profile import profile
from .progress import Progress
from .report import clean
from .run import FACTS, MODEL, REPORT, Run, write
from .split import split as hold_out
from .threshold import check_costs, choose_threshold
from .tune import tune
from .warmup import cold
from .writing import listing, percent, plural

#: Rows the search is made on, at most, fewer of many classes; the comparison takes all.
TUNING_ROWS = 40_000
#: Knots of a number's spline, at most; fewer where a column has few rows.
KNOTS = 8
PACKAGES = ("numpy", "scipy", "numba", "scikit-learn", "polars", "optuna")


def fit(
    source: Any,
    target: Any = None,
    *,
    task: Task | None = None,
    budget: int | None = None,
    group: str | None = None,
    time: str | None = None,
    weight: str | None = None,
    split: str | None = None,
    metric: str | None = None,
    out: str | os.PathLike[str] | None = None,
    seed: int = 0,
    kinds: Mapping[str, Kind] | None = None,
    costs: Mapping[str, float] | None = None,
    drop: Collection[str] = (),
    positive: Any = None,
    holdout: float | None = None,
    candidates: Sequence[str] | None = None,
    overwrite: bool = False,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Progress | None = None,
    command: str | None = None,
) -> Run:
    """Read a table, find what is wrong with it, and fit, compare and explain models of one column.

    Parameters
    ----------
    source : path, ``"zhixing:adult"``, frame, dict of columns or array
        Whatever `zhixing.data.read` takes.
    target : str or values
        The column to predict.
    task : {"binary", "multiclass", "regression", "count"}, optional
        Found from the target; a doubtful one is refused with the two choices.
    budget : int, optional
        Fits spent on tuning (one candidate on one fold is one fit); by default 60 to 240 by size.
        Counted in fits and not in seconds, the same seed gives the same result on any machine.
    group : str, optional
        Rows of a group stay together, in the hold-out and in every fold.
    time : str, optional
        The hold-out is the latest rows, and every fold is later than what it is predicted from.
    weight : str, optional
        Row weights; 2 counts as the row twice.
    split : str, optional
        A column of official parts; the rows called test are held out.
    metric : str, optional
        What candidates are judged by: by default ``roc_auc``, ``log_loss``,
        ``root_mean_squared_error``, ``mean_poisson_deviance`` by task.
    out : path, optional
        Folder for report, model and facts.  Nothing is written without it.
    seed : int
    kinds : mapping of column to kind, optional
        Where the inferred kind is wrong: ``{"zip": "categorical"}``.
    costs : mapping, optional
        ``{"false_positive": 1, "false_negative": 5}``: moves the threshold of a binary model.
    drop : collection of str
        Columns to leave out.
    positive : label, optional
        The class of interest of two.
    holdout : float, optional
        Share of rows held out; by default 0.25 of up to 1,000 rows, 0.2 of more.
    candidates : sequence of str, optional
        Only these, e.g. ``["LogisticRegression", "GaussianNB"]``.
    overwrite : bool
        Replace an older run in `out`.
    encoding, delimiter : str, optional
        Of delimited text; found out by default.
    progress : Progress, optional
        What is told while it runs; nothing by default.

    Returns
    -------
    Run
        ``run.report``, ``run.model``, ``run.findings``, ``run.compare()``, ``run.predict(frame)``.

    Raises
    ------
    InputError
        In one line: what is wrong with the data or the options, where, and what to do.

    Notes
    -----
    Nothing is fitted or chosen on the held-out rows; preparation is learned inside every fold.
    An interrupt (Ctrl-C) during the search ends the search and the run goes on with what was found;
    at any other time, and a second time, it stops the run and leaves nothing behind.

    Examples
    --------
    >>> import zhixing
    >>> run = zhixing.fit("zhixing:penguins", target="species", budget=24, seed=0)
    >>> run.model.predict(zhixing.data.load("zhixing:penguins")[0].head(2)).tolist()
    ['Adelie', 'Adelie']
    """
    options = {
        name: value
        for name, value in locals().items()
        if name not in ("source", "target", "progress", "command")
        and value not in (None, (), False)
    }
    progress = progress or Progress()
    started = datetime.now(UTC).isoformat(timespec="seconds")
    with contextlib.ExitStack() as stack:
        # Threads of ours work side by side; threads of BLAS below them would only wait for each other.
        stack.enter_context(single_threaded_blas())
        place = (
            None if out is None else stack.enter_context(folder.claimed(out, overwrite=overwrite))
        )
        costs = check_costs(costs)
        with progress.step("reading"):
            if target is None:
                raise InputError("no target was named", do="say which column to predict (--target)")
            table = _positive_last(
                read(
                    source,
                    target=target,
                    task=task,
                    kinds=kinds,
                    group=group,
                    time=time,
                    weight=weight,
                    split=split,
                    drop=drop,
                    positive=positive,
                    encoding=encoding,
                    delimiter=delimiter,
                )
            )
        run = _Fitting(table, progress, seed).run(
            budget=budget,
            metric=metric,
            costs=costs,
            holdout=holdout,
            candidates=candidates,
            out=out,
        )
        run.facts["run"] |= {
            "started": started,
            "settings": {"source": table.name, "target": table.target.name} | options,  # type: ignore[union-attr]
            "command": command or _call(table, options),
        }
        if place is None:
            return run
        with progress.step("writing"):
            write(run, place)
    return replace(run, path=Path(out))  # type: ignore[arg-type]


def _positive_last(table: Table) -> Table:
    """Two classes in the order (other, positive): code 1 is what is looked for."""
    target = table.target
    if target is None or target.task != "binary" or target.classes is None:
        return table
    other = next(c for c in target.classes if c != target.positive)
    return replace(table, target=replace(target, classes=(other, target.positive)))


def _call(table: Table, options: dict[str, Any]) -> str:
    said = "".join(f", {name}={value!r}" for name, value in options.items() if name != "out")
    return f"zhixing.fit({table.name!r}, target={table.target.name!r}{said})"  # type: ignore[union-attr]


class _Fitting:
    """One run, step after step."""

    def __init__(self, table: Table, progress: Progress, seed: int) -> None:
        self.table, self.progress, self.seed = table, progress, seed
        assert table.target is not None
        self.target = table.target
        self.k = None if table.classes is None else len(table.classes)

    def run(
        self,
        *,
        budget: int | None,
        metric: str | None,
        costs: dict[str, float] | None,
        holdout: float | None,
        candidates: Sequence[str] | None,
        out: Any,
    ) -> Run:
        table, progress, seed, k = self.table, self.progress, self.seed, self.k
        if costs is not None and self.target.task != "binary":
            raise InputError("costs are for targets of two classes", do="leave them out")
        measure = find_measure(metric, self.target.task, k)
        with progress.step("splitting"):
            parts = hold_out(table, test_size=holdout, seed=seed)
            train, held = table.take(parts.train), table.take(parts.test)
        with progress.step("profiling"):
            findings = profile(train, held)
        straight, splines = self._preparations(train)
        if cold():
            progress.note(
                "Compiling kernels, once; `zhixing warmup` compiles all of them ahead of any run."
            )
        with progress.step("preparing"):
            most = TUNING_ROWS if k is None or k <= 4 else 4 * TUNING_ROWS // k
            searched = train if len(train) <= most else train.take(_sample(train, most, seed))
            splits, words = split_rows(searched, 5 if len(searched) < 5000 else 3, seed)
            tuning_folds = Folds(searched, splits, words, straight)
            plan = make_plan(
                self.target.task,
                measure,
                rows=len(searched),
                features=tuning_folds[0].X.shape[1],
                sparse=hasattr(tuning_folds[0].X, "indptr"),
                folds=len(splits),
                splines=splines is not None,
                budget=budget,
                only=candidates,
            )
        with progress.step("tuning"):
            tuning_splines = None if splines is None else Folds(searched, splits, words, splines)
            tuning = tune(plan, tuning_folds, tuning_splines, seed, k, progress)
            for kept in (tuning_folds, tuning_splines):
                kept.forget() if kept is not None else None
        with progress.step("comparing"):
            splits, compared_on = _comparison_splits(train, seed)
            folds = Folds(train, splits, compared_on, straight)
            spline_folds = None if splines is None else Folds(train, splits, compared_on, splines)
            compared = compare(plan, tuning, folds, spline_folds, seed, k, progress)
        chosen = compared.finalists[compared.proposed]
        preparation, own_folds = (straight, folds)
        if chosen.entry.splines and splines is not None and spline_folds is not None:
            preparation, own_folds = (splines, spline_folds)
        with progress.step("evaluating"), quiet():
            fitted = clone(preparation)
            y, own = goal(train), train.weight
            X = fitted.fit_transform(train.X, y, own)
            X_held = fitted.transform(held.X)
            estimator = fit_one(chosen.entry.make(chosen.params, seed, loose=False), X, y, own)
            threshold = choose_threshold(
                y[compared.rows],
                compared.out_of_fold[compared.proposed],
                None if own is None else own[compared.rows],
                measure,
                costs,
            )
            applied = None if threshold is None else threshold.applied
            model = TableModel(table.schema, self.target, fitted, estimator, applied)
            said = predicted(estimator, X_held, k)
            if applied is not None and said.proba is not None:
                said = replace(said, value=(said.proba[:, 1] >= applied).astype(np.int64))
            evaluated = evaluate(
                plan,
                compared,
                train,
                held,
                said,
                index=parts.test,
                X_train=X,
                X_test=X_held,
                threshold=threshold,
                seed=seed,
            )
        with progress.step("explaining"), quiet():
            curve = learning_curve(
                own_folds, chosen.entry, chosen.params, measure, seed, k, progress
            )
            limits = verdict(
                curve,
                measure,
                float(np.mean(compared.baseline)),
                compared.facts["beats_baseline"]["detectable"],
                probe(
                    own_folds,
                    chosen.entry,
                    chosen.params,
                    compared.scores[compared.proposed],
                    measure,
                    compared.rope,
                    seed,
                    k,
                    progress,
                ),
            )
            ranked = importance(model, X_held, goal(held), held.weight, measure, seed)
            leading = [row["column"] for row in ranked]
            parts_of, title = partial_dependence(model, held.X, leading, seed)
        facts = {
            "format": 1,
            "title": f"{self.target.name} in {Path(table.name).name}",
            "headline": headline(chosen.entry.label, self.target.name, evaluated.main),
            "run": {
                "zhixing": __version__,
                "python": platform.python_version(),
                "versions": {name: version(name) for name in PACKAGES},
                "seed": seed,
                "fits": tuning.fits
                + len(folds) * (len(compared.scores) + 1)
                + curve.train.size
                + 1,
                "interrupted": tuning.interrupted or None,
                "steps": progress.steps,
                "seconds": sum(step["seconds"] for step in progress.steps),
            },
            "data": self._data(train, held, parts.how),
            "columns": _columns(table, fitted, ranked),
            "findings": [f.as_dict() for f in findings],
            "findings_words": _count_findings(findings),
            "preparation": _prepared(fitted, table),
            "plan": {
                "metric": measure.facts(),
                "budget": plan.budget,
                "folds": f"Tuned on {words}, compared on {compared_on} not used for tuning"
                if table.time is None
                else f"Tuned and compared on {compared_on}",
                "candidates": [
                    {"name": e.name, "label": e.label, "trials": e.trials, "cost": e.cost}
                    for e in plan.entries
                ],
                "skipped": plan.skipped + tuning.failed,
                "splines": splines.knots if splines is not None else 0,
            },
            "tuning": tuning.facts(),
            "comparison": compared.facts,
            "holdout": evaluated.facts,
            "explanation": {
                "learning_curve": curve.facts(),
                "verdict": limits,
                "importance": ranked,
                "importance_words": in_words(ranked, len(fitted.blocks_columns()), measure),
                "partial_dependence": parts_of,
                "partial_title": title,
                "coefficients": coefficients(model),
            },
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
        model.card = _card(facts, chosen.entry.name)
        return Run(facts, model, findings, evaluated.predictions)

    def _preparations(self, train: Table) -> tuple[Preparation, Preparation | None]:
        """The preparation, and the one with splines, where rows are enough for it."""
        kinds = {c.name: c.kind for c in self.table.schema if c.usable}
        straight = Preparation(
            kinds, target_type=_encoded_as(self.target.task), random_state=self.seed
        )
        numbers = sum(kind == "numeric" for kind in kinds.values())
        knots = min(KNOTS, len(train) // (5 * numbers)) if numbers else 0
        return straight, clone(straight).set_params(knots=knots) if knots >= 2 else None

    def _data(self, train: Table, held: Table, how: str) -> dict[str, Any]:
        table, target = self.table, self.target
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
            "train_rows": len(train),
            "holdout_rows": len(held),
            "split": how,
            "split_words": (
                f"{plural(len(train), 'row')} to learn from, {plural(len(held), 'row')} held out "
                f"({how})."
            ),
        }


def _encoded_as(task: Task) -> str:
    return {"binary": "binary", "multiclass": "multiclass"}.get(task, "continuous")


def _sample(table: Table, most: int, seed: int) -> np.ndarray:
    """Rows for the search: the latest in order of time, whole groups, else classes in proportion."""
    n = len(table)
    if table.time is not None:
        return np.sort(np.argsort(table.time, kind="stable")[-most:])
    made = hold_out(table.without([]), test_size=most / n, seed=seed + 7)
    return made.test


def _comparison_splits(train: Table, seed: int) -> tuple[list[tuple[np.ndarray, np.ndarray]], str]:
    """More folds where rows are few: a comparison needs scores, and small fits are cheap."""
    n = len(train)
    repeats, n_folds = (4, 5) if n <= 1500 else (1, 10) if n <= 8000 else (1, 5)
    if n * len(train.features) > 500_000:
        repeats, n_folds = 1, 5
    if train.groups is not None:
        repeats, n_folds = 1, 5
    return split_rows(train, n_folds, seed + 100_003, repeats)


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


def _card(facts: dict[str, Any], name: str) -> dict[str, Any]:
    """What ``zhixing inspect`` shows, kept in the model file."""
    main = next(m for m in facts["holdout"]["metrics"] if m["main"])
    chosen = next(r for r in facts["comparison"]["rows"] if r["chosen"])
    return {
        "made_by": f"zhixing {facts['run']['zhixing']}",
        "data": facts["data"]["name"],
        "rows": facts["data"]["train_rows"],
        "holdout_rows": facts["data"]["holdout_rows"],
        "target": facts["data"]["target"],
        "task": facts["data"]["task"],
        "classes": facts["data"]["classes"],
        "positive": facts["data"]["positive"],
        "estimator": name,
        "label": chosen["label"],
        "settings": chosen["settings"],
        "features": facts["preparation"]["features"],
        "metric": main["label"],
        "value": main["value"],
        "low": main["low"],
        "high": main["high"],
        "baseline": main["baseline"],
        "verdict": facts["explanation"]["verdict"]["word"],
        "seed": facts["run"]["seed"],
    }
