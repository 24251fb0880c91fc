"""`zhixing fit` on every real table, beside scikit-learn pipelines on the same hold-out.

    python -m benchmarks.tables_study [NAME ...] [--again] [--limit SECONDS]

One process each, with a time limit; what is done already is kept in `benchmarks/tables_study.json`
and not run again.  Ends with `docs/tables.md`.  The tables lie in `shared/data` beside the
repository; without them the study cannot run.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .tables_list import CASES, Case

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data"
STORE = HERE / "tables_study.json"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("names", nargs="*")
    options.add_argument("--again", action="store_true", help="run what is done already too")
    options.add_argument("--limit", type=float, default=600.0, help="seconds for one table")
    options.add_argument("--keep", type=Path, help="folder to keep the runs in")
    asked = options.parse_args()
    done = json.loads(STORE.read_text()) if STORE.exists() else {}
    with tempfile.TemporaryDirectory() as made:
        home = asked.keep or Path(made)
        for case in CASES:
            if asked.names and case.name not in asked.names:
                continue
            if case.name in done and not asked.again:
                continue
            old = done.get(case.name, {})
            found = study(case, home, asked.limit)
            if "baseline" in old and old.get("holdout_rows") == found.get("holdout_rows"):
                found["baseline"] = old["baseline"]
            elif "metric" in found:
                found["baseline"] = in_own_process(case, home, asked.limit)
            done[case.name] = found
            STORE.write_text(json.dumps(done, indent=1, ensure_ascii=False) + "\n")
            print(
                case.name,
                found.get("seconds"),
                found.get("cpu"),
                found.get("error", ""),
                flush=True,
            )
    from .tables_page import write

    write(done)


def command(case: Case, home: Path) -> list[str]:
    return ["fit", str(DATA / f"{case.name}.parquet"), "--target", "target", *case.options] + [
        "--out",
        str(home / case.name),
        "--overwrite",
    ]


def study(case: Case, home: Path, limit: float) -> dict[str, Any]:
    """The run's facts that the page shows; or the error it ended with."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "zhixing", *command(case, home)],
            capture_output=True,
            text=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"more than {limit:.0f} s"}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found: dict[str, Any] = {
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
    }
    if ended.returncode:
        return found | {"error": (ended.stderr.strip().splitlines() or ["killed"])[-1][:300]}
    return found | digest(json.loads((home / case.name / "report.json").read_text()))


def digest(facts: dict[str, Any]) -> dict[str, Any]:
    main = next(m for m in facts["holdout"]["metrics"] if m["main"])
    chosen = next(r for r in facts["comparison"]["rows"] if r["chosen"])
    return {
        "rows": facts["data"]["rows"],
        "columns": facts["data"]["columns"],
        "task": facts["data"]["task"],
        "classes": facts["data"]["classes"],
        "kinds": facts["data"]["kind_columns"],
        "holdout_rows": facts["data"]["holdout_rows"],
        "steps": {step["name"]: round(step["seconds"], 1) for step in facts["run"]["steps"]},
        "findings": [[f["severity"], f["code"], f["title"], f["where"]] for f in facts["findings"]],
        "chosen": chosen["label"],
        "candidates": [[r["label"], r["score"], r["verdict"]] for r in facts["comparison"]["rows"]],
        "skipped": [[s["label"], s["why"]] for s in facts["plan"]["skipped"]],
        "metric": main["name"],
        "greater_is_better": main["greater_is_better"],
        "value": main["value"],
        "low": main["low"],
        "high": main["high"],
        "constant": main["baseline"],
        "verdict": facts["explanation"]["verdict"]["word"],
    }


def in_own_process(case: Case, home: Path, limit: float) -> dict[str, Any]:
    code = f"from benchmarks.tables_study import baseline; baseline({case.name!r}, {str(home)!r})"
    try:
        ended = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=limit,
            cwd=HERE.parent,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"more than {limit:.0f} s"}
    if ended.returncode:
        return {"error": ended.stderr.strip().splitlines()[-1][:300]}
    return json.loads(ended.stdout.strip().splitlines()[-1])


def baseline(name: str, home: str) -> None:
    """Both pipelines on the rows that the run held out, printed as JSON."""
    import numpy as np
    import pandas as pd

    from .tables_baseline import scores

    place = Path(home) / name
    facts = json.loads((place / "report.json").read_text())
    held = pd.read_parquet(place / "holdout.parquet")["row"].to_numpy()
    frame = pd.read_parquet(DATA / f"{name}.parquet")
    target, task = frame.pop("target"), facts["data"]["task"]
    case = next(c for c in CASES if c.name == name)
    frame = frame.drop(columns=_left_out(case))
    labels = facts["data"]["classes"] or []
    y = target.to_numpy(dtype=float) if not labels else target.astype(str).to_numpy()
    found = scores(frame, np.asarray(y), held, task, [str(c) for c in labels])
    print(json.dumps(found))


def _left_out(case: Case) -> list[str]:
    pairs = zip(case.options, case.options[1:])
    return [value for option, value in pairs if option in ("--drop", "--split", "--group")]


if __name__ == "__main__":
    main()
