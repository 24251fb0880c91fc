"""What bagging for classes and for numbers share: members fitted on rows and columns drawn at random."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn import get_config
from sklearn.base import MetaEstimatorMixin
from sklearn.utils import Bunch, get_tags
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    _raise_for_params,
    process_routing,
)
from sklearn.utils.validation import (
    _check_method_params,
    _check_sample_weight,
    check_is_fitted,
    validate_data,
)

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.named import named
from ..core.random import generator
from .drawing_rows import Drawn, Units, units
from .members import SEEDS, member, over, takes_weights


class Bagging(MetaEstimatorMixin, Estimator):
    """Fits members on samples; what their answers become is for the families below."""

    #: The member where none is given, by its name in the catalogue.
    _default = ""

    def __init__(
        self,
        estimator: Any = None,
        n_estimators: int = 10,
        *,
        max_samples: float | None = None,
        max_features: float = 1.0,
        bootstrap: bool = True,
        bootstrap_features: bool = False,
        oob_score: Any = False,
        warm_start: bool = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.max_samples = max_samples
        self.max_features = max_features
        self.bootstrap = bootstrap
        self.bootstrap_features = bootstrap_features
        self.oob_score = oob_score
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    def _target(self, y: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def _judge(self, X: Any, y: np.ndarray, outside: list[np.ndarray]) -> None:
        raise NotImplementedError

    def fit(self, X: Any, y: Any, sample_weight: Any = None, **fit_params: Any) -> Bagging:
        """Fit the members on X (n, p) and y; `fit_params` are routed to their `fit`; returns self."""
        _raise_for_params(fit_params, self, "fit")
        X, y = validate_data(
            self,
            X,
            y,
            accept_sparse=["csr", "csc"],
            dtype=None,
            ensure_all_finite=False,
            multi_output=True,
        )
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
            if not weight.any():
                raise InputError("sample_weight is zero for every row", do="give some row a weight")
        y = self._target(y)
        self._check()
        routed = (
            process_routing(self, "fit", **fit_params).estimator.fit
            if get_config()["enable_metadata_routing"]
            else dict(fit_params)
        )
        self.estimator_ = self._member()
        if self.warm_start and hasattr(self, "estimators_"):
            made, features = list(self.estimators_), list(self.estimators_features_)
        else:
            made, features, self._seeds = [], [], np.empty(0, np.int64)
        if len(made) > self.n_estimators:
            raise InputError(
                f"n_estimators={self.n_estimators} is less than the {len(made)} members there are",
                do="raise it, or set warm_start=False",
            )
        if len(made) == self.n_estimators:
            warnings.warn(
                "warm_start without more n_estimators fits nothing new", UserWarning, stacklevel=2
            )
            return self
        # The seeds of a longer run begin with those of a shorter one, so a warm start goes on where it was.
        seeds = generator(self.random_state).integers(SEEDS, size=self.n_estimators)
        seeds[: len(made)] = self._seeds
        self._units = units(X, y, weight)
        self._size, self._width = self._sizes(self._units, X.shape[1])
        self._seeds = seeds

        def one(seed: int) -> tuple[Any, np.ndarray]:
            chosen, drawn = self._draw(seed)
            return self._fit_one(X, y, chosen, drawn, seed, routed), chosen

        for fitted, chosen in over(one, seeds[len(made) :].tolist(), self.n_jobs):
            made.append(fitted)
            features.append(chosen)
        self.estimators_, self.estimators_features_ = made, features
        if self.oob_score:
            n = X.shape[0]
            self._judge(X, y, [self._units.outside(self._draw(s)[1], n) for s in seeds.tolist()])
        return self

    def _check(self) -> None:
        if self.n_estimators < 1:
            raise InputError(f"n_estimators={self.n_estimators!r} must be at least 1")
        if self.oob_score and not self.bootstrap:
            raise InputError(
                "oob_score needs rows out of the bag, and bootstrap=False leaves none for certain",
                do="set bootstrap=True",
            )
        if self.oob_score and self.warm_start:
            raise InputError("oob_score is not available with warm_start=True")

    def _sizes(self, found: Units, p: int) -> tuple[int, int]:
        size = self.max_samples
        if size is None:
            size = found.total
        elif isinstance(size, float):
            if not 0 < size <= 1:
                raise InputError(f"max_samples={size!r} is a share and must be in (0, 1]")
            size = max(1, round(size * found.total))
        elif size < 1:
            raise InputError(f"max_samples={size!r} must be at least 1")
        if not self.bootstrap and size > found.total:
            raise InputError(
                f"max_samples={size} is more than the {found.total} rows",
                do="lower it or set bootstrap=True",
            )
        width = self.max_features
        if isinstance(width, float):
            if not 0 < width <= 1:
                raise InputError(f"max_features={width!r} is a share and must be in (0, 1]")
            width = max(1, int(width * p))
        elif not 1 <= width <= p:
            raise InputError(f"max_features={width!r} must be from 1 to the {p} features")
        return int(size), int(width)

    def _draw(self, seed: int) -> tuple[np.ndarray, Drawn]:
        """The features and the rows that a seed draws."""
        rng = np.random.default_rng(seed)
        p = self.n_features_in_
        if self._width == p and not self.bootstrap_features:
            features = np.arange(p)
        else:
            features = rng.choice(p, self._width, replace=self.bootstrap_features, shuffle=False)
        return features, self._units.draw(rng, self._size, replace=self.bootstrap)

    def _fit_one(
        self, X: Any, y: np.ndarray, features: np.ndarray, drawn: Drawn, seed: int, given: Any
    ) -> Any:
        made = member(self.estimator_, seed)
        rows, counts = self._units.rows(drawn)
        weigh = takes_weights(made)
        if not weigh:
            rows = np.repeat(rows, counts.astype(np.intp))
        part = X if self._width == X.shape[1] and not self.bootstrap_features else X[:, features]
        params = _check_method_params(X, params=given, indices=rows)
        if weigh:
            params["sample_weight"] = counts
        return made.fit(part[rows], y[rows], **params)

    @property
    def estimators_samples_(self) -> list[np.ndarray]:
        """For each member the rows it was fitted on, repeated as often as drawn (drawn anew when asked)."""
        check_is_fitted(self, "estimators_")
        found = []
        for seed in self._seeds.tolist():
            rows, counts = self._units.rows(self._draw(seed)[1])
            found.append(np.repeat(rows, counts.astype(np.intp)))
        return found

    def _rows(self, X: Any) -> Any:
        check_is_fitted(self)
        return validate_data(
            self,
            X,
            accept_sparse=["csr", "csc"],
            dtype=None,
            ensure_all_finite=False,
            reset=False,
        )

    def _columns(self, X: Any, features: np.ndarray) -> Any:
        same = len(features) == X.shape[1] and not self.bootstrap_features
        return X if same else X[:, features]

    def _member(self) -> Any:
        return named(self._default) if self.estimator is None else self.estimator

    def _asked(self, method: str, params: dict[str, Any], of: str) -> dict[str, Any]:
        """What `of`, a method of the members, is given of the metadata a method of ours was given."""
        _raise_for_params(params, self, method)
        if not params:
            return {}
        routed: Bunch = process_routing(self, method, **params)
        return routed.estimator[of]

    def _answers(self) -> MethodMapping:
        return MethodMapping().add(caller="fit", callee="fit")

    def get_metadata_routing(self) -> MetadataRouter:
        """Everything but `sample_weight`, which draws the rows, goes to the members."""
        router = MetadataRouter(owner=self)
        return router.add(estimator=self._member(), method_mapping=self._answers())

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        of_member = get_tags(self._member()).input_tags
        tags.input_tags.sparse = of_member.sparse
        tags.input_tags.allow_nan = of_member.allow_nan
        return tags
