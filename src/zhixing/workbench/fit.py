"""The main job: from a table to a model a person may trust."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..core.errors import InputError
from ..core.estimator import Task
from ..core.parallel import single_threaded_blas
from ..core.quiet import quiet
from ..data import Kind, Table, read
from . import folder
from .compare import compare
from .explain import explain
from .facts import facts_of
from .job import start
from .keep import keep
from .measure import measure as find_measure
from .profile import profile
from .progress import Progress
from .run import Run, write
from .search import comparison_folds, plan_search
from .threshold import check_costs
from .tune import tune
from .warmup import cold


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
        run = _run(
            table,
            progress,
            seed,
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


def _run(
    table: Table,
    progress: Progress,
    seed: int,
    *,
    budget: int | None,
    metric: str | None,
    costs: dict[str, float] | None,
    holdout: float | None,
    candidates: Sequence[str] | None,
    out: Any,
) -> Run:
    """Step after step: split, profile, plan, tune, compare, fit and evaluate, explain, report."""
    assert table.target is not None
    if costs is not None and table.target.task != "binary":
        raise InputError("costs are for targets of two classes", do="leave them out")
    k = None if table.classes is None else len(table.classes)
    measure = find_measure(metric, table.target.task, k)
    with progress.step("splitting"):
        job = start(table, measure, holdout, seed, progress)
    with progress.step("profiling"):
        findings = profile(job.train, job.held)
    with progress.step("preparing"):
        search = plan_search(job, budget, candidates)
    # From here on nothing is wrong with the table or the options: an error says one line, and no more.
    if cold():
        progress.note(
            "Compiling kernels, once; `zhixing warmup` compiles all of them ahead of any run."
        )
    with progress.step("tuning"):
        tuning = tune(search.plan, search.forms, seed, k, progress)
        search.forms.forget()
    with progress.step("comparing"):
        compared = compare(search.plan, tuning, comparison_folds(job), seed, k, progress)
    with progress.step("evaluating"), quiet():
        kept = keep(job, search.plan, compared, costs)
    with progress.step("explaining"), quiet():
        explained = explain(job, compared, kept)
    facts = facts_of(job, findings, search, tuning, compared, kept, explained, out)
    return Run(facts, kept.model, findings, kept.evaluated.predictions)


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
