"""Grouping of rare categories into one, as `min_frequency` and `max_categories` ask."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np

from .categories import Recognised, is_missing

#: The name scikit-learn gives to the group of rare categories.
RARE = "infrequent_sklearn"


def grouping_asked(estimator: Any) -> bool:
    return estimator.max_categories is not None or estimator.min_frequency is not None


def check_grouping(estimator: Any) -> None:
    """Refuse thresholds that cannot be meant."""
    most, least = estimator.max_categories, estimator.min_frequency
    if most is not None and (not isinstance(most, Integral) or int(most) < 1):
        raise ValueError(f"max_categories must be None or a whole number from 1 on, got {most!r}")
    if least is None:
        return
    size = float(least)
    whole = isinstance(least, Integral)
    if not ((whole and size >= 1) or (not whole and 0 < size < 1)):
        raise ValueError(
            "min_frequency must be None, a whole number from 1 on or a share between 0 and 1, "
            f"got {least!r}"
        )


def rare_categories(
    columns: list[Recognised], categories: list[np.ndarray], estimator: Any, *, keep_missing: bool
) -> list[np.ndarray | None]:
    """Indices of the rare categories of every column, None where there are none.

    `keep_missing` leaves a NaN category out of the grouping (OrdinalEncoder has its own code for it).
    """
    out: list[np.ndarray | None] = []
    for column, known in zip(columns, categories):
        by_code = np.bincount(column.codes + 1, minlength=len(column.index))
        by_code = np.concatenate([by_code[1:], by_code[:1]])  # code -1 (NaN) is the last of `index`
        counts = np.bincount(column.index + 1, weights=by_code, minlength=len(known) + 1)[1:]
        if keep_missing and len(known) and is_missing(known[-1]):
            counts = counts[:-1]
        out.append(
            _rare(counts, column.codes.size, estimator.min_frequency, estimator.max_categories)
        )
    return out


def _rare(counts: np.ndarray, n: int, least: Any, most: int | None) -> np.ndarray | None:
    rare = np.zeros(len(counts), bool)
    if least is not None:
        rare = counts < (least if isinstance(least, Integral) else n * least)
    if most is not None and most < len(counts) - rare.sum() + 1:
        if most == 1:
            rare[:] = True
        else:
            rare[np.argsort(counts, kind="stable")[: -(most - 1)]] = True
    found = np.flatnonzero(rare)
    return found if found.size else None


def grouped_index(n_categories: int, rare: np.ndarray | None) -> np.ndarray:
    """New index of every category once the rare ones share the last place.

    >>> grouped_index(5, np.array([0, 2]))
    array([3, 0, 3, 1, 2], dtype=int32)
    """
    index = np.arange(n_categories, dtype=np.int32)
    if rare is not None:
        frequent = np.setdiff1d(index, rare)
        index[rare] = len(frequent)
        index[frequent] = np.arange(len(frequent))
    return index
