"""Naive Bayes for categories."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from sklearn.utils.validation import check_non_negative, validate_data

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each
from ..kernels.class_counts import class_totals_categories
from ..kernels.class_scores import categorical_scores
from .counts import LEAST_LOG, CountingNB, check_weight
from .pieces import pieces, summed

#: Cells of the table of counts beyond which a column is taken to hold numbers, not categories.
_MOST_CELLS = 2**29


class CategoricalNB(CountingNB):
    """Naive Bayes with categorical features, coded 0, 1, 2, ... (as `OrdinalEncoder` does).

    log P(c | x) = log P(c) + sum_j log q_cj(x_j) + constant,
    q_cj(t) = (N_cjt + alpha) / (sum_t' N_cjt' + alpha T_j), T_j the number of categories of j.

    Parameters
    ----------
    alpha : float, default=1.0
    force_alpha, fit_prior, class_prior : as in `MultinomialNB`.
    min_categories : int or array of shape (n_features,), optional
        At least so many categories per feature, so that one unseen in fitting is merely unlikely.
    missing : {"error", "marginalize"}, default="error"
        What a NaN means: refused, or a feature not observed, which drops out of the sums.

    Attributes
    ----------
    category_count_, feature_log_prob_ : list of ndarray of shape (n_classes, n_categories)
        N and log q of every feature.
    n_categories_ : ndarray of shape (n_features,)
    class_count_, class_log_prior_ : ndarray of shape (n_classes,)
    classes_, n_features_in_, feature_names_in_

    Notes
    -----
    One pass over all features at once, O(n p).  Differs from scikit-learn: `n_categories_` covers
    all chunks given to `partial_fit`, a category beyond them is named in the error, `missing` and
    `sample` are new.

    Source: Bishop (2006), section 8.2.2; smoothing as in Lidstone (1920).

    Examples
    --------
    >>> X = [[0, 1], [0, 0], [1, 1], [1, 0]]
    >>> model = CategoricalNB(missing="marginalize").fit(X, ["a", "a", "b", "b"])
    >>> model.predict([[0, 1], [1, float("nan")]])
    array(['a', 'b'], dtype='<U1')
    """

    def __init__(
        self,
        *,
        alpha: float = 1.0,
        force_alpha: bool = True,
        fit_prior: bool = True,
        class_prior: Any = None,
        min_categories: Any = None,
        missing: Literal["error", "marginalize"] = "error",
    ) -> None:
        self.alpha = alpha
        self.force_alpha = force_alpha
        self.fit_prior = fit_prior
        self.class_prior = class_prior
        self.min_categories = min_categories
        self.missing = missing

    def _check_parameters(self) -> None:
        super()._check_parameters()
        if np.ndim(self.alpha):
            raise InputError("alpha of CategoricalNB is one number")
        if self.missing not in ("error", "marginalize"):
            raise InputError(f"missing={self.missing!r} is neither 'error' nor 'marginalize'")

    def _check_fit(self, X: Any, y: Any, sample_weight: Any, first: bool) -> tuple[Any, Any, Any]:
        X, y = validate_data(self, X, y, reset=first, **self._reading())
        return self._categories(X), y, check_weight(sample_weight, X)

    def _checked(self, X: Any) -> np.ndarray:
        X = self._categories(validate_data(self, X, reset=False, **self._reading()))
        most = X.max(axis=0, initial=-1)
        if (over := most >= self.n_categories_).any():
            j = int(np.flatnonzero(over)[0])
            raise InputError(
                f"feature {self._name(j)} holds category {most[j]}, and fitting saw "
                f"0 to {self.n_categories_[j] - 1}",
                do="set min_categories, or encode unknown values as one of these",
            )
        return X

    def _name(self, j: int) -> str:
        names = getattr(self, "feature_names_in_", None)
        return str(j) if names is None else repr(names[j])

    def _reading(self) -> dict[str, Any]:
        if self.missing == "error":
            return {"dtype": "int"}
        return {"dtype": np.float64, "ensure_all_finite": "allow-nan"}

    def _categories(self, X: Any) -> np.ndarray:
        """X as int64 in rows, with -1 for what is missing."""
        if X.dtype.kind == "f":
            known = ~np.isnan(X)
            X = np.where(known, X, 0.0)
            check_non_negative(X, "CategoricalNB (input X)")
            X = np.where(known, X.astype(np.int64), -1)
        else:
            check_non_negative(X, "CategoricalNB (input X)")
        return rows_contiguous(X, np.int64)

    def _start(self, k: int, p: int) -> None:
        self.category_count_ = [np.zeros((k, 0)) for _ in range(p)]
        self.n_categories_ = np.zeros(p, dtype=np.int64)

    def _count(self, X: np.ndarray, codes: np.ndarray, weight: np.ndarray) -> None:
        k = len(self.classes_)
        sizes = np.maximum(self._sizes(X), self.n_categories_)
        if k * int(sizes.sum()) > _MOST_CELLS:
            j = int(sizes.argmax())
            raise InputError(
                f"feature {self._name(j)} holds category {sizes[j] - 1}",
                do="code categories 0, 1, 2, ... (OrdinalEncoder), or bin numbers (KBinsDiscretizer)",
            )
        start = np.concatenate([[0], np.cumsum(sizes)])

        def chunk(s: slice) -> np.ndarray:
            totals = np.zeros((start[-1], k))
            class_totals_categories(X[s], start, codes[s], weight[s], totals)
            return totals

        totals = summed(each(chunk, pieces(len(X), X.size, k * int(start[-1]))))
        for j, old in enumerate(self.category_count_):
            new = np.ascontiguousarray(totals[start[j] : start[j + 1]].T)
            new[:, : old.shape[1]] += old
            self.category_count_[j] = new
        self.n_categories_ = sizes

    def _sizes(self, X: np.ndarray) -> np.ndarray:
        seen = X.max(axis=0, initial=-1) + 1
        if self.min_categories is None:
            return seen
        least = np.asarray(self.min_categories)
        if not np.issubdtype(least.dtype, np.signedinteger):
            raise InputError(
                f"'min_categories' should have integral type. Got {least.dtype} instead."
            )
        if least.ndim and least.shape != seen.shape:
            raise InputError(
                f"'min_categories' should have shape ({X.shape[1]},) when an array-like is "
                f"provided. Got {least.shape} instead."
            )
        return np.maximum(seen, least)

    def _estimate(self, alpha: Any) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            smoothed = [count + alpha for count in self.category_count_]
            self.feature_log_prob_ = [
                np.log(s) - np.log(s.sum(axis=1, keepdims=True)) for s in smoothed
            ]
        self._table = np.ascontiguousarray(np.hstack(self.feature_log_prob_).T)
        np.fmax(self._table, LEAST_LOG, out=self._table)

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        k, p, sizes = len(self.classes_), self.n_features_in_, np.asarray(self.n_categories_)
        if (sizes < 0).any() or len(self.category_count_) != p:
            raise InputError("CategoricalNB.n_categories_ does not fit its counts")
        return {
            "n_categories_": (p,),
            "_table": (int(sizes.sum()), k),
            "class_log_prior_": (k,),
        }

    def _joint(self, X: np.ndarray) -> np.ndarray:
        start = np.concatenate([[0], np.cumsum(self.n_categories_)])
        out = np.tile(self.class_log_prior_, (len(X), 1))
        each(
            lambda s: categorical_scores(X[s], start, self._table, out[s]),
            pieces(len(X), X.size * len(self.classes_), 1),
        )
        return out

    def _draw(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        out = np.empty((len(codes), len(self.n_categories_)), dtype=np.int64)
        for j, logs in enumerate(self.feature_log_prob_):
            share = np.exp(logs)
            ends = (share / share.sum(axis=1, keepdims=True)).cumsum(axis=1)
            drawn = (rng.random(len(codes))[:, None] > ends[codes]).sum(axis=1)
            out[:, j] = np.minimum(drawn, logs.shape[1] - 1)
        return out

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.sparse = False
        tags.input_tags.positive_only = True
        tags.input_tags.allow_nan = self.missing == "marginalize"
        return tags
