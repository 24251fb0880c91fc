"""The t-test for scores of the same folds, with the variance that shared training rows hide."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ..core.errors import InputError
from ..model_selection.fold_mean import FoldMean, fold_mean
from .comparison import Comparison, check_levels


def fold_differences(
    scores_a: ArrayLike, scores_b: ArrayLike, n_train: ArrayLike, n_test: ArrayLike
) -> FoldMean:
    """Paired differences A - B of scores on the same folds."""
    a, b = np.asarray(scores_a, dtype=float).ravel(), np.asarray(scores_b, dtype=float).ravel()
    if a.shape != b.shape:
        raise InputError(f"scores are paired by fold: {a.size} of A against {b.size} of B")
    scale = max((float(np.abs(s).max()) for s in (a, b) if s.size), default=1.0)
    return fold_mean(a - b, n_train, n_test, scale=scale)


def t_tail(value: float, std_error: float, df: int) -> float:
    """``P(T >= value / std_error)``; a difference without variance is certain."""
    if std_error == 0.0:
        return 0.5 if value == 0 else float(value < 0)
    return float(stats.t.sf(value / std_error, df))


def corrected_ttest(
    scores_a: ArrayLike,
    scores_b: ArrayLike,
    n_train: ArrayLike,
    n_test: ArrayLike,
    *,
    rope: float | None = None,
    alpha: float = 0.05,
    greater_is_better: bool = True,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """Corrected resampled t-test for the scores of two learners on the same folds.

    ``t = d / (s sqrt(1/J + n_test/n_train))`` with J - 1 degrees of freedom, d and s the mean and
    standard deviation of the J paired differences.  The plain paired t-test leaves
    ``n_test/n_train`` out, as if folds shared no training rows, and finds differences that are
    not there.

    Parameters
    ----------
    scores_a, scores_b : arrays of shape (J,)
        One score per fold, of K folds, of R times K folds, or of random splits; same folds and
        same order for both.
    n_train, n_test : int or arrays of shape (J,)
        Rows trained on and tested on, per fold; for K folds the ratio is ``1 / (K - 1)``.
    rope : float, optional
        Half-width of the region of practical equivalence in units of the score; adds TOST.

    Returns
    -------
    Comparison
        The effect size is the mean difference over its standard deviation across folds (d_z).

    Notes
    -----
    Source: Nadeau and Bengio (2003), "Inference for the generalization error", the corrected
    resampled t-test; for repeated folds Bouckaert and Frank (2004), "Evaluating the replicability
    of significance tests".  The correction assumes that scores of two folds correlate by
    ``n_test / (n_train + n_test)``, a good guess and no theorem:
    `benchmarks/STUDY_COMPARISON.md` shows its measured error rates.  Cost O(J).

    >>> a, b = [0.81, 0.79, 0.84, 0.80, 0.83], [0.80, 0.80, 0.82, 0.79, 0.83]
    >>> print(corrected_ttest(a, b, n_train=80, n_test=20))
    A and B: no detectable difference
      difference 0.0060 [-0.0152, 0.0272] (95 % corrected t)
      corrected resampled t-test: p = 0.4766
      d_z = 0.526
    """
    check_levels(alpha, rope)
    seen = fold_differences(scores_a, scores_b, n_train, n_test)
    certain = seen.std_error == 0.0 and seen.mean != 0.0
    equivalence = float("nan")
    if rope is not None:
        equivalence = max(
            t_tail(seen.mean + rope, seen.std_error, seen.df),
            t_tail(rope - seen.mean, seen.std_error, seen.df),
        )
    notes = ("the folds' differences do not vary at all",) if certain else ()
    return Comparison(
        difference=seen.interval(1 - alpha),
        p_value=min(1.0, 2 * t_tail(abs(seen.mean), seen.std_error, seen.df)),
        test="corrected resampled t-test",
        effect_size=ratio(seen.mean, seen.deviation),
        effect_name="d_z",
        statistic=ratio(seen.mean, seen.std_error),
        df=float(seen.df),
        n=seen.n,
        scores=(float(np.asarray(scores_a).mean()), float(np.asarray(scores_b).mean())),
        alpha=alpha,
        rope=rope,
        p_equivalence=equivalence,
        greater_is_better=greater_is_better,
        names=names,
        notes=notes,
    )


def ratio(mean: float, spread: float) -> float:
    """``mean / spread``; infinite where a difference does not vary, 0 where there is none."""
    if spread == 0.0:
        return math.copysign(math.inf, mean) if mean else 0.0
    return mean / spread
