"""``zhixing warmup``."""

from __future__ import annotations

from typing import Annotated

import typer


def warmup(
    again: Annotated[bool, typer.Option("--again", help="Also what is compiled already.")] = False,
    processes: Annotated[
        int | None, typer.Option(help="Processes to compile in; one per CPU.")
    ] = None,
) -> None:
    """Compile every kernel once, so that no later run has to wait."""
    import time

    from ..workbench.warmup import warmup as compile_all
    from ..workbench.writing import plural, seconds
    from .consoles import consoles

    _, stderr = consoles()
    begun = time.perf_counter()
    if stderr.is_terminal:
        made = _with_bar(compile_all, stderr, again, processes)
    else:
        made = compile_all(processes=processes, again=again)
    spent = seconds(time.perf_counter() - begun)
    said = (
        f"{plural(made, 'kernel')} compiled in {spent}"
        if made
        else "every kernel is compiled already"
    )
    stderr.print(said, markup=False)


def _with_bar(compile_all: object, console: object, again: bool, processes: int | None) -> int:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("compiling kernels"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[module]}", style="dim", markup=False),
        TimeElapsedColumn(),
        console=console,  # type: ignore[arg-type]
        transient=True,
    )
    with bars:
        task = bars.add_task("", total=None, module="")

        def progress(done: int, total: int, module: str) -> None:
            bars.update(task, completed=done, total=total, module=module)

        return compile_all(progress, processes=processes, again=again)  # type: ignore[operator]
