"""A study of error rates: cases where the truth is known, run many times, held against nominal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from zhixing.core.parallel import single_threaded_blas

Expected = Literal["nominal", "conservative", "liberal"]


@dataclass(frozen=True)
class Case:
    """One procedure in one situation.

    `once` returns True for a false positive ("level") or for an interval that holds the truth
    ("coverage"). `expected` is what theory or literature says, and the test suite holds the
    procedure to it.
    """

    procedure: str
    situation: str
    kind: Literal["level", "coverage"]
    once: Callable[[np.random.Generator], bool]
    repetitions: int
    expected: Expected = "nominal"
    quick: int = 0

    @property
    def nominal(self) -> float:
        return 0.05 if self.kind == "level" else 0.95


#: Every case that has been registered, in order.
CASES: list[Case] = []


def case(
    procedure: str,
    situation: str,
    kind: Literal["level", "coverage"],
    once: Callable[[np.random.Generator], bool],
    repetitions: int,
    expected: Expected = "nominal",
    quick: int = 0,
) -> None:
    CASES.append(Case(procedure, situation, kind, once, repetitions, expected, quick))


@dataclass(frozen=True)
class Outcome:
    case: Case
    hits: int
    repetitions: int

    @property
    def rate(self) -> float:
        return self.hits / self.repetitions

    def bounds(self) -> tuple[float, float]:
        """Where the rate stays with probability 99.9 % if the true rate is nominal."""
        low, high = stats.binom.ppf([0.0005, 0.9995], self.repetitions, self.case.nominal)
        return low / self.repetitions, high / self.repetitions

    @property
    def verdict(self) -> Expected:
        low, high = self.bounds()
        if low <= self.rate <= high:
            return "nominal"
        careful = self.rate < low if self.case.kind == "level" else self.rate > high
        return "conservative" if careful else "liberal"


def run(case: Case, repetitions: int, seed: int = 20240607) -> Outcome:
    """Repeat a case with one generator."""
    rng = np.random.default_rng(seed)
    with single_threaded_blas():  # thousands of tiny fits
        hits = sum(bool(case.once(rng)) for _ in range(repetitions))
    return Outcome(case, hits, repetitions)


def table(outcomes: list[Outcome]) -> str:
    lines = [
        "| procedure | situation | asked | rate | nominal stays in | verdict |",
        "|---|---|---|---|---|---|",
    ]
    for o in outcomes:
        low, high = o.bounds()
        asked = f"{o.case.kind} {o.case.nominal:g}"
        lines.append(
            f"| {o.case.procedure} | {o.case.situation} | {asked} | {o.rate:.4f} | "
            f"{low:.4f} to {high:.4f} | {o.verdict} |"
        )
    return "\n".join(lines)
