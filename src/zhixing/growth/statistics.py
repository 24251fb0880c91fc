"""What every row adds to the sums of a node, as integers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..criteria import Convex

#: Bounds of the sums of weights and of weighted numbers: eight times less than what would lose
#: exactness as a float, or overflow, since a bootstrap sample may weigh more than the data.
WEIGHTS, NUMBERS = 2.0**49, 2.0**58


@dataclass
class Statistics:
    """The sums of a criterion in integer units, row by row.

    labels (n, outputs): numbers that are equal where y is; of classes their places in the sums.
    amounts (n, 1) are the weights for classes, (n, 1 + outputs) the terms (w, w y) for numbers.
    Integers add up to the same bits in any order, so trees depend neither on the order of the rows
    nor on who adds them, and a row of weight 2 is a row twice.
    A weight of 1 is `per_weight` units, a y of 1 is `per_y`, both powers of two.
    """

    form: Convex
    labels: np.ndarray
    amounts: np.ndarray
    per_weight: float
    per_y: float
    width: int
    weights: int  # how many of the first sums are weights
    center: np.ndarray  # (outputs,) about which numbers are taken
    #: Where nodes are judged by distances to medians: ranks (outputs, n) of y and their values.
    ranks: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.uint32))
    levels: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def by_medians(self) -> bool:
        """Whether scores are distances to medians."""
        return bool(self.ranks.size)

    def gains(self, scores: np.ndarray) -> np.ndarray:
        """Compiled scores in units of y and weight; step by step, since y^2 may leave the range of floats."""
        if self.form.n_classes or self.by_medians:
            return scores / self.per_weight
        if self.form.logarithmic:
            return scores / self.per_y
        with np.errstate(over="ignore"):
            return scores / self.per_y * self.per_weight / self.per_y

    def bounds(self, found: np.ndarray) -> np.ndarray:
        """Bounds of the last mean of a node in units of y."""
        return (
            found
            if self.form.n_classes
            else self.center[-1] + found * (self.per_weight / self.per_y)
        )

    def times(self, counts: np.ndarray) -> np.ndarray:
        """The amounts of rows that occur `counts` times, or weigh so many times more."""
        if counts.dtype.kind in "iu":
            return self.amounts * counts[:, None]
        return np.round(self.amounts * counts[:, None]).astype(np.int64)


def _power(most: float, total: float) -> float:
    """The largest power of two whose product with the total is at most `most`."""
    if not total > 0:
        return 1.0
    return 2.0 ** float(np.clip(np.floor(np.log2(most) - np.log2(total)), -1020, 1020))


def _coarse_mean(y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Means to 20 bits of their size: the last bits depend on the order in which rows are added."""
    with np.errstate(over="ignore"):
        mean = np.average(y, axis=0, weights=w / w.max())
    size = np.maximum(np.abs(y).max(axis=0), 1e-290)
    step = 2.0 ** (np.floor(np.log2(size)) - 20.0)
    return np.where(np.isfinite(mean), np.round(mean / step) * step, 0.0)


def statistics(
    criterion: Any, y: np.ndarray, weight: np.ndarray | None, *, fine: bool = False
) -> Statistics:
    """The rows' terms: y (n, outputs), class codes or numbers; weight (n,) or None for ones.

    fine: whether whole weights are cut into small units too, since they will be multiplied by fractions.
    """
    n, outputs = y.shape
    w = np.ones(n) if weight is None else weight
    total = float(w.sum())
    whole = not fine and (weight is None or bool((w == np.floor(w)).all() and total <= WEIGHTS))
    per_weight = 1.0 if whole else _power(WEIGHTS, total)
    masses = np.round(w * per_weight).astype(np.int64)
    form = criterion.form
    if form.n_classes:
        places = y.astype(np.int32) + form.n_classes * np.arange(outputs, dtype=np.int32)
        labels = np.ascontiguousarray(places, dtype=np.int32)
        return Statistics(
            form,
            labels,
            masses[:, None],
            per_weight,
            1.0,
            criterion.n_stats,
            form.n_classes,
            np.zeros(1),
        )
    y = np.asarray(y, dtype=np.float64)
    if (
        criterion.target == "numbers" and criterion.n_stats < 1 + outputs
    ):  # Friedman's: of all outputs together
        y = y.mean(axis=1, keepdims=True)
    labels = np.empty(y.shape, np.int32)
    for o in range(y.shape[1]):
        labels[:, o] = np.unique(y[:, o], return_inverse=True)[1]
    # Counts keep their zero; other numbers are taken about their mean, where they are smallest.
    center = np.zeros(y.shape[1]) if form.logarithmic else _coarse_mean(y, w)
    away = y - center
    per_y = _power(NUMBERS, float(np.abs(w[:, None] * away).sum(axis=0).max(initial=0.0)))
    if whole:
        terms = np.round(away * per_y).astype(np.int64) * masses[:, None]
    else:
        terms = np.round(w[:, None] * away * per_y).astype(np.int64)
    amounts = np.ascontiguousarray(np.column_stack([masses, terms]))
    made = Statistics(form, labels, amounts, per_weight, per_y, 1 + y.shape[1], 1, center)
    if criterion.target == "medians":
        made.ranks = np.ascontiguousarray(labels.T, dtype=np.uint32)
        made.levels = np.zeros((y.shape[1], int(labels.max(initial=0)) + 1))
        for o in range(y.shape[1]):
            made.levels[o, labels[:, o]] = y[:, o]
    return made
