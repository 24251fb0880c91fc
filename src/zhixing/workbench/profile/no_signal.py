"""No column that, alone, tells anything about the target."""

from __future__ import annotations

from collections.abc import Iterator

from scipy.stats import norm

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
    best = max(found, key=lambda s: s.z)
    limit = float(norm.isf(0.05 / len(found)))
    if best.z < limit:
        yield Finding(
            "no-signal",
            "warning",
            f"no column alone predicts the target better than chance (the best: {best.name!r})",
            evidence={"best": best.name, "score": best.score, "z": best.z, "limit": limit},
            cause="features that have nothing to do with the target, too few rows, or labels that "
            "lost their order in a join",
            remedy="check that rows and labels belong together; only combinations could still help",
        )
