"""One fit on one fold: the unit of work that every search, curve and cross-validation counts."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.exceptions import FitFailedWarning
from sklearn.metrics import check_scoring
from sklearn.model_selection import check_cv
from sklearn.utils import indexable
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.metaestimators import _safe_split
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import _check_method_params, has_fit_parameter

Fold = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class FoldScore:
    """What one fit gave: scores by metric, seconds, sizes, and where asked the rest."""

    scores: dict[str, float]
    train_scores: dict[str, float]
    fit_seconds: float
    score_seconds: float
    n_train: int
    n_test: int
    estimator: Any = field(default=None, repr=False)
    prediction: Any = field(default=None, repr=False)
    error: str = ""


@dataclass(frozen=True)
class Job:
    """Everything a fold needs besides its rows; the same for all folds and candidates."""

    estimator: Any
    X: Any
    y: Any
    scorer: Any
    fit_params: Mapping[str, Any] = field(default_factory=dict)
    score_params: Mapping[str, Any] = field(default_factory=dict)
    train_score: bool = False
    predict: str = ""
    keep: bool = False
    error_score: float | Literal["raise"] = float("nan")

    def evaluate(self, fold: Fold, params: Mapping[str, Any] | None = None) -> FoldScore:
        """Fit a clone on the training rows and score it on the others.

        A fit that fails scores `error_score`, with a FitFailedWarning that says why.
        """
        train, test = fold
        model = clone(self.estimator)
        if params:
            # Estimators among the values must not be shared between fits.
            model.set_params(**{k: clone(v, safe=False) for k, v in params.items()})
        X, y = _safe_split(model, self.X, self.y, train)
        held_X, held_y = _safe_split(model, self.X, self.y, test, train)
        fit_params = _check_method_params(self.X, params=dict(self.fit_params), indices=train)
        start = time.perf_counter()
        try:
            model.fit(X, **fit_params) if y is None else model.fit(X, y, **fit_params)
        except Exception as error:
            if self.error_score == "raise":
                raise
            why = f"{type(error).__name__}: {error}"
            warnings.warn(
                f"a fit failed and scores {self.error_score}: {why}", FitFailedWarning, stacklevel=2
            )
            failed = dict.fromkeys(self.names(), float(self.error_score))
            seconds = time.perf_counter() - start
            return FoldScore(failed, failed, seconds, 0.0, len(train), len(test), error=why)
        middle = time.perf_counter()
        scores = self._score(model, held_X, held_y, test)
        end = time.perf_counter()
        return FoldScore(
            scores=scores,
            train_scores=self._score(model, X, y, train) if self.train_score else {},
            fit_seconds=middle - start,
            score_seconds=end - middle,
            n_train=len(train),
            n_test=len(test),
            estimator=model if self.keep else None,
            prediction=getattr(model, self.predict)(held_X) if self.predict else None,
        )

    def names(self) -> list[str]:
        """Names of the metrics; a single one is called "score"."""
        return list(getattr(self.scorer, "_scorers", {"score": None}))

    def _score(self, model: Any, X: Any, y: Any, rows: np.ndarray) -> dict[str, float]:
        params = _check_method_params(self.X, params=dict(self.score_params), indices=rows)
        found = self.scorer(model, X, **params) if y is None else self.scorer(model, X, y, **params)
        if not isinstance(found, Mapping):
            found = {"score": found}
        return {name: _number(value, name) for name, value in found.items()}


def _number(value: Any, name: str) -> float:
    if not isinstance(value, (int, float, np.number)) and np.ndim(value) != 0:
        raise ValueError(f"scoring {name!r} must return a number, got {value!r}")
    return float(value)


@dataclass(frozen=True)
class Plan:
    """The folds of one data set and the job to run on them."""

    job: Job
    folds: list[Fold]
    fit_params: dict[str, Any]


def plan(
    owner: Any,
    estimator: Any,
    X: Any,
    y: Any,
    *,
    cv: Any,
    scoring: Any,
    params: Mapping[str, Any],
    **options: Any,
) -> Plan:
    """Split the rows and route `params` (sample_weight, groups, ...) to fit, score and split.

    With scikit-learn's metadata routing switched on, requests decide.  Without it `groups` goes to
    the splitter, everything else to `fit`, and `sample_weight` to the scorer too.
    """
    scorer = check_scoring(estimator, scoring=scoring)
    splitter = check_cv(cv, y, classifier=is_classifier(estimator))
    from sklearn import get_config

    if get_config().get("enable_metadata_routing", False):
        routed = process_routing(owner, "fit", **params)
        fit, score = routed.estimator.fit, routed.scorer.score
        split = routed.splitter.split
    else:
        fit = {name: value for name, value in params.items() if name != "groups"}
        weight = fit.get("sample_weight")
        score = {} if weight is None or not takes_weight(scorer) else {"sample_weight": weight}
        split = {"groups": params.get("groups")}
    X, y = indexable(X, y)
    fit = _check_method_params(X, params=fit)
    folds = list(splitter.split(X, y, **split))
    if len(folds) < 1:
        raise ValueError("the splitter gave no folds")
    return Plan(Job(estimator, X, y, scorer, fit, score, **options), folds, fit)


def takes_weight(scorer: Any) -> bool:
    """Whether a scorer can use sample weights."""
    if (several := getattr(scorer, "_scorers", None)) is not None:
        return any(takes_weight(s) for s in several.values())
    if callable(accepts := getattr(scorer, "_accept_sample_weight", None)):
        return bool(accepts())
    if (estimator := getattr(scorer, "_estimator", None)) is not None:
        return has_fit_parameter(estimator, "sample_weight")
    return False


def router(owner: Any, estimator: Any, scorer: Any, cv: Any) -> MetadataRouter:
    """Who receives what, for scikit-learn's metadata routing."""
    return (
        MetadataRouter(owner=owner)
        .add(estimator=estimator, method_mapping=MethodMapping().add(caller="fit", callee="fit"))
        .add(
            scorer=scorer,
            method_mapping=MethodMapping()
            .add(caller="score", callee="score")
            .add(caller="fit", callee="score"),
        )
        .add(splitter=cv, method_mapping=MethodMapping().add(caller="fit", callee="split"))
    )


def run_all(
    task: Callable[..., FoldScore], calls: Sequence[tuple[Any, ...]], n_jobs: int | None
) -> Iterable[FoldScore]:
    """Results in order; one worker process each where `n_jobs` asks for several."""
    if n_jobs in (None, 1):
        return [task(*call) for call in calls]
    return Parallel(n_jobs=n_jobs)(delayed(task)(*call) for call in calls)
