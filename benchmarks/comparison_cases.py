"""The procedures of `zhixing.model_comparison`, each where the truth is known: see study_comparison.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np
from scipy import stats

from zhixing import model_comparison as mc
from zhixing.model_comparison.mcnemar import mcnemar_p, tango_interval

from . import null_models as null
from .study import Case, Expected

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


def holds(comparison: mc.Comparison, truth: float) -> bool:
    return comparison.difference.low <= truth <= comparison.difference.high


# -- two classifiers on one test set


def _mcnemar(rng: np.random.Generator, n: int, method: str) -> bool:
    b, c, _ = rng.multinomial(n, [0.1, 0.1, 0.8])
    return mcnemar_p(int(b), int(c), method)[1] <= 0.05  # type: ignore[arg-type]


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
        5000,
        quick=400 if n == 200 else 0,
    )


# -- resampling of test rows


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
    ("normal", 15, "bca", "liberal"),
    ("normal", 30, "percentile", "nominal"),
    ("normal", 30, "bca", "liberal"),
    ("normal", 200, "percentile", "nominal"),
    ("normal", 200, "bca", "nominal"),
    ("skewed", 30, "percentile", "liberal"),
    ("skewed", 30, "bca", "liberal"),
    ("skewed", 200, "percentile", "liberal"),
    ("skewed", 200, "bca", "liberal"),
    ("skewed", 2000, "percentile", "nominal"),
    ("skewed", 2000, "bca", "nominal"),
):
    case(
        f"paired_bootstrap, {method}",
        f"mean absolute error, {n} rows, {errors} errors",
        "coverage",
        partial(_bootstrap, n=n, errors=errors, method=method),
        4000 if n < 1000 else 600,
        expected,  # type: ignore[arg-type]
        quick=300 if (n, errors) == (200, "normal") else 0,
    )
case(
    "paired_bootstrap, percentile",
    "F1, 200 rows",
    "level",
    partial(_bootstrap_f1, n=200),
    4000,
    quick=300,
)
case(
    "paired_bootstrap, groups known",
    "60 groups of 5 rows",
    "level",
    partial(_bootstrap_groups, know=True),
    3000,
)
case(
    "paired_bootstrap, groups ignored",
    "60 groups of 5 rows",
    "level",
    partial(_bootstrap_groups, know=False),
    3000,
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
        4000 if metric != "average_precision" else 2000,
        expected,  # type: ignore[arg-type]
        quick=300,
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
        5000,
        expected,  # type: ignore[arg-type]
        quick=300 if n == 400 else 0,
    )


# -- learners compared by cross-validation


def _folds(
    rng: np.random.Generator,
    n: int,
    folds: int,
    repeats: int,
    corrected: bool,
    learner: null.Learner = null.OnColumns,
) -> bool:
    a, b = null.fold_scores(rng, n, 2, folds, repeats, learner)
    # As if folds shared no training rows: the textbook paired t-test.
    n_test = n / folds if corrected else 1e-9
    return mc.corrected_ttest(a, b, n - n / folds, n_test).p_value <= 0.05


def _assumed(rng: np.random.Generator, bayes: bool) -> bool:
    a, b = null.assumed_scores(rng, 2, 10, 180, 20)
    if bayes:
        return mc.bayesian_ttest(a, b, 180, 20, alpha=0.025).winner is not None
    return mc.corrected_ttest(a, b, 180, 20).p_value <= 0.05


def _bayes(rng: np.random.Generator, n: int, folds: int) -> bool:
    a, b = null.fold_scores(rng, n, 2, folds)
    result = mc.bayesian_ttest(a, b, n - n / folds, n / folds, alpha=0.025)
    return result.winner is not None


for learner, named, folds, repeats, expected, plain in (
    (null.OnColumns, "least squares", 5, 1, "conservative", "nominal"),
    (null.OnColumns, "least squares", 10, 1, "conservative", "nominal"),
    (null.OnColumns, "least squares", 10, 5, "conservative", "liberal"),
    (null.NearestRow, "nearest row", 10, 1, "conservative", "nominal"),
    (null.NearestRow, "nearest row", 10, 5, "conservative", "liberal"),
):
    for corrected in (True, False):
        case(
            "corrected_ttest" if corrected else "(plain paired t-test)",
            f"{named}, {repeats} x {folds} folds of 200 rows",
            "level",
            partial(
                _folds, n=200, folds=folds, repeats=repeats, corrected=corrected, learner=learner
            ),
            4000 if repeats == 1 else 1500,
            expected if corrected else plain,  # type: ignore[arg-type]
            quick=300 if corrected and (named, folds, repeats) == ("least squares", 10, 1) else 0,
        )
case(
    "corrected_ttest",
    "scores that correlate as assumed, 10 folds",
    "level",
    partial(_assumed, bayes=False),
    10_000,
    quick=1000,
)
case(
    "bayesian_ttest",
    "P(better) >= 0.975 either way, scores that correlate as assumed",
    "level",
    partial(_assumed, bayes=True),
    10_000,
    quick=1000,
)
case(
    "bayesian_ttest",
    "P(better) >= 0.975 either way, 10 folds of 200 rows",
    "level",
    partial(_bayes, n=200, folds=10),
    4000,
    "conservative",
    quick=300,
)


def _five_by_two(rng: np.random.Generator, method: str) -> bool:
    X, y = null.labelled(rng, 200, 2)
    result = mc.cv5x2_test(
        null.OnColumns(0),
        null.OnColumns(1),
        X,
        y,
        scoring=null.hit_rate,
        method=method,
        random_state=rng,
    )
    return result.p_value <= 0.05


for method, expected in (("t", "nominal"), ("F", "conservative")):
    case(
        f"cv5x2_test, {method}",
        "200 rows",
        "level",
        partial(_five_by_two, method=method),
        4000,
        expected,  # type: ignore[arg-type]
        quick=250,
    )


def _many(rng: np.random.Generator, models: int, real: bool, pairs: bool) -> bool:
    scores = (
        null.fold_scores(rng, 200, models, 10)
        if real
        else null.assumed_scores(rng, models, 10, 180, 20)
    )
    ranking = mc.compare_many({str(i): s for i, s in enumerate(scores)}, 180, 20)
    if pairs:
        return len(ranking.not_worse) < models
    # The shortcut: Holm over the comparisons with the best only.
    best = scores[np.argmax(scores.mean(axis=1))]
    others = [s for s in scores if s is not best and not np.shares_memory(s, best)]
    p = [mc.corrected_ttest(best, other, 180, 20).p_value for other in others]
    return bool((mc.holm(p) <= 0.05).any())


for models in (2, 5, 10):
    case(
        "compare_many",
        f"any of {models} equal models called worse, assumptions exact",
        "level",
        partial(_many, models=models, real=False, pairs=True),
        3000 if models < 10 else 1500,
        "conservative" if models == 10 else "nominal",
        quick=300 if models == 5 else 0,
    )
case(
    "(Holm against the best only)",
    "any of 5 equal models called worse, assumptions exact",
    "level",
    partial(_many, models=5, real=False, pairs=False),
    3000,
    "liberal",
)
case(
    "compare_many",
    "any of 5 equal learners called worse, 10 folds of 200 rows",
    "level",
    partial(_many, models=5, real=True, pairs=True),
    2000,
    "conservative",
)


# -- methods over data sets


def _signed(rng: np.random.Generator, n: int, test: str, cover: bool) -> bool:
    d = rng.standard_t(5, size=n) + 0.5
    result = getattr(mc, test)(d if cover else d - 0.5, np.zeros(n))
    return holds(result, 0.5) if cover else result.p_value <= 0.05


for n in (8, 20, 60):
    for test, expected in (
        ("wilcoxon", "nominal" if n > 8 else "conservative"),
        ("sign_test", "conservative"),
    ):
        for cover in (False, True):
            case(
                test,
                f"{n} data sets",
                "coverage" if cover else "level",
                partial(_signed, n=n, test=test, cover=cover),
                4000,
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
            4000,
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
        10_000,
        quick=1000,
    )
for name, expected in (("holm", "conservative"), ("bonferroni", "conservative")):
    case(
        name,
        "any false rejection, 15 of 20 hypotheses true",
        "level",
        partial(_family, adjust=getattr(mc, name), nulls=15),
        10_000,
        expected,  # type: ignore[arg-type]
    )
