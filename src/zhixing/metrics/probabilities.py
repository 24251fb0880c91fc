"""Predicted probabilities, checked, and the probability given to the class that came true."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..core.errors import InputError
from .labels import check_lengths, column, distinct, encode

#: Rows of one block: its few temporaries stay in the second-level cache.
BLOCK = 1 << 14


def table(y_proba: Any, name: str = "y_proba") -> np.ndarray:
    """Probabilities as float32 or float64, one or two dimensions, C order."""
    p = np.asarray(y_proba)
    if p.dtype not in (np.float32, np.float64):
        try:
            p = p.astype(np.float64)
        except (TypeError, ValueError):
            raise InputError(f"{name} holds values that are not numbers") from None
    if p.ndim not in (1, 2):
        raise ValueError(f"{name} must have one or two dimensions, got shape {p.shape}")
    if p.ndim == 2 and p.shape[1] == 1:
        p = p.ravel()
    return np.ascontiguousarray(p)


def check_range(p: np.ndarray, name: str = "y_prob") -> None:
    """Every probability is finite and within [0, 1]."""
    low, high = float(p.min()), float(p.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError("Input contains NaN or infinity.")
    if high > 1.0:
        raise ValueError(f"{name} contains values greater than 1: {high}")
    if low < 0.0:
        raise ValueError(f"{name} contains values lower than 0: {low}")


def check_sums(p: np.ndarray) -> None:
    """Warn unless each row of an (n, k) table sums to one, to the square root of its precision."""
    gap = np.abs(p @ np.ones(p.shape[1], dtype=p.dtype) - 1.0)
    if gap.max() > np.sqrt(np.finfo(p.dtype).eps):
        warnings.warn(
            "The y_prob values do not sum to one. Make sure to pass probabilities.", stacklevel=4
        )


def class_codes(y_true: Any, p: np.ndarray, labels: Any) -> np.ndarray:
    """Column of the true class of each row; the columns of `p` are the sorted classes.

    A vector `p` is the probability of the second of two classes.
    """
    check_lengths(y_true, p)
    y = column(y_true, "y_true")
    if labels is None:
        classes = distinct(y)
        if classes.size == 1:
            raise ValueError(
                f"y_true contains only one label ({classes[0]}). Please provide the list of all "
                f"expected "
                "class labels explicitly through the labels argument."
            )
    else:
        given = column(labels, "labels")
        classes = distinct(given, "labels")
        if classes.size == 1:
            raise ValueError(
                f"The labels array needs to contain at least two labels, got {classes}."
            )
        if not np.array_equal(classes, given):
            warnings.warn(
                f"Labels passed were {given}. But this function assumes labels are ordered "
                f"lexicographically. Pass the ordered labels={classes.tolist()} and ensure that "
                f"the columns "
                "of y_prob correspond to this ordering.",
                stacklevel=4,
            )
    codes = encode(y, classes)
    if labels is not None and codes.min() < 0:
        unknown = set(np.unique(y[codes < 0]).tolist())
        raise ValueError(
            f"y_true contains values {unknown} not belonging to the passed labels {labels}."
        )
    width = 2 if p.ndim == 1 else p.shape[1]
    if classes.size != width:
        if labels is None:
            raise ValueError(
                f"y_true and y_prob contain different number of classes: {classes.size} vs "
                f"{width}. Please "
                "provide the true labels explicitly through the labels argument. Classes found in "
                "y_true: "
                f"{classes}"
            )
        raise ValueError(
            "The number of classes in labels is different from that in y_prob. Classes found in "
            "labels: "
            f"{classes}"
        )
    return codes


def of_true_class(codes: np.ndarray, p: np.ndarray, rows: slice) -> np.ndarray:
    """Probability of the class that came true, for a slice of the rows, in float64."""
    chosen = codes[rows]
    if p.ndim == 2:
        return p[rows][np.arange(chosen.size), chosen].astype(np.float64, copy=False)
    q = p[rows].astype(np.float64)
    # q where the class is 1, 1 - q where it is 0.
    return np.abs(q - (1 - chosen), out=q)
