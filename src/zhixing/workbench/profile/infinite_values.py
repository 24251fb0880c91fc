"""Infinite numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some


def check(view: View) -> Iterator[Finding]:
    counts = np.isinf(view.raw).sum(axis=0)
    found = {view.numeric[j]: int(counts[j]) for j in np.flatnonzero(counts)}
    if found:
        yield Finding(
            "infinite-values",
            "warning",
            f"{columns(len(found))} with {sum(found.values()):,} infinite values",
            where=some(list(found)),
            evidence={"counts": dict(list(found.items())[:100])},
            cause="a division by zero or the logarithm of zero upstream",
            remedy="correct the formula; they count as missing here",
        )
