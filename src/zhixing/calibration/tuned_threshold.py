"""A binary classifier whose decision threshold is chosen by cross-validation."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import StratifiedShuffleSplit, check_cv
from sklearn.utils import _safe_indexing
from sklearn.utils._response import _get_response_values_binary
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import _check_method_params, _num_samples, check_is_fitted

from ..metrics.from_counts import FROM_COUNTS
from ..metrics.labels import check_weight
from ..metrics.scorer import get_scorer
from ..metrics.sorted_scores import equals, split
from .threshold_classifier import ThresholdClassifier, to_labels


class TunedThresholdClassifierCV(ThresholdClassifier):
    """A binary classifier that decides at the threshold with the best cross-validated score.

    Parameters
    ----------
    estimator : a binary classifier
    scoring : what to maximise: a name of a metric of labels, or a scorer made by
        ``sklearn.metrics.make_scorer``
    response_method : "predict_proba", "decision_function", or "auto": probabilities if there are any
    thresholds : how many thresholds between the least and greatest score, or the thresholds themselves
    cv : folds; a fraction for one stratified hold-out; "prefit" for an estimator already fitted, whose
        threshold is chosen on all rows given
    refit : fit the final classifier on all rows; False (one split only) keeps the one fitted for the split
    n_jobs : folds fitted at once
    random_state : seed of the hold-out
    store_cv_results : keep the curve in `cv_results_`

    Attributes
    ----------
    best_threshold_, best_score_ : the threshold, and the mean score over the folds there
    estimator_ : the final classifier

    The folds' scores are interpolated at common thresholds and averaged.  Same as scikit-learn's, but for a
    scoring that depends on the four counts alone (accuracy, balanced_accuracy, f1, precision, recall,
    jaccard, matthews_corrcoef) all thresholds of a fold cost one sort instead of a prediction each.

    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = make_classification(300, weights=[0.9], random_state=0)
    >>> model = TunedThresholdClassifierCV(LogisticRegression(), scoring="f1").fit(X, y)
    >>> bool(model.best_threshold_ < 0.5)
    True
    """

    def __init__(
        self,
        estimator: Any,
        *,
        scoring: Any = "balanced_accuracy",
        response_method: str = "auto",
        thresholds: Any = 100,
        cv: Any = None,
        refit: bool = True,
        n_jobs: int | None = None,
        random_state: Any = None,
        store_cv_results: bool = False,
    ) -> None:
        self.estimator = estimator
        self.scoring = scoring
        self.response_method = response_method
        self.thresholds = thresholds
        self.cv = cv
        self.refit = refit
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.store_cv_results = store_cv_results

    def _fit(self, X: Any, y: Any, **params: Any) -> None:
        cv = self._splitter(y)
        routed = process_routing(self, "fit", **params)
        fit_params, score_params = routed.estimator.fit, routed.scorer.score
        if cv == "prefit":
            self.estimator_ = self.estimator
            folds: Any = [(None, np.arange(_num_samples(X)))]
        else:
            folds = list(cv.split(X, y, **routed.splitter.split))
            rows = slice(None) if self.refit else folds[0][0]
            kept = fit_params if self.refit else _check_method_params(X, fit_params, indices=rows)
            train = (X, y) if self.refit else (_safe_indexing(X, rows), _safe_indexing(y, rows))
            classifier: Any = clone(self.estimator)
            self.estimator_ = classifier.fit(*train, **kept)
        curves: Any = Parallel(n_jobs=self.n_jobs)(
            delayed(self._fold_curve)(
                self.estimator_ if train is None else clone(self.estimator),
                X,
                y,
                train,
                test,
                fit_params,
                score_params,
            )
            for train, test in folds
        )
        grid = self.thresholds
        if isinstance(grid, Integral):
            grid = np.linspace(
                min(c.min() for c, _ in curves), max(c.max() for c, _ in curves), int(grid)
            )
        grid = np.asarray(grid, dtype=np.float64)
        means = np.mean([np.interp(grid, cuts, scores) for cuts, scores in curves], axis=0)
        best = int(means.argmax())
        self.best_threshold_, self.best_score_ = float(grid[best]), float(means[best])
        if self.store_cv_results:
            self.cv_results_ = {"thresholds": grid, "scores": means}

    def _splitter(self, y: Any) -> Any:
        if isinstance(self.cv, str):
            if self.cv != "prefit":
                raise ValueError(f"cv must be folds, a fraction or 'prefit', not {self.cv!r}")
            if self.refit:
                raise ValueError("When cv='prefit', refit cannot be True.")
            try:
                check_is_fitted(self.estimator, "classes_")
            except NotFittedError as error:
                raise NotFittedError("When cv='prefit', `estimator` must be fitted.") from error
            return self.cv
        if isinstance(self.cv, Real) and not isinstance(self.cv, Integral):
            if not 0.0 < float(self.cv) < 1.0:
                raise ValueError(f"a fraction cv must lie between 0 and 1, not {self.cv!r}")
            return StratifiedShuffleSplit(
                n_splits=1, test_size=self.cv, random_state=self.random_state
            )
        given: Any = self.cv
        cv: Any = check_cv(given, y=y, classifier=True)
        if not self.refit and cv.get_n_splits() > 1:
            raise ValueError("When cv has several folds, refit cannot be False.")
        return cv

    def _fold_curve(
        self,
        classifier: Any,
        X: Any,
        y: Any,
        train: Any,
        test: Any,
        fit_params: Any,
        score_params: Any,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Thresholds, ascending, and the score at each on the rows `test`."""
        if train is not None:
            own = _check_method_params(X, fit_params, indices=train)
            classifier.fit(_safe_indexing(X, train), _safe_indexing(y, train), **own)
            score_params = _check_method_params(X, score_params, indices=test)
            X, y = _safe_indexing(X, test), _safe_indexing(y, test)
        pos_label = self._pos_label()
        found: Any = _get_response_values_binary(
            classifier, X, self._responses(), pos_label=pos_label
        )
        score, positive_label = found
        if np.isclose(score.min(), score.max()):
            raise ValueError(
                "The provided estimator makes constant predictions. Therefore, it is impossible to optimize "
                "the decision threshold."
            )
        cuts = self.thresholds
        if isinstance(cuts, Integral):
            cuts = np.linspace(score.min(), score.max(), int(cuts))
        cuts = np.asarray(cuts, dtype=np.float64)
        scorer = get_scorer(self.scoring)
        from_counts = FROM_COUNTS.get(self.scoring) if isinstance(self.scoring, str) else None
        if from_counts is not None and set(score_params) <= {"sample_weight"}:
            counts = _counts(
                equals(np.asarray(y), positive_label),
                score,
                cuts,
                score_params.get("sample_weight"),
            )
            return cuts, from_counts(*counts)
        settings = {**scorer._kwargs, **score_params}
        scores = [
            scorer._sign
            * scorer._score_func(
                y, to_labels(score, cut, classifier.classes_, pos_label), **settings
            )
            for cut in cuts
        ]
        return cuts, np.array(scores)

    def _pos_label(self) -> Any:
        scorer = get_scorer(self.scoring)
        return getattr(scorer, "_kwargs", {}).get("pos_label")

    def predict(self, X: Any) -> np.ndarray:
        """Labels at `best_threshold_`."""
        check_is_fitted(self, "estimator_")
        pos_label = self._pos_label()
        found: Any = _get_response_values_binary(
            self.estimator_, X, self._responses(), pos_label=pos_label
        )
        return to_labels(found[0], self.best_threshold_, self.classes_, pos_label)

    def get_metadata_routing(self) -> MetadataRouter:
        """Weights and the rest go to the classifier, the splitter and the scorer."""
        router = MetadataRouter(owner=self)
        router.add(
            estimator=self.estimator, method_mapping=MethodMapping().add(callee="fit", caller="fit")
        )
        router.add(
            splitter=self.cv, method_mapping=MethodMapping().add(callee="split", caller="fit")
        )
        return router.add(
            scorer=get_scorer(self.scoring),
            method_mapping=MethodMapping().add(callee="score", caller="fit"),
        )


def _counts(
    positive: np.ndarray, score: np.ndarray, cuts: np.ndarray, sample_weight: Any
) -> tuple[np.ndarray, ...]:
    """(tn, fp, fn, tp) when the rows at or above each cut are called positive."""
    two = split(
        positive, np.asarray(score, dtype=np.float64), check_weight(sample_weight, positive.size)
    )
    below = [side.weight_before(np.searchsorted(side.scores, cuts, "left")) for side in two]
    fn, tn = (b.astype(np.float64) for b in below)
    return tn, two.neg.total - tn, fn, two.pos.total - fn
