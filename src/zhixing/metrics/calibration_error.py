"""How far predicted probabilities are from observed frequencies."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.estimate import Estimate
from .interval import check_confidence, quantile, wilson
from .labels import check_lengths, check_weight, column, distinct, encode
from .probabilities import check_range, table
from .weighted_quantile import weighted_quantile

#: Simulated tables of bins for an interval, and their seed.
SIMULATIONS, SEED = 4000, 0


class Reliability(NamedTuple):
    """Bins of rows with similar predicted probability; empty bins are left out."""

    predicted: np.ndarray
    observed: np.ndarray
    weight: np.ndarray
    low: np.ndarray
    high: np.ndarray


def reliability(
    y_true: Any,
    y_prob: Any,
    *,
    pos_label: Any = None,
    n_bins: int = 10,
    strategy: str = "uniform",
    sample_weight: Any = None,
    confidence: float = 0.95,
) -> Reliability:
    """Mean predicted probability, observed frequency with Wilson's interval, and weight of each bin.

    Parameters
    ----------
    y_true : (n,) labels of two classes
    y_prob : (n,) probability of the positive class
    pos_label : the positive label, by default the greater
    n_bins, strategy : bins of equal width ("uniform") or of equal weight ("quantile")
    sample_weight : (n,), counts repetitions

    Cost: one pass for equal widths, a sort for equal weights.

    >>> r = reliability([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], n_bins=2)
    >>> r.predicted, r.observed
    (array([0.15, 0.85]), array([0., 1.]))
    """
    hit, p, weight = binary_rows(y_true, y_prob, pos_label, sample_weight)
    w, sums_p, sums_y = _bins(hit, p, weight, n_bins, strategy)
    limits = [wilson(float(s), float(n), confidence) for s, n in zip(sums_y, w)]
    return Reliability(
        sums_p / w,
        sums_y / w,
        w,
        np.array([e.low for e in limits]),
        np.array([e.high for e in limits]),
    )


def calibration_curve(
    y_true: Any,
    y_prob: Any,
    *,
    pos_label: Any = None,
    n_bins: int = 5,
    strategy: str = "uniform",
    sample_weight: Any = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Observed frequency and mean predicted probability by bin: the reliability diagram.

    Parameters as for `reliability`, which adds intervals.  Weights are ours (scikit-learn has none).

    >>> observed, predicted = calibration_curve([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], n_bins=2)
    >>> predicted
    array([0.15, 0.85])
    """
    hit, p, weight = binary_rows(y_true, y_prob, pos_label, sample_weight)
    w, sums_p, sums_y = _bins(hit, p, weight, n_bins, strategy)
    return sums_y / w, sums_p / w


def expected_calibration_error(
    y_true: Any,
    y_prob: Any,
    *,
    n_bins: int = 15,
    strategy: str = "uniform",
    norm: str = "l1",
    labels: Any = None,
    sample_weight: Any = None,
    confidence: float | None = None,
) -> float | Estimate:
    r"""Mean distance between predicted probability and observed frequency, over bins of rows.

    .. math:: ECE = \sum_b \frac{w_b}{W} |\bar y_b - \bar p_b|

    Parameters
    ----------
    y_true : (n,) labels
    y_prob : (n,) probability of the greater of two labels; for (n, k) the confidence of the top class is
        compared with whether it was right (Guo et al. 2017, eq. 3)
    n_bins, strategy : as for `reliability`
    norm : "l1" as above, "l2" the root of the mean square, "max" the largest bin's
        (`maximum_calibration_error`)
    labels : the labels, sorted, when `y_true` lacks some of them
    sample_weight : (n,), counts repetitions
    confidence : give an `Estimate` at this level instead of a float

    The error of finite bins is above 0 even for perfect probabilities.  Interval: the lower limit inverts a
    test along one ray, the gaps of the bins scaled by a common factor c with noise added: it is the error at
    the c where the observed error lies in the upper tail, and 0 where the data allow it (4000 simulated
    tables, seeded).  The upper limit is the greater of the ray's and the normal one.

    >>> round(expected_calibration_error([0, 0, 1, 1], [0.1, 0.3, 0.8, 0.9]), 4)
    0.175
    """
    if norm not in ("l1", "l2", "max"):
        raise ValueError(f"norm must be 'l1', 'l2' or 'max', not {norm!r}")
    if np.ndim(y_prob) == 2 and np.shape(y_prob)[1] > 1:
        hit, p, weight = _top_class(y_true, y_prob, labels, sample_weight)
    else:
        positive = None if labels is None else np.asarray(labels)[-1]
        hit, p, weight = binary_rows(y_true, y_prob, positive, sample_weight)
    w, sums_p, sums_y = _bins(hit, p, weight, n_bins, strategy)
    gap, share = (sums_y - sums_p) / w, w / w.sum()
    value = float(_norm(gap[None], share, norm)[0])
    if confidence is None:
        return value
    # Variance of a bin's gap, with one pseudo-row at its prediction so that pure bins keep some.
    frequency = (sums_y + sums_p / w) / (w + 1.0)
    noise = np.sqrt(frequency * (1.0 - frequency) / w)
    return _invert(value, gap, noise, share, float(w.sum()), norm, confidence)


