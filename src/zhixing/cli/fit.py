"""``zhixing fit``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .consoles import consoles, print_json


def fit(
    data: Annotated[
        str,
        typer.Argument(
            help="CSV, TSV, Parquet, Arrow, Feather, JSON lines; or zhixing:NAME (zhixing:adult)."
        ),
    ],
    target: Annotated[str, typer.Option("--target", "-t", help="The column to predict.")],
    task: Annotated[
        str | None,
        typer.Option(
            help="binary, multiclass, regression or count; found from the target by default."
        ),
    ] = None,
    budget: Annotated[
        int | None,
        typer.Option(help="Fits spent on tuning; 60 to 240 by the number of rows by default."),
    ] = None,
    metric: Annotated[str | None, typer.Option(help="What candidates are judged by.")] = None,
    group: Annotated[str | None, typer.Option(help="Column whose rows must stay together.")] = None,
    time: Annotated[
        str | None, typer.Option(help="Column to split by time: the latest are held out.")
    ] = None,
    weight: Annotated[str | None, typer.Option(help="Column of row weights.")] = None,
    split: Annotated[
        str | None, typer.Option(help="Column that calls rows 'train' and 'test'.")
    ] = None,
    positive: Annotated[str | None, typer.Option(help="The class of interest of two.")] = None,
    cost_fp: Annotated[float | None, typer.Option(help="What a false positive costs.")] = None,
    cost_fn: Annotated[float | None, typer.Option(help="What a false negative costs.")] = None,
    drop: Annotated[
        list[str] | None, typer.Option(help="A column to leave out (may be repeated).")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=KIND where the inferred kind is wrong, e.g. zip=categorical."),
    ] = None,
    candidate: Annotated[
        list[str] | None, typer.Option(help="Only this candidate (may be repeated).")
    ] = None,
    holdout: Annotated[float | None, typer.Option(help="Share of rows held out.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder of the run: runs/NAME.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an older run in --out.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Same seed, same result.")] = 0,
    encoding: Annotated[
        str | None, typer.Option(help="Of delimited text; found out by default.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="Of delimited text; found out by default.")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print the facts of the report as JSON.")
    ] = False,
) -> None:
    """Turn a table into a model you may trust, with a report that says why."""
    stdout, stderr = consoles()
    from ..workbench.folder import next_free
    from ..workbench.terminal import TerminalProgress

    progress = TerminalProgress(stderr)
    from ..workbench.fit import fit as run_fit
    from ..workbench.options import costs_of, kinds_of

    place = next_free("runs", Path(data.removeprefix("zhixing:")).stem) if out is None else out
    run = run_fit(
        data,
        target,
        task=task,  # type: ignore[arg-type]
        budget=budget,
        group=group,
        time=time,
        weight=weight,
        split=split,
        metric=metric,
        out=place,
        seed=seed,
        kinds=kinds_of(kind or ()),
        costs=costs_of(cost_fp, cost_fn),
        drop=drop or (),
        positive=positive,
        holdout=holdout,
        candidates=candidate,
        overwrite=overwrite,
        encoding=encoding,
        delimiter=delimiter,
        progress=progress,
        command=command(),
    )
    if json:
        print_json(run.facts)
        return
    from ..workbench.screen import show

    show(run.facts, stdout)


def command() -> str:
    """The command as it was typed, fit to be pasted into a shell."""
    import shlex
    import sys

    return shlex.join(["zhixing", *sys.argv[1:]])
