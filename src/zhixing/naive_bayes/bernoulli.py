"""Naive Bayes for events that happen or do not."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.estimator import Candidate
from ..core.parallel import each
from ..core.space import Real
from ..kernels.class_counts import class_totals_above
from .counts import LEAST_LOG, CountingNB, linear_scores, totals_by_class
from .pieces import pieces, steps, summed


class BernoulliNB(CountingNB):
    """Naive Bayes with yes-or-no features.

    log P(c | x) = log P(c) + sum_j [b_j log q_cj + (1 - b_j) log(1 - q_cj)] + constant, with
    b_j = 1 where x_j > `binarize` and q_cj = (N_cj + alpha) / (N_c + 2 alpha).

    Parameters
    ----------
    alpha : float or array of shape (n_features,), default=1.0
        Added to the counts of both outcomes.
    force_alpha, fit_prior, class_prior : as in `MultinomialNB`.
    binarize : float or None, default=0.0
        The threshold, not negative; None says that X holds 0 and 1 only.

    Attributes
    ----------
    feature_count_, feature_log_prob_ : ndarray of shape (n_classes, n_features)
        N and log q.
    class_count_, class_log_prior_ : ndarray of shape (n_classes,)
    classes_, n_features_in_, feature_names_in_

    Notes
    -----
    Dense or CSR X; one pass, compared with the threshold on the way, so no second matrix.  An
    absent event counts as evidence, unlike in `MultinomialNB`.  log(1 - q) comes from counts, not
    from 1 - exp(log q) as in scikit-learn, so it keeps its digits where q is near 1; with
    ``binarize=None`` values other than 0 and 1 are refused where they show in the counts.

    Source: McCallum and Nigam (1998), A comparison of event models for naive Bayes text
    classification, eq. 1-3.

    Examples
    --------
    >>> model = BernoulliNB().fit([[1, 0], [1, 1], [0, 1], [0, 0]], ["in", "in", "out", "out"])
    >>> model.predict_proba([[1, 0]])
    array([[0.75, 0.25]])
    """

    candidate = Candidate(
        tasks=("binary", "multiclass"),
        simplicity=6,
        space={"alpha": Real(1e-3, 10.0, log=True)},
        cost=0.5,
    )

    def __init__(
        self,
        *,
        alpha: Any = 1.0,
        force_alpha: bool = True,
        binarize: float | None = 0.0,
        fit_prior: bool = True,
        class_prior: Any = None,
    ) -> None:
        self.alpha = alpha
        self.force_alpha = force_alpha
        self.binarize = binarize
        self.fit_prior = fit_prior
        self.class_prior = class_prior

    def _check_parameters(self) -> None:
        super()._check_parameters()
        if self.binarize is not None and not self.binarize >= 0:
            raise InputError(f"binarize is {self.binarize!r}; it must be None or at least 0")

    def _count(self, X: Any, codes: np.ndarray, weight: np.ndarray) -> None:
        k, p = len(self.classes_), X.shape[1]
        if self.binarize is None or sparse.issparse(X):
            events, name = self._events(X), "BernoulliNB with binarize=None (input X)"
            self._add(totals_by_class(events, codes, weight, k, name))
            return

        threshold = float(self.binarize)

        def chunk(cut: slice) -> np.ndarray:
            totals = np.zeros((k, p))
            for s in steps(cut, p):
                class_totals_above(rows_contiguous(X[s]), codes[s], weight[s], threshold, totals)
            return totals

        self._add(summed(each(chunk, pieces(X.shape[0], X.size, k * p))))

    def _events(self, X: Any) -> Any:
        """X as zeros and ones."""
        if self.binarize is None:
            return X
        if not sparse.issparse(X):
            return (X > self.binarize).astype(np.float64)
        if not X.has_canonical_format:
            X = X.copy()
            X.sum_duplicates()
        events = X.copy()
        events.data = (X.data > self.binarize).astype(np.float64)
        return events

    def _estimate(self, alpha: Any) -> None:
        count, of = self.feature_count_, self.class_count_[:, None]
        if self.binarize is None and (count > of * (1 + 1e-9)).any():
            raise InputError(
                "BernoulliNB with binarize=None needs features of 0 and 1",
                do="give a threshold, or use MultinomialNB for counts",
            )
        with np.errstate(divide="ignore"):
            total = np.log(of + 2.0 * alpha)
            happened = np.asfortranarray(np.log(count + alpha) - total)
            absent = np.log(np.maximum(of - count, 0.0) + alpha) - total
        self.feature_log_prob_ = happened
        absent = np.fmax(absent, LEAST_LOG)
        self._coef = np.fmax(happened, LEAST_LOG) - absent
        self._offset = absent.sum(axis=1)

    def _joint(self, X: Any) -> np.ndarray:
        offset = self.class_log_prior_ + self._offset
        if sparse.issparse(X) or self.binarize is None:
            return linear_scores(self._events(X), self._coef, offset)
        out = np.empty((X.shape[0], len(offset)))
        for s in steps(slice(0, X.shape[0]), X.shape[1]):
            out[s] = linear_scores(self._events(X[s]), self._coef, offset)
        return out

    def _draw(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        chance = np.exp(self.feature_log_prob_)[codes]
        return (rng.random(chance.shape) < chance).astype(np.float64)
