"""The scores of two classes, each sorted: all that the ROC and precision-recall family needs.

Sorting plain doubles is several times faster than sorting an index (NumPy uses the vector units of
the machine), and the two classes are sorted by two threads.  One merge then says where each score
stands in the other class.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.arrays import rows_contiguous
from ..core.parallel import each, slices
from ..kernels.merge_sorted import merge_positions, merge_thresholds
from .labels import check_lengths, column, distinct
from .sort_classes import sort_classes

#: Queries of one merge task.
CHUNK = 1 << 17


class Sorted(NamedTuple):
    """Ascending scores of one class; `before[i]` is the weight of the first i of them (None: counts)."""

    scores: np.ndarray
    before: np.ndarray | None = None

    @property
    def total(self) -> float:
        return float(self.scores.size if self.before is None else self.before[-1])

    @property
    def weight(self) -> np.ndarray | None:
        return None if self.before is None else np.diff(self.before)

    def weight_before(self, positions: np.ndarray) -> np.ndarray:
        return positions if self.before is None else self.before[positions]


class TwoClasses(NamedTuple):
    pos: Sorted
    neg: Sorted


def binary_labels(y_true: Any, pos_label: Any = None) -> np.ndarray:
    """Which rows are positive: label equal to `pos_label`, by default the greater of two labels.

    As in scikit-learn, without `pos_label` string labels are refused and numbers must be among {0,
    1} or {-1, 1}.
    """
    y = column(y_true, "y_true")
    classes = distinct(y)
    if pos_label is None:
        if classes.size > 2:
            raise ValueError("multiclass format is not supported")
        if classes.dtype.kind in "OUST" or not (
            np.isin(classes, (0, 1)).all() or np.isin(classes, (-1, 1)).all()
        ):
            shown = ", ".join(repr(c) for c in classes.tolist())
            raise ValueError(
                f"y_true takes value in {{{shown}}} and pos_label is not specified: either make "
                f"y_true "
                "take value in {0, 1} or {-1, 1} or pass pos_label explicitly."
            )
        pos_label = 1
    return equals(y, pos_label)


def positive_rows(y_true: Any, pos_label: Any = None) -> np.ndarray:
    """Rows of the positive class: `pos_label`, or the greater of the labels found."""
    y = column(y_true, "y_true")
    return equals(y, distinct(y)[-1] if pos_label is None else pos_label)


def equals(y: np.ndarray, label: Any) -> np.ndarray:
    """``y == label`` as booleans, also where the label has another type than `y`."""
    hit = y == label
    return hit if isinstance(hit, np.ndarray) else np.zeros(y.size, dtype=bool)


def score_column(y_score: Any, name: str = "y_score") -> np.ndarray:
    """Scores as a contiguous float64 vector; NaN is refused when they are split."""
    score = column(y_score, name)
    if score.dtype.kind not in "biuf":
        score = score.astype(np.float64)
    return rows_contiguous(score, np.float64)


def split(positive: np.ndarray, score: np.ndarray, weight: np.ndarray | None) -> TwoClasses:
    """Sort each class on its own.

    Rows of weight zero are left out; NaN and infinite scores are refused.
    """
    check_lengths(positive, score)
    if weight is not None and not weight.all():
        keep = weight != 0.0
        positive, score, weight = positive[keep], score[keep], weight[keep]
    if not (np.isfinite(score.min()) and np.isfinite(score.max())):
        raise ValueError("Input y_score contains NaN or infinity.")
    (neg, pos), weights = sort_classes(positive, score, weight)
    if weights is None:
        return TwoClasses(Sorted(pos), Sorted(neg))
    before = [np.concatenate([[0.0], np.cumsum(w)]) for w in weights]
    return TwoClasses(Sorted(pos, before[1]), Sorted(neg, before[0]))


def positions(queries: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``searchsorted(keys, queries)`` to the left and to the right, for sorted queries.

    >>> positions(np.array([1.0, 2.0]), np.array([0.0, 2.0, 2.0]))
    (array([1, 1]), array([1, 3]))
    """
    left, right = np.empty((2, queries.size), dtype=np.int64)

    def task(s: slice) -> None:
        merge_positions(queries[s], keys, left[s], right[s])

    each(task, slices(queries.size, CHUNK))
    return left, right


def positions_reference(queries: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The definition of `positions`, by bisection."""
    return np.searchsorted(keys, queries, "left"), np.searchsorted(keys, queries, "right")


def thresholds(two: TwoClasses) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct scores, descending, with the weight of positives and of negatives at or above each."""
    n = two.pos.scores.size + two.neg.scores.size
    values = np.empty(n)
    counts = np.empty((2, n), dtype=np.int64)
    k = merge_thresholds(two.pos.scores, two.neg.scores, values, counts[0], counts[1])
    above = []
    for side, count in zip(two, counts[:, :k]):
        if side.before is None:
            above.append(count.astype(np.float64))
        else:
            above.append(side.before[-1] - side.before[side.scores.size - count])
    return values[:k].copy(), above[0], above[1]
