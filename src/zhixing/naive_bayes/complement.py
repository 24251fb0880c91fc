"""Naive Bayes for counts of words, estimated from every other class."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError
from .counts import LEAST_LOG, CountingNB, linear_scores, log_shares, totals_by_class


class ComplementNB(CountingNB):
    """Complement naive Bayes: a class is scored by how little a row looks like the others.

    score_c(x) = - sum_j x_j log q_cj,
    q_cj = (N_j - N_cj + alpha) / sum_j' (N_j' - N_cj' + alpha), from all rows *not* in class c,
    which steadies the estimates of small classes.

    Parameters
    ----------
    alpha, force_alpha : as in `MultinomialNB`.
    fit_prior, class_prior : used only where there is one class.
    norm : bool, default=False
        Divide the weights of a class by their sum (the paper's step 8).

    Attributes
    ----------
    feature_count_, feature_log_prob_ : ndarray of shape (n_classes, n_features)
        N, and the weights of the score.
    feature_all_ : ndarray of shape (n_features,)
    class_count_, class_log_prior_ : ndarray of shape (n_classes,)
    classes_, n_features_in_, feature_names_in_

    Notes
    -----
    Dense or CSR X, non-negative; one pass.  `predict_proba` normalises the scores and is no
    posterior.  As scikit-learn, without the paper's TF-IDF and length steps (put a transformer
    before it); otherwise as `MultinomialNB`.

    Source: Rennie, Shih, Teevan and Karger (2003), Tackling the poor assumptions of naive Bayes
    text classifiers, table 4.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[2, 1, 0], [3, 0, 0], [0, 1, 2], [0, 0, 3]])
    >>> ComplementNB().fit(X, ["a", "a", "b", "b"]).predict([[1, 0, 0], [0, 3, 1]])
    array(['a', 'b'], dtype='<U1')
    """

    def __init__(
        self,
        *,
        alpha: Any = 1.0,
        force_alpha: bool = True,
        fit_prior: bool = True,
        class_prior: Any = None,
        norm: bool = False,
    ) -> None:
        self.alpha = alpha
        self.force_alpha = force_alpha
        self.fit_prior = fit_prior
        self.class_prior = class_prior
        self.norm = norm

    def _count(self, X: Any, codes: np.ndarray, weight: np.ndarray) -> None:
        k, name = len(self.classes_), "ComplementNB (input X)"
        self._add(totals_by_class(X, codes, weight, k, name))
        self.feature_all_ = self.feature_count_.sum(axis=0)

    def _estimate(self, alpha: Any) -> None:
        logs = log_shares(self.feature_all_ - self.feature_count_, alpha)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = logs / logs.sum(axis=1, keepdims=True) if self.norm else -logs
        self.feature_log_prob_ = logs
        finite = np.isfinite(logs.sum())
        self._coef = logs if finite else np.nan_to_num(logs, nan=0.0, posinf=-LEAST_LOG)

    def _joint(self, X: Any) -> np.ndarray:
        offset = self.class_log_prior_ if len(self.classes_) == 1 else np.zeros(len(self.classes_))
        return linear_scores(X, self._coef, offset)

    def _draw(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        raise InputError("ComplementNB is no distribution of rows", do="sample from MultinomialNB")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags
