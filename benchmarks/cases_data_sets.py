"""Methods compared over many data sets, and families of hypotheses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import stats

from zhixing import model_comparison as mc

from .study import case


def holds(comparison: mc.Comparison, truth: float) -> bool:
    return comparison.difference.low <= truth <= comparison.difference.high


def _signed(rng: np.random.Generator, n: int, test: str, cover: bool) -> bool:
    d = rng.standard_t(5, size=n) + 0.5
    result = getattr(mc, test)(d if cover else d - 0.5, np.zeros(n))
    return holds(result, 0.5) if cover else result.p_value <= 0.05


for n in (8, 20, 60):
    for test, expected in (
        ("wilcoxon", "nominal" if n > 8 else "conservative"),
        ("sign_test", "conservative" if n == 8 else "nominal"),
    ):
        for cover in (False, True):
            case(
                test,
                f"{n} data sets",
                "coverage" if cover else "level",
                partial(_signed, n=n, test=test, cover=cover),
                2000,
                expected,  # type: ignore[arg-type]
                quick=500 if n == 20 else 0,
            )


def _friedman(rng: np.random.Generator, n: int, k: int, what: str) -> bool:
    result = mc.friedman(rng.normal(size=(n, k)))
    if what == "F":
        return result.p_value <= 0.05
    if what == "chi2":
        return result.p_chi2 <= 0.05
    if what == "Nemenyi":
        ranks = result.mean_ranks.values()
        return max(ranks) - min(ranks) > result.critical_difference
    return min(result.pairwise.values()) <= 0.05


for n, k in ((6, 4), (15, 5), (50, 5)):
    for what, expected in (
        ("F", "nominal"),
        ("chi2", "conservative" if n < 15 else "nominal"),
        ("Nemenyi", "conservative" if n < 15 else "nominal"),
        ("Holm pairs", "conservative"),
    ):
        case(
            f"friedman, {what}",
            f"{k} equal methods, {n} data sets",
            "level",
            partial(_friedman, n=n, k=k, what=what),
            2000,
            expected,  # type: ignore[arg-type]
            quick=300 if n == 15 else 0,
        )


def _family(rng: np.random.Generator, adjust: Callable[..., np.ndarray], nulls: int) -> bool:
    z = rng.normal(size=20) + 3.0 * (np.arange(20) >= nulls)
    return bool((adjust(2 * stats.norm.sf(np.abs(z)))[:nulls] <= 0.05).any())


for name in ("holm", "bonferroni", "benjamini_hochberg"):
    case(
        name,
        "any false rejection, 20 of 20 hypotheses true",
        "level",
        partial(_family, adjust=getattr(mc, name), nulls=20),
        5000,
        quick=1000,
    )
for name, expected in (("holm", "conservative"), ("bonferroni", "conservative")):
    case(
        name,
        "any false rejection, 15 of 20 hypotheses true",
        "level",
        partial(_family, adjust=getattr(mc, name), nulls=15),
        5000,
        expected,  # type: ignore[arg-type]
    )
