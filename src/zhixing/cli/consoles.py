"""Where output goes: results to standard output, progress and notes to standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

#: Lines longer than this are hard to read, and pipes have no width of their own.
WIDTH = 120


def consoles() -> tuple[Console, Console]:
    """(standard output, standard error); no colours where they are not terminals."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            # Rich would exit with 1; that the reader has seen enough is no error (cli/main.py).
            raise BrokenPipeError

    def one(file: Any) -> Console:
        made = Plain(file=file, highlight=False, soft_wrap=False)
        if not made.is_terminal:
            return Plain(file=file, highlight=False, width=100, no_color=True)
        if made.width > WIDTH:
            return Plain(file=file, highlight=False, width=WIDTH)
        return made

    return one(sys.stdout), one(sys.stderr)


def print_json(facts: Any) -> None:
    """Facts as JSON on standard output."""
    from ..workbench.run import json_text

    sys.stdout.write(json_text(facts))
