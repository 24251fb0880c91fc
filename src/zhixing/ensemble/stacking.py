"""Stacking: a last model learns what to make of the others' answers."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin, is_classifier, is_regressor
from sklearn.utils.metadata_routing import _raise_for_params
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _estimator_has, column_or_1d

from .stacking_base import Stacking


class StackingClassifier(ClassifierMixin, Stacking):
    """A last classifier fitted to what the members say of rows they have not seen.

    Every member is fitted on all rows, and once for each fold to answer for the rows held out; the last
    model learns from these out-of-fold answers, so a member that has merely learnt its rows by heart is
    not trusted for it.

    Parameters
    ----------
    estimators : list of (name, estimator); ``"drop"`` in place of one leaves it out.
    final_estimator : a classifier; None is our `LogisticRegression`.
    cv : folds: None for 5 stratified ones, a number, a splitter, splits, or ``"prefit"``: the
        members are fitted already and answer for all rows.
    stack_method : ``"auto"`` (the first a member has of predict_proba, decision_function, predict) or one.
    passthrough : let the last model see X too.     n_jobs : threads, None and -1 for all of ours.
    verbose : not used, as for all our estimators.

    Attributes
    ----------
    estimators_, named_estimators_, final_estimator_, stack_method_;  classes_ (of several outputs: a list).
    n_features_in_, feature_names_in_ : of the members, where they have them.

    Notes
    -----
    Cost: folds + 1 fits of every member.  `sample_weight` goes to the members and the last model.
    Labels are coded in sorted order before members see them.  With more members than the last model's
    penalty can hold apart, mind that out-of-fold answers are of models fitted on fewer rows.
    Source: Wolpert (1992), "Stacked generalization"; Breiman (1996), "Stacked regressions".

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from zhixing.linear_model import RidgeClassifier
    >>> from zhixing.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> both = [("ridge", RidgeClassifier()), ("bayes", GaussianNB())]
    >>> model = StackingClassifier(both).fit(X, y)
    >>> bool(model.score(X, y) > 0.94), model.stack_method_
    (True, ['decision_function', 'predict_proba'])
    """

    _default = "linear_model.LogisticRegression"

    def __init__(
        self,
        estimators: Any,
        final_estimator: Any = None,
        *,
        cv: Any = None,
        stack_method: str = "auto",
        n_jobs: int | None = None,
        passthrough: bool = False,
        verbose: int = 0,
    ) -> None:
        self.estimators = estimators
        self.final_estimator = final_estimator
        self.cv = cv
        self.stack_method = stack_method
        self.n_jobs = n_jobs
        self.passthrough = passthrough
        self.verbose = verbose

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, **fit_params: Any
    ) -> StackingClassifier:
        """Fit members and the last model on X and y; returns self."""
        _raise_for_params(fit_params, self, "fit")
        self._check_members(any_kind=True)
        if not is_classifier(self._last()):
            raise ValueError(
                f"'final_estimator' parameter should be a classifier. Got {self._last()}"
            )
        check_classification_targets(y)
        if type_of_target(y) == "multilabel-indicator":
            columns = [np.unique(c, return_inverse=True) for c in np.asarray(y).T]
            self.classes_: Any = [classes for classes, _ in columns]
            codes = np.column_stack([c for _, c in columns])
        else:
            codes = self._encode(y)
        weight = self._weights_of_rows(X, sample_weight)
        self._fit_stack(X, codes, weight, fit_params)
        return self

    def _two(self) -> bool:
        return not isinstance(self.classes_, list) and len(self.classes_) == 2

    @available_if(_estimator_has("predict", delegates=("final_estimator_", "final_estimator")))
    def predict(self, X: Any, **predict_params: Any) -> np.ndarray:
        """The last model's class; `predict_params` go to its `predict`."""
        codes = np.asarray(self._answer("predict", X, predict_params), dtype=np.intp)
        if isinstance(self.classes_, list):
            return np.column_stack([c[codes[:, i]] for i, c in enumerate(self.classes_)])
        return self.classes_[codes]

    @available_if(
        _estimator_has("predict_proba", delegates=("final_estimator_", "final_estimator"))
    )
    def predict_proba(self, X: Any) -> Any:
        """(n, k) by the last model; for several outputs (n, outputs) of being present."""
        p = self._answer("predict_proba", X, {})
        if isinstance(self.classes_, list) and isinstance(p, list):
            return np.column_stack([part[:, -1] for part in p])
        return p

    @available_if(
        _estimator_has("decision_function", delegates=("final_estimator_", "final_estimator"))
    )
    def decision_function(self, X: Any) -> np.ndarray:
        """The last model's decisions."""
        return self._answer("decision_function", X, {})


class StackingRegressor(RegressorMixin, Stacking):
    """A last regressor fitted to what the members say of rows they have not seen.

    Parameters and notes are `StackingClassifier`'s; members answer with `predict`, and the last model is
    our `RidgeCV` by default.

    Examples
    --------
    >>> import numpy as np
    >>> from zhixing.linear_model import HuberRegressor, Ridge
    >>> X = np.arange(30.0).reshape(15, 2)
    >>> both = [("ridge", Ridge()), ("huber", HuberRegressor())]
    >>> model = StackingRegressor(both, cv=3).fit(X, X[:, 0])
    >>> bool(model.score(X, X[:, 0]) > 0.99)
    True
    """

    _default = "linear_model.RidgeCV"
    stack_method = "predict"

    def __init__(
        self,
        estimators: Any,
        final_estimator: Any = None,
        *,
        cv: Any = None,
        n_jobs: int | None = None,
        passthrough: bool = False,
        verbose: int = 0,
    ) -> None:
        self.estimators = estimators
        self.final_estimator = final_estimator
        self.cv = cv
        self.n_jobs = n_jobs
        self.passthrough = passthrough
        self.verbose = verbose

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, **fit_params: Any
    ) -> StackingRegressor:
        """Fit members and the last model on X and y (n,); returns self."""
        _raise_for_params(fit_params, self, "fit")
        self._check_members(any_kind=True)
        if not is_regressor(self._last()):
            raise ValueError(
                f"'final_estimator' parameter should be a regressor. Got {self._last()}"
            )
        y = column_or_1d(y, warn=True)
        weight = self._weights_of_rows(X, sample_weight)
        self._fit_stack(X, y, weight, fit_params)
        return self

    @available_if(_estimator_has("predict", delegates=("final_estimator_", "final_estimator")))
    def predict(self, X: Any, **predict_params: Any) -> np.ndarray:
        """(n,) by the last model; `predict_params` go to its `predict`."""
        return self._answer("predict", X, predict_params)
