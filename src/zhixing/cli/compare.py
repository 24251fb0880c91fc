"""``zhixing compare``."""

from __future__ import annotations

from typing import Annotated

import typer


def compare(
    run_a: Annotated[str, typer.Argument(help="The folder of a run.")],
    run_b: Annotated[str, typer.Argument(help="The folder of another run of the same target.")],
    data: Annotated[
        str | None,
        typer.Argument(
            help="A table with the target that neither has seen; else the held-out rows of both."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Is one run's model better than another's?  A paired test, an interval, a plain verdict."""
    from ..workbench.compare_runs import compare_runs
    from ..workbench.run import load
    from .consoles import consoles, print_json

    stdout, _ = consoles()
    found = compare_runs(load(run_a), load(run_b), data, names=(run_a, run_b))
    if json:
        print_json(found.as_dict())
        return
    stdout.print(str(found), markup=False, soft_wrap=True)
