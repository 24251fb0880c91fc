"""What every search over an estimator's parameters shares: folds, budget, refit, delegation."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, ClassVar

import numpy as np
from sklearn.base import MetaEstimatorMixin, clone
from sklearn.metrics import check_scoring
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import process_routing
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from ..core.estimator import Estimator
from .cv_results import cv_results
from .folds import FoldScore, Plan, plan, router, run_all
from .search import Search
from .stopping import Hopeless


def _refitted(name: str) -> Callable[[Any], bool]:
    def check(self: Any) -> bool:
        if not self.refit:
            raise AttributeError(
                f"{name} needs the model refitted on all rows; this search has refit={self.refit!r}"
            )
        # After fit the method of the fitted model counts, which may appear only then.
        getattr(getattr(self, "best_estimator_", self.estimator), name)
        return True

    return check


class SearchCV(MetaEstimatorMixin, Estimator):
    """Base of the searches: evaluates candidates by cross-validation and refits the best.

    A search says in `_search` which candidates to try; an objective hands it one score per fold.
    Attributes are scikit-learn's: `best_params_`, `best_score_`, `best_index_`, `best_estimator_`,
    `cv_results_`, `n_splits_`, `scorer_`, `refit_time_`, `multimetric_`; and ours: `search_` (every
    trial in order, and why the search ended) and `n_fits_` (what was spent; the refit is not
    counted).
    """

    prune: Hopeless | None = None
    _single: ClassVar[str] = "score"

    @abstractmethod
    def _search(self, objective: Callable[[dict[str, Any]], Iterator[float]]) -> Search:
        """Try candidates; `objective` yields the scores of one, larger is better, one per fold."""

    def fit(self, X: Any, y: Any = None, **params: Any) -> SearchCV:
        """Search, then fit the best candidate on all rows.

        Parameters
        ----------
        X, y : data
        **params : sample_weight, groups, and whatever the estimator's fit takes.
        """
        if y is None and get_tags(self).target_tags.required:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None"
            )
        made = plan(
            self,
            self.estimator,
            X,
            y,
            cv=self.cv,
            scoring=self.scoring,
            params=params,
            train_score=self.return_train_score,
            error_score=self.error_score,
        )
        self.scorer_ = made.job.scorer
        names = made.job.names()
        self.multimetric_ = names != [self._single]
        self._steering = self._metric_to_steer_by(names)
        seen: list[list[FoldScore]] = []
        self.search_ = self._search(lambda params: self._scores(made, params, seen))
        if not any(trial.state == "complete" for trial in self.search_.trials):
            why = next(
                (f.error for row in seen for f in row if f.error), "the scores are no numbers"
            )
            raise InputError(f"no candidate could be fitted and scored: {why}")
        self.n_splits_ = len(made.folds)
        self.n_fits_ = sum(map(len, seen))
        self.cv_results_ = cv_results(self.search_, seen, names, self.n_splits_)
        self._choose()
        if self.refit:
            self._refit(made)
        return self

    def _scores(
        self, made: Plan, params: dict[str, Any], seen: list[list[FoldScore]]
    ) -> Iterator[float]:
        """Scores of one candidate, fold by fold; the search may stop asking for more."""
        mine: list[FoldScore] = []
        seen.append(mine)
        # Folds that may be pruned away are run one at a time; the rest at once.
        first = self.prune.after if self.prune is not None else len(made.folds)
        groups = [made.folds[:first], *([fold] for fold in made.folds[first:])]
        if self.n_jobs not in (None, 1):
            groups = [made.folds[:first], made.folds[first:]]
        for group in groups:
            for result in run_all(made.job.evaluate, [(f, params) for f in group], self.n_jobs):
                mine.append(result)
                yield result.scores[self._steering]

    def _metric_to_steer_by(self, names: list[str]) -> str:
        if not self.multimetric_:
            return names[0]
        if isinstance(self.refit, str) and self.refit in names:
            return self.refit
        raise InputError(
            f"with several metrics refit names the one to search by, not {self.refit!r}",
            do=f"choose from {', '.join(names)}",
        )

    def _choose(self) -> None:
        if callable(self.refit):
            index = self.refit(self.cv_results_)
            if not isinstance(index, (int, np.integer)):
                raise TypeError("a callable refit returns the index of a candidate")
            if not 0 <= index < len(self.cv_results_["params"]):
                raise IndexError("a callable refit returned an index of no candidate")
        else:
            index = self.search_.best.number
        self.best_index_ = int(index)
        self.best_params_ = self.cv_results_["params"][self.best_index_]
        self.best_score_ = float(self.cv_results_[f"mean_test_{self._steering}"][self.best_index_])

    def _refit(self, made: Plan) -> None:
        best = clone(self.estimator).set_params(
            **{name: clone(value, safe=False) for name, value in self.best_params_.items()}
        )
        start = time.perf_counter()
        X, y = made.job.X, made.job.y
        self.best_estimator_ = (
            best.fit(X, **made.fit_params) if y is None else best.fit(X, y, **made.fit_params)
        )
        self.refit_time_ = time.perf_counter() - start
        if hasattr(self.best_estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.best_estimator_.feature_names_in_

    @property
    def n_features_in_(self) -> int:
        """Features the refitted model saw."""
        return self._fitted("n_features_in_").n_features_in_

    @property
    def classes_(self) -> Any:
        """Labels of the refitted classifier."""
        return self._fitted("classes_").classes_

    def _fitted(self, name: str) -> Any:
        best = getattr(self, "best_estimator_", None)
        if best is None or not hasattr(best, name):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
        return best

    def score(self, X: Any, y: Any = None, **params: Any) -> float:
        """Score of the refitted model by the metric that was searched by."""
        check_is_fitted(self)
        if not self.refit:
            raise AttributeError(f"score needs refit, this search has refit={self.refit!r}")
        from sklearn import get_config

        routed: Mapping[str, Any] = {}
        if get_config().get("enable_metadata_routing", False):
            routed = process_routing(self, "score", **params).scorer.score
        elif params:
            raise ValueError(f"score takes {', '.join(params)} only with metadata routing enabled")
        found = self.scorer_(self.best_estimator_, X, y, **routed)
        return found[self._steering] if isinstance(found, Mapping) else found

    @available_if(_refitted("predict"))
    def predict(self, X: Any) -> Any:
        """`predict` of the best candidate."""
        return self._best().predict(X)

    @available_if(_refitted("predict_proba"))
    def predict_proba(self, X: Any) -> Any:
        """`predict_proba` of the best candidate."""
        return self._best().predict_proba(X)

    @available_if(_refitted("predict_log_proba"))
    def predict_log_proba(self, X: Any) -> Any:
        """`predict_log_proba` of the best candidate."""
        return self._best().predict_log_proba(X)

    @available_if(_refitted("decision_function"))
    def decision_function(self, X: Any) -> Any:
        """`decision_function` of the best candidate."""
        return self._best().decision_function(X)

    @available_if(_refitted("score_samples"))
    def score_samples(self, X: Any) -> Any:
        """`score_samples` of the best candidate."""
        return self._best().score_samples(X)

    @available_if(_refitted("transform"))
    def transform(self, X: Any) -> Any:
        """`transform` of the best candidate."""
        return self._best().transform(X)

    @available_if(_refitted("inverse_transform"))
    def inverse_transform(self, X: Any) -> Any:
        """`inverse_transform` of the best candidate."""
        return self._best().inverse_transform(X)

    def _best(self) -> Any:
        check_is_fitted(self)
        return self.best_estimator_

    def get_metadata_routing(self) -> Any:
        """Who receives sample_weight, groups and the rest."""
        scorer = check_scoring(self.estimator, scoring=self.scoring)
        return router(self, self.estimator, scorer, self.cv)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "cv_results_") and (not self.refit or hasattr(self, "best_estimator_"))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        inner = get_tags(self.estimator)
        tags.estimator_type = inner.estimator_type
        tags.classifier_tags = deepcopy(inner.classifier_tags)
        tags.regressor_tags = deepcopy(inner.regressor_tags)
        tags.transformer_tags = deepcopy(inner.transformer_tags)
        tags.target_tags = deepcopy(inner.target_tags)
        tags.input_tags = deepcopy(inner.input_tags)
        tags.array_api_support = False
        return tags
