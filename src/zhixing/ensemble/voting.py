"""Voting: fitted models of different kinds vote, or their answers are averaged."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.metadata_routing import _raise_for_params
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import _check_feature_names_in, check_is_fitted, column_or_1d

from ..core.errors import InputError
from .combine import shares
from .members import in_order
from .named_members import NamedMembers


class Voting(NamedMembers):
    """What votes of classes and averages of numbers share."""

    weights: Any

    def fit(self, X: Any, y: Any, sample_weight: Any = None, **fit_params: Any) -> Any:
        """Fit a clone of every member on X and y; returns self."""
        _raise_for_params(fit_params, self, "fit")
        self._check_members()
        if self.weights is not None and len(self.weights) != len(self.estimators):
            raise InputError(
                f"Number of `estimators` and weights must be equal; got {len(self.weights)} weights, "
                f"{len(self.estimators)} estimators"
            )
        weight = self._weights_of_rows(X, sample_weight)
        target = self._target(y)
        self._fit_members(X, target, self._routed(weight, fit_params))
        return self

    def _target(self, y: Any) -> np.ndarray:
        raise NotImplementedError

    def _shares(self) -> np.ndarray:
        """The weights of the members that were not dropped, adding up to one."""
        if self.weights is None:
            return shares(None, len(self.estimators_))
        kept = {name for name, _ in self._kept()}
        held = [w for (name, _), w in zip(self.estimators, self.weights) if name in kept]
        return shares(held, len(self.estimators_))

    def _predictions(self, X: Any) -> np.ndarray:
        """(n, members)."""
        check_is_fitted(self)
        found = in_order(lambda m: np.asarray(m.predict(X)), self.estimators_, self.n_jobs)
        return np.array(list(found)).T

    def _names(self) -> list[str]:
        own = type(self).__name__.lower()
        return [f"{own}_{name}" for name, _ in self._kept()]


class VotingClassifier(ClassifierMixin, Voting):
    """Classifiers of any kind vote for a class.

        hard: the class with most (weighted) votes;     soft: the largest of sum_m w_m p_m(c | x)

    Parameters
    ----------
    estimators : list of (name, classifier); ``"drop"`` in place of one leaves it out.
    voting : ``"hard"`` or ``"soft"``.     weights : one a member, None for equal ones.
    n_jobs : threads, None and -1 for all of ours.
    flatten_transform : shape of a soft `transform`: (n, members k) or (members, n, k).
    verbose : not used, as for all our estimators.

    Attributes
    ----------
    estimators_, named_estimators_ : members, fitted to codes 0..k-1.    classes_.
    n_features_in_, feature_names_in_ : of the members, where they have them.

    Notes
    -----
    Cost: that of the members, over the threads.  Equal votes go to the first of the classes.
    `sample_weight` goes to every member, and must be taken by it (with routing: to those that ask).
    Source: Kuncheva (2004), "Combining pattern classifiers", chapters 4 and 5.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from zhixing.linear_model import LogisticRegression
    >>> from zhixing.naive_bayes import GaussianNB
    >>> X, y = load_iris(return_X_y=True)
    >>> both = [("line", LogisticRegression()), ("bayes", GaussianNB())]
    >>> model = VotingClassifier(both, voting="soft").fit(X, y)
    >>> bool(model.score(X, y) > 0.95), model.predict_proba(X[:1]).round(2)
    (True, array([[0.99, 0.01, 0.  ]]))
    """

    def __init__(
        self,
        estimators: Any,
        *,
        voting: str = "hard",
        weights: Any = None,
        n_jobs: int | None = None,
        flatten_transform: bool = True,
        verbose: Any = False,
    ) -> None:
        self.estimators = estimators
        self.voting = voting
        self.weights = weights
        self.n_jobs = n_jobs
        self.flatten_transform = flatten_transform
        self.verbose = verbose

    def _target(self, y: Any) -> np.ndarray:
        if self.voting not in ("hard", "soft"):
            raise InputError(f"voting={self.voting!r} is none of hard, soft")
        if self.voting == "soft":
            for name, estimator in self._kept():
                if not hasattr(estimator, "predict_proba"):
                    raise AttributeError(
                        f"voting='soft' needs probabilities, and {name} "
                        f"({type(estimator).__name__}) has no predict_proba"
                    )
        return self._encode(y)

    def _probabilities(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        return np.array(list(in_order(lambda m: m.predict_proba(X), self.estimators_, self.n_jobs)))

    def predict(self, X: Any) -> np.ndarray:
        """The class that wins."""
        check_is_fitted(self)
        if self.voting == "soft":
            return self.classes_[self.predict_proba(X).argmax(axis=1)]
        votes = np.asarray(self._predictions(X), dtype=np.intp)
        tally = np.zeros((len(votes), len(self.classes_)))
        rows = np.arange(len(votes))
        for column, share in zip(votes.T, self._shares()):
            tally[rows, column] += share
        # Equal votes of thirds and the like differ in their last bits only.
        return self.classes_[(tally > tally.max(axis=1, keepdims=True) - 1e-12).argmax(axis=1)]

    def _soft(self) -> bool:
        if self.voting == "hard":
            raise AttributeError(f"predict_proba is not available when voting={self.voting!r}")
        return True

    @available_if(_soft)
    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, k) the weighted mean of the members' probabilities."""
        answers = self._probabilities(X)
        return np.tensordot(self._shares(), answers, 1)

    def transform(self, X: Any) -> np.ndarray:
        """The members' votes (n, members), or their probabilities."""
        if self.voting == "hard":
            return self._predictions(X)
        p = self._probabilities(X)
        return np.hstack(list(p)) if self.flatten_transform else p

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns of `transform`."""
        check_is_fitted(self, "estimators_")
        if self.voting == "soft" and not self.flatten_transform:
            raise ValueError(
                "get_feature_names_out is not supported when `voting='soft'` and "
                "`flatten_transform=False`"
            )
        _check_feature_names_in(self, input_features, generate_names=False)
        names = self._names()
        if self.voting == "soft":
            names = [f"{name}{c}" for name in names for c in range(len(self.classes_))]
        return np.asarray(names, dtype=object)


class VotingRegressor(RegressorMixin, Voting):
    """The weighted mean of regressors of any kind; parameters and notes are `VotingClassifier`'s.

    Examples
    --------
    >>> import numpy as np
    >>> from zhixing.linear_model import LinearRegression, Ridge
    >>> X = np.arange(20.0)[:, None]
    >>> both = [("plain", LinearRegression()), ("ridge", Ridge())]
    >>> model = VotingRegressor(both, weights=[3, 1]).fit(X, 2 * X[:, 0])
    >>> model.predict([[3.0]]).round(2)
    array([6.])
    """

    def __init__(
        self,
        estimators: Any,
        *,
        weights: Any = None,
        n_jobs: int | None = None,
        verbose: Any = False,
    ) -> None:
        self.estimators = estimators
        self.weights = weights
        self.n_jobs = n_jobs
        self.verbose = verbose

    def _target(self, y: Any) -> np.ndarray:
        return column_or_1d(y, warn=True)

    def predict(self, X: Any) -> np.ndarray:
        """(n,) the weighted mean of the members' predictions."""
        answers = self._predictions(X)
        return answers @ self._shares()

    def transform(self, X: Any) -> np.ndarray:
        """(n, members) their predictions."""
        return self._predictions(X)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the columns of `transform`."""
        check_is_fitted(self, "estimators_")
        _check_feature_names_in(self, input_features, generate_names=False)
        return np.asarray(self._names(), dtype=object)
