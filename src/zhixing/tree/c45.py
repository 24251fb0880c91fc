"""C4.5."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError
from ..growth.c45_prune import Pruner
from ..growth.c45_tree import C45
from ..growth.multiway import Node
from ..growth.pessimistic import LIMITS
from .multiway_base import MultiwayClassifier


class C45Classifier(MultiwayClassifier):
    """A tree of categories and thresholds, grown by gain ratio and pruned by expected errors.

        ratio(A) = gain(A) / (-sum_v |S_v| / |S| log2 |S_v| / |S|),      S_v the rows that take branch v

    is largest among the features whose gain (see `ID3Classifier`) is at least the average of all that gain
    anything.  A category has a branch a value, a number two: x <= t, t a value that occurs.

    Parameters
    ----------
    categorical_features : ``"from_dtype"`` (text, category, enum and boolean columns of a frame; columns
        of words of an array), or a mask, places or names.
    min_samples_leaf : at least two branches of a split must have this weight (C4.5's -m); a threshold
        leaves on both sides at least this, and a tenth of the rows a class up to 25.
    max_depth : most splits on a path.
    mdl_correction : charge a threshold log2(candidates) / n bits of its gain (release 8, Quinlan 1996).
    pruning : replace branches whose expected errors are not fewer than a leaf's.
    confidence : of the limit on errors (C4.5's -c); smaller prunes more.
    limit : ``"exact"``, or ``"program"`` for C4.5's approximation of it, which its printed trees are made by.
    subtree_raising : also try a node's largest branch in its place.

    Attributes
    ----------
    tree_ : nodes as arrays (`growth.multiway.MultiwayTree`); score is the gain ratio.
    classes_, n_features_in_, feature_names_in_, is_categorical_;  feature_importances_ : by weighted ratio.

    Notes
    -----
    Missing values: gain and ratio count known rows, in proportion; a row whose value is not known goes down
    every branch in part, in fitting and in predicting (so do categories not seen in training).
    Pruning: a leaf of weight N with E errors is expected to make N U(E, N) of them, U the exact upper
    limit (`growth.pessimistic.error_bound`); a simpler tree may make 0.1 more.  Categories are not
    grouped (C4.5's -s).
    Cost: O(n p log n) a level for numbers, O(n p) for categories; raising costs a pass over a node's rows.
    Source: Quinlan (1993), "C4.5: programs for machine learning", chapters 2 to 4.

    Examples
    --------
    >>> X = [["sunny", 85.0], ["sunny", 90.0], ["sunny", 70.0], ["rain", 96.0], ["rain", 80.0],
    ...      ["sunny", 69.0], ["rain", 70.0], ["sunny", 95.0]]
    >>> y = ["stay", "stay", "play", "play", "play", "play", "play", "stay"]
    >>> print(C45Classifier(pruning=False).fit(X, y).export_text())
    feature_0 = rain: play (3)
    feature_0 = sunny
    |   feature_1 <= 70: play (2)
    |   feature_1 > 70: stay (3)
    """

    _fractional = True
    _missing_is_a_category = False

    def __init__(
        self,
        *,
        categorical_features: Any = "from_dtype",
        min_samples_leaf: float = 2,
        max_depth: int | None = None,
        mdl_correction: bool = True,
        pruning: bool = True,
        confidence: float = 0.25,
        limit: str = "exact",
        subtree_raising: bool = True,
    ) -> None:
        self.categorical_features = categorical_features
        self.min_samples_leaf = min_samples_leaf
        self.max_depth = max_depth
        self.mdl_correction = mdl_correction
        self.pruning = pruning
        self.confidence = confidence
        self.limit = limit
        self.subtree_raising = subtree_raising

    def _asked(self) -> Any:
        return self.categorical_features

    def _check(self) -> None:
        if not self.min_samples_leaf > 0:
            raise InputError(f"min_samples_leaf={self.min_samples_leaf!r} must be positive")
        if not 0 < self.confidence < 1:
            raise InputError(f"confidence={self.confidence!r} must be in (0, 1)")
        if self.limit not in LIMITS:
            raise InputError(f"limit={self.limit!r} is none of {', '.join(LIMITS)}")

    def _grow(self, X: np.ndarray, codes: np.ndarray, weight: np.ndarray) -> Node:
        k = len(self.classes_)
        grower = C45(
            X, self._sizes(), codes, k,
            least=float(self.min_samples_leaf), max_depth=self.max_depth,
            correction=self.mdl_correction,
        )  # fmt: skip
        root = grower.grow(weight)
        if not self.pruning:
            return root
        return Pruner(
            X, codes, k, confidence=float(self.confidence), limit=self.limit,
            raising=self.subtree_raising,
        ).prune(root)  # fmt: skip
