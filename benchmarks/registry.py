"""What a benchmark is: one piece of work, ours and the peers', with a quality beside each time.

A benchmark file registers functions that prepare the data once and return the contestants::

    @benchmark("logistic L2, 150k x 40", target=1.0)
    def dense_logistic() -> Contest:
        X, y = ...
        return Contest(
            quality="objective",                       # lower is better unless higher=True
            contestants={"zhixing": lambda: fit_ours(X, y), "scikit-learn lbfgs": lambda: ...},
            tolerance=1e-6,                            # relative; a faster but worse run does not count
        )

Each contestant is a function that does the work and returns its quality as a float.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Contest:
    """The contestants of one piece of work; the first is ours.

    `evaluate` maps what a contestant returned to its quality and runs outside the clock.
    """

    contestants: dict[str, Callable[[], object]]
    quality: str = "objective"
    evaluate: Callable[[object], float] = float  # type: ignore[assignment]
    higher: bool = False
    tolerance: float = 1e-6
    repeats: int = 5


@dataclass(frozen=True)
class Benchmark:
    name: str
    area: str
    target: float
    prepare: Callable[[], Contest]
    budget: float | None = None


BENCHMARKS: list[Benchmark] = []


def benchmark(
    name: str, *, target: float = 1.0, budget: float | None = None, area: str = ""
) -> Callable[[Callable[[], Contest]], Callable[[], Contest]]:
    """Register a benchmark; `target` is the ratio (best peer / ours) that was asked for.

    Where no peer does the work, `budget` is the number of seconds asked for.
    """

    def register(prepare: Callable[[], Contest]) -> Callable[[], Contest]:
        where = area or prepare.__module__.rsplit("bench_", 1)[-1]
        BENCHMARKS.append(Benchmark(name, where, target, prepare, budget))
        return prepare

    return register
