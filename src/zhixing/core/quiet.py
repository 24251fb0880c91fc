"""Warnings held back for a while, from any number of threads."""

from __future__ import annotations

import contextlib
import threading
import warnings
from collections.abc import Iterator
from typing import Any

_lock = threading.Lock()
_inside = 0
_held: Any = None


@contextlib.contextmanager
def quiet(category: type[Warning] = Warning) -> Iterator[None]:
    """Ignore warnings of a category within the block.

    ``warnings.catch_warnings`` puts back what it found, so two threads whose blocks overlap may put
    back each other's filters and leave warnings off for good.  Here the first to enter saves the
    filters and the last to leave restores them.

    >>> import warnings
    >>> before = list(warnings.filters)
    >>> with quiet():
    ...     warnings.warn("nobody hears this")
    >>> list(warnings.filters) == before
    True
    """
    global _inside, _held
    with _lock:
        if _inside == 0:
            _held = warnings.catch_warnings()
            _held.__enter__()
        _inside += 1
        warnings.simplefilter("ignore", category)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _held.__exit__(None, None, None)
                _held = None
