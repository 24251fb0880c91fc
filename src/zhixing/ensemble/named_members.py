"""Ensembles of named estimators of different kinds: parameters, fitting and routing."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import get_config
from sklearn.base import TransformerMixin, clone, is_classifier, is_regressor
from sklearn.utils import Bunch, get_tags
from sklearn.utils._repr_html.estimator import _VisualBlock
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping, process_routing
from sklearn.utils.metaestimators import _BaseComposition
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import _check_sample_weight, column_or_1d

from ..core.errors import InputError
from ..core.estimator import Estimator
from .members import of_member, over, takes_weights


class NamedMembers(TransformerMixin, _BaseComposition, Estimator):
    """A list of (name, estimator); ``set_params(name=...)`` replaces one, ``"drop"`` leaves it out."""

    estimators: Any
    n_jobs: Any

    @property
    def named_estimators(self) -> Bunch:
        """The estimators as given, by name."""
        return Bunch(**dict(self.estimators))

    @property
    def named_estimators_(self) -> Bunch:
        """The fitted estimators by name; ``"drop"`` where one was dropped."""
        fitted = iter(self.estimators_)
        return Bunch(**{n: e if _dropped(e) else next(fitted) for n, e in self.estimators})

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return self._get_params("estimators", deep=deep)

    def set_params(self, **params: Any) -> NamedMembers:
        return self._set_params("estimators", **params)

    def _kept(self) -> list[tuple[str, Any]]:
        return [(name, e) for name, e in self.estimators if not _dropped(e)]

    def _check_members(self, *, any_kind: bool = False) -> None:
        given = self.estimators
        if not isinstance(given, list | tuple) or not given or not all(map(_is_pair, given)):
            raise InputError(
                "Invalid 'estimators' attribute, 'estimators' should be a non-empty list of "
                "(string, estimator) tuples."
            )
        self._validate_names([name for name, _ in given])
        if not self._kept():
            raise InputError("All estimators are dropped. At least one is required.")
        if any_kind:
            return
        wanted, kind = (
            (is_classifier, "classifier") if is_classifier(self) else (is_regressor, "regressor")
        )
        for _, estimator in self._kept():
            if not wanted(estimator):
                raise InputError(f"The estimator {type(estimator).__name__} should be a {kind}.")

    def _weights_of_rows(self, X: Any, sample_weight: Any) -> np.ndarray | None:
        if sample_weight is None:
            return None
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        if not weight.any():
            raise InputError("sample_weight is zero for every row", do="give some row a weight")
        return weight

    def _routed(self, weight: Any, fit_params: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """What each member's `fit` is given besides X and y."""
        if get_config()["enable_metadata_routing"]:
            routed = process_routing(self, "fit", sample_weight=weight, **fit_params)
            return {name: dict(routed[name].fit) for name, _ in self._kept()}
        if fit_params:
            raise TypeError(
                f"fit got {sorted(fit_params)[0]!r}, which needs "
                "sklearn.set_config(enable_metadata_routing=True)"
            )
        if weight is None:
            return {name: {} for name, _ in self._kept()}
        for name, estimator in self._kept():
            if not takes_weights(estimator):
                raise TypeError(
                    f"Underlying estimator {name} ({type(estimator).__name__}) does not support "
                    "sample weights."
                )
        return {name: {"sample_weight": weight} for name, _ in self._kept()}

    def _fit_members(self, X: Any, y: Any, routed: dict[str, dict[str, Any]]) -> None:
        def one(item: tuple[str, Any]) -> Any:
            name, estimator = item
            with of_member(name):
                return clone(estimator).fit(X, y, **routed[name])

        self.estimators_ = over(one, self._kept(), self.n_jobs)
        self._take_names()

    def _take_names(self) -> None:
        for name in ("n_features_in_", "feature_names_in_"):
            self.__dict__.pop(name, None)
            held = [getattr(e, name) for e in self.estimators_ if hasattr(e, name)]
            if held:
                setattr(self, name, held[0])

    def _encode(self, y: Any) -> np.ndarray:
        """Codes of one column of labels; sets `classes_`."""
        kind = type_of_target(y, input_name="y")
        if kind in ("unknown", "continuous", "continuous-multioutput"):
            raise ValueError(
                f"Unknown label type: {kind}. Maybe you are trying to fit a classifier, which expects "
                "discrete classes on a regression target with continuous values."
            )
        if kind not in ("binary", "multiclass"):
            raise NotImplementedError(
                f"{type(self).__name__} only supports binary or multiclass classification. Multilabel "
                "and multi-output classification are not supported."
            )
        self.classes_, codes = np.unique(column_or_1d(y, warn=True), return_inverse=True)
        return codes

    def get_metadata_routing(self) -> MetadataRouter:
        """Everything goes to the members' `fit`."""
        router = MetadataRouter(owner=self)
        for name, estimator in self._kept():
            mapping = MethodMapping().add(caller="fit", callee="fit")
            router.add(**{name: estimator}, method_mapping=mapping)
        return router

    def _sk_visual_block_(self) -> Any:
        names, estimators = zip(*self.estimators)
        return _VisualBlock("parallel", estimators, names=names)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        # A list that is not one of pairs is refused by fit, in words.
        given = self.estimators if isinstance(self.estimators, list | tuple) else []
        held = [get_tags(pair[1]).input_tags for pair in given if _is_pair(pair) and _whole(pair)]
        tags.input_tags.allow_nan = bool(held) and all(t.allow_nan for t in held)
        tags.input_tags.sparse = bool(held) and all(t.sparse for t in held)
        return tags


def _dropped(estimator: Any) -> bool:
    return isinstance(estimator, str) and estimator == "drop"


def _is_pair(item: Any) -> bool:
    return isinstance(item, list | tuple) and len(item) == 2 and isinstance(item[0], str)


def _whole(pair: Any) -> bool:
    return hasattr(pair[1], "get_params") and not isinstance(pair[1], type)
