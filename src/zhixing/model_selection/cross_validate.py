"""Cross-validation that keeps what it saw: scores with an honest interval, folds, predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.estimate import Estimate
from .fold_mean import fold_mean
from .folds import Fold, FoldScore, plan, router, run_all


@dataclass(frozen=True)
class CrossValidation:
    """Scores by fold, with the rows of every fold and what was predicted for them.

    Two runs on the same folds compare by
    ``model_comparison.corrected_ttest(a.scores["score"], b.scores["score"], a.n_train, a.n_test)``.

    Attributes
    ----------
    scores, train_scores : dict of arrays of shape (J,)
        By metric; a single metric is called "score".
    n_train, n_test : arrays of shape (J,)
    fit_seconds, score_seconds : arrays of shape (J,)
    folds : list of (train, test) arrays of row numbers
    predictions : list of arrays, or None
        For the test rows of each fold, in the order of `folds`.
    estimators : list, or None
    """

    scores: dict[str, np.ndarray]
    train_scores: dict[str, np.ndarray]
    n_train: np.ndarray
    n_test: np.ndarray
    fit_seconds: np.ndarray
    score_seconds: np.ndarray
    folds: list[Fold] = field(repr=False)
    predictions: list[np.ndarray] | None = field(default=None, repr=False)
    estimators: list[Any] | None = field(default=None, repr=False)

    def estimate(
        self,
        metric: str | None = None,
        confidence: float = 0.95,
        limits: tuple[float, float] | None = None,
    ) -> Estimate:
        """Mean score with Nadeau and Bengio's interval, ``mean -+ t sqrt(1/J + n_test/n_train) s``.

        `limits`, e.g. (0, 1) for accuracy, cut the interval off where the score ends.
        """
        seen = fold_mean(self._scores(metric), self.n_train, self.n_test)
        return seen.interval(confidence, limits=limits)

    def fold_of(self, n_rows: int) -> np.ndarray:
        """For each row the number of the fold that tested it, -1 if none; the last if several."""
        numbers = np.full(n_rows, -1)
        for number, (_, test) in enumerate(self.folds):
            numbers[test] = number
        return numbers

    def out_of_fold(self, n_rows: int) -> np.ndarray:
        """Predictions for all rows by models that did not see them; repeats are averaged if numeric.

        Errors if a row was never tested, or a repeated label cannot be averaged.
        """
        if self.predictions is None:
            raise InputError("no predictions were kept", do="cross_validate(..., method='predict')")
        times = np.bincount(np.concatenate([test for _, test in self.folds]), minlength=n_rows)
        if times.min() == 0:
            raise InputError(f"{np.count_nonzero(times == 0)} rows were in no test fold")
        first = self.predictions[0]
        numeric = first.dtype.kind == "f"
        if times.max() > 1 and not numeric:
            raise InputError(
                "repeated folds predict some rows several times",
                do="use method='predict_proba', or read `predictions` by fold",
            )
        total = np.zeros((n_rows, *first.shape[1:]), dtype=first.dtype)
        for (_, test), prediction in zip(self.folds, self.predictions):
            if numeric:
                np.add.at(total, test, prediction)
            else:
                total[test] = prediction
        if times.max() > 1:
            total /= times.reshape(-1, *[1] * (total.ndim - 1))
        return total

    def _scores(self, metric: str | None) -> np.ndarray:
        if metric is None and len(self.scores) == 1:
            return next(iter(self.scores.values()))
        if metric not in self.scores:
            raise InputError(f"no metric {metric!r}", do=f"choose from {', '.join(self.scores)}")
        return self.scores[metric]

    def __str__(self) -> str:
        return "\n".join(f"{name} {self.estimate(name)}" for name in self.scores)


class _Routing:
    """Stands for `cross_validate` in metadata routing, which asks an object who gets what."""

    def __init__(self, estimator: Any, scorer: Any, cv: Any) -> None:
        self.parts = estimator, scorer, cv

    def get_metadata_routing(self) -> Any:
        return router("cross_validate", *self.parts)


def cross_validate(
    estimator: Any,
    X: Any,
    y: Any = None,
    *,
    cv: Any = None,
    scoring: Any = None,
    method: str = "",
    train_score: bool = False,
    keep_estimators: bool = False,
    n_jobs: int | None = None,
    error_score: Any = "raise",
    params: Mapping[str, Any] | None = None,
) -> CrossValidation:
    """Cross-validate, and keep folds, predictions and a corrected interval.

    Parameters
    ----------
    estimator : estimator
        Cloned for every fold.
    X, y : data
    cv : int, splitter or iterable, optional
        As scikit-learn's; five folds, stratified for classifiers.
    scoring : str, callable, list or dict, optional
        As scikit-learn's; the estimator's own score by default.
    method : str
        Also keep this method's output for the test rows: "predict", "predict_proba",
        "decision_function"; "" keeps none.
    params : mapping, optional
        sample_weight, groups, and whatever fit takes; routed as scikit-learn routes them.

    Returns
    -------
    CrossValidation

    Notes
    -----
    scikit-learn's function of this name returns only scores and times, without interval; there the
    fold's standard deviation is often read as one, which is too short by ``sqrt(1/J +
    n_test/n_train)`` and the t quantile.  Nadeau and Bengio (2003).  Cost: one fit per fold.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> print(cross_validate(GaussianNB(), X, y).estimate(limits=(0, 1)))
    0.9533 [0.8978, 1.0000] (95 % corrected t)
    """
    from sklearn.metrics import check_scoring
    from sklearn.model_selection import check_cv

    owner = _Routing(estimator, check_scoring(estimator, scoring=scoring), check_cv(cv, y))
    made = plan(
        owner,
        estimator,
        X,
        y,
        cv=cv,
        scoring=scoring,
        params=params or {},
        train_score=train_score,
        predict=method,
        keep=keep_estimators,
        error_score=error_score,
    )
    results = list(run_all(made.job.evaluate, [(fold,) for fold in made.folds], n_jobs))
    return CrossValidation(
        scores=_by_metric([r.scores for r in results]),
        train_scores=_by_metric([r.train_scores for r in results]),
        n_train=np.array([r.n_train for r in results]),
        n_test=np.array([r.n_test for r in results]),
        fit_seconds=np.array([r.fit_seconds for r in results]),
        score_seconds=np.array([r.score_seconds for r in results]),
        folds=made.folds,
        predictions=_aligned(results, y) if method else None,
        estimators=[r.estimator for r in results] if keep_estimators else None,
    )


def _by_metric(rows: list[dict[str, float]]) -> dict[str, np.ndarray]:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _aligned(results: list[FoldScore], y: Any) -> list[np.ndarray]:
    predictions = [np.asarray(r.prediction) for r in results]
    if len({p.shape[1:] for p in predictions}) > 1:
        raise InputError(
            "folds predict different numbers of columns: a class is absent from some training fold",
            do="use stratified folds",
        )
    return predictions
