"""What categories tell about classes, in bits, for all features of a node at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..kernels.contingency import contingency


class Tables(NamedTuple):
    """Weight by code and class: feature features[k] has rows start[k] to start[k + 1] of `totals`."""

    features: np.ndarray
    start: np.ndarray
    codes: np.ndarray  # the code of every row of `totals`
    totals: np.ndarray  # (codes, k)

    def of(self, at: int) -> tuple[np.ndarray, np.ndarray]:
        """Codes and class weights of one feature, of codes that occur only."""
        s = slice(int(self.start[at]), int(self.start[at + 1]))
        held = self.totals[s]
        here = held.sum(axis=1) > 0
        return self.codes[s][here], held[here]


def tables(
    codes: np.ndarray,
    sizes: np.ndarray,
    features: np.ndarray,
    rows: np.ndarray,
    classes: np.ndarray,
    weight: np.ndarray,
    k: int,
) -> Tables:
    """Tables of some features over the rows of a node; weight goes with `rows`.

    Where a feature has far more codes than the node rows, the codes are first numbered anew.
    """
    few = len(rows)
    local = sizes[features].astype(np.int64)
    if local.sum() > 2 * few * len(features) + 1000:
        part = np.empty((len(features), few), np.int32)
        names = []
        for k_, j in enumerate(features):
            held = codes[j, rows]
            known = held >= 0
            found, places = np.unique(held[known], return_inverse=True)
            part[k_] = -1
            part[k_, known] = places
            names.append(found.astype(np.int64))
        local = np.array([len(f) for f in names], np.int64)
        start = np.concatenate([[0], np.cumsum(local)])
        totals = np.zeros((int(start[-1]), k))
        every = np.arange(few, dtype=np.int64)
        own = np.ascontiguousarray(classes[rows])
        contingency(part, np.arange(len(features)), start, every, own, weight, totals)
        return Tables(features, start, np.concatenate(names), totals)
    start = np.concatenate([[0], np.cumsum(local)])
    totals = np.zeros((int(start[-1]), k))
    contingency(codes, features, start, rows, classes, weight, totals)
    names = np.arange(start[-1]) - np.repeat(start[:-1], local)
    return Tables(features, start, names, totals)


def bits(counts: np.ndarray) -> np.ndarray:
    """Entropy of class weights along the last axis times their sum: -sum w log2(w / W)."""
    total = counts.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = np.where(counts > 0, counts * np.log2(counts), 0.0).sum(axis=-1)
        return np.where(total > 0, total * np.log2(total), 0.0) - inner


class Worth(NamedTuple):
    """By feature: gain in bits, entropy of its own branches, and how many occur."""

    gain: np.ndarray
    split_bits: np.ndarray
    branches: np.ndarray
    known: np.ndarray  # weight of the rows where it is known


def worth(found: Tables) -> Worth:
    """Gain and split information of every feature, over the rows where it is known."""
    size = len(found.features)
    of_code = found.totals.sum(axis=1)
    feature = np.repeat(np.arange(size), np.diff(found.start))

    def added(values: np.ndarray) -> np.ndarray:
        return np.bincount(feature, values, size)

    known = added(of_code)
    counts = np.array([np.bincount(feature, c, size) for c in found.totals.T]).T
    base = np.where(known > 0, known, 1.0)
    gain = (bits(counts) - added(bits(found.totals))) / base
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = added(np.where(of_code > 0, of_code * np.log2(of_code), 0.0))
    split = np.where(known > 0, np.log2(base) - inner / base, 0.0)
    return Worth(gain, split, added(of_code > 0).astype(np.int64), known)