def maximum_calibration_error(
    y_true: Any,
    y_prob: Any,
    *,
    n_bins: int = 15,
    strategy: str = "uniform",
    labels: Any = None,
    sample_weight: Any = None,
    confidence: float | None = None,
) -> float | Estimate:
    """Largest distance between predicted probability and observed frequency among the bins.

    Parameters and interval as for `expected_calibration_error`.  A bin of few rows can be far off by chance:
    read it with the interval.

    >>> round(maximum_calibration_error([0, 0, 1, 1], [0.1, 0.3, 0.8, 0.9]), 4)
    0.3
    """
    return expected_calibration_error(
        y_true,
        y_prob,
        n_bins=n_bins,
        strategy=strategy,
        norm="max",
        labels=labels,
        sample_weight=sample_weight,
        confidence=confidence,
    )


def binary_rows(
    y_true: Any, y_prob: Any, pos_label: Any, sample_weight: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Which rows are positive, their probabilities, and weights, all checked."""
    p = table(y_prob, "y_prob")
    if p.ndim != 1:
        raise ValueError(
            f"y_prob must be the (n,) probabilities of the positive class, got shape {p.shape}"
        )
    check_lengths(y_true, p)
    check_range(p)
    y = column(y_true, "y_true")
    classes = distinct(y)
    if classes.size > 2:
        raise ValueError(f"Only binary classification is supported. Provided labels {classes}.")
    if pos_label is None:
        # One class alone: 1 and True are positive, anything else is not.
        pos_label = classes[-1] if classes.size == 2 or classes[-1] in (1, True) else None
    hit = np.zeros(y.size, dtype=bool) if pos_label is None else y == pos_label
    return hit, p, check_weight(sample_weight, p.size)


def _top_class(
    y_true: Any, y_prob: Any, labels: Any, sample_weight: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    p = table(y_prob, "y_prob")
    check_lengths(y_true, p)
    check_range(p)
    y = column(y_true, "y_true")
    classes = distinct(y if labels is None else column(labels, "labels"))
    if classes.size != p.shape[1]:
        raise ValueError(
            f"{classes.size} classes but {p.shape[1]} columns of probabilities; pass all classes as `labels`"
        )
    top = p.argmax(axis=1)
    hit = encode(y, classes) == top
    return hit, p[np.arange(top.size), top], check_weight(sample_weight, top.size)


def _bins(
    hit: np.ndarray, p: np.ndarray, weight: np.ndarray | None, n_bins: int, strategy: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weight, weight of predicted and weight of observed positives of each bin that is not empty."""
    if n_bins < 1:
        raise ValueError(f"n_bins must be at least 1, not {n_bins}")
    if strategy == "uniform":
        edges = np.linspace(0.0, 1.0, n_bins + 1)
    elif strategy == "quantile" and weight is None:
        edges = np.percentile(p, np.linspace(0, 100, n_bins + 1))
    elif strategy == "quantile":
        edges = np.array(
            [weighted_quantile(p, q, weight) for q in np.linspace(0.0, 1.0, n_bins + 1)]
        )
    else:
        raise ValueError(
            "Invalid entry to 'strategy' input. Strategy must be either 'quantile' or 'uniform'."
        )
    at = np.searchsorted(edges[1:-1], p)
    w = np.ones(p.size) if weight is None else weight
    sums = [np.bincount(at, weights=v, minlength=n_bins) for v in (w, w * p, w * hit)]
    some = sums[0] > 0
    return tuple(s[some] for s in sums)  # type: ignore[return-value]


def _norm(gaps: np.ndarray, share: np.ndarray, norm: str) -> np.ndarray:
    size = np.abs(gaps)
    if norm == "l1":
        return (size * share).sum(axis=1)
    return np.sqrt((size * size * share).sum(axis=1)) if norm == "l2" else size.max(axis=1)


def _invert(
    value: float,
    gap: np.ndarray,
    noise: np.ndarray,
    share: np.ndarray,
    total: float,
    norm: str,
    confidence: float,
) -> Estimate:
    tail = 0.5 * (1.0 - check_confidence(confidence))
    rng = np.random.default_rng(SEED)
    draws = rng.standard_normal((SIMULATIONS, gap.size)) * noise
    # How many rows fall in each bin varies too.
    shares = rng.multinomial(max(round(total), 1), share, size=SIMULATIONS) / max(round(total), 1)

    def above(c: float) -> float:
        return float((_norm(c * gap + draws, shares, norm) >= value).mean())

    def solve(level: float) -> float:
        low, high = 0.0, 1.0
        while above(high) < level and high < 1e6:
            high *= 2.0
        for _ in range(40):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if above(middle) < level else (low, middle)
        return 0.5 * (low + high)

    low, high = (
        0.0 if above(0.0) >= level else solve(level) * value for level in (tail, 1.0 - tail)
    )
    error = float(np.std(_norm(gap + draws, shares, norm)))
    if value == 0.0:
        high = float(np.quantile(_norm(draws, shares, norm), 1.0 - tail))
    high = max(high, value + quantile(confidence) * error)
    return Estimate(value, min(low, value), min(high, 1.0), confidence, "test inversion", error)
