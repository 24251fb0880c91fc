"""The card of a model: what ``zhixing inspect`` shows, kept in the model file."""

from __future__ import annotations

from typing import Any


def card(facts: dict[str, Any], name: str) -> dict[str, Any]:
    """Where a model comes from and how good it was, from the facts of its run."""
    main = next(m for m in facts["holdout"]["metrics"] if m["main"])
    chosen = next(r for r in facts["comparison"]["rows"] if r["chosen"])
    return {
        "made_by": f"zhixing {facts['run']['zhixing']}",
        "data": facts["data"]["name"],
        "rows": facts["data"]["train_rows"],
        "holdout_rows": facts["data"]["holdout_rows"],
        "target": facts["data"]["target"],
        "task": facts["data"]["task"],
        "classes": facts["data"]["classes"],
        "positive": facts["data"]["positive"],
        "estimator": name,
        "label": chosen["label"],
        "settings": chosen["settings"],
        "features": facts["preparation"]["features"],
        "metric": main["label"],
        "value": main["value"],
        "low": main["low"],
        "high": main["high"],
        "baseline": main["baseline"],
        "verdict": facts["explanation"]["verdict"]["word"],
        "seed": facts["run"]["seed"],
    }
