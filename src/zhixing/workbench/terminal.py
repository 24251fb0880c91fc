"""Progress as a person sees it: a line per step and bars that move, on standard error."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .progress import Progress

if TYPE_CHECKING:
    from rich.console import Console


class TerminalProgress(Progress):
    """Steps and bars by rich; where the console is no terminal only notes are shown."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console
        self.live: Any = None

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        if not self.console.is_terminal:
            with super().step(name):
                yield
            return
        from rich.status import Status

        self.live = Status(f"{name} …", console=self.console, spinner="dots")
        self.live.start()
        try:
            with super().step(name):
                yield
        finally:
            self.live.stop()
            self.live = None

    @contextlib.contextmanager
    def bar(self, name: str, total: int) -> Iterator[Callable[..., None]]:
        if not self.console.is_terminal:
            with super().bar(name, total) as advance:
                yield advance
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        if self.live is not None:
            self.live.stop()
        bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[what]}", style="dim", markup=False),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )
        with bars:
            task = bars.add_task(name, total=total, what="")

            def advance(what: str = "", to: int | None = None) -> None:
                if to is not None:
                    bars.update(task, completed=to)
                else:
                    bars.update(task, advance=1, what=what)

            yield advance

    def note(self, text: str) -> None:
        from rich.text import Text

        self.console.print(Text(text, style="yellow"), soft_wrap=True)

    def close(self) -> None:
        if self.live is not None:
            self.live.stop()
