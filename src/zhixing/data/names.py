"""Names of columns: unique, present, and the nearest one to a slip of the pen."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence

from ..core.errors import InputError


def nearest(name: str, have: Iterable[str]) -> str | None:
    """The column that was probably meant, if one is close enough.

    >>> nearest("Incme", ["age", "income"])
    'income'
    """
    lowered = {h.lower().strip(): h for h in have}
    close = difflib.get_close_matches(name.lower().strip(), list(lowered), n=1, cutoff=0.6)
    return lowered[close[0]] if close else None


def unknown_column(name: str, have: Sequence[str], *, where: str, role: str) -> InputError:
    """The error for a column asked for and absent."""
    close = nearest(name, have)
    listed = ", ".join(have[:12]) + (", ..." if len(have) > 12 else "")
    do = f"did you mean {close!r}?" if close else f"the columns are: {listed}"
    return InputError(f"no column {name!r} for the {role}", where=where, do=do)


def clean_names(names: Sequence[str], *, where: str = "") -> tuple[list[str], list[str]]:
    """Column names without outer blanks, unnamed ones numbered, and what was changed.

    >>> clean_names(["", " age", "b"])
    (['column_1', 'age', 'b'], ["unnamed column 1 is called 'column_1'", "blanks removed: ' age'"])
    """
    changes, cleaned = [], []
    for i, name in enumerate(names):
        stripped = name.strip().lstrip("\ufeff")
        if not stripped:
            stripped = f"column_{i + 1}"
            changes.append(f"unnamed column {i + 1} is called {stripped!r}")
        elif stripped != name:
            changes.append(f"blanks removed: {name!r}")
        cleaned.append(stripped)
    twice = [name for name, count in Counter(cleaned).items() if count > 1]
    if twice:
        places = [i + 1 for i, name in enumerate(cleaned) if name == twice[0]]
        raise InputError(
            f"column name {twice[0]!r} stands {len(places)} times (columns "
            f"{', '.join(map(str, places))})"
            + (f", and {len(twice) - 1} more names repeat" if len(twice) > 1 else ""),
            where=where,
            do="rename them so that each name is unique",
        )
    return cleaned, changes
