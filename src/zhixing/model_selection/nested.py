"""How good is a tuned model really?  The search inside, an honest test outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import InputError
from ..core.estimate import Estimate
from .cross_validate import CrossValidation, cross_validate
from .fold_mean import fold_mean


@dataclass(frozen=True)
class NestedCrossValidation:
    """Honest scores of a tuned model, beside what its own search promised.

    Attributes
    ----------
    outer : CrossValidation
        Scores of the refitted best candidate on rows that its search never saw.
    inner_scores : array of shape (J,)
        `best_score_` of the search in each outer fold.
    params : list of dict
        `best_params_` in each outer fold: where they scatter, tuning decides little.
    """

    outer: CrossValidation
    inner_scores: np.ndarray
    params: list[dict[str, Any]]

    @property
    def score(self) -> Estimate:
        """The honest score: outer mean with its corrected interval."""
        return self.outer.estimate()

    @property
    def optimism(self) -> Estimate:
        """``best_score_ - outer score``: what the search promised too much, in units of the score."""
        gap = self.inner_scores - next(iter(self.outer.scores.values()))
        return fold_mean(gap, self.outer.n_train, self.outer.n_test).interval()

    def __str__(self) -> str:
        return f"score {self.score}\noptimism of the search {self.optimism}"


def nested_cross_validate(
    search: Any,
    X: Any,
    y: Any = None,
    *,
    cv: Any = None,
    n_jobs: int | None = None,
    params: Mapping[str, Any] | None = None,
) -> NestedCrossValidation:
    """Cross-validate a whole search, tuning anew in every outer fold.

    `best_score_` is a maximum over noisy scores, and maxima of noise are above its mean; the outer
    folds judge the search and its refit on rows neither saw.

    Parameters
    ----------
    search : a search of this package, or scikit-learn's GridSearchCV and the like
        With `refit`; scored by its own `score`, that is by the metric it searched by.
    X, y : data
    cv : int, splitter or iterable, optional
        The outer folds.
    params : mapping, optional
        sample_weight, groups, ...: routed to the search, which routes them on.

    Returns
    -------
    NestedCrossValidation

    Notes
    -----
    Varma and Simon (2006); Cawley and Talbot (2010), section 5.  Cost: outer folds times the
    search.  An inner model is trained on fewer rows than the outer one, which lowers `optimism` a
    little.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn.naive_bayes import GaussianNB
    >>> grid = GridSearchCV(GaussianNB(), {"var_smoothing": [1e-9, 1e-3, 1e-1]}, cv=3)
    >>> print(nested_cross_validate(grid, *load_iris(return_X_y=True), cv=4).score)
    0.9534 [0.8712, 1.0356] (95 % corrected t)
    """
    if not hasattr(search, "refit") or not search.refit:
        raise InputError("nested cross-validation needs a search with refit")
    outer = cross_validate(search, X, y, cv=cv, n_jobs=n_jobs, keep_estimators=True, params=params)
    assert outer.estimators is not None
    if not all(hasattr(e, "best_score_") for e in outer.estimators):
        raise InputError(
            "the search kept no best_score_", do="use a single metric or name one in refit"
        )
    return NestedCrossValidation(
        outer,
        np.array([e.best_score_ for e in outer.estimators]),
        [dict(e.best_params_) for e in outer.estimators],
    )
