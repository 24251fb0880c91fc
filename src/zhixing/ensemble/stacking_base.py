"""What stacks of classifiers and of regressors share: answers out of fold, side by side."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from scipy import sparse
from sklearn import get_config
from sklearn.base import clone, is_classifier
from sklearn.model_selection import check_cv, cross_val_predict
from sklearn.utils._repr_html.estimator import _VisualBlock
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    process_routing,
)
from sklearn.utils.validation import (
    _check_feature_names_in,
    _check_response_method,
    check_is_fitted,
    has_fit_parameter,
)

from ..core.errors import InputError
from ..core.named import named
from .members import in_order, of_member, over
from .named_members import NamedMembers

RESPONSES = ("predict_proba", "decision_function", "predict")


class Stacking(NamedMembers):
    """Fits members, asks them about rows they have not seen, and fits the last model to the answers."""

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
