"""A classifier whose probabilities are refitted on rows it has not seen."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import LeaveOneOut, check_cv, cross_val_predict
from sklearn.utils import Bunch, _safe_indexing, column_or_1d, get_tags, indexable
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import (
    _check_method_params,
    _check_response_method,
    _check_sample_weight,
    _num_samples,
    check_is_fitted,
)

from ..core.estimator import Estimator
from .isotonic import IsotonicRegression
from .platt import PlattScaling, fit_sigmoid
from .temperature import TemperatureScaling, as_logits, fit_temperature

METHODS = ("sigmoid", "isotonic", "temperature")
RESPONSES = ("decision_function", "predict_proba")


class CalibratedClassifierCV(ClassifierMixin, MetaEstimatorMixin, Estimator):
    """Calibrate a classifier by cross-validation: fit it on some folds and its probabilities on the others.

    Parameters
    ----------
    estimator : a classifier with `decision_function` or `predict_proba`; None is our `LogisticRegression`
        (scikit-learn: LinearSVC).  A fitted one wrapped in ``sklearn.frozen.FrozenEstimator`` is not fitted
        again, and all rows calibrate it
    method : "sigmoid" (Platt 1999: two numbers a class, for small samples), "isotonic" (Zadrozny & Elkan
        2002: any monotone map, wants some thousand rows) or "temperature" (Guo et al. 2017: one number for
        all classes, keeps the ranking)
    cv : folds: a number, a splitter, or splits; None is 5 stratified folds
    n_jobs : folds fitted at once
    ensemble : True keeps a classifier and its calibrator for every fold and averages their probabilities;
        False fits one calibrator on the out-of-fold predictions and one classifier on all rows; "auto" is
        True unless the estimator is frozen

    Attributes
    ----------
    classes_ : the labels
    estimators_, calibrators_ : fitted classifiers, and for each the list of its calibrators: one a class, or
        one alone
    n_features_in_, feature_names_in_ : of the first classifier, where it has them

    For more than two classes, "sigmoid" and "isotonic" calibrate each class against the rest and divide by
    their sum. `sample_weight` counts repetitions in both fits, and is passed on if the classifier takes it.

    >>> from sklearn.datasets import make_classification
    >>> from sklearn.naive_bayes import GaussianNB
    >>> X, y = make_classification(200, random_state=0)
    >>> model = CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=3).fit(X, y)
    >>> model.predict_proba(X[:1]).sum()
    np.float64(1.0)
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        method: str = "sigmoid",
        cv: Any = None,
        n_jobs: int | None = None,
        ensemble: bool | str = "auto",
    ) -> None:
        self.estimator = estimator
        self.method = method
        self.cv = cv
        self.n_jobs = n_jobs
        self.ensemble = ensemble

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, **fit_params: Any
    ) -> CalibratedClassifierCV:
        """Fit classifiers and calibrators; `fit_params` go to the classifier's fit."""
        if self.method not in METHODS:
            raise ValueError(f"method must be one of {METHODS}, not {self.method!r}")
        if self.ensemble not in (True, False, "auto"):
            raise ValueError(f"ensemble must be True, False or 'auto', not {self.ensemble!r}")
        check_classification_targets(y)
        X, y = indexable(X, column_or_1d(y, warn=True))
        estimator = self._classifier()
        self.classes_, counts = np.unique(np.asarray(y).ravel(), return_counts=True)
        if self.classes_.size < 2:
            raise ValueError(
                f"Classifier can't train when only one class is present: {self.classes_}"
            )
        self._check_folds(counts)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X, dtype=np.float64)
        routed = self._routed(estimator, sample_weight, fit_params)
        cv: Any = check_cv(self.cv, y, classifier=True)
        ensemble = (
            not isinstance(estimator, FrozenEstimator) if self.ensemble == "auto" else self.ensemble
        )
        if ensemble:
            made: Any = Parallel(n_jobs=self.n_jobs)(
                delayed(_fit_fold)(
                    clone(estimator),
                    X,
                    y,
                    fold,
                    self.method,
                    self.classes_,
                    sample_weight,
                    routed.estimator.fit,
                )
                for fold in cv.split(X, y, **routed.splitter.split)
            )
        else:
            made = [self._fit_once(estimator, X, y, cv, sample_weight, routed)]
        self.estimators_ = [classifier for classifier, _ in made]
        self.calibrators_ = [calibrators for _, calibrators in made]
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(self.estimators_[0], name):
                setattr(self, name, getattr(self.estimators_[0], name))
        return self

    def _fit_once(
        self, estimator: Any, X: Any, y: Any, cv: Any, sample_weight: Any, routed: Any
    ) -> tuple[Any, list[Any]]:
        classifier: Any = clone(estimator)
        method = _check_response_method(classifier, list(RESPONSES)).__name__
        out_of_fold = cross_val_predict(
            classifier, X, y, cv=cv, method=method, n_jobs=self.n_jobs, params=routed.estimator.fit
        )
        classifier.fit(X, y, **routed.estimator.fit)
        scores = _columns(out_of_fold, method, self.classes_.size)
        if self.method == "temperature":
            scores = _both(scores, classifier)
        return classifier, _fit_calibrators(
            scores, y, self.classes_, self.classes_, self.method, sample_weight
        )

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, k) calibrated probabilities, averaged over the folds' classifiers."""
        check_is_fitted(self)
        total = np.zeros((_num_samples(X), self.classes_.size))
        for classifier, calibrators in zip(self.estimators_, self.calibrators_):
            total += self._calibrated(classifier, calibrators, X)
        return total / len(self.estimators_)

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest label."""
        check_is_fitted(self)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def _calibrated(self, classifier: Any, calibrators: list[Any], X: Any) -> np.ndarray:
        scores = _scores(classifier, X, self.classes_.size)
        if self.method == "temperature":
            return calibrators[0].predict_proba(_both(scores, classifier))
        k = self.classes_.size
        p = np.zeros((len(scores), k))
        # A fold may lack a class: its probability is then 0 in that fold.
        places = [1] if k == 2 else np.searchsorted(self.classes_, classifier.classes_)
        for place, score, calibrator in zip(places, scores.T, calibrators):
            p[:, place] = _positive(calibrator, score)
        if k == 2:
            p[:, 0] = 1.0 - p[:, 1]
            return p
        total = p.sum(axis=1, keepdims=True)
        return np.divide(p, total, out=np.full_like(p, 1.0 / k), where=total != 0)

    def _classifier(self) -> Any:
        if self.estimator is not None:
            return self.estimator
        from ..linear_model import LogisticRegression

        return LogisticRegression()

    def _check_folds(self, counts: np.ndarray) -> None:
        folds = self.cv if isinstance(self.cv, int) else getattr(self.cv, "n_splits", None)
        if folds and (counts < folds).any():
            raise ValueError(
                f"Requesting {folds}-fold cross-validation but provided less than {folds} examples for at "
                "least one class."
            )
        if isinstance(self.cv, LeaveOneOut):
            raise ValueError(
                "LeaveOneOut cross-validation does not allow all classes to be present in test splits. "
                "Please use a cross-validation generator that allows all classes to appear in every test and "
                "train split."
            )

    def _routed(self, estimator: Any, sample_weight: Any, fit_params: dict[str, Any]) -> Any:
        from sklearn import get_config

        if get_config()["enable_metadata_routing"]:
            return process_routing(self, "fit", sample_weight=sample_weight, **fit_params)
        given = dict(fit_params)
        if sample_weight is not None:
            if "sample_weight" in inspect.signature(estimator.fit).parameters:
                given["sample_weight"] = sample_weight
            else:
                warnings.warn(
                    f"{type(estimator).__name__} does not take sample_weight, so the weights are used for "
                    "the calibration only and its result is likely to be wrong.",
                    stacklevel=3,
                )
        return Bunch(splitter=Bunch(split={}), estimator=Bunch(fit=given))

    def get_metadata_routing(self) -> MetadataRouter:
        """`sample_weight` for the calibration, the rest to the classifier and the splitter."""
        fit = MethodMapping().add(caller="fit", callee="fit")
        split = MethodMapping().add(caller="fit", callee="split")
        router = MetadataRouter(owner=self).add_self_request(self)
        router.add(estimator=self._classifier(), method_mapping=fit)
        return router.add(splitter=self.cv, method_mapping=split)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = get_tags(self._classifier()).input_tags.sparse
        return tags


def _fit_fold(
    classifier: Any,
    X: Any,
    y: Any,
    fold: tuple[np.ndarray, np.ndarray],
    method: str,
    classes: np.ndarray,
    sample_weight: np.ndarray | None,
    fit_params: dict[str, Any],
) -> tuple[Any, list[Any]]:
    train, test = fold
    params = _check_method_params(X, params=fit_params, indices=train)
    classifier.fit(_safe_indexing(X, train), _safe_indexing(y, train), **params)
    scores = _scores(classifier, _safe_indexing(X, test), classes.size)
    weight = None if sample_weight is None else sample_weight[test]
    if method == "temperature":
        scores = _both(scores, classifier)
    held_out = _safe_indexing(y, test)
    return classifier, _fit_calibrators(
        scores, held_out, classes, classifier.classes_, method, weight
    )


def _scores(classifier: Any, X: Any, k: int) -> np.ndarray:
    """(n, 1) scores of the second of two classes, or (n, k)."""
    response = _check_response_method(classifier, list(RESPONSES))
    return _columns(response(X), response.__name__, k)


def _columns(found: Any, method: str, k: int) -> np.ndarray:
    found = np.asarray(found)
    if found.ndim == 1:
        return found.reshape(-1, 1)
    return found[:, 1:] if k == 2 and method == "predict_proba" and found.shape[1] == 2 else found


def _both(scores: np.ndarray, classifier: Any) -> np.ndarray:
    """Two columns of probabilities from one; decisions stay as they are."""
    probabilities = not hasattr(classifier, "decision_function")
    return np.hstack([1.0 - scores, scores]) if scores.shape[1] == 1 and probabilities else scores


def _fit_calibrators(
    scores: np.ndarray,
    y: Any,
    classes: np.ndarray,
    columns: np.ndarray,
    method: str,
    weight: np.ndarray | None,
) -> list[Any]:
    codes = np.searchsorted(classes, np.asarray(y).ravel())
    if method == "temperature":
        if np.size(columns) != classes.size:
            raise ValueError(
                f"a fold was fitted on {np.size(columns)} of {classes.size} classes; temperature scaling "
                f"needs "
                "all of them in every fold: use fewer or stratified folds"
            )
        return [_temperature(scores, codes, weight)]
    places = [1] if classes.size == 2 else np.searchsorted(classes, columns)
    made: list[Any] = []
    for place, score in zip(places, scores.T):
        hit = codes == place
        if method == "isotonic":
            made.append(
                IsotonicRegression(out_of_bounds="clip").fit(score, hit.astype(np.float64), weight)
            )
        else:
            made.append(_sigmoid(score, hit, weight))
    return made


# A fold may hold a single class, which a classifier of its own would refuse: these are fitted from codes.
def _sigmoid(score: np.ndarray, hit: np.ndarray, weight: np.ndarray | None) -> PlattScaling:
    made = PlattScaling()
    made.classes_ = np.array([0, 1])
    made.a_, made.b_ = fit_sigmoid(np.asarray(score, dtype=np.float64), hit, weight)
    return made


def _temperature(
    scores: np.ndarray, codes: np.ndarray, weight: np.ndarray | None
) -> TemperatureScaling:
    logits = as_logits(np.asarray(scores, dtype=np.float64))
    made = TemperatureScaling()
    made.classes_ = np.arange(logits.shape[1])
    made.beta_ = fit_temperature(logits, codes, weight)
    made.temperature_ = 1.0 / made.beta_
    return made


def _positive(calibrator: Any, score: np.ndarray) -> np.ndarray:
    if isinstance(calibrator, IsotonicRegression):
        return calibrator.predict(score)
    return calibrator.predict_proba(score)[:, 1]
