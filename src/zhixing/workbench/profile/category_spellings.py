"""One category in several spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some


def check(view: View) -> Iterator[Finding]:
    """Categories that are equal but for case, accents, width of letters, blanks and punctuation."""
    found = {}
    for name, (codes, levels) in view.codes.items():
        groups: dict[str, list[str]] = {}
        for level in levels:
            groups.setdefault(_plain(level), []).append(level)
        counts = None
        for plain, spellings in groups.items():
            if plain and len(spellings) > 1:
                if counts is None:
                    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
                rows = {s: int(counts[levels.index(s)]) for s in spellings}
                found.setdefault(name, []).append(rows)
    if found:
        name, groups_ = next(iter(found.items()))
        yield Finding(
            "category-spellings",
            "warning",
            f"{columns(len(found))} with one category in several spellings, e.g. "
            f"{' / '.join(map(repr, groups_[0]))} in {name!r}",
            where=some(list(found)),
            evidence={"columns": {k: v[:20] for k, v in list(found.items())[:50]}},
            cause="typed by hand, or joined from several sources",
            remedy="write them alike; to a model they are different categories",
        )


def _plain(word: str) -> str:
    """The word without what spellings differ by; signs that carry meaning (+ - < > =) stay.

    >>> _plain(" Not  In-family. ") == _plain("not in family")
    True
    """
    if not any(map(str.isalpha, word)):
        return ""
    folded = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[\s_.,;:'\"!-]+", "", letters)
