"""Bagging: members fitted on samples drawn with replacement vote, or are averaged."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, MultiOutputMixin, RegressorMixin
from sklearn.utils.metadata_routing import MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _estimator_has, column_or_1d

from ..metrics import r2_score
from .bagging_base import Bagging
from .members import in_order, probabilities


class BaggingClassifier(ClassifierMixin, Bagging):
    """Classifiers fitted on bootstrap samples; their probabilities are averaged.

        p(c | x) = mean over members b of p_b(c | x),    member b fitted on rows drawn with replacement

    A member without `predict_proba` gives its vote instead.  Averaging leaves the bias of a member and
    lowers its variance, so it pays for unstable members such as deep trees.

    Parameters
    ----------
    estimator : any classifier; None is our `DecisionTreeClassifier`.      n_estimators : members.
    max_samples : rows drawn for a member: None for as many as there are, a number, or a share of them.
    max_features : columns drawn for a member, a number or a share.
    bootstrap, bootstrap_features : draw rows, columns with replacement.
    oob_score : judge every row by the members that did not see it; True for accuracy or R^2, or a
        function of (y, prediction).
    warm_start : keep the members there are and fit more.
    n_jobs : threads; None and -1 are all of ours (`zhixing.threads`).
    random_state : seeds rows, columns and members.      verbose : not used, as for all our estimators.

    Attributes
    ----------
    estimators_, estimators_features_ : members, and the columns of each.
    estimators_samples_ : rows of each, drawn anew when asked for.
    classes_, n_classes_;  estimator_ : what the members are clones of.
    oob_score_, oob_decision_function_ (n, classes) : NaN where a row was in every bag.

    Notes
    -----
    Weights: a row of weight w is w rows, exactly: rows are drawn by their content, equal rows being one
    unit, and a member that takes weights is fitted once on the units drawn with how often they
    were.  Weights that are not whole are taken relative to their mean.  So samples do not depend on the
    order of rows, and a row is out of bag only if no copy of it was drawn.
    Cost: that of the members, over all threads; O(n p + n log n) to order the rows.
    Differences from scikit-learn: the above; members of a sample without some class are asked for the
    classes they know.  Source: Breiman (1996), "Bagging predictors"; Ho (1998) for columns.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from zhixing.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> model = BaggingClassifier(GaussianNB(), n_estimators=30, oob_score=True, random_state=0).fit(X, y)
    >>> bool(model.oob_score_ > 0.9), model.predict(X[:2])
    (True, array([0, 0]))
    """

    _default = "tree.DecisionTreeClassifier"

    def _target(self, y: np.ndarray) -> np.ndarray:
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        self.n_classes_ = len(self.classes_)
        return codes

    def _judge(self, X: Any, y: np.ndarray, outside: list[np.ndarray]) -> None:
        total = np.zeros((len(y), self.n_classes_))
        jobs = list(zip(self.estimators_, self.estimators_features_, outside))
        k = self.n_classes_

        def one(job: Any) -> np.ndarray:
            fitted, features, mask = job
            return probabilities(fitted, self._columns(X, features)[np.flatnonzero(mask)], k)

        for (_, _, mask), p in zip(jobs, in_order(one, jobs, self.n_jobs)):
            total[mask] += p
        judged = total.sum(axis=1) > 0
        _warn_unless(judged)
        self.oob_decision_function_ = _shares(total, judged)
        if callable(self.oob_score):
            labels = self.classes_[total[judged].argmax(axis=1)]
            self.oob_score_ = self.oob_score(self.classes_[y[judged]], labels)
        else:
            self.oob_score_ = float(np.mean(total[judged].argmax(axis=1) == y[judged]))

    def predict_proba(self, X: Any, **params: Any) -> np.ndarray:
        """(n, classes): the mean of the members' probabilities, or the share of their votes."""
        X = self._rows(X)
        of = "predict_proba" if hasattr(self._member(), "predict_proba") else "predict"
        return self._mean(X, self._asked("predict_proba", params, of))

    def predict_log_proba(self, X: Any, **params: Any) -> np.ndarray:
        """The logarithm of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X, **params))

    def predict(self, X: Any, **params: Any) -> np.ndarray:
        """The likeliest class."""
        X = self._rows(X)
        of = "predict_proba" if hasattr(self._member(), "predict_proba") else "predict"
        p = self._mean(X, self._asked("predict", params, of))
        return self.classes_[p.argmax(axis=1)]

    @available_if(_estimator_has("decision_function", delegates=("estimators_", "estimator")))
    def decision_function(self, X: Any, **params: Any) -> np.ndarray:
        """The mean of the members' decision functions; all of them must know every class."""
        X = self._rows(X)
        given = self._asked("decision_function", params, "decision_function")
        jobs = list(zip(self.estimators_, self.estimators_features_))

        def one(job: Any) -> np.ndarray:
            return job[0].decision_function(self._columns(X, job[1]), **given)

        total = sum(in_order(one, jobs, self.n_jobs))
        return np.asarray(total) / len(jobs)

    def _mean(self, X: Any, given: dict[str, Any]) -> np.ndarray:
        jobs = list(zip(self.estimators_, self.estimators_features_))

        def one(job: Any) -> np.ndarray:
            return probabilities(job[0], self._columns(X, job[1]), self.n_classes_, **given)

        total = np.zeros((X.shape[0], self.n_classes_))
        for p in in_order(one, jobs, self.n_jobs):
            total += p
        return total / len(jobs)

    def _answers(self) -> MethodMapping:
        of = "predict_proba" if hasattr(self._member(), "predict_proba") else "predict"
        mapping = super()._answers()
        for caller in ("predict", "predict_proba", "predict_log_proba"):
            mapping.add(caller=caller, callee=of)
        return mapping.add(caller="decision_function", callee="decision_function")


