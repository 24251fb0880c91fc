"""``zhixing inspect``."""

from __future__ import annotations

from typing import Annotated

import typer


def inspect(
    model: Annotated[str, typer.Argument(help="A model file, or the folder of a run.")],
    json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """What a model file holds: where it comes from, how good it was, which columns it wants.

    Nothing of the file is built or run for this.
    """
    from ..workbench.inspect_model import inspect_model
    from .consoles import consoles, print_json

    stdout, _ = consoles()
    facts, card, columns = inspect_model(model)
    if json:
        print_json(facts)
        return
    from ..workbench.screen import show_card

    show_card(card, columns, stdout)
