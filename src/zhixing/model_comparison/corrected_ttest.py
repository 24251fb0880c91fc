"""The t-test for scores of the same folds, with the variance that shared training rows hide."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ..core.estimate import Estimate
from .comparison import Comparison, check_levels


class FoldDifferences(NamedTuple):
    """What resampled scores say about A - B: mean, corrected standard error, degrees of freedom."""

    mean: float
    std_error: float
    df: int
    deviation: float
    n: int

    def interval(self, confidence: float, method: str) -> Estimate:
        half = float(stats.t.ppf(0.5 + confidence / 2, self.df)) * self.std_error
        return Estimate(
            self.mean, self.mean - half, self.mean + half, confidence, method, self.std_error
        )


def test_share(n_train: ArrayLike, n_test: ArrayLike) -> float:
    """``n_test / n_train``, the mean over folds where they differ in size."""
    train, test = np.asarray(n_train, dtype=float), np.asarray(n_test, dtype=float)
    if not (np.all(train > 0) and np.all(test > 0)):
        raise ValueError("n_train and n_test are positive numbers of rows")
    return float(np.mean(test / train))


test_share.__test__ = False  # type: ignore[attr-defined]  (not a test, whatever its name says)


def fold_differences(
    scores_a: ArrayLike, scores_b: ArrayLike, n_train: ArrayLike, n_test: ArrayLike
) -> FoldDifferences:
    """Paired differences with Nadeau and Bengio's variance ``(1/J + n_test/n_train) s^2``."""
    a, b = np.asarray(scores_a, dtype=float).ravel(), np.asarray(scores_b, dtype=float).ravel()
    if a.shape != b.shape:
        raise ValueError(f"scores are paired by fold: {a.size} of A against {b.size} of B")
    if a.size < 2:
        raise ValueError("one fold has no variance; give the scores of at least two")
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        raise ValueError("a fold's score is missing or infinite; a failed fit cannot be compared")
    d = a - b
    # Differences that are equal up to rounding have no variance; without this, noise of the last
    # bit would pass for overwhelming evidence.
    deviation = float(np.std(d, ddof=1))
    if deviation <= 1e-14 * max(1.0, float(np.abs(a).max()), float(np.abs(b).max())):
        deviation = 0.0
    std_error = float(np.sqrt(1.0 / d.size + test_share(n_train, n_test)) * deviation)
    mean = float(np.mean(d))
    if deviation == 0.0 and abs(mean) <= 1e-14 * max(1.0, float(np.abs(a).max())):
        mean = 0.0
    return FoldDifferences(mean, std_error, d.size - 1, deviation, d.size)


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
    certain = seen.std_error == 0.0
    statistic = np.divide(seen.mean, seen.std_error) if not certain else np.sign(seen.mean) * np.inf
    if seen.mean == 0.0:
        statistic = 0.0
    equivalence = float("nan")
    if rope is not None:
        equivalence = max(
            t_tail(seen.mean + rope, seen.std_error, seen.df),
            t_tail(rope - seen.mean, seen.std_error, seen.df),
        )
    notes = ("the folds' differences do not vary at all",) if certain and seen.mean != 0.0 else ()
    return Comparison(
        difference=seen.interval(1 - alpha, "corrected t"),
        p_value=min(1.0, 2 * t_tail(abs(seen.mean), seen.std_error, seen.df)),
        test="corrected resampled t-test",
        effect_size=float(np.sign(seen.mean) * np.inf) if notes else _ratio(seen),
        effect_name="d_z",
        statistic=float(statistic),
        df=float(seen.df),
        n=seen.n,
        scores=(float(np.mean(scores_a)), float(np.mean(scores_b))),
        alpha=alpha,
        rope=rope,
        p_equivalence=equivalence,
        greater_is_better=greater_is_better,
        names=names,
        notes=notes,
    )


def _ratio(seen: FoldDifferences) -> float:
    return seen.mean / seen.deviation if seen.deviation else 0.0
