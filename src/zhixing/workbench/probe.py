"""Is the model too simple?  The same model with products of its leading features, on the same folds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.parallel import each
from ..core.quiet import quiet
from ..model_comparison import corrected_ttest
from .folds import Fold, Folds
from .measure import Measure
from .plan import Entry
from .predicted import fit, predicted
from .progress import Progress

#: Features multiplied with each other: 14 make 105 products and squares.
LEADING = 14


def products(X: np.ndarray, leading: np.ndarray) -> np.ndarray:
    """Products of every two of these columns and their squares, centred and scaled by training rows.

    >>> products(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0, 1]))
    array([[ 1.,  2.,  4.],
           [ 9., 12., 16.]])
    """
    i, j = np.triu_indices(len(leading))
    chosen = X[:, leading]
    return chosen[:, i] * chosen[:, j]


def probe(
    folds: Folds,
    entry: Entry,
    params: dict[str, Any],
    scores: list[float],
    measure: Measure,
    rope: float,
    seed: int,
    k: int | None,
    progress: Progress,
) -> dict[str, Any] | None:
    """What products of the leading features would add, with the test of whether it is chance.

    The leading features of a fold are those with the largest coefficient times deviation among the
    rows learned from.  None for models without coefficients and for sparse matrices.
    """

    def one(i: int) -> float | None:
        fold = folds[i]
        if hasattr(fold.X, "indptr"):
            return None
        with np.errstate(all="ignore"):
            plain = fit(entry.make(params, seed), fold.X, fold.y, fold.weight)
            coef = getattr(plain, "coef_", None)
            if coef is None:
                return None
            leading = _leading(fold, np.asarray(coef))
            more, more_test = products(fold.X, leading), products(fold.X_test, leading)
            centre, scale = more.mean(axis=0), more.std(axis=0)
            scale = np.where(scale > 1e-12, scale, 1.0)
            X = np.hstack([fold.X, (more - centre) / scale])
            X_test = np.hstack([fold.X_test, (more_test - centre) / scale])
            made = fit(entry.make(params, seed), X, fold.y, fold.weight)
            return measure(fold.y_test, predicted(made, X_test, k), fold.weight_test)

    with quiet(), progress.bar("probing", len(folds)) as advance:
        found: list[float | None] = []
        for value in each(one, range(len(folds))):
            found.append(value)
            advance()
    if any(v is None or not np.isfinite(v) for v in found) or len(found) != len(scores):
        return None
    n_train, n_test = folds.sizes
    versus = corrected_ttest(
        np.array(found, dtype=float),
        scores,
        n_train,
        n_test,
        greater_is_better=measure.greater_is_better,
    )
    sign = measure.sign
    low, high = sorted((sign * versus.difference.low, sign * versus.difference.high))
    gain = sign * versus.difference.value
    return {
        "what": "products of the leading columns",
        "gain": gain,
        "low": low,
        "high": high,
        "p": versus.p_value,
        "detectable": bool(versus.winner == "A" and gain > rope),
    }


def _leading(fold: Fold, coef: np.ndarray) -> np.ndarray:
    weight = np.abs(np.atleast_2d(coef)).max(axis=0) * fold.X.std(axis=0)
    return np.sort(np.argsort(-weight, kind="stable")[:LEADING])
