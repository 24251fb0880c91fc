"""Learners compared over folds of one data set: t-tests, 5x2cv, many candidates."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from zhixing import model_comparison as mc
from zhixing.model_selection import LearningCurve, fold_mean

from . import null_models as null
from .study import case


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
    (null.NearestRow, "nearest row", 10, 1, "conservative", "liberal"),
    (null.NearestRow, "nearest row", 10, 5, "liberal", "liberal"),
):
    for corrected in (True, False):
        case(
            "corrected_ttest" if corrected else "(plain paired t-test)",
            f"{named}, {repeats} x {folds} folds of 200 rows",
            "level",
            partial(
                _folds, n=200, folds=folds, repeats=repeats, corrected=corrected, learner=learner
            ),
            2000 if repeats == 1 else 600,
            expected if corrected else plain,  # type: ignore[arg-type]
            quick=300 if corrected and (named, folds, repeats) == ("least squares", 10, 1) else 0,
        )
case(
    "corrected_ttest",
    "scores that correlate as assumed, 10 folds",
    "level",
    partial(_assumed, bayes=False),
    5000,
    quick=1000,
)
case(
    "bayesian_ttest",
    "P(better) >= 0.975 either way, scores that correlate as assumed",
    "level",
    partial(_assumed, bayes=True),
    5000,
    quick=1000,
)
case(
    "bayesian_ttest",
    "P(better) >= 0.975 either way, 10 folds of 200 rows",
    "level",
    partial(_bayes, n=200, folds=10),
    2000,
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


for method, expected in (("t", "nominal"), ("F", "nominal")):
    case(
        f"cv5x2_test, {method}",
        "200 rows",
        "level",
        partial(_five_by_two, method=method),
        2000,
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
        2000 if models < 10 else 700,
        "conservative" if models == 10 else "nominal",
        quick=300 if models == 5 else 0,
    )
case(
    "(Holm against the best only)",
    "any of 5 equal models called worse, assumptions exact",
    "level",
    partial(_many, models=5, real=False, pairs=False),
    2000,
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


@cache
def _expected(n: int, learner: null.Learner) -> float:
    """Accuracy of a learner trained on n rows, by drawing it."""
    rng = np.random.default_rng(5)
    scores = []
    for _ in range(300):
        X, y = null.labelled(rng, n + 3000, 1)
        scores.append(null.hit_rate(learner(0).fit(X[:n], y[:n]), X[n:], y[n:]))
    return float(np.mean(scores))


def _score_interval(rng: np.random.Generator, learner: null.Learner) -> bool:
    scores = null.fold_scores(rng, 200, 1, 10, learner=learner)[0]
    low, high = fold_mean(scores, 180, 20).interval()[1:3]
    return low <= _expected(180, learner) <= high


def _extrapolated(rng: np.random.Generator, learner: null.Learner) -> bool:
    X, y = null.labelled(rng, 200, 1)
    sizes = np.geomspace(18, 180, 6).astype(int)
    scores = np.empty((6, 10))
    for f, test in enumerate(np.array_split(rng.permutation(200), 10)):
        train = rng.permutation(np.setdiff1d(np.arange(200), test))
        for i, size in enumerate(sizes):
            fitted = learner(0).fit(X[train[:size]], y[train[:size]])
            scores[i, f] = null.hit_rate(fitted, X[test], y[test])
    curve = LearningCurve(sizes, scores, scores, 20, scores)
    low, high = curve.extrapolate(800)[1:3]
    return low <= _expected(800, learner) <= high


for learner, named in ((null.OnColumns, "least squares"), (null.NearestRow, "nearest row")):
    case(
        "cross_validate, interval of the score",
        f"{named}, 10 folds of 200 rows",
        "coverage",
        partial(_score_interval, learner=learner),
        1000,
        "conservative",
        quick=200 if learner is null.OnColumns else 0,
    )
    case(
        "learning_curve, extrapolate",
        f"{named}, from 200 to 800 rows",
        "coverage",
        partial(_extrapolated, learner=learner),
        400,
        "conservative",
        quick=60 if learner is null.OnColumns else 0,
    )
