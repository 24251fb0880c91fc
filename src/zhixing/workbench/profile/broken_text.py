"""Text that was decoded with the wrong encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some

#: UTF-8 read as Windows-1252 or Latin-1, GBK read as Latin-1, and the sign of a lost letter.
_BROKEN = r"[ÃÂâ][\u0080-\u00bf€™œžš“”‹›]|Ã[A-Za-z ]?[\u00a0-\u00bf]|ï¿½|\ufffd|锟斤拷|ÖÐ|ä¸|å[\u0080-\u00bf]"


def check(view: View) -> Iterator[Finding]:
    """Words, texts and column names with the marks that a wrong encoding leaves."""
    found: dict[str, dict[str, Any]] = {}
    for name, (codes, levels) in view.codes.items():
        bad = [i for i, level in enumerate(levels) if re.search(_BROKEN, level)]
        if bad:
            rows = int(np.isin(codes, bad).sum())
            found[name] = {"rows": rows, "examples": [_around(levels[i]) for i in bad[:5]]}
    for name in view.table.columns("text"):
        texts = view.table.frame[name].drop_nulls()
        broken = texts.filter(texts.str.contains(_BROKEN))
        if broken.len():
            found[name] = {"rows": broken.len(), "examples": list(map(_around, broken.head(5)))}
    for name in view.table.schema.names:
        if re.search(_BROKEN, name):
            found[name] = {"rows": 0, "examples": [name]}
    if found:
        name, facts = max(found.items(), key=lambda item: item[1]["rows"])
        rows = facts["rows"]
        yield Finding(
            "broken-text",
            "warning" if rows == 0 or rows > 0.01 * view.n else "info",
            f"{columns(len(found))} with letters lost to a wrong encoding, most {name!r} "
            f"({rows:,} rows), e.g. {facts['examples'][0]!r}",
            where=some(list(found)),
            evidence={"columns": found},
            cause="UTF-8 read as Latin-1, or letters replaced, before the table was written",
            remedy="write the table again from its source; give encoding=... if this file is at fault",
        )


def _around(text: str) -> str:
    """The broken place and a little beside it."""
    place = re.search(_BROKEN, text)
    start = max(0, place.start() - 15) if place else 0
    return text[start : start + 40]
