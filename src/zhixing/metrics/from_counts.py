"""Metrics of a binary decision as functions of its four counts, for many thresholds at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

Counts: TypeAlias = np.ndarray
#: (tn, fp, fn, tp), arrays of one shape -> values, greater being better
FromCounts = Callable[[Counts, Counts, Counts, Counts], np.ndarray]


def _ratio(top: Counts, bottom: Counts) -> np.ndarray:
    return np.divide(top, bottom, out=np.zeros(np.shape(bottom)), where=np.asarray(bottom) != 0)


def accuracy(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return _ratio(tp + tn, tp + tn + fp + fn)


def balanced_accuracy(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return 0.5 * (_ratio(tp, tp + fn) + _ratio(tn, tn + fp))


def precision(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return _ratio(tp, tp + fp)


def recall(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return _ratio(tp, tp + fn)


def specificity(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return _ratio(tn, tn + fp)


def f1(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return _ratio(2 * tp, 2 * tp + fp + fn)


def jaccard(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return _ratio(tp, tp + fp + fn)


def matthews_corrcoef(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    root = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    return _ratio(tp * tn - fp * fn, root)


def cohen_kappa(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return _ratio(2.0 * (tp * tn - fn * fp), (tp + fp) * (fp + tn) + (tp + fn) * (fn + tn))


def youden(tn: Counts, fp: Counts, fn: Counts, tp: Counts) -> np.ndarray:
    return recall(tn, fp, fn, tp) + specificity(tn, fp, fn, tp) - 1.0


#: Metrics a threshold may be chosen by, under the names of `METRICS` where they are there too.
FROM_COUNTS: dict[str, FromCounts] = {
    f.__name__: f
    for f in (
        accuracy,
        balanced_accuracy,
        cohen_kappa,
        f1,
        jaccard,
        matthews_corrcoef,
        precision,
        recall,
        specificity,
        youden,
    )
}
