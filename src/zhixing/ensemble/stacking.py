"""Stacking: a last model learns what to make of the others' answers."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from scipy import sparse
from sklearn import get_config
from sklearn.base import ClassifierMixin, RegressorMixin, clone, is_classifier, is_regressor
from sklearn.model_selection import check_cv, cross_val_predict
from sklearn.utils._repr_html.estimator import _VisualBlock
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    _raise_for_params,
    process_routing,
)
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import (
    _check_feature_names_in,
    _check_response_method,
    _estimator_has,
    check_is_fitted,
    column_or_1d,
    has_fit_parameter,
)

from ..core.errors import InputError
from ..core.named import named
from .members import in_order, of_member, over
from .named_members import NamedMembers

RESPONSES = ("predict_proba", "decision_function", "predict")


class Stacking(NamedMembers):
    """What stacks of classifiers and of regressors share."""

    final_estimator: Any
    cv: Any
    stack_method: Any
    passthrough: Any
    #: The last model where none is given, by its name in the catalogue.
    _default = ""

    def _fit_stack(self, X: Any, y: Any, weight: Any, fit_params: dict[str, Any]) -> None:
        routed = self._routed(weight, fit_params)
        methods = {name: self._method(name, e) for name, e in self._kept()}
        if self.cv == "prefit":
            for _, estimator in self._kept():
                check_is_fitted(estimator)
            self.estimators_ = [e for _, e in self._kept()]
            self._take_names()
            answers = self._ask(X, [methods[name] for name, _ in self._kept()])
        else:
            self._fit_members(X, y, routed)
            cv: Any = check_cv(self.cv, y=y, classifier=is_classifier(self))
            if hasattr(cv, "random_state") and cv.random_state is None:
                # Every member is to be judged on the same folds.
                cv.random_state = int(np.random.default_rng().integers(2**31 - 1))

            def one(item: tuple[str, Any]) -> Any:
                name, estimator = item
                with of_member(name):
                    return cross_val_predict(
                        clone(estimator),
                        X,
                        y,
                        cv=deepcopy(cv),
                        method=methods[name],
                        params=routed[name],
                    )

            answers = over(one, self._kept(), self.n_jobs)
        self.stack_method_ = [methods[name] for name, _ in self._kept()]
        meta = self._side_by_side(X, answers)
        last: Any = clone(self._last())
        given = {}
        if weight is not None:
            if not has_fit_parameter(last, "sample_weight"):
                raise TypeError(
                    f"the final estimator {type(last).__name__} does not support sample weights"
                )
            given = {"sample_weight": weight}
        self.final_estimator_ = last.fit(meta, y, **given)

    def _last(self) -> Any:
        return named(self._default) if self.final_estimator is None else self.final_estimator

    def _method(self, name: str, estimator: Any) -> str:
        wanted = list(RESPONSES) if self.stack_method == "auto" else self.stack_method
        if self.stack_method not in ("auto", *RESPONSES):
            raise InputError(
                f"stack_method={self.stack_method!r} is none of auto, {', '.join(RESPONSES)}"
            )
        try:
            return _check_response_method(estimator, wanted).__name__
        except AttributeError as error:
            raise ValueError(
                f"Underlying estimator {name} does not implement the method {self.stack_method}."
            ) from error

    def _ask(self, X: Any, methods: list[str]) -> list[Any]:
        jobs = list(zip(self.estimators_, methods))
        return list(in_order(lambda job: getattr(job[0], job[1])(X), jobs, self.n_jobs))

    def _side_by_side(self, X: Any, answers: list[Any]) -> Any:
        """The members' answers as columns, and those of X with `passthrough`.

        Of two classes' probabilities the second is enough.
        """
        columns = []
        for method, answer in zip(self.stack_method_, answers):
            # Several outputs come as a list of (n, classes).
            for part in answer if isinstance(answer, list) else [answer]:
                part = np.asarray(part)
                if part.ndim == 1:
                    part = part[:, None]
                elif method == "predict_proba" and (isinstance(answer, list) or self._two()):
                    part = part[:, 1:]
                columns.append(part)
        sizes = [1 if not isinstance(a, list) else len(a) for a in answers]
        ends = np.cumsum([0, *sizes])
        self._widths = [sum(c.shape[1] for c in columns[a:b]) for a, b in zip(ends[:-1], ends[1:])]
        if not self.passthrough:
            return np.hstack(columns)
        if sparse.issparse(X):
            return sparse.hstack([*columns, X], format=X.format)
        return np.hstack([*columns, np.asarray(X)])

    def _two(self) -> bool:
        return False

    def _transform(self, X: Any) -> Any:
        check_is_fitted(self)
        return self._side_by_side(X, self._ask(X, self.stack_method_))

    def transform(self, X: Any) -> Any:
        """(n, columns): the members' answers, then X with `passthrough`."""
        return self._transform(X)

    def _answer(self, method: str, X: Any, params: dict[str, Any]) -> Any:
        check_is_fitted(self)
        if params and get_config()["enable_metadata_routing"]:
            params = process_routing(self, method, **params).final_estimator_[method]
        return getattr(self.final_estimator_, method)(self._transform(X), **params)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns of `transform`."""
        check_is_fitted(self, "estimators_")
        given = _check_feature_names_in(self, input_features, generate_names=self.passthrough)
        own = type(self).__name__.lower()
        names: list[Any] = []
        for (name, _), width in zip(self._kept(), self._widths):
            short = f"{own}_{name}"
            names += [short] if width == 1 else [f"{short}{i}" for i in range(width)]
        return np.asarray([*names, *given] if self.passthrough else names, dtype=object)

    def get_metadata_routing(self) -> MetadataRouter:
        """Of `fit` to the members, of `predict` to the last model."""
        router = super().get_metadata_routing()
        mapping = MethodMapping().add(caller="predict", callee="predict")
        last = getattr(self, "final_estimator_", self.final_estimator)
        return router.add(final_estimator_=last, method_mapping=mapping)

    def _sk_visual_block_(self) -> Any:
        names, estimators = zip(*self.estimators)
        members = _VisualBlock("parallel", estimators, names=names, dash_wrapped=False)
        last = _VisualBlock(
            "parallel", [self._last()], names=["final_estimator"], dash_wrapped=False
        )
        return _VisualBlock("serial", (members, last), dash_wrapped=False)


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
