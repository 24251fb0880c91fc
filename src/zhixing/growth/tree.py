"""Grown trees end to end in a few arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each, slices
from ..kernels.descend import descend_binned, descend_raw, leaves
from .bins import Bins

#: Rows a task predicts at a time.
BLOCK = 8192


@dataclass
class Forest:
    """Trees as arrays over all their nodes; a node's right child follows its left one.

    feature is -1 in a leaf.  A row goes left when x <= threshold, when x is missing and missing_left,
    or, where set >= 0, when ``sets[set, code]`` is 1 for the bin of its category.
    gain is twice the fall of the objective, cover the sum of h, count the rows of training.
    value is what a row that ends in the node adds to its score; an inner node's is what it would
    have added as a leaf.  With k values a node adds to k scores: shares of classes, several outputs.
    """

    feature: np.ndarray  # (nodes,) int32
    threshold: np.ndarray  # (nodes,) float64
    bin: np.ndarray  # (nodes,) int32, the threshold's place in the feature's bins
    missing_left: np.ndarray  # (nodes,) uint8
    left: np.ndarray  # (nodes,) int64, a place in these arrays
    set: np.ndarray  # (nodes,) int64, -1 for a threshold
    sets: np.ndarray  # (sets, 256) uint8
    value: np.ndarray  # (nodes,) float64, or (nodes, k) of k outputs
    gain: np.ndarray  # (nodes,) float64
    cover: np.ndarray  # (nodes,) float64
    count: np.ndarray  # (nodes,) int64
    roots: np.ndarray  # (trees,) int64

    def __len__(self) -> int:
        return len(self.roots)

    @staticmethod
    def join(forests: Sequence[Forest]) -> Forest:
        """Trees of several forests, in order."""
        nodes = np.cumsum([0, *(len(f.feature) for f in forests)])
        sets = np.cumsum([0, *(len(f.sets) for f in forests)])
        moved = {
            "left": [np.where(f.left < 0, -1, f.left + at) for f, at in zip(forests, nodes)],
            "set": [np.where(f.set < 0, -1, f.set + at) for f, at in zip(forests, sets)],
            "roots": [f.roots + at for f, at in zip(forests, nodes)],
        }
        return Forest(
            **{
                f.name: np.concatenate(
                    moved.get(f.name) or [getattr(x, f.name) for x in forests]
                ).astype(getattr(forests[0], f.name).dtype)
                for f in fields(Forest)
            }
        )

    @staticmethod
    def empty() -> Forest:
        """No tree."""
        whole, real, byte = np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint8)
        return Forest(
            np.empty(0, np.int32), real, np.empty(0, np.int32), byte, whole, whole,
            np.empty((0, 256), np.uint8), real, real, real, whole, whole,
        )  # fmt: skip

    def check(self, p: int) -> None:
        """Refuse arrays (of a model file) that would lead a loop outside them or round in circles."""
        nodes = np.arange(len(self.feature))
        kinds = {"feature": "i", "bin": "i", "left": "i", "set": "i", "missing_left": "u"}
        for f in fields(self):
            held = getattr(self, f.name)
            shape = (len(self.roots),) if f.name == "roots" else nodes.shape
            if f.name == "value" and held.ndim == 2:
                shape = (len(nodes), held.shape[1])
            if f.name == "sets":
                if held.dtype != np.uint8 or held.ndim != 2 or held.shape[1] != 256:
                    raise InputError("Forest.sets is not an array of 256 bytes a set")
            elif held.shape != shape or held.dtype.kind not in kinds.get(f.name, "fi"):
                raise InputError(f"Forest.{f.name} is not an array of shape {shape}")
        inner = self.feature >= 0
        left, inside = self.left[inner], self.set[inner]
        fine = (
            (self.feature < p).all()
            and (left > nodes[inner]).all()
            and (left < len(nodes) - 1).all()
            and (self.bin >= 0).all()
            and (self.bin <= 255).all()
            and (inside < len(self.sets)).all()
            and (self.roots >= 0).all()
            and (self.roots < max(len(nodes), 1)).all()
        )
        if not fine:
            raise InputError("Forest: a node names a feature, child or set that is not there")

    def only(self, chosen: slice | np.ndarray) -> Forest:
        """The same nodes with some of the roots."""
        kept = {f.name: getattr(self, f.name) for f in fields(self)}
        made = Forest(**kept | {"roots": self.roots[chosen]})
        # The nodes are the same, and so is what is derived from them: a stage costs its own trees only.
        for name in ("_steps", "_stay_left", "_edges", "_set_of"):
            made.__dict__[name] = getattr(self, name)
        return made

    def until(self, nodes: int, chosen: slice) -> Forest:
        """The chosen first trees, which end at that node, without the others' arrays."""
        sets = int((self.set[:nodes] >= 0).sum())
        kept = {f.name: getattr(self, f.name)[:nodes] for f in fields(self)}
        return Forest(**kept | {"roots": self.roots[chosen], "sets": self.sets[:sets]})

    @cached_property
    def _steps(self) -> tuple[np.ndarray, ...]:
        """feature, last bin, missing left, left child: a leaf is its own child and sends all left."""
        leaf = self.feature < 0
        return (
            np.where(leaf, 0, self.feature).astype(np.uint32),
            np.where(leaf, 255, self.bin).astype(np.uint8),
            np.where(leaf, 0, self.missing_left).astype(np.uint8),
            np.where(leaf, np.arange(len(leaf)), self.left).astype(np.uint32),
        )

    @cached_property
    def _stay_left(self) -> np.ndarray:
        """missing_left for descent by values, in which a leaf keeps missing values too."""
        return np.where(self.feature < 0, 1, self.missing_left).astype(np.uint8)

    @cached_property
    def _edges(self) -> np.ndarray:
        return np.where(self.feature < 0, np.inf, self.threshold)

    @cached_property
    def _set_of(self) -> np.ndarray:
        if not len(self.sets):
            return np.empty(0, np.int64)
        return np.where((self.feature >= 0) & (self.set >= 0), 256 * self.set, -1)

    def add(
        self, X: np.ndarray, bins: Bins, outputs: np.ndarray | None, scores: np.ndarray
    ) -> None:
        """scores[i, outputs[t]] += the value of tree t for row i; None: every tree adds to all scores.

        Many rows are binned first, since a byte is compared faster than a float; cost O(p log bins)
        a row and then O(depth) a tree.
        """
        n, p = X.shape
        sets = self.sets.reshape(-1)
        feature, last, missing_left, left = self._steps
        value = self.value.reshape(len(self.value), -1)
        outputs = np.zeros(len(self), np.int64) if outputs is None else outputs
        if p <= 2 * len(self.roots) and n >= 64 and not bins.by_value:
            thresholds = bins.marked

            def block(s: slice) -> None:
                rows, codes = rows_contiguous(X[s]), bins.category_codes(X[s])
                descend_binned(
                    rows, codes, thresholds, feature, last, missing_left, left, sets,
                    self._set_of, self.roots, outputs, value, scores[s],
                )  # fmt: skip

        else:

            def block(s: slice) -> None:
                rows, codes = rows_contiguous(X[s]), bins.category_codes(X[s])
                descend_raw(
                    rows, codes, feature, self._edges, self._stay_left, left, sets, self._set_of,
                    self.roots, outputs, value, scores[s],
                )  # fmt: skip

        each(block, slices(n, BLOCK))

    def apply(self, X: np.ndarray, bins: Bins) -> np.ndarray:
        """The node, counted within its tree, in which each row ends: (n, trees)."""
        found = np.empty((len(X), len(self)), np.int32)
        feature, _, _, left = self._steps

        def block(s: slice) -> None:
            rows, codes = rows_contiguous(X[s]), bins.category_codes(X[s])
            leaves(
                rows, codes, feature, self._edges, self._stay_left, left, self.sets.reshape(-1),
                self._set_of, self.roots, found[s],
            )  # fmt: skip

        each(block, slices(len(X), BLOCK))
        return found - self.roots.astype(np.int32)
