"""Facts about a regressor's predictions: residuals, their quantiles, error by size."""

from __future__ import annotations

from typing import Any

import numpy as np

from .writing import number

GRID, BANDS, TENTHS = 40, 20, 10


def residuals(y: np.ndarray, z: np.ndarray, weight: np.ndarray | None) -> dict[str, Any]:
    """Everything the report shows of `y - z`; `weight` counts repetitions."""
    w = np.ones(len(y)) if weight is None else weight
    error = y - z
    shares = (0.5, 0.8, 0.9, 0.95, 0.99)
    size = np.abs(error)
    quantiles = [{"share": s, "error": _quantile(size, w, s)} for s in shares]
    middle = _quantile(error, w, 0.5)
    words = (
        f"Half of the predictions are within {number(quantiles[0]['error'])}, 90 % within "
        f"{number(quantiles[2]['error'])}; the median error is {number(middle)}."
    )
    return {
        "quantiles": quantiles,
        "residuals": {
            "mean": float(np.average(error, weights=w)),
            "median": middle,
            "words": words,
            "grid": _grid(y, z, w),
            "bands": _bands(error, z, w),
            "histogram": _histogram(error, w),
            "by_size": _by_size(error, y, w),
        },
    }


def _quantile(values: np.ndarray, weight: np.ndarray, share: float) -> float:
    if np.all(weight == weight[0]):
        return float(np.quantile(values, share))
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    at = int(np.searchsorted(reached, share * reached[-1]))
    return float(values[order][min(at, len(values) - 1)])


def _grid(y: np.ndarray, z: np.ndarray, w: np.ndarray) -> dict[str, Any]:
    """Counts on a square grid over the central 99.8 % of truth and prediction."""
    both = np.concatenate([y, z])
    low, high = np.quantile(both, [0.001, 0.999])
    if not high > low:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, GRID + 1)
    counts, _, _ = np.histogram2d(
        np.clip(z, low, high), np.clip(y, low, high), bins=[edges, edges], weights=w
    )
    cells = [
        [float(edges[i]), float(edges[i + 1]), float(edges[j]), float(edges[j + 1]), float(n)]
        for (i, j), n in np.ndenumerate(counts)
        if n > 0
    ]
    return {"low": float(low), "high": float(high), "cells": cells}


def _groups(values: np.ndarray, many: int) -> list[np.ndarray]:
    """Rows in about `many` groups of equal size by their values; equal values stay together."""
    cuts = np.unique(np.quantile(values, np.linspace(0.0, 1.0, many + 1)[1:-1]))
    code = np.searchsorted(cuts, values, side="right")
    return [np.flatnonzero(code == c) for c in np.unique(code)]


def _bands(error: np.ndarray, z: np.ndarray, w: np.ndarray) -> list[dict[str, float]]:
    many = max(2, min(BANDS, len(z) // 15))
    bands = []
    for rows in _groups(z, many):
        q = {
            f"q{int(100 * s):02d}": _quantile(error[rows], w[rows], s)
            for s in (0.05, 0.25, 0.5, 0.75, 0.95)
        }
        bands.append({"predicted": _quantile(z[rows], w[rows], 0.5), "count": len(rows), **q})
    return bands


def _histogram(error: np.ndarray, w: np.ndarray) -> dict[str, Any]:
    low, high = np.quantile(error, [0.005, 0.995])
    if not high > low:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(np.clip(error, low, high), bins=40, range=(low, high), weights=w)
    return {"edges": edges.tolist(), "counts": counts.tolist()}


def _by_size(error: np.ndarray, y: np.ndarray, w: np.ndarray) -> list[dict[str, float]]:
    found = []
    for rows in _groups(y, TENTHS):
        found.append(
            {
                "low": float(y[rows].min()),
                "high": float(y[rows].max()),
                "mae": float(np.average(np.abs(error[rows]), weights=w[rows])),
                "bias": float(np.average(error[rows], weights=w[rows])),
                "count": len(rows),
            }
        )
    return found
