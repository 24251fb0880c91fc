"""Isolation trees as arrays: grown, joined, and asked how far rows get in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..growth.tree import Forest
from ..kernels.isolate import isolate, isolate_by_planes
from ..kernels.path_lengths import (
    path_lengths,
    path_lengths_by_full_planes,
    path_lengths_by_planes,
)

#: Rows a task scores at a time.
BLOCK = 4096


def average_path_length(n: Any) -> np.ndarray:
    """Mean length of an unsuccessful search in a binary search tree of n rows.

    ``2 H(n - 1) - 2 (n - 1) / n`` with H(i) = log i + 0.5772: Liu, Ting and Zhou (2008), eq. 1; 1 for two
    rows, 0 for one.

    >>> average_path_length([1, 2, 256]).round(4)
    array([ 0.    ,  1.    , 10.2448])
    """
    n = np.asarray(n, dtype=np.float64)
    many = np.maximum(n, 3.0)
    length = 2.0 * (np.log(many - 1.0) + np.euler_gamma) - 2.0 * (many - 1.0) / many
    return np.where(n <= 1, 0.0, np.where(n <= 2, 1.0, length))


@dataclass
class Planes:
    """Trees whose nodes part rows by planes; a right child follows its left one, left is -1 in a leaf."""

    feature: np.ndarray  # (nodes, k) int64
    slope: np.ndarray  # (nodes, k)
    point: np.ndarray  # (nodes, k)
    left: np.ndarray  # (nodes,) int64
    value: np.ndarray  # (nodes,) path length
    cover: np.ndarray  # (nodes,)
    roots: np.ndarray  # (trees,) int64

    def __len__(self) -> int:
        return len(self.roots)

    @staticmethod
    def join(trees: list[Planes]) -> Planes:
        at = np.cumsum([0, *(len(t.left) for t in trees)])
        return Planes(
            feature=np.concatenate([t.feature for t in trees]),
            slope=np.concatenate([t.slope for t in trees]),
            point=np.concatenate([t.point for t in trees]),
            left=np.concatenate([np.where(t.left < 0, -1, t.left + a) for t, a in zip(trees, at)]),
            value=np.concatenate([t.value for t in trees]),
            cover=np.concatenate([t.cover for t in trees]),
            roots=np.concatenate([t.roots + a for t, a in zip(trees, at)]),
        )

    def check(self, p: int) -> None:
        """Refuse arrays (of a model file) that would lead a loop outside them or round in circles."""
        nodes = len(self.left)
        wide = self.feature.shape
        inner = np.flatnonzero(self.left >= 0)
        fine = (
            len(wide) == 2
            and wide[0] == nodes
            and self.slope.shape == self.point.shape == wide
            and self.value.shape == (nodes,)
            and all(a.dtype.kind == "i" for a in (self.feature, self.left, self.roots))
            and ((self.feature >= 0) & (self.feature < p)).all()
            and (self.left[inner] > inner).all()
            and (self.left < nodes - 1).all()
            and ((self.roots >= 0) & (self.roots < max(nodes, 1))).all()
        )
        if not fine:
            raise InputError("Planes: a node names a feature, child or slope that is not there")

    def add(self, X: Any, out: np.ndarray) -> None:
        """out[i] += the lengths of row i's paths.

        With all features in every plane and no value missing this is a product of rows and slopes.
        """
        p = X.shape[1]
        full = self.feature.shape[1] == p and bool((self.feature == np.arange(p)).all())
        offset = np.einsum("nk,nk->n", self.slope, self.point)

        def block(s: slice) -> None:
            part = X[s].toarray() if sparse.issparse(X) else X[s]
            rows = rows_contiguous(part)
            if full and not np.isnan(rows).any():
                path_lengths_by_full_planes(
                    rows, self.slope, offset, self.left, self.value, self.roots, out[s]
                )
                return
            path_lengths_by_planes(
                rows, self.feature, self.slope, self.point, self.left, self.value, self.roots,
                out[s],
            )  # fmt: skip

        each(block, slices(X.shape[0], BLOCK))


def add_lengths(forest: Forest, X: Any, out: np.ndarray) -> None:
    """out[i] += the lengths of row i's paths in trees of single features."""
    leaf = forest.feature < 0
    feature = np.where(leaf, 0, forest.feature).astype(np.uint32)
    threshold = np.where(leaf, np.inf, forest.threshold)
    missing_left = np.where(leaf, 1, forest.missing_left).astype(np.uint8)
    left = np.where(leaf, np.arange(len(leaf)), forest.left).astype(np.uint32)

    def block(s: slice) -> None:
        part = X[s].toarray() if sparse.issparse(X) else X[s]
        path_lengths(
            rows_contiguous(part), feature, threshold, missing_left, left, forest.value,
            forest.roots, out[s],
        )  # fmt: skip

    each(block, slices(X.shape[0], BLOCK))


def grow(
    X: np.ndarray,
    count: np.ndarray,
    features: np.ndarray,
    max_depth: int,
    seed: int,
    level: int,
) -> Forest | Planes:
    """One tree on rows X (m, features drawn) that were drawn `count` times each."""
    X = rows_contiguous(X, np.float64)
    most = 2 * len(X) - 1
    left, cover, depth = np.empty(most, np.int64), np.empty(most), np.empty(most, np.int64)
    state = np.uint64(seed)
    if level > 0:
        wide = (most, level + 1)
        j, slope, point = np.empty(wide, np.int64), np.empty(wide), np.empty(wide)
        size = isolate_by_planes(X, count, max_depth, state, j, slope, point, left, cover, depth)
        order = np.argsort(j[:size], axis=1)
        used = features[np.take_along_axis(j[:size], order, 1)]
        slope = np.take_along_axis(slope[:size], order, 1)
        point = np.take_along_axis(point[:size], order, 1)
        value = depth[:size] + average_path_length(cover[:size])
        return Planes(
            used, slope, point, left[:size].copy(), value, cover[:size].copy(), np.zeros(1, np.int64),
        )  # fmt: skip
    feature, threshold = np.empty(most, np.int64), np.empty(most)
    missing_left = np.empty(most, np.uint8)
    size = isolate(X, count, max_depth, state, feature, threshold, missing_left, left, cover, depth)
    found = feature[:size]
    names = np.where(found >= 0, features[found], -1).astype(np.int32)
    return Forest(
        names, threshold[:size].copy(), np.zeros(size, np.int32), missing_left[:size].copy(),
        left[:size].copy(), np.full(size, -1, np.int64), np.empty((0, 256), np.uint8),
        depth[:size] + average_path_length(cover[:size]), np.zeros(size), cover[:size].copy(),
        np.rint(cover[:size]).astype(np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
