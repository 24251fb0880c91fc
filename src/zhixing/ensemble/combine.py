"""Distributions of several models made one."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError

HOW = ("arithmetic", "geometric")


def combine(probas: Any, how: str = "arithmetic", weights: Any = None) -> np.ndarray:
    """The weighted arithmetic or geometric mean of the models' class probabilities.

        arithmetic: p = sum_m w_m p_m,          geometric: p_c = prod_m p_mc^w_m / sum_d prod_m p_md^w_m

    The arithmetic mean is the best single answer to log loss averaged over models, the geometric one
    (an average of log-odds, a product of experts) is sharper: one model that is sure a class is
    impossible all but rules it out.

    Parameters
    ----------
    probas : (models, n, k) probabilities, or a list of (n, k) arrays.
    how : ``"arithmetic"`` or ``"geometric"``.      weights : (models,), not negative; None for equal ones.

    Returns
    -------
    (n, k), rows adding up to one.

    Notes
    -----
    Cost O(models n k).  In a geometric mean a zero counts as the smallest positive float, so a row whose
    classes are each ruled out by someone still has an answer.  Source: Genest and Zidek (1986).

    Examples
    --------
    >>> a, b = [[0.9, 0.1]], [[0.5, 0.5]]
    >>> combine([a, b]), combine([a, b], "geometric").round(3)
    (array([[0.7, 0.3]]), array([[0.75, 0.25]]))
    """
    stacked = np.asarray(probas, dtype=np.float64)
    if stacked.ndim != 3:
        raise InputError(f"probas has shape {stacked.shape} and must be (models, rows, classes)")
    if not np.isfinite(stacked).all() or (stacked < 0).any():
        raise InputError("probas holds a negative, missing or infinite number")
    share = shares(weights, len(stacked))
    if how == "arithmetic":
        mixed = np.tensordot(share, stacked, 1)
    elif how == "geometric":
        logs = np.log(np.maximum(stacked, np.finfo(np.float64).tiny))
        mixed = np.tensordot(share, logs, 1)
        mixed = np.exp(mixed - mixed.max(axis=1, keepdims=True))
    else:
        raise InputError(f"how={how!r} is none of {', '.join(HOW)}")
    return mixed / mixed.sum(axis=1, keepdims=True)


def shares(weights: Any, models: int) -> np.ndarray:
    """Weights made to add up to one; equal ones for None."""
    if weights is None:
        return np.full(models, 1.0 / models)
    w = np.asarray(weights, dtype=np.float64)
    if w.shape != (models,):
        raise InputError(f"weights has shape {w.shape}, and there are {models} models")
    if not np.isfinite(w).all() or (w < 0).any() or not w.any():
        raise InputError("weights must be finite and not negative, and one must be positive")
    return w / w.sum()
