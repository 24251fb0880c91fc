"""Model averaging: weights that would have been best on rows the models had not seen."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin, clone, is_classifier
from sklearn.model_selection import check_cv, cross_val_predict
from sklearn.utils.metadata_routing import _raise_for_params
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, column_or_1d

from ..core.errors import InputError
from ..losses import Squared
from .combine import HOW, combine, shares
from .members import in_order, of_member, over
from .named_members import NamedMembers
from .simplex import (
    Objective,
    arithmetic_log_loss,
    best_weights,
    brier,
    by_part,
    geometric_log_loss,
    squared,
)


class Averaging(NamedMembers):
    """What averages of distributions and of numbers share."""

    weights: Any
    cv: Any
    loss: Any
    _method = "predict"

    def _check_weights(self) -> None:
        if isinstance(self.weights, str) and self.weights not in ("validation", "equal"):
            raise InputError(f"weights={self.weights!r} is none of validation, equal, or numbers")

    def _objective(self, answers: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Objective:
        raise NotImplementedError

    def _fit(self, X: Any, y: np.ndarray, weight: np.ndarray | None, given: Any) -> None:
        routed = self._routed(weight, given)
        count = len(self._kept())
        if self.cv == "prefit":
            for _, estimator in self._kept():
                check_is_fitted(estimator)
            self.estimators_ = [e for _, e in self._kept()]
            self._take_names()
        else:
            self._fit_members(X, y, routed)
        if self.weights is None or isinstance(self.weights, str) and self.weights == "equal":
            self.weights_ = shares(None, count)
        elif not isinstance(self.weights, str):
            self.weights_ = shares(self.weights, count)
        else:
            answers = self._held_out(X, y, routed)
            rows = np.ones(len(y)) if weight is None else weight
            objective = self._objective(answers, y, rows / rows.sum())
            self.weights_ = best_weights(objective, count)
            self.loss_ = objective(self.weights_)[0]
            self.member_losses_ = np.array([objective(w)[0] for w in np.eye(count)])

    def _held_out(self, X: Any, y: np.ndarray, routed: Any) -> np.ndarray:
        """(members, n, ...) answers for rows that the answering model was not fitted on."""
        if self.cv == "prefit":
            return self._answers(X)
        cv: Any = check_cv(self.cv, y=y, classifier=is_classifier(self))
        if hasattr(cv, "random_state") and cv.random_state is None:
            cv.random_state = int(np.random.default_rng().integers(2**31 - 1))

        def one(item: tuple[str, Any]) -> np.ndarray:
            name, estimator = item
            with of_member(name):
                return cross_val_predict(
                    clone(estimator),
                    X,
                    y,
                    cv=deepcopy(cv),
                    method=self._method,
                    params=routed[name],
                )

        return np.array(over(one, self._kept(), self.n_jobs))

    def _answers(self, X: Any) -> np.ndarray:
        check_is_fitted(self, "estimators_")
        found = in_order(lambda m: getattr(m, self._method)(X), self.estimators_, self.n_jobs)
        return np.array(list(found))

    def _names(self) -> list[str]:
        own = type(self).__name__.lower()
        return [f"{own}_{name}" for name, _ in self._kept()]


class AveragingClassifier(ClassifierMixin, Averaging):
    """One distribution from several classifiers, weighted by what they are worth on unseen rows.

        p = combine(p_1 .. p_m; how, w),     w = argmin over the simplex of the mean loss out of fold

    Parameters
    ----------
    estimators : list of (name, classifier with `predict_proba`); ``"drop"`` leaves one out.
    weights : ``"validation"`` (fitted), ``"equal"``, or one number a member.
    how : ``"arithmetic"`` or ``"geometric"``, see `combine`.
    loss : ``"log_loss"`` or (arithmetic only) ``"brier"``.
    cv : folds: None for 5 stratified ones, a number, a splitter, splits; or ``"prefit"``: the members are
        fitted already, and X of `fit` is validation data they have not seen.
    n_jobs : threads, None and -1 for all of ours.

    Attributes
    ----------
    weights_ : (members,) adding up to one.    loss_, member_losses_ : out of fold, of the whole and of each.
    estimators_, named_estimators_, classes_, n_features_in_, feature_names_in_.

    Notes
    -----
    The objectives are convex in w, so the weights are the best there are; many are often zero.  Cost:
    folds + 1 fits of each member, then O(n members k) a step of the solver.  Unlike `StackingClassifier`
    nothing but members - 1 numbers is learnt, so few rows suffice and the answer stays a mixture.
    Source: van der Laan, Polley and Hubbard (2007), "Super learner"; Breiman (1996), "Stacked regressions".

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from zhixing.linear_model import LogisticRegression
    >>> from zhixing.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> both = [("line", LogisticRegression()), ("bayes", GaussianNB())]
    >>> model = AveragingClassifier(both).fit(X, y)
    >>> bool(model.loss_ <= model.member_losses_.min()), round(float(model.weights_.sum()), 6)
    (True, 1.0)
    """

    _method = "predict_proba"

    def __init__(
        self,
        estimators: Any,
        *,
        weights: Any = "validation",
        how: str = "arithmetic",
        loss: str = "log_loss",
        cv: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.estimators = estimators
        self.weights = weights
        self.how = how
        self.loss = loss
        self.cv = cv
        self.n_jobs = n_jobs

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, **fit_params: Any
    ) -> AveragingClassifier:
        """Fit members and weights on X and y; returns self."""
        _raise_for_params(fit_params, self, "fit")
        self._check_members()
        self._check_weights()
        if self.how not in HOW:
            raise InputError(f"how={self.how!r} is none of {', '.join(HOW)}")
        if self.loss not in ("log_loss", "brier"):
            raise InputError(f"loss={self.loss!r} is none of log_loss, brier")
        if self.loss == "brier" and self.how == "geometric":
            raise InputError(
                "the Brier score of a geometric mean is not convex in the weights",
                do="use loss='log_loss' or how='arithmetic'",
            )
        for name, estimator in self._kept():
            if not hasattr(estimator, "predict_proba"):
                raise InputError(
                    f"the member {name} ({type(estimator).__name__}) has no predict_proba"
                )
        codes = self._encode(y)
        self._fit(X, codes, self._weights_of_rows(X, sample_weight), fit_params)
        return self

    def _objective(self, answers: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Objective:
        if self.loss == "brier":
            return brier(answers, y, weight)
        if self.how == "arithmetic":
            own = np.ascontiguousarray(answers[:, np.arange(len(y)), y].T)
            return arithmetic_log_loss(own, weight)
        logs = np.log(np.maximum(answers, np.finfo(np.float64).tiny))
        return geometric_log_loss(logs, y, weight)

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, k) the weighted mean of the members' distributions."""
        answers = self._answers(X)
        return combine(answers, self.how, self.weights_)

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class."""
        p = self.predict_proba(X)
        return self.classes_[p.argmax(axis=1)]

    def transform(self, X: Any) -> np.ndarray:
        """(n, members k) the members' probabilities."""
        return np.hstack(list(self._answers(X)))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns of `transform`."""
        check_is_fitted(self, "estimators_")
        _check_feature_names_in(self, input_features, generate_names=False)
        k = len(self.classes_)
        return np.asarray([f"{n}{c}" for n in self._names() for c in range(k)], dtype=object)


class AveragingRegressor(RegressorMixin, Averaging):
    """A mean of regressors, weighted by what they are worth on unseen rows.

    Parameters and notes are `AveragingClassifier`'s; ``loss`` is ``"squared_error"`` or any smooth part
    of `zhixing.losses` of one score with the identity as its link, e.g. ``losses.Huber()``.

    Examples
    --------
    >>> import numpy as np
    >>> from zhixing.linear_model import LinearRegression, Ridge
    >>> X = np.arange(30.0)[:, None]
    >>> both = [("plain", LinearRegression()), ("shrunk", Ridge(alpha=1e4))]
    >>> AveragingRegressor(both).fit(X, 2 * X[:, 0]).weights_.round(3)
    array([1., 0.])
    """

    def __init__(
        self,
        estimators: Any,
        *,
        weights: Any = "validation",
        loss: Any = "squared_error",
        cv: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.estimators = estimators
        self.weights = weights
        self.loss = loss
        self.cv = cv
        self.n_jobs = n_jobs

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, **fit_params: Any
    ) -> AveragingRegressor:
        """Fit members and weights on X and y (n,); returns self."""
        _raise_for_params(fit_params, self, "fit")
        self._check_members()
        self._check_weights()
        if not hasattr(self.loss, "is_part") and self.loss != "squared_error":
            raise InputError(f"loss={self.loss!r} is not squared_error or a part of losses")
        y = np.asarray(column_or_1d(y, warn=True))
        self._fit(X, y, self._weights_of_rows(X, sample_weight), fit_params)
        return self

    def _objective(self, answers: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Objective:
        y = np.ascontiguousarray(y, dtype=np.float64)
        columns = np.ascontiguousarray(answers.T, dtype=np.float64)
        if not hasattr(self.loss, "is_part") or self.loss == Squared():
            half = 0.5 if hasattr(self.loss, "is_part") else 1.0
            return squared(columns - y[:, None], half * weight)
        return by_part(self.loss, y, columns, np.ascontiguousarray(weight))

    def predict(self, X: Any) -> np.ndarray:
        """(n,) the weighted mean of the members' predictions."""
        answers = self._answers(X)
        return self.weights_ @ answers

    def transform(self, X: Any) -> np.ndarray:
        """(n, members) their predictions."""
        return self._answers(X).T

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns of `transform`."""
        check_is_fitted(self, "estimators_")
        _check_feature_names_in(self, input_features, generate_names=False)
        return np.asarray(self._names(), dtype=object)
