"""Columns that predict the target too well to be true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.finding import Finding
from .single import Score, scores
from .view import View

#: Kappa (or R2) and AUC of one column alone from which it is suspect, and from which it decides.
SUSPECT, DECIDES = {"kappa": 0.97, "auc": 0.99}, {"kappa": 0.9, "auc": 0.97}
MOST = 10


def check(view: View) -> Iterator[Finding]:
    """One finding per suspect column, one for all that decide nearly alone.

    Suspect is an R2 (numbers) or a gain in accuracy over the commonest class (three classes and
    more) of 0.97, or an AUC of 0.99 (two classes), cross-validated.
    """
    found = scores(view)
    suspect = [s for s in found if _over(view, s, SUSPECT)]
    names = {s.name for s in suspect}
    rest = next((s for s in found if s.name not in names), None)
    for score in suspect[:MOST]:
        yield _suspect(view, score, rest, len(suspect))
    nearly = [s for s in found if s.name not in names and _over(view, s, DECIDES)]
    if nearly:
        yield Finding(
            "dominant-column",
            "tip",
            f"{nearly[0].name!r} alone predicts most of the target: {_words(view, nearly[0])}",
            where=", ".join(s.name for s in nearly[:MOST]),
            evidence={"columns": [_numbers(s) for s in nearly[:MOST]]},
            remedy="make sure that it is known when the prediction is made",
        )


def _suspect(view: View, score: Score, rest: Score | None, n: int) -> Finding:
    evidence: dict[str, Any] = _numbers(score) | {"suspect_columns": n}
    beside = ""
    if rest is not None:
        evidence["next_best"] = _numbers(rest)
        beside = f"; the best of the others: {_words(view, rest)}"
    linear = _correlation(view, score.name)
    if linear is not None:
        evidence["correlation"] = linear
    return Finding(
        "leakage",
        "warning",
        f"{score.name!r} alone predicts the target almost perfectly: {_words(view, score)}{beside}",
        where=score.name,
        evidence=evidence,
        cause="a copy of the target, or something known only after the outcome",
        remedy=f"if it is not known when the prediction is made, drop {score.name!r}",
    )


def _over(view: View, score: Score, limits: dict[str, float]) -> bool:
    if view.task_is_binary:
        return score.score >= limits["auc"]
    return score.kappa >= limits["kappa"]


def _words(view: View, score: Score) -> str:
    if view.table.classes is None:
        return f"R2 {score.score:.3f}"
    if view.task_is_binary:
        return f"AUC {score.score:.3f}"
    return f"AUC {score.score:.3f}, {score.kappa:.0%} of the possible gain in accuracy"


def _numbers(score: Score) -> dict[str, float | str]:
    return {"column": score.name, "score": score.score, "gain": score.kappa}


def _correlation(view: View, name: str) -> float | None:
    if view.table.classes is not None or name not in view.place or view.goal is None:
        return None
    x = view.X[:, view.place[name]]
    both = ~np.isnan(x)
    return float(np.corrcoef(x[both], view.goal[both])[0, 1])
