"""Do the tests keep their level and the intervals their coverage?  Simulated where the truth is known.

``python -m benchmarks.study_comparison [word ...]`` prints one row per procedure and condition: the
rate, the range a true rate of nominal would stay in (99.9 % of the time), and the verdict.  Without
words it also writes STUDY_COMPARISON.md.  The test suite runs the same cases, fewer times.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from . import cases_data_sets, cases_folds, cases_rows  # noqa: F401  (they register themselves)
from .study import CASES, run, table


def main(words: list[str]) -> None:
    start = time.perf_counter()
    outcomes = []
    for chosen in CASES:
        if words and not any(w in f"{chosen.procedure} {chosen.situation}" for w in words):
            continue
        outcome = run(chosen, chosen.repetitions)
        outcomes.append(outcome)
        flag = "" if outcome.verdict == chosen.expected else f"   expected {chosen.expected}"
        print(
            f"{time.perf_counter() - start:5.0f} s  {chosen.procedure:32} {chosen.situation:58} "
            f"{outcome.rate:.4f} {outcome.verdict}{flag}",
            flush=True,
        )
    if not words:
        (Path(__file__).parent / "STUDY_COMPARISON.md").write_text(
            INTRODUCTION + table(outcomes) + "\n"
        )


INTRODUCTION = """# Do the comparisons keep their promises?

Written by `python -m benchmarks.study_comparison`; do not edit.  Each row simulates data where the
truth is known and counts false positives at level 0.05, or intervals at 95 % that hold the truth.
"Nominal stays in" is the range that a true rate of exactly nominal would not leave in 99.9 % of
such studies.  Conservative means fewer false positives, or more coverage, than asked; liberal the
reverse.  Rows in brackets are textbook habits shown for contrast; zhixing does not offer them.

"""


if __name__ == "__main__":
    main(sys.argv[1:])
