"""Numeric targets and predictions of one or several outputs, checked, and losses averaged over
both axes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.validation import check_array

from ..core.estimate import Estimate
from .interval import mean_interval
from .labels import check_lengths, check_weight

AVERAGES = ("raw_values", "uniform_average", "variance_weighted")


class Pair(NamedTuple):
    """Truth and prediction, both (n,) or both (n, k), and the row weights."""

    true: np.ndarray
    pred: np.ndarray
    weight: np.ndarray | None

    @property
    def total(self) -> float:
        return float(len(self.true) if self.weight is None else self.weight.sum())

    def mean(self, values: np.ndarray) -> Any:
        """Weighted mean over the rows."""
        if self.weight is None:
            return values.mean(axis=0, dtype=np.float64)
        return self.weight @ values / self.weight.sum()


def pair(y_true: Any, y_pred: Any, sample_weight: Any) -> Pair:
    """Numeric, finite, of one shape; a single column becomes a vector."""
    check_lengths(y_true, y_pred)
    arrays = []
    for y, name in ((y_true, "y_true"), (y_pred, "y_pred")):
        a = check_array(y, ensure_2d=False, dtype="numeric", input_name=name)
        if a.ndim == 1:
            a = a.reshape(-1, 1)
        arrays.append(a if a.dtype.kind == "f" else a.astype(np.float64))
    true, pred = arrays
    if true.shape[1] != pred.shape[1]:
        raise ValueError(
            f"y_true and y_pred have different number of output ({true.shape[1]}!={pred.shape[1]})"
        )
    if true.shape[1] == 1:
        true, pred = true[:, 0], pred[:, 0]
    return Pair(true, pred, check_weight(sample_weight, len(true)))


def output_shares(multioutput: Any, k: int) -> np.ndarray | None:
    """Share of each of `k` outputs in the average, summing to one; None for "raw_values"."""
    if isinstance(multioutput, str):
        if multioutput not in AVERAGES:
            raise ValueError(
                f"Allowed 'multioutput' string values are {AVERAGES}. You provided "
                f"multioutput={multioutput!r}"
            )
        return None if multioutput == "raw_values" else np.full(k, 1.0 / k)
    if multioutput is None:
        return np.full(k, 1.0 / k)
    shares = np.asarray(multioutput, dtype=np.float64)
    if k == 1:
        raise ValueError("Custom weights are useful only in multi-output cases.")
    if shares.shape != (k,):
        raise ValueError(
            f"There must be equally many custom weights ({shares.size}) as outputs ({k})."
        )
    return shares / shares.sum()


def mean_over(
    losses: np.ndarray, given: Pair, multioutput: Any, confidence: float | None
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Mean of row losses, (n,) or (n, k), over rows and then outputs; Student's t for the interval.

    The interval of an average over outputs is that of the row averages, so the outputs' dependence
    is counted.
    """
    shares = output_shares(multioutput, 1 if losses.ndim == 1 else losses.shape[1])
    table = losses[:, None] if losses.ndim == 1 else losses
    if shares is None:
        if confidence is not None:
            return [mean_interval(column, given.weight, confidence) for column in table.T]
        return np.atleast_1d(given.mean(losses))
    if confidence is not None:
        return mean_interval(
            losses if losses.ndim == 1 else table @ shares, given.weight, confidence
        )
    means = np.atleast_1d(given.mean(losses))
    return float(means @ shares)
