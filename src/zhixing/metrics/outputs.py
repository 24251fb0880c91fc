"""Numeric targets and predictions of one or several outputs, and losses averaged over both axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils.validation import check_array

from ..core.estimate import Estimate
from ..core.parallel import each, slices
from .interval import mean_interval
from .labels import check_lengths, check_weight

#: Rows of a block, whose temporaries stay in the cache, and of a task, which holds many.
BLOCK, TASK = 1 << 14, 1 << 18
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


def pair(y_true: Any, y_pred: Any, sample_weight: Any, *, finite: bool = True) -> Pair:
    """Numeric, finite, of one shape; a single column becomes a vector.

    ``finite=False`` leaves NaN and infinity to `means`, which meets them in its sum.
    """
    check_lengths(y_true, y_pred)
    arrays = []
    for y, name in ((y_true, "y_true"), (y_pred, "y_pred")):
        a = check_array(
            y, ensure_2d=False, dtype="numeric", ensure_all_finite=finite, input_name=name
        )
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


#: The loss of every row, (n,) or (n, k), from truth and prediction.
Loss = Callable[[np.ndarray, np.ndarray], np.ndarray]


def means(loss: Loss, given: Pair) -> np.ndarray:
    """Weighted mean over the rows, by output: one pass in blocks over the threads, no temporary of n rows."""

    def task(rows: slice) -> Any:
        total: Any = 0.0
        for start in range(rows.start, rows.stop, BLOCK):
            block = slice(start, min(start + BLOCK, rows.stop))
            # What is not finite is found in the sum, and refused there if the input was to blame.
            with np.errstate(invalid="ignore", over="ignore"):
                losses = loss(given.true[block], given.pred[block])
                if given.weight is not None:
                    losses = (given.weight[block] * losses.T).T
                total = total + losses.sum(axis=0)
        return total

    found = np.atleast_1d(sum(each(task, slices(len(given.true), TASK))) / given.total)
    if not np.isfinite(found).all():
        refuse_not_finite(given)
    return found


def refuse_not_finite(given: Pair) -> None:
    """Raise scikit-learn's message if truth or prediction holds NaN or infinity."""
    for y, name in ((given.true, "y_true"), (given.pred, "y_pred")):
        check_array(y, ensure_2d=False, dtype="numeric", input_name=name)


def mean_over(
    loss: Loss, given: Pair, multioutput: Any, confidence: float | None
) -> float | np.ndarray | Estimate | list[Estimate]:
    """Mean of the loss over rows and then outputs; Student's t, corrected for skewness, for the interval.

    The interval of an average over outputs is that of the row averages, so the outputs' dependence
    is counted.
    """
    k = 1 if given.true.ndim == 1 else given.true.shape[1]
    shares = output_shares(multioutput, k)
    if confidence is None:
        found = means(loss, given)
        return found if shares is None else float(found @ shares)
    refuse_not_finite(given)
    losses = loss(given.true, given.pred)
    if shares is None:
        return [
            mean_interval(c, given.weight, confidence) for c in losses.reshape(len(losses), k).T
        ]
    return mean_interval(losses if losses.ndim == 1 else losses @ shares, given.weight, confidence)
