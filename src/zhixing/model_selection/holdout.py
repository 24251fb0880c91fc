"""K folds or one hold-out?  Both on the same samples, against the truth."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.model_selection import KFold, ShuffleSplit, StratifiedKFold, StratifiedShuffleSplit
from sklearn.utils import _safe_indexing

from ..core.errors import InputError
from ..core.estimate import Estimate
from ..core.random import RandomState, generator, seed
from .cross_validate import cross_validate
from .fold_mean import fold_mean
from .folds import Job


@dataclass(frozen=True)
class Precision:
    """How one way of estimating the score errs: mean error, spread, and what it costs."""

    bias: Estimate
    spread: float
    root_mean_square: float
    fits: int
    seconds: float


@dataclass(frozen=True)
class KFoldAgainstHoldout:
    """Errors of both estimates over the repeats, ``estimate - truth``; `precision_gain` = variance ratio."""

    kfold_errors: np.ndarray
    holdout_errors: np.ndarray
    kfold: Precision
    holdout: Precision

    @property
    def precision_gain(self) -> float:
        """Variance of the hold-out's error over that of K folds: so many times the data in effect."""
        return (self.holdout.spread / self.kfold.spread) ** 2 if self.kfold.spread else float("inf")

    def __str__(self) -> str:
        lines = [
            f"{name:9} bias {p.bias}  spread {p.spread:.4f}  {p.fits} fits, {p.seconds:.3g} s"
            for name, p in (("K folds", self.kfold), ("hold-out", self.holdout))
        ]
        return "\n".join([*lines, f"K folds are worth {self.precision_gain:.2f} times the data"])


def compare_kfold_holdout(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    k: int = 10,
    test_size: float = 0.25,
    sample: float | int = 0.5,
    repeats: int = 30,
    scoring: Any = None,
    random_state: RandomState = 0,
) -> KFoldAgainstHoldout:
    """Measure how well K-fold cross-validation and a hold-out split estimate a model's score.

    `repeats` times a sample of rows is drawn.  Its truth is the score, on all rows outside, of the
    model fitted on the whole sample; K folds and a hold-out of `test_size` must guess it from the
    sample alone.

    Parameters
    ----------
    estimator : estimator
    X, y : data
        Much more than a sample, since the rest stands for the population.
    k : int
    test_size : float
        Share of the sample that the hold-out tests on.
    sample : float or int
        Rows of a sample, or their share.
    repeats : int

    Returns
    -------
    KFoldAgainstHoldout
        Bias and spread of both, their cost in fits and seconds, and the precision gained.

    Notes
    -----
    Kohavi (1995).  Both are biased downwards, for their models see fewer rows than the one that is
    shipped; the hold-out more, and it scatters more because it tests fewer rows.  Samples overlap,
    so intervals of the bias carry the correction of `fold_mean`.  Cost: ``repeats * (k + 2)`` fits.

    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> result = compare_kfold_holdout(GaussianNB(), X, y, k=5, repeats=10)
    >>> result.kfold.fits, result.holdout.fits, result.precision_gain > 1
    (5, 1, True)
    """
    if repeats < 2:
        raise InputError("a spread needs at least two repeats")
    rng = generator(random_state)
    classifier = is_classifier(estimator)
    draw = (StratifiedShuffleSplit if classifier else ShuffleSplit)(
        repeats, train_size=sample, random_state=seed(rng)
    )
    from sklearn.metrics import check_scoring

    job = Job(estimator, X, y, check_scoring(estimator, scoring=scoring), error_score="raise")
    errors, seconds = np.empty((2, repeats)), np.zeros(2)
    splits = list(draw.split(X, y))
    for i, (rows, rest) in enumerate(splits):
        truth = job.evaluate((rows, rest)).scores["score"]
        held_X, held_y = _safe_indexing(X, rows), _safe_indexing(y, rows)
        folds = (StratifiedKFold if classifier else KFold)(k, shuffle=True, random_state=seed(rng))
        once = (StratifiedShuffleSplit if classifier else ShuffleSplit)(
            1, test_size=test_size, random_state=seed(rng)
        )
        for j, cv in enumerate((folds, once)):
            start = time.perf_counter()
            run = cross_validate(estimator, held_X, held_y, cv=cv, scoring=scoring)
            seconds[j] += time.perf_counter() - start
            errors[j, i] = run.scores["score"].mean() - truth
    sizes = [len(rows) for rows, _ in splits], [len(rest) for _, rest in splits]
    made = [
        Precision(
            bias=fold_mean(e, *sizes).interval(),
            spread=float(e.std(ddof=1)),
            root_mean_square=float(np.sqrt(np.mean(e**2))),
            fits=fits,
            seconds=float(s / repeats),
        )
        for e, s, fits in zip(errors, seconds, (k, 1))
    ]
    return KFoldAgainstHoldout(errors[0], errors[1], made[0], made[1])
