"""ID3."""

from __future__ import annotations

import numpy as np

from ..core.errors import InputError
from ..growth.id3_tree import grow_id3
from ..growth.multiway import Node
from .multiway_base import MultiwayClassifier


class ID3Classifier(MultiwayClassifier):
    """A tree that asks for the category that tells most about the class, one branch a category.

        gain(S, A) = H(S) - sum_v |S_v| / |S| H(S_v),        H(S) = -sum_c p_c log2 p_c   (bits)

    Every value of a column is a category, numbers too: bin them first, or use `C45Classifier`.  A node is
    split until its rows agree on the class or on every feature.

    Parameters
    ----------
    max_depth : most questions on a path, None for no limit.
    min_samples_split : weight below which a node is a leaf.
    min_gain : bits below which a split is not made; 0 also makes splits that tell nothing by themselves.

    Attributes
    ----------
    tree_ : nodes as arrays (`growth.multiway.MultiwayTree`): feature, first child, counts, score (the gain).
    classes_, n_features_in_, feature_names_in_, is_categorical_;  feature_importances_ : by weighted gain.

    Notes
    -----
    Cost O(n p) a level and O(n) to predict a row's level.  Missing values are a category where training
    has any; a category a node has not seen ends a row there, with the node's class shares.  A column of
    many categories (a key) gains most and tells nothing new: see `C45Classifier` for the remedy.
    scikit-learn has no multiway trees.  Source: Quinlan (1986), "Induction of decision trees", section 4.

    Examples
    --------
    >>> sky = [["sunny", "weak"], ["sunny", "strong"], ["rain", "weak"], ["rain", "strong"]]
    >>> model = ID3Classifier().fit(sky, ["yes", "yes", "yes", "no"])
    >>> print(model.export_text())
    feature_0 = rain
    |   feature_1 = strong: no (1)
    |   feature_1 = weak: yes (1)
    feature_0 = sunny: yes (2)
    """

    def __init__(
        self,
        *,
        max_depth: int | None = None,
        min_samples_split: float = 2,
        min_gain: float = 0.0,
    ) -> None:
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_gain = min_gain

    def _check(self) -> None:
        if not self.min_samples_split > 0:
            raise InputError(f"min_samples_split={self.min_samples_split!r} must be positive")
        if not self.min_gain >= 0:
            raise InputError(f"min_gain={self.min_gain!r} must not be negative")

    def _grow(self, X: np.ndarray, codes: np.ndarray, weight: np.ndarray) -> Node:
        return grow_id3(
            as_codes(X), self._sizes(), codes, len(self.classes_), weight,
            max_depth=self.max_depth, min_weight=float(self.min_samples_split),
            min_gain=float(self.min_gain),
        )  # fmt: skip


def as_codes(X: np.ndarray) -> np.ndarray:
    """(p, n) int32 codes of a table (n, p), -1 for NaN."""
    return np.ascontiguousarray(np.where(np.isnan(X), -1, X).T, dtype=np.int32)
