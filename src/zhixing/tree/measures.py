"""What a split of labels or numbers is worth, as functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError


def gini(y: Any, *, sample_weight: Any = None) -> float:
    """The Gini impurity of labels, ``1 - sum_k p_k^2``: how often two rows drawn at random differ.

    Breiman et al. (1984), section 4.3.

    >>> gini(["a", "a", "b", "b"])
    0.5
    """
    p = _shares(y, sample_weight)
    return float(1.0 - (p * p).sum())


def entropy(y: Any, *, base: float = 2.0, sample_weight: Any = None) -> float:
    """The entropy of labels, ``-sum_k p_k log p_k``, in bits unless `base` says otherwise.

    >>> entropy(["a", "a", "b", "b"])
    1.0
    """
    p = _shares(y, sample_weight)
    return float(max(-(p * np.log(p)).sum() / np.log(_base(base)), 0.0))


def information_gain(y: Any, groups: Any, *, base: float = 2.0, sample_weight: Any = None) -> float:
    """How much knowing the group tells of the label: ``H(y) - sum_i w_i / w H(y | group i)``.

    groups (n,) : the child of each row.
    Quinlan (1986), section 4.

    >>> y = ["no", "no", "yes", "yes"]
    >>> information_gain(y, [0, 0, 1, 1]), information_gain(y, [0, 1, 0, 1])
    (1.0, 0.0)
    """
    return _fall(
        y, groups, sample_weight, lambda part, w: entropy(part, base=base, sample_weight=w)
    )


def gain_ratio(y: Any, groups: Any, *, base: float = 2.0, sample_weight: Any = None) -> float:
    """`information_gain` divided by the entropy of the groups, so that many small groups are not favoured.

    0 where all rows are in one group.  Quinlan (1993), section 2.3.

    >>> gain_ratio(["no", "no", "yes", "yes"], [0, 1, 2, 3])
    0.5
    """
    split = entropy(groups, base=base, sample_weight=sample_weight)
    if split == 0.0:
        return 0.0
    return information_gain(y, groups, base=base, sample_weight=sample_weight) / split


def gini_gain(y: Any, groups: Any, *, sample_weight: Any = None) -> float:
    """The fall of the Gini impurity, ``G(y) - sum_i w_i / w G(y | group i)``.

    >>> gini_gain(["no", "no", "yes", "yes"], [0, 0, 1, 1])
    0.5
    """
    return _fall(y, groups, sample_weight, lambda part, w: gini(part, sample_weight=w))


def variance_reduction(y: Any, groups: Any, *, sample_weight: Any = None) -> float:
    """The fall of the variance, ``Var(y) - sum_i w_i / w Var(y | group i)``: the squared-error gain.

    The variance is that of the rows (divided by their weight, not by one less).
    Breiman et al. (1984), section 8.3.

    >>> variance_reduction([1.0, 1.0, 3.0, 3.0], [0, 0, 1, 1])
    1.0
    """
    y = np.asarray(y, dtype=np.float64)
    return _fall(y, groups, sample_weight, _variance)


def _variance(y: np.ndarray, weight: np.ndarray) -> float:
    return float(np.average((y - np.average(y, weights=weight)) ** 2, weights=weight))


def _fall(y: Any, groups: Any, sample_weight: Any, impurity: Any) -> float:
    y, groups = _column(y, "y"), _column(groups, "groups")
    if len(groups) != len(y):
        raise InputError(f"y has {len(y)} rows and groups {len(groups)}")
    weight = _weight(sample_weight, len(y))
    y, groups, weight = y[weight > 0], groups[weight > 0], weight[weight > 0]
    _, place = np.unique(groups, return_inverse=True)
    total = weight.sum()
    rest = 0.0
    for g in range(place.max() + 1):
        inside = place == g
        rest += weight[inside].sum() / total * impurity(y[inside], weight[inside])
    return float(max(impurity(y, weight) - rest, 0.0))


def _shares(y: Any, sample_weight: Any) -> np.ndarray:
    y = _column(y, "y")
    weight = _weight(sample_weight, len(y))
    _, place = np.unique(y, return_inverse=True)
    p = np.bincount(place, weights=weight) / weight.sum()
    return p[p > 0]


def _column(values: Any, name: str) -> np.ndarray:
    column = np.asarray(values)
    if column.ndim != 1 or not len(column):
        raise InputError(
            f"{name} must be one value a row, for at least one row; its shape is {column.shape}"
        )
    return column.astype(str) if column.dtype == object else column


def _weight(sample_weight: Any, n: int) -> np.ndarray:
    weight = np.ones(n) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    if weight.shape != (n,) or not (weight >= 0).all() or not weight.any():
        raise InputError(
            f"sample_weight must be {n} numbers that are not negative, one of them positive"
        )
    return weight


def _base(base: float) -> float:
    if not base > 1.0:
        raise InputError(f"base={base!r} must be greater than 1")
    return float(base)