class BaggingRegressor(MultiOutputMixin, RegressorMixin, Bagging):
    """Regressors fitted on bootstrap samples; their predictions are averaged.

    Parameters and notes are those of `BaggingClassifier`; the default member is our
    `DecisionTreeRegressor`, and y may have several columns where the member takes them.

    Attributes
    ----------
    oob_prediction_ : (n,) or (n, outputs), NaN where a row was in every bag;  oob_score_ : R^2 of it.

    Examples
    --------
    >>> import numpy as np
    >>> from zhixing.linear_model import Ridge
    >>> X = np.arange(40.0).reshape(20, 2)
    >>> model = BaggingRegressor(Ridge(), random_state=0).fit(X, X[:, 0])
    >>> bool(model.score(X, X[:, 0]) > 0.99)
    True
    """

    _default = "tree.DecisionTreeRegressor"

    def _target(self, y: np.ndarray) -> np.ndarray:
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        return y

    def _judge(self, X: Any, y: np.ndarray, outside: list[np.ndarray]) -> None:
        total, times = np.zeros(y.shape), np.zeros(len(y))
        jobs = list(zip(self.estimators_, self.estimators_features_, outside))

        def one(job: Any) -> np.ndarray:
            fitted, features, mask = job
            return fitted.predict(self._columns(X, features)[np.flatnonzero(mask)])

        for (_, _, mask), z in zip(jobs, in_order(one, jobs, self.n_jobs)):
            total[mask] += z.reshape(total[mask].shape)
            times[mask] += 1
        judged = times > 0
        _warn_unless(judged)
        shape = (-1, *([1] * (y.ndim - 1)))
        mean = total / np.where(judged, times, 1.0).reshape(shape)
        self.oob_prediction_ = np.where(judged.reshape(shape), mean, np.nan)
        measure: Any = self.oob_score if callable(self.oob_score) else r2_score
        self.oob_score_ = float(measure(y[judged], mean[judged]))

    def predict(self, X: Any, **params: Any) -> np.ndarray:
        """The mean of the members' predictions."""
        X = self._rows(X)
        given = self._asked("predict", params, "predict")
        jobs = list(zip(self.estimators_, self.estimators_features_))

        def one(job: Any) -> np.ndarray:
            return np.asarray(job[0].predict(self._columns(X, job[1]), **given))

        return np.asarray(sum(in_order(one, jobs, self.n_jobs))) / len(jobs)

    def _answers(self) -> MethodMapping:
        return super()._answers().add(caller="predict", callee="predict")


def _warn_unless(judged: np.ndarray) -> None:
    if not judged.any():
        raise ValueError("no row was out of bag for any member: raise n_estimators")
    if not judged.all():
        warnings.warn(
            f"{int((~judged).sum())} rows were in every bag and have no out-of-bag prediction; "
            "raise n_estimators",
            UserWarning,
            stacklevel=4,
        )


def _shares(total: np.ndarray, judged: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(judged[:, None], total / total.sum(axis=1, keepdims=True), np.nan)
