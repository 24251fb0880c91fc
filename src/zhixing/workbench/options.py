"""Options as they are typed, as `fit` wants them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from ..core.errors import InputError
from ..data.kinds import Kind


def kinds_of(typed: Sequence[str]) -> dict[str, Kind] | None:
    """``["zip=categorical"]`` as a mapping.

    >>> kinds_of(["zip=categorical"]), kinds_of([])
    ({'zip': 'categorical'}, None)
    """
    found: dict[str, Kind] = {}
    for item in typed:
        name, equals, kind = item.rpartition("=")
        if not equals or kind not in get_args(Kind):
            raise InputError(
                f"--kind {item} is not COLUMN=KIND", do=f"kinds are {', '.join(get_args(Kind))}"
            )
        found[name] = kind  # type: ignore[assignment]
    return found or None


def costs_of(false_positive: float | None, false_negative: float | None) -> dict[str, float] | None:
    """The two costs as a mapping; one that was not given is 1.

    >>> costs_of(None, 5.0), costs_of(None, None)
    ({'false_positive': 1.0, 'false_negative': 5.0}, None)
    """
    if false_positive is None and false_negative is None:
        return None
    return {
        "false_positive": 1.0 if false_positive is None else false_positive,
        "false_negative": 1.0 if false_negative is None else false_negative,
    }
