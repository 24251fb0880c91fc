"""AdaBoost for classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import softmax
from sklearn.base import ClassifierMixin, MetaEstimatorMixin
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import _raise_for_unsupported_routing, _RoutingNotSupportedMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.random import generator
from ..core.validation import FLOATS
from ..growth.by_value import by_value
from ..growth.explained import ExplainedTrees
from ..growth.tree_sum import TreeSum
from ..metrics import accuracy_score
from .members import SEEDS, need_weights
from .samme import AnyClassifier, all_classes, log_shares, samme
from .stumps import StumpLearner, Stumps, largest

ALGORITHMS = ("SAMME", "SAMME.R")


class AdaBoostClassifier(
    _RoutingNotSupportedMixin, ExplainedTrees, ClassifierMixin, MetaEstimatorMixin, Estimator
):
    """Weak classifiers fitted in turn, each to the rows that those before it got wrong.

    Round t fits h_t to weights w, takes its weighted error e_t and (SAMME, k classes)

        alpha_t = learning_rate (log((1 - e_t) / e_t) + log(k - 1)),    w_i *= exp(alpha_t) where h_t is wrong

    and the decision for class c is ``sum_t alpha_t (1 if h_t = c else -1 / (k - 1)) / sum_t alpha_t``.
    SAMME.R uses the members' probabilities p instead:
    ``(k - 1) (log p_c - mean log p)`` is added for class c, and
    ``w_i *= exp(-learning_rate (k - 1) / k  y_i . log p(x_i))``.

    Parameters
    ----------
    estimator : any classifier that takes `sample_weight`; None is a stump of our own on binned values.
    n_estimators : the most rounds; a perfect member ends them, and one no better than chance.
    learning_rate : shrinks every alpha.      algorithm : ``"SAMME"`` or ``"SAMME.R"``.
    random_state : seeds the members.

    Attributes
    ----------
    estimators_ : members.   estimator_weights_, estimator_errors_ : (n_estimators,), 0 and 1 after the last.
    classes_, n_classes_, n_features_in_, feature_names_in_;
    feature_importances_ : mean of the members', weighted by alpha.

    Notes
    -----
    The stump is the cut of least weighted Gini impurity among at most 255 bins of each feature, as of a
    scikit-learn tree of depth 1 where a feature has at most 255 distinct values.  Rows are binned once;
    a round adds the change of the changed weights to the histogram it has, O(p n_wrong), and searches
    it, O(p bins k).  Missing values go to the side that is purer with them.  Sparse input is made dense.
    Differences from scikit-learn: bins; missing values; SAMME.R is kept.
    Stumps are explained: `shap_values` of the decision, `zhixing.tree.rules`, `export_text`.
    A row's margin says how sure the vote is of its class: `margins`, `staged_margins`.  It goes on
    growing when no error is left, which is why test error may fall further (Schapire et al. 1998).
    Source: Freund and Schapire (1997); Zhu, Zou, Rosset and Hastie (2009), algorithms 2 and 4.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = AdaBoostClassifier(n_estimators=30).fit(X, y)
    >>> bool(model.score(X, y) > 0.93), len(model.estimators_)
    (True, 30)
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        n_estimators: int = 50,
        learning_rate: float = 1.0,
        algorithm: str = "SAMME",
        random_state: Any = None,
    ) -> None:
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.learning_rate = learning_rate
        self.algorithm = algorithm
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> AdaBoostClassifier:
        """Boost on X (n, p) and labels y; returns self."""
        _raise_for_unsupported_routing(self, "fit", sample_weight=sample_weight)
        self._check()
        X, y = self._table(X, y)
        check_classification_targets(y)
        weight = np.ones(len(y))
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True, copy=True
            )
            if not weight.any():
                raise InputError("sample_weight is zero for every row", do="give some row a weight")
        # A row without weight is as good as absent, also for the bins and the classes.
        kept = np.flatnonzero(weight)
        if len(kept) < len(weight):
            X, y, weight = X[kept], y[kept], weight[kept]
        self.classes_, codes = np.unique(y, return_inverse=True)
        self.n_classes_ = k = len(self.classes_)
        if k < 2:
            raise ValueError(
                f"AdaBoostClassifier needs at least two classes in y; there is only one class: "
                f"{self.classes_[0]!r}"
            )
        if self.estimator is None:
            X = X.toarray() if sparse.issparse(X) else X
            learner: Any = StumpLearner(X, codes, self.classes_, weight)
        else:
            learner = AnyClassifier(self.estimator, X, y, self.classes_)
        seeds = generator(self.random_state).integers(SEEDS, size=self.n_estimators).tolist()
        real = self.algorithm == "SAMME.R"
        found = samme(learner, codes, k, weight, rate=self.learning_rate, seeds=seeds, real=real)
        held = len(found.members)
        self.estimator_weights_ = np.zeros(self.n_estimators)
        self.estimator_errors_ = np.ones(self.n_estimators)
        self.estimator_weights_[:held], self.estimator_errors_[:held] = found.weights, found.errors
        stumps = self.estimator is None
        self.members_ = Stumps.of(found.members) if stumps else found.members
        return self

    def _check(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise InputError(f"algorithm={self.algorithm!r} is none of {', '.join(ALGORITHMS)}")
        if self.n_estimators < 1:
            raise InputError(f"n_estimators={self.n_estimators!r} must be at least 1")
        if not self.learning_rate > 0:
            raise InputError(f"learning_rate={self.learning_rate!r} must be positive")
        if self.estimator is None:
            return
        need_weights(self.estimator, self)
        if self.algorithm == "SAMME.R" and not hasattr(self.estimator, "predict_proba"):
            raise InputError(
                f"SAMME.R needs probabilities, and {type(self.estimator).__name__} has no predict_proba",
                do="use algorithm='SAMME'",
            )

    def _table(self, X: Any, *y: Any) -> Any:
        """X, and y when fitting, as the members take them."""
        stumps = self.estimator is None
        nan = get_tags(self).input_tags.allow_nan
        return validate_data(
            self,
            X,
            *y,
            accept_sparse=["csr", "csc"] if not stumps else "csr",
            dtype=list(FLOATS) if stumps else None,
            ensure_all_finite="allow-nan" if nan else True,
            reset=bool(y),
        )

    @property
    def estimators_(self) -> list[Any]:
        """The members in the order they were fitted; stumps as tuples that can predict."""
        check_is_fitted(self, "members_")
        held = self.members_
        return held.each(self.classes_) if isinstance(held, Stumps) else held

    def _votes(self, share: np.ndarray) -> np.ndarray:
        """(..., k): what a member of those class shares says for every class, by the algorithm."""
        if self.algorithm == "SAMME.R":
            return log_shares(share)
        return self._coded(largest(share))

    def _coded(self, codes: np.ndarray) -> np.ndarray:
        k = self.n_classes_
        return np.where(codes[..., None] == np.arange(k), 1.0, -1.0 / (k - 1))

    def _parts(self, X: Any) -> Iterator[tuple[float, np.ndarray]]:
        """(alpha, votes (n, k)) of every member."""
        held = self.members_
        for t in range(len(held)):
            alpha = float(self.estimator_weights_[t])
            if isinstance(held, Stumps):
                out = np.zeros((X.shape[0], self.n_classes_))
                one = held.only(t)
                one.add(X, self._votes(one.share), out)
            elif self.algorithm == "SAMME.R":
                out = log_shares(all_classes(held[t], X, self.classes_))
            else:
                out = self._coded(np.searchsorted(self.classes_, held[t].predict(X)))
            yield alpha, out

    def _decisions(self, X: Any) -> np.ndarray:
        """(n, k)."""
        total = np.zeros((X.shape[0], self.n_classes_))
        held = self.members_
        if isinstance(held, Stumps):
            alpha = self.estimator_weights_[: len(held), None, None]
            held.add(X, alpha * self._votes(held.share), total)
        else:
            for alpha, votes in self._parts(X):
                total += alpha * votes
        return total / self.estimator_weights_.sum()

    def _staged(self, X: Any) -> Iterator[np.ndarray]:
        check_is_fitted(self)
        X = self._table(X)
        total, norm = np.zeros((X.shape[0], self.n_classes_)), 0.0
        for alpha, votes in self._parts(X):
            total += alpha * votes
            norm += alpha
            yield total / norm

    def _shown(self, decisions: np.ndarray) -> np.ndarray:
        return decisions[:, 1] - decisions[:, 0] if self.n_classes_ == 2 else decisions

    def _labels(self, decisions: np.ndarray) -> np.ndarray:
        if self.n_classes_ == 2:
            return self.classes_[(decisions[:, 1] > decisions[:, 0]).astype(int)]
        return self.classes_[decisions.argmax(axis=1)]

    def decision_function(self, X: Any) -> np.ndarray:
        """(n, k), or for two classes (n,) of the second less the first: in [-2, 2] by SAMME."""
        check_is_fitted(self)
        return self._shown(self._decisions(self._table(X)))

    def predict(self, X: Any) -> np.ndarray:
        """The class with the largest decision."""
        check_is_fitted(self)
        return self._labels(self._decisions(self._table(X)))

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n, k): softmax of decisions / (k - 1); Zhu et al. (2009), eq. 15."""
        check_is_fitted(self)
        return self._proba(self._decisions(self._table(X)))

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """The logarithm of `predict_proba`."""
        return np.log(self.predict_proba(X))

    def _proba(self, decisions: np.ndarray) -> np.ndarray:
        k = self.n_classes_
        if k == 2:
            half = (decisions[:, 1] - decisions[:, 0]) / 2
            return softmax(np.column_stack([-half, half]), axis=1)
        return softmax(decisions / (k - 1), axis=1)

    def staged_decision_function(self, X: Any) -> Iterator[np.ndarray]:
        """`decision_function` after each round."""
        for decisions in self._staged(X):
            yield self._shown(decisions)

    def staged_predict(self, X: Any) -> Iterator[np.ndarray]:
        """`predict` after each round."""
        for decisions in self._staged(X):
            yield self._labels(decisions)

    def staged_predict_proba(self, X: Any) -> Iterator[np.ndarray]:
        """`predict_proba` after each round."""
        for decisions in self._staged(X):
            yield self._proba(decisions)

    def staged_score(self, X: Any, y: Any, sample_weight: Any = None) -> Iterator[float]:
        """Accuracy after each round."""
        for labels in self.staged_predict(X):
            yield float(accuracy_score(y, labels, sample_weight=sample_weight))

    def margins(self, X: Any, y: Any) -> np.ndarray:
        """(n,): the share of the vote for a row's own class less that for the best other, in [-1, 1].

        Negative where the row is misclassified.  (SAMME.R adds log-odds, not votes: its margins have
        the same sign and no bound.)
        """
        check_is_fitted(self)
        return self._margins(self._decisions(self._table(X)), y)

    def staged_margins(self, X: Any, y: Any) -> Iterator[np.ndarray]:
        """`margins` after each round."""
        for decisions in self._staged(X):
            yield self._margins(decisions, y)

    def _margins(self, decisions: np.ndarray, y: Any) -> np.ndarray:
        y = np.asarray(y)
        codes = np.searchsorted(self.classes_, y).clip(max=self.n_classes_ - 1)
        if not (self.classes_[codes] == y).all():
            raise InputError("y holds a class that was not in training")
        rows = np.arange(len(codes))
        own = decisions[rows, codes]
        others = decisions.copy()
        others[rows, codes] = -np.inf
        # A class with all votes has decision 1, one without any -1 / (k - 1).
        return (self.n_classes_ - 1) / self.n_classes_ * (own - others.max(axis=1))

    def _rows(self, X: Any) -> np.ndarray:
        X = self._table(X)
        return X.toarray() if sparse.issparse(X) else X

    def _tree_sum(self) -> TreeSum:
        """The decision as a sum of trees."""
        check_is_fitted(self, "members_")
        held = self.members_
        if not isinstance(held, Stumps):
            raise InputError(
                f"AdaBoostClassifier explains its own stumps, not {type(self.estimator).__name__}",
                do="leave estimator=None",
            )
        alpha = self.estimator_weights_[: len(held), None, None]
        votes = alpha * self._votes(held.share) / self.estimator_weights_.sum()
        bins = by_value(self.n_features_in_, "<f8")
        if self.n_classes_ == 2:
            forest = held.forest(votes[..., 1] - votes[..., 0])
            return TreeSum(forest, bins, np.zeros(1), np.zeros(len(held), np.int64))
        return TreeSum(held.forest(votes), bins, np.zeros(self.n_classes_))

    @property
    def feature_importances_(self) -> np.ndarray:
        """(p,): the members' importances, averaged by their weights; a stump's is 1 for its feature."""
        check_is_fitted(self, "members_")
        held = self.members_
        alpha = self.estimator_weights_[: len(held)]
        if isinstance(held, Stumps):
            cut = held.feature >= 0
            total = np.bincount(held.feature[cut], alpha[cut], minlength=self.n_features_in_)
            return total / alpha.sum()
        if not all(hasattr(m, "feature_importances_") for m in held):
            raise AttributeError(f"{type(held[0]).__name__} has no feature_importances_")
        return sum(a * m.feature_importances_ for a, m in zip(alpha, held)) / alpha.sum()

    def _check_loaded(self) -> None:
        held = getattr(self, "members_", None)
        if isinstance(held, Stumps):
            held.check(self.n_features_in_, len(self.classes_))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        if self.estimator is None:
            tags.input_tags.sparse = tags.input_tags.allow_nan = True
        else:
            of_member = get_tags(self.estimator).input_tags
            tags.input_tags.sparse = of_member.sparse
            tags.input_tags.allow_nan = of_member.allow_nan
        return tags
