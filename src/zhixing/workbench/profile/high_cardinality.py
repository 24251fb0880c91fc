"""Categorical columns with very many categories, or many rare ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some

MANY, RARE = 50, 10


def check(view: View) -> Iterator[Finding]:
    """Columns with more than 50 categories (or one for every second row), and with rare ones."""
    many, rare = {}, {}
    for name, (codes, levels) in view.codes.items():
        counts = np.bincount(codes[codes >= 0], minlength=len(levels))
        if not counts.size:
            continue
        seldom = counts < RARE
        facts = {
            "categories": len(levels),
            "in_one_row": int((counts == 1).sum()),
            "rare": int(seldom.sum()),
            "rows_of_rare": int(counts[seldom].sum()),
        }
        if len(levels) > MANY or (len(levels) > 10 and len(levels) > 0.5 * counts.sum()):
            many[name] = facts
        elif view.n >= 20 * RARE and seldom.any():
            rare[name] = facts
    if many:
        name, most = max(many.items(), key=lambda item: item[1]["categories"])
        yield Finding(
            "high-cardinality",
            "tip",
            f"{columns(len(many))} with many categories, most {name!r}: {most['categories']:,}, "
            f"of which {most['in_one_row']:,} in a single row",
            where=some(list(many)),
            evidence={"columns": dict(list(many.items())[:100])},
            cause="a free field, a key, or a fine-grained code",
            remedy="target encoding (inside cross-validation), or group the categories",
        )
    if rare:
        name = max(rare, key=lambda key: rare[key]["rare"])
        yield Finding(
            "rare-categories",
            "info",
            f"{columns(len(rare))} with categories in fewer than {RARE} rows, most {name!r}: "
            f"{rare[name]['rare']}",
            where=some(list(rare)),
            evidence={"columns": dict(list(rare.items())[:100])},
            remedy="they are pooled as infrequent when encoded",
        )
