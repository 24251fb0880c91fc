"""Categories that say that the category is not known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from ...data.markers import AMONG_NUMBERS
from .category_spellings import _plain
from .view import View, columns, some

#: Words for "not known", without what spellings differ by; signs alone name nothing.
WORDS = frozenset(_plain(word) for word in AMONG_NUMBERS) - {"", "x"} | {
    "notknown", "notstated", "notreported", "notrecorded", "nodata", "dontknow", "refused", "不详",
}  # fmt: skip


def check(view: View) -> Iterator[Finding]:
    """Columns of words in which "unknown", "none" or the like is a category."""
    found = {}
    for name, (codes, levels) in view.codes.items():
        words = [i for i, level in enumerate(levels) if _plain(level) in WORDS]
        if words:
            counts = np.bincount(codes[codes >= 0], minlength=len(levels))
            found[name] = {levels[i]: int(counts[i]) for i in words if counts[i]}
    found = {name: rows for name, rows in found.items() if rows}
    if found:
        name, rows = max(found.items(), key=lambda item: sum(item[1].values()))
        word, count = max(rows.items(), key=lambda item: item[1])
        yield Finding(
            "unknown-words",
            "info",
            f"{columns(len(found))} with a category that may say that it is not known, e.g. "
            f"{word!r} in {count:,} rows of {name!r}",
            where=some(list(found)),
            evidence={"columns": dict(list(found.items())[:50])},
            cause="a form with a box for it, or a marker written on export",
            remedy="nothing for the models, which take it as a category of its own as they take a "
            "missing cell; count it where you report how complete the data are",
        )
