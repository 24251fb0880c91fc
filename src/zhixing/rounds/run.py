"""The driver of rounds."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from ..core.history import History
from .where import Where, here


class Rounds(Protocol):
    """What a fit by rounds gives.  State goes through the functions, so a fit can stop and resume."""

    def partial(self, state: Any, block: Any) -> Any: ...

    def merge(self, a: Any, b: Any) -> Any: ...

    def update(self, state: Any, sums: Any) -> tuple[Any, bool]: ...

    def facts(self, state: Any) -> dict[str, float]: ...


def run(
    rounds: Rounds,
    state: Any,
    blocks: Any,
    *,
    max_rounds: int,
    where: Where = here,
    history: History | None = None,
) -> tuple[Any, bool, int]:
    """Run rounds until done; return the state, whether it is done, and the number of rounds."""
    for step in range(max_rounds):
        sums = where(partial(rounds.partial, state), blocks, rounds.merge)
        state, done = rounds.update(state, sums)
        if history is not None:
            history.record(step, **rounds.facts(state))
        if done:
            return state, True, step + 1
    return state, False, max_rounds
