"""Progress on a terminal, nothing in a pipe: steps, bars and notes of a run."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any


class Progress:
    """Keeps the time of every step; the base class shows nothing.

    >>> progress = Progress()
    >>> with progress.step("open"):
    ...     pass
    >>> [step["name"] for step in progress.steps]
    ['open']
    """

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One step of the run."""
        start = time.perf_counter()
        self.show(name)
        try:
            yield
        finally:
            self.steps.append({"name": name, "seconds": time.perf_counter() - start})

    @contextlib.contextmanager
    def bar(self, name: str, total: int) -> Iterator[Callable[..., None]]:
        """Work of a known amount: call the function given for every piece, or with ``to=done``."""

        def advance(what: str = "", to: int | None = None) -> None: ...

        yield advance

    def show(self, name: str) -> None:
        """A step begins."""

    def note(self, text: str) -> None:
        """One line a person should see now."""

    def close(self) -> None:
        """Leave the terminal as it was."""
