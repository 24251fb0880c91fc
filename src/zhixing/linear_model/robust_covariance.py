"""Covariance of coefficients that does not believe the model's variance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..solvers.weighted_gram import group_sums, row_forms, weighted_gram

#: What may be asked for, and how it is called in the table.
COVARIANCES = {
    "model": "from the model",
    "HC0": "heteroscedasticity-robust (HC0)",
    "HC1": "heteroscedasticity-robust (HC1)",
    "HC2": "heteroscedasticity-robust (HC2)",
    "HC3": "heteroscedasticity-robust (HC3)",
    "cluster": "robust to dependence within groups (cluster)",
}


@dataclass(frozen=True)
class Rows:
    """What a fitted model says of its rows: score g and expected curvature h of each, unweighted.

    `repeats` is how many times the row stands for itself; `weight` multiplies its loss.  Under
    repetition they are the same; a precision weight repeats nothing.
    """

    X: Any
    g: np.ndarray
    h: np.ndarray
    weight: np.ndarray
    repeats: np.ndarray
    intercept: bool
    n: float


def sandwich(rows: Rows, bread: np.ndarray, kind: str, groups: np.ndarray | None) -> np.ndarray:
    """bread meat bread, with meat the covariance of the scores estimated from the rows.

    HC0 is White (1980); HC1 multiplies it by n / (n - k); HC2 and HC3 divide the residual by
    sqrt(1 - leverage) and 1 - leverage (MacKinnon and White 1985); ``cluster`` adds scores within a
    group first, times G / (G - 1) (n - 1) / (n - k) (Liang and Zeger 1986).
    """
    k, n = len(bread), rows.n
    per_row = rows.g * np.where(rows.repeats > 0, rows.weight / np.maximum(rows.repeats, 1e-300), 0)
    if kind == "cluster":
        assert groups is not None
        sums = group_sums(rows.X, per_row * rows.repeats, groups, rows.intercept)
        count = len(np.unique(groups[rows.repeats > 0]))
        factor = count / (count - 1.0) * (n - 1.0) / (n - k)
        return factor * bread @ (sums.T @ sums) @ bread
    if kind in ("HC2", "HC3"):
        leverage = rows.h * row_forms(rows.X, bread, rows.intercept)
        leverage *= np.where(rows.repeats > 0, rows.weight / np.maximum(rows.repeats, 1e-300), 0)
        spare = np.maximum(1.0 - leverage, 1e-12)
        per_row = per_row / (np.sqrt(spare) if kind == "HC2" else spare)
    meat = weighted_gram(rows.X, rows.repeats * per_row**2, rows.intercept)
    covariance = bread @ meat @ bread
    return covariance * (n / (n - k) if kind == "HC1" else 1.0)
