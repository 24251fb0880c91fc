"""Naive Bayes for counts of words."""

from __future__ import annotations

from typing import Any

import numpy as np

from .counts import LEAST_LOG, CountingNB, linear_scores, log_shares, totals_by_class


class MultinomialNB(CountingNB):
    """Naive Bayes with multinomial counts.

    log P(c | x) = log P(c) + sum_j x_j log q_cj + constant,
    q_cj = (N_cj + alpha) / sum_j' (N_cj' + alpha), N_cj the total of feature j in class c.

    Parameters
    ----------
    alpha : float or array of shape (n_features,), default=1.0
        Added to every count: 1 is Laplace's rule, less is Lidstone's.
    force_alpha : bool, default=True
        False raises an `alpha` below 1e-10 to it.
    fit_prior : bool, default=True
        P(c) from the classes' shares of the weight; uniform otherwise.
    class_prior : array of shape (n_classes,), optional
        P(c), given.

    Attributes
    ----------
    feature_count_, feature_log_prob_ : ndarray of shape (n_classes, n_features)
        N and log q.
    class_count_, class_log_prior_ : ndarray of shape (n_classes,)
    classes_, n_features_in_, feature_names_in_

    Notes
    -----
    Dense or CSR X of counts or other non-negative values; one pass, O(stored values).  Chunks over
    threads are merged in order.  With ``alpha=0`` an impossible word weighs -1e100 instead of minus
    infinity, so that absent words do not turn scores into NaN as they do in scikit-learn; labels
    unknown to `partial_fit` and negative weights are refused; `sample` is new.

    Source: Manning, Raghavan and Schuetze (2008), Introduction to Information Retrieval, eq. 13.7.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[2, 1, 0], [3, 0, 0], [0, 1, 2], [0, 0, 3]])
    >>> MultinomialNB().fit(X, ["a", "a", "b", "b"]).predict([[1, 0, 0], [0, 3, 1]])
    array(['a', 'b'], dtype='<U1')
    """

    feature_log_prob_: np.ndarray

    def __init__(
        self,
        *,
        alpha: Any = 1.0,
        force_alpha: bool = True,
        fit_prior: bool = True,
        class_prior: Any = None,
    ) -> None:
        self.alpha = alpha
        self.force_alpha = force_alpha
        self.fit_prior = fit_prior
        self.class_prior = class_prior

    def _count(self, X: Any, codes: np.ndarray, weight: np.ndarray) -> None:
        k, name = len(self.classes_), "MultinomialNB (input X)"
        self._add(totals_by_class(X, codes, weight, k, name))

    def _estimate(self, alpha: Any) -> None:
        self.feature_log_prob_ = logs = log_shares(self.feature_count_, alpha)
        self._coef = logs if np.isfinite(logs.sum()) else np.fmax(logs, LEAST_LOG)

    def _joint(self, X: Any) -> np.ndarray:
        return linear_scores(X, self._coef, self.class_log_prior_)

    def _draw(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        # As long as the rows of the class were on average.
        length = np.rint(self.feature_count_.sum(axis=1) / np.maximum(self.class_count_, 1e-300))
        chance = np.exp(self.feature_log_prob_)
        chance /= chance.sum(axis=1, keepdims=True)
        return rng.multinomial(length[codes].astype(np.int64), chance[codes])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags
