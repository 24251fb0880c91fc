"""Two models' predictions for the same rows, checked once and brought into the metric's form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..core.errors import InputError
from .measures import Measure, measure
from .statistics import Statistic


@dataclass(frozen=True)
class Pairing:
    """Rows of truth and of both predictions in the measure's form, and what is resampled together.

    `units` gives each row the number of its unit: the row itself, or its group.  `strata` gives
    each unit the number of its stratum.
    """

    measure: Measure
    y: np.ndarray
    a: np.ndarray
    b: np.ndarray
    n_classes: int
    units: np.ndarray
    strata: np.ndarray
    grouped: bool

    @property
    def n_units(self) -> int:
        return self.strata.size

    def statistics(self) -> tuple[Statistic, Statistic]:
        """The metric of A and of B as functions of the rows' counts."""
        return (
            self.measure.statistic(self.y, self.a, self.n_classes),
            self.measure.statistic(self.y, self.b, self.n_classes),
        )

    def scores(self) -> tuple[float, float]:
        """The metric of A and of B on all rows."""
        once = np.ones((1, len(self.y)))
        first, second = self.statistics()
        return float(first(once)[0]), float(second(once)[0])

    def cells(self) -> tuple[Pairing, np.ndarray] | None:
        """One row per distinct (stratum, truth, A, B) and how often it occurs.

        Labels take few values, so resampling counts of cells replaces resampling rows: the same
        distribution at a cost that does not grow with n.  None where that would not shrink it.
        """
        if self.measure.kind != "labels" or self.grouped:
            return None
        k = self.n_classes
        code = ((self.strata * k + self.y) * k + self.a) * k + self.b
        _, first, counts = np.unique(code, return_index=True, return_counts=True)
        if 4 * counts.size > code.size:
            return None
        cut = Pairing(
            self.measure,
            self.y[first],
            self.a[first],
            self.b[first],
            k,
            np.arange(first.size),
            self.strata[first],
            grouped=False,
        )
        return cut, counts


def pair(
    y: ArrayLike,
    pred_a: ArrayLike,
    pred_b: ArrayLike,
    metric: str | Callable[..., Any],
    *,
    greater_is_better: bool | None = None,
    pos_label: Any = None,
    groups: ArrayLike | None = None,
    stratify: ArrayLike | bool | None = None,
    sample_weight: ArrayLike | None = None,
) -> Pairing:
    """Check and align the rows; every test that sees rows starts here."""
    chosen = measure(metric, greater_is_better)
    truth = _array(y, "y")
    a, b = _array(pred_a, "pred_a"), _array(pred_b, "pred_b")
    n = len(truth)
    if n == 0:
        raise InputError("no rows to compare")
    for name, held in (("pred_a", a), ("pred_b", b), ("groups", groups)):
        if held is not None and len(np.asarray(held)) != n:
            raise InputError(f"y has {n} rows and {name} {len(np.asarray(held))}")
    labels = truth
    rows = _repeats(sample_weight, n)
    truth, a, b, n_classes = _FORMS[chosen.kind](chosen, truth, a, b, pos_label)
    units = np.arange(n)
    if groups is not None:
        if sample_weight is not None:
            raise InputError("give groups or sample_weight, not both")
        units = np.unique(np.asarray(groups), return_inverse=True)[1].ravel()
    strata = _strata(stratify, labels, units, n)
    if rows is not None:
        truth, a, b, strata = truth[rows], a[rows], b[rows], strata[rows]
        units = np.arange(rows.size)
    return Pairing(chosen, truth, a, b, n_classes, units, strata, grouped=groups is not None)


def _array(given: ArrayLike, name: str) -> np.ndarray:
    held = np.asarray(given)
    if held.ndim == 0 or held.ndim > 2:
        raise InputError(f"{name} has one entry or one row per case, not shape {held.shape}")
    if held.dtype.kind == "f" and not np.all(np.isfinite(held)):
        raise InputError(f"{name} holds missing or infinite values")
    return held


def _repeats(sample_weight: ArrayLike | None, n: int) -> np.ndarray | None:
    if sample_weight is None:
        return None
    weight = np.asarray(sample_weight, dtype=float)
    if weight.shape != (n,) or np.any(weight < 0) or np.any(weight != np.floor(weight)):
        raise InputError(
            "a test counts cases: sample_weight holds how often each row occurs, a whole number",
            do="compare without weights, or give counts",
        )
    return np.repeat(np.arange(n), weight.astype(np.intp))


def _strata(
    stratify: ArrayLike | bool | None, y: np.ndarray, units: np.ndarray, n: int
) -> np.ndarray:
    m = int(units.max()) + 1
    if stratify is None or stratify is False:
        return np.zeros(m, dtype=np.intp)
    held = y if stratify is True else np.asarray(stratify)
    if held.ndim != 1 or len(held) != n:
        raise InputError(f"stratify has one entry per row ({n}), not shape {held.shape}")
    codes = np.unique(held, return_inverse=True)[1].ravel()
    strata = np.zeros(m, dtype=np.intp)
    strata[units] = codes
    if np.any(strata[units] != codes):
        raise InputError("a group lies in several strata; stratify by something constant in groups")
    return strata


def _as_labels(
    chosen: Measure, y: np.ndarray, a: np.ndarray, b: np.ndarray, pos_label: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    if y.ndim != 1 or a.shape != y.shape or b.shape != y.shape:
        raise InputError(f"{chosen.name} compares one label per row")
    known = np.unique(y)
    for name, held in (("pred_a", a), ("pred_b", b)):
        if held.dtype.kind == "f" and not np.all(np.isin(held, known)):
            raise InputError(
                f"{name} holds numbers that are no labels of y",
                do=f"give predicted labels for {chosen.name}, or choose a metric of probabilities",
            )
    words = [held.dtype.kind in "OSUT" for held in (y, a, b)]
    try:
        if any(words) != all(words):
            raise TypeError
        classes, codes = np.unique(np.concatenate([y, a, b]), return_inverse=True)
    except TypeError as error:
        raise InputError("y and the predictions mix kinds of labels that do not compare") from error
    if chosen.name in ("precision", "recall", "f1"):
        if classes.size > 2:
            raise InputError(
                f"{chosen.name} needs two classes, here are {classes.size}",
                do=f"use {chosen.name}_macro",
            )
        if classes.size == 1:
            ones = np.ones(y.size, dtype=np.intp)
            return ones, ones, ones, 2
        if pos_label is not None:
            if pos_label not in classes:
                raise InputError(f"pos_label {pos_label!r} is not among {classes.tolist()}")
            if pos_label == classes[0]:
                codes = 1 - codes
    split = np.split(codes.ravel(), 3)
    return split[0], split[1], split[2], int(classes.size)


def _as_probabilities(
    chosen: Measure, y: np.ndarray, a: np.ndarray, b: np.ndarray, pos_label: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    classes, codes = np.unique(y, return_inverse=True)
    if pos_label is not None and classes.size == 2 and pos_label == classes[0]:
        codes = 1 - codes
    tables = [p if p.ndim == 2 else np.column_stack([1 - p, p]) for p in map(np.asarray, (a, b))]
    k = tables[0].shape[1]
    if tables[1].shape[1] != k or k != max(classes.size, 2):
        raise InputError(
            f"y has {classes.size} classes and the probabilities {k} and {tables[1].shape[1]}"
        )
    for name, p in zip(("pred_a", "pred_b"), tables):
        if np.any(p < 0) or np.any(p > 1):
            raise InputError(f"{name} holds probabilities outside [0, 1]")
    return codes.ravel(), tables[0].astype(float), tables[1].astype(float), k


def _as_values(
    chosen: Measure, y: np.ndarray, a: np.ndarray, b: np.ndarray, pos_label: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    if a.size != y.size or b.size != y.size:
        raise InputError(f"{chosen.name} compares one prediction per value of y")
    try:
        y, a, b = (np.asarray(held, dtype=float) for held in (y, a, b))
    except ValueError as error:
        raise InputError(f"{chosen.name} compares numbers") from error
    return y, a.reshape(y.shape), b.reshape(y.shape), 0


def _as_ranks(
    chosen: Measure, y: np.ndarray, a: np.ndarray, b: np.ndarray, pos_label: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    classes, codes = np.unique(y, return_inverse=True)
    if classes.size != 2:
        raise InputError(
            f"{chosen.name} needs two classes in y, here are {classes.size}",
            do="give a function of (y_true, y_score)" if classes.size > 2 else "",
        )
    if pos_label is not None and pos_label == classes[0]:
        codes = 1 - codes
    scores = [p[:, 1] if p.ndim == 2 and p.shape[1] == 2 else p.ravel() for p in (a, b)]
    if any(s.size != codes.size for s in scores):
        raise InputError(f"{chosen.name} compares one score per row")
    return codes.ravel(), scores[0].astype(float), scores[1].astype(float), 2


def _as_given(
    chosen: Measure, y: np.ndarray, a: np.ndarray, b: np.ndarray, pos_label: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    return y, a, b, 0


_FORMS = {
    "labels": _as_labels,
    "probabilities": _as_probabilities,
    "values": _as_values,
    "ranks": _as_ranks,
    "any": _as_given,
}
