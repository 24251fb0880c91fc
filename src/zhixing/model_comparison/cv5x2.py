"""Five times twofold cross-validation: two learners compared on one data set by ten fits each."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from scipy import stats
from sklearn.base import clone, is_classifier
from sklearn.metrics import check_scoring
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.utils import _safe_indexing

from ..core.estimate import Estimate
from ..core.random import RandomState, generator, seed
from .comparison import Comparison, check_levels


def cv5x2_test(
    estimator_a: Any,
    estimator_b: Any,
    X: Any,
    y: Any,
    *,
    scoring: Any = None,
    method: Literal["F", "t"] = "F",
    alpha: float = 0.05,
    greater_is_better: bool = True,
    random_state: RandomState = 0,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """5x2cv test: which learner is better on data sets like this one, half as large?

    In each of five repeats the rows are halved and each half scores the models trained on the
    other, which gives differences ``p_i1, p_i2`` and ``s_i^2 = (p_i1 - m_i)^2 + (p_i2 - m_i)^2``.
    Dietterich: ``t = p_11 / sqrt(mean s_i^2)`` with 5 degrees of freedom.  Alpaydin: ``F = sum
    p_ij^2 / (2 sum s_i^2)`` with (10, 5); it uses all ten differences, not the accident of which
    came first, and has more power.

    Parameters
    ----------
    estimator_a, estimator_b : estimators
        Cloned and fitted ten times each, on the same halves.
    X, y : data
    scoring : str or callable, optional
        As scikit-learn's; the estimator's own score by default.
    method : {"F", "t"}

    Returns
    -------
    Comparison
        The difference is the mean of all ten; its interval is ``mean -+ t_5 sqrt(mean s_i^2)``, the
        width of the t-test around a steadier centre, and therefore conservative.

    Notes
    -----
    Source: Dietterich (1998), section 3.5; Alpaydin (1999), "Combined 5x2cv F test".  Halves are
    stratified for classifiers.  It is about learners on half the rows; for one test set and two
    fitted models use `compare`.  Measured error rates are in `benchmarks/STUDY_COMPARISON.md`.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sklearn.dummy import DummyClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> cv5x2_test(GaussianNB(), DummyClassifier(), X, y).verdict
    'A better'
    """
    check_levels(alpha, None)
    differences, scores = cv5x2_differences(
        estimator_a, estimator_b, X, y, scoring=scoring, random_state=random_state
    )
    variances = np.sum((differences - differences.mean(axis=1, keepdims=True)) ** 2, axis=1)
    mean, spread = float(differences.mean()), float(np.sqrt(variances.mean()))
    top = np.sum(differences**2) if method == "F" else differences[0, 0]
    bottom = 2 * np.sum(variances) if method == "F" else spread
    if bottom > 0:
        statistic = float(top / bottom)
    else:
        statistic = 0.0 if top == 0 else float(np.sign(top) * np.inf)
    if method == "F":
        p, df, test = float(stats.f.sf(statistic, 10, 5)), 5.0, "5x2cv F test (Alpaydin)"
    elif method == "t":
        p, df, test = float(2 * stats.t.sf(abs(statistic), 5)), 5.0, "5x2cv t test (Dietterich)"
    else:
        raise ValueError(f"method is 'F' or 't', not {method!r}")
    reach = float(stats.t.ppf(1 - alpha / 2, 5)) * spread
    return Comparison(
        difference=Estimate(mean, mean - reach, mean + reach, 1 - alpha, "5x2cv", spread),
        p_value=p,
        test=test,
        effect_size=mean / spread if spread else 0.0,
        effect_name="difference / standard error",
        statistic=statistic,
        df=df,
        n=10,
        scores=scores,
        alpha=alpha,
        greater_is_better=greater_is_better,
        names=names,
        notes=() if spread else ("the differences do not vary between halves",),
    )


def cv5x2_differences(
    estimator_a: Any, estimator_b: Any, X: Any, y: Any, *, scoring: Any, random_state: RandomState
) -> tuple[np.ndarray, tuple[float, float]]:
    """Differences of shape (5, 2), and the mean scores of A and B."""
    rng = generator(random_state)
    scorers = [check_scoring(e, scoring=scoring) for e in (estimator_a, estimator_b)]
    splitter = StratifiedKFold if is_classifier(estimator_a) else KFold
    scores = np.empty((5, 2, 2))
    for i in range(5):
        halves = splitter(2, shuffle=True, random_state=seed(rng)).split(X, y)
        for j, (train, test) in enumerate(halves):
            held = _safe_indexing(X, test), _safe_indexing(y, test)
            known = _safe_indexing(X, train), _safe_indexing(y, train)
            for k, (estimator, scorer) in enumerate(zip((estimator_a, estimator_b), scorers)):
                scores[i, j, k] = scorer(clone(estimator).fit(*known), *held)
    means = scores.mean(axis=(0, 1))
    return scores[..., 0] - scores[..., 1], (float(means[0]), float(means[1]))
