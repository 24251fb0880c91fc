"""What to do next: a few sentences that follow from what was found."""

from __future__ import annotations

from typing import Any

from .writing import number, percent, plural, score

#: More than this nobody reads.
MOST = 5
#: Findings whose remedy is worth repeating at the end, most pressing first.
PRESSING = (
    "leakage",
    "conflicting-labels",
    "target-missing",
    "too-few-rows",
    "train-test-difference",
)


def advice(facts: dict[str, Any]) -> list[str]:
    """At most five steps, most pressing first, from a run's facts."""
    steps = _from_findings(facts["findings"]) + _from_verdict(facts) + _from_holdout(facts)
    steps.append(_use(facts))
    return steps[:MOST]


def _from_findings(findings: list[dict[str, Any]]) -> list[str]:
    grave = [f for f in findings if f["severity"] in ("error", "warning") and f["remedy"]]
    first = [f for code in PRESSING for f in grave if f["code"] == code]
    first += [f for f in grave if f["severity"] == "error" and f not in first]
    return [f"{f['title']}: {f['remedy']}." for f in first[:2]]


def _from_verdict(facts: dict[str, Any]) -> list[str]:
    verdict = facts["explanation"]["verdict"]
    numbers, word = verdict["numbers"], verdict["word"]
    rows = facts["data"]["train_rows"]
    gain = score(numbers["doubling"])
    label = facts["plan"]["metric"]["label"]
    if word == "no signal found":
        return [
            "Look for other columns: these do not predict the target better than its average, or "
            f"{plural(rows, 'row')} are too few to show it."
        ]
    if word == "overfits":
        return [
            f"Find more rows (twice as many would bring about {gain} in {label}) or drop columns that "
            "carry nothing."
        ]
    if word == "limited by data":
        return [f"Find more rows: twice as many would bring about {gain} in {label}."]
    if word == "underfits":
        return [
            "Let columns act together: products of the leading ones would bring about "
            f"{score(numbers['flexible']['gain'])} in {label}; so would a model that is not linear."
        ]
    return [f"Find better columns: more rows of these would change {label} by about {gain}."]


def _from_holdout(facts: dict[str, Any]) -> list[str]:
    steps = []
    holdout = facts["holdout"]
    if holdout["calibration"] and not holdout["calibration"]["good"]:
        steps.append("Calibrate before reading probabilities as frequencies (zhixing.calibration).")
    threshold = holdout["threshold"]
    if threshold and threshold["false_positive"] == threshold["false_negative"] == 1.0:
        at = threshold["in_use"]
        positive = facts["data"]["positive"]
        if at["recall"] is not None and at["precision"] is not None:
            steps.append(
                f"Say what errors cost (--cost-fp, --cost-fn): at {number(threshold['value'])} it "
                f"finds {percent(at['recall'])} of {positive!r}, and {percent(at['precision'])} of "
                "what it flags is right."
            )
    return steps


def _use(facts: dict[str, Any]) -> str:
    place = facts["files"].get("model")
    if place is None:
        return "Predict with run.predict(frame); keep the run with run.save(folder)."
    return f"Predict: zhixing predict {place} NEW_TABLE --out predictions.csv"
