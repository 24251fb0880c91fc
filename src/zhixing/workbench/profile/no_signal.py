"""No column that, alone, tells anything about the target."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.finding import Finding
from .single import scores
from .view import View


def check(view: View) -> Iterator[Finding]:
    """Whether the best single column is within chance, corrected for the number of columns at 5 %.

    Texts are not looked at; a table that has some is not judged.
    """
    found = scores(view)
    if not found or view.n < 100 or view.table.columns("text"):
        return
    best = min(found, key=lambda s: s.p_value)
    if best.p_value * len(found) > 0.05:
        yield Finding(
            "no-signal",
            "warning",
            f"no column alone predicts the target better than chance (the best: {best.name!r})",
            evidence={"best": best.name, "score": best.score, "p_value": best.p_value},
            cause="features that have nothing to do with the target, too few rows, or labels that "
            "lost their order in a join",
            remedy="check that rows and labels belong together; only combinations could still help",
        )
