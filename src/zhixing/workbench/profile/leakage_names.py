"""Columns whose name sounds as if they were known only afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...core.finding import Finding
from .single import scores
from .view import View, some

_AFTER = re.compile(
    r"^(call_?|session_?)?duration$|(^|_|\b)(outcome|result|after|final|closed|resolved|resolution|paid|settled|refund|"
    r"recovered|recovery|actual|realised|realized|verdict|label|target|prediction|predicted|score|"
    r"death|discharge|cancelled|terminated|elapsed|(loan|order|case|claim|payment)_status)"
    r"(_|\b|$)",
    re.IGNORECASE,
)
#: Gain over chance from which such a name is worth a look.
GAIN = 0.15


def check(view: View) -> Iterator[Finding]:
    """Such names, where the column also goes with the target; and names that hold the target's."""
    if view.table.target is None:
        return
    target = view.table.target.name.lower()
    found = {}
    for score in scores(view):
        name = score.name.lower()
        alike = len(target) > 3 and (target in name or (len(name) > 3 and name in target))
        gain = score.score if view.table.classes is None else 2 * score.score - 1
        if gain > GAIN and (alike or _AFTER.search(name)) and score.p_value < 1e-4:
            found[score.name] = score.score
    if found:
        yield Finding(
            "leakage-by-name",
            "tip",
            f"{some(list(found), 3)}: by the name, known only after the outcome?",
            where=some(list(found)),
            evidence={"scores": found, "metric": "R2" if view.table.classes is None else "AUC"},
            cause="columns written when the outcome was known sit beside those written before",
            remedy="drop what is not known when the prediction is made",
        )
