"""Two fitted models on one test set: McNemar, bootstrap, permutation, DeLong."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from zhixing import model_comparison as mc
from zhixing.model_comparison.mcnemar import Method, mcnemar_p, tango_interval

from . import null_models as null
from .study import case


def holds(comparison: mc.Comparison, truth: float) -> bool:
    return comparison.difference.low <= truth <= comparison.difference.high


_p_value = cache(mcnemar_p)  # few pairs of counts occur


def _mcnemar(rng: np.random.Generator, n: int, method: Method) -> bool:
    b, c, _ = rng.multinomial(n, [0.1, 0.1, 0.8])
    return _p_value(int(b), int(c), method)[1] <= 0.05


def _tango(rng: np.random.Generator, n: int, gap: float) -> bool:
    b, c, _ = rng.multinomial(n, [0.1 + gap, 0.1, 0.8 - gap])
    low, high = tango_interval(int(b), int(c), n, 0.95)
    return low <= gap <= high


for n in (40, 200, 2000):
    for method, expected in (
        ("mid-p", "nominal" if n > 40 else "conservative"),
        ("exact", "conservative" if n < 2000 else "nominal"),
        ("chi2", "conservative" if n < 2000 else "nominal"),
        ("asymptotic", "nominal" if n > 40 else "conservative"),
    ):
        case(
            f"mcnemar, {method}",
            f"{n} rows, errors 10 % each way",
            "level",
            partial(_mcnemar, n=n, method=method),
            20_000,
            expected,  # type: ignore[arg-type]
            quick=1000 if n == 200 else 0,
        )
    case(
        "mcnemar, Tango interval",
        f"{n} rows, true gap 0.1",
        "coverage",
        partial(_tango, n=n, gap=0.1),
        2000,
        quick=400 if n == 200 else 0,
    )


def _bootstrap(rng: np.random.Generator, n: int, errors: str, method: str) -> bool:
    e = null.errors(rng, (2, n), errors) * np.array([[1.3], [1.0]])
    result = mc.paired_bootstrap(
        np.zeros(n),
        e[0],
        e[1],
        "mean_absolute_error",
        method=method,
        n_resamples=1000,
        random_state=rng,
    )
    return holds(result, 0.3 * null.MEAN_ERROR[errors])


def _bootstrap_f1(rng: np.random.Generator, n: int) -> bool:
    y, a, b = null.flips(rng, n, 0.2, 0.2)
    return mc.paired_bootstrap(y, a, b, "f1", n_resamples=1000, random_state=rng).p_value <= 0.05


def _bootstrap_groups(rng: np.random.Generator, know: bool) -> bool:
    groups = np.repeat(np.arange(60), 5)
    e = null.errors(rng, (2, 60), "normal")[:, groups] + 0.3 * rng.normal(size=(2, 300))
    result = mc.paired_bootstrap(
        np.zeros(300),
        e[0],
        e[1],
        "mean_squared_error",
        groups=groups if know else None,
        n_resamples=1000,
        random_state=rng,
    )
    return result.p_value <= 0.05


for errors, n, method, expected in (
    ("normal", 15, "percentile", "nominal"),
    ("normal", 15, "bca", "nominal"),
    ("normal", 30, "percentile", "nominal"),
    ("normal", 30, "bca", "liberal"),
    ("normal", 200, "percentile", "nominal"),
    ("normal", 200, "bca", "nominal"),
    ("skewed", 30, "percentile", "nominal"),
    ("skewed", 30, "bca", "liberal"),
    ("skewed", 200, "percentile", "nominal"),
    ("skewed", 200, "bca", "liberal"),
    ("skewed", 2000, "percentile", "nominal"),
    ("skewed", 2000, "bca", "nominal"),
):
    case(
        f"paired_bootstrap, {method}",
        f"mean absolute error, {n} rows, {errors} errors",
        "coverage",
        partial(_bootstrap, n=n, errors=errors, method=method),
        2000 if n < 1000 else 500,
        expected,  # type: ignore[arg-type]
        quick=300 if (n, errors) == (200, "normal") else 0,
    )
case(
    "paired_bootstrap, percentile",
    "F1, 200 rows",
    "level",
    partial(_bootstrap_f1, n=200),
    2000,
    quick=300,
)
case(
    "paired_bootstrap, groups known",
    "60 groups of 5 rows",
    "level",
    partial(_bootstrap_groups, know=True),
    2000,
)
case(
    "paired_bootstrap, groups ignored",
    "60 groups of 5 rows",
    "level",
    partial(_bootstrap_groups, know=False),
    2000,
    "liberal",
)


def _permutation(rng: np.random.Generator, n: int, metric: str) -> bool:
    if metric == "f1_macro":
        data = null.flips(rng, n, 0.25, 0.25)
    elif metric == "average_precision":
        data = null.binormal(rng, n, 0.3, 0.8, 0.8, 0.5)
    else:
        e = null.errors(rng, (2, n), "skewed")
        data = np.zeros(n), e[0], e[1]
    result = mc.permutation_test(*data, metric, n_permutations=499, random_state=rng)
    return result.p_value <= 0.05


for n, metric, expected in (
    (10, "mean_absolute_error", "nominal"),
    (200, "mean_absolute_error", "nominal"),
    (100, "f1_macro", "nominal"),
    (100, "average_precision", "nominal"),
):
    case(
        "permutation_test",
        f"{metric}, {n} rows",
        "level",
        partial(_permutation, n=n, metric=metric),
        2000 if metric != "average_precision" else 1000,
        expected,  # type: ignore[arg-type]
        quick=300 if n != 100 or metric == "f1_macro" else 0,
    )


def _delong(rng: np.random.Generator, n: int, share: float, areas: tuple[float, float]) -> bool:
    y, a, b = null.binormal(rng, n, share, *areas, 0.5)
    return holds(mc.delong(y, a, b), areas[0] - areas[1])


for n, share, areas, expected in (
    (40, 0.5, (0.8, 0.8), "nominal"),
    (100, 0.1, (0.8, 0.8), "liberal"),
    (400, 0.3, (0.9, 0.8), "nominal"),
    (4000, 0.05, (0.9, 0.85), "nominal"),
):
    case(
        "delong",
        f"{n} rows, {share:.0%} positive, areas {areas[0]:g} and {areas[1]:g}",
        "coverage",
        partial(_delong, n=n, share=share, areas=areas),
        2000,
        expected,  # type: ignore[arg-type]
        quick=300 if n == 400 else 0,
    )
