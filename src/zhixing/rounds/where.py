"""Where the map of a round runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol


class Where(Protocol):
    """Maps `partial` over blocks and merges the results in block order."""

    def __call__(
        self,
        partial: Callable[[Any], Any],
        blocks: Iterable[Any],
        merge: Callable[[Any, Any], Any],
    ) -> Any: ...


def here(
    partial: Callable[[Any], Any], blocks: Iterable[Any], merge: Callable[[Any, Any], Any]
) -> Any:
    """In this process, block after block; threads work within a block.

    Blocks are folded as they come, so data read from disk are never held whole.
    """
    total = None
    for block in blocks:
        sums = partial(block)
        total = sums if total is None else merge(total, sums)
    if total is None:
        raise ValueError("there are no rows")
    return total
