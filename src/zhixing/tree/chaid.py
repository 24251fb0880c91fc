"""CHAID."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError
from ..growth.chaid_merge import Merging
from ..growth.chaid_tree import grow_chaid
from ..growth.chi_squared import STATISTICS
from ..growth.multiway import MultiwayTree, Node
from ..growth.rows_in import which_categorical
from .id3 import as_codes
from .multiway_base import MultiwayClassifier


class CHAIDClassifier(MultiwayClassifier):
    """A tree that merges categories which do not differ and splits where the rest differ most significantly.

    In a node, for every feature: (1) the two categories (groups) whose class tables have the largest p-value
    by a chi-squared test become one, until all p-values are at most `alpha_merge`; (2) the table of
    the groups left has a p-value, which is multiplied by the number of ways in which c categories can become
    r groups (Bonferroni).  The feature with the smallest one splits the node if it is at most `alpha_split`.

    Parameters
    ----------
    alpha_split, alpha_merge : see above.
    alpha_resplit : a merged group of three or more is cut in two where its best halves differ with at
        most this p-value (below `alpha_merge`); None: what is merged stays so.
    bonferroni : adjust the p-values of features.
    statistic : ``"pearson"`` or ``"likelihood_ratio"``.
    categorical_features : ``"from_dtype"`` (text, category, enum and boolean columns of a frame; columns
        of words of an array), or a mask, places or names.
    ordinal_features : which of the categorical ones are ordered, as a mask, places or names: only
        neighbours merge.  Numbers are ordered always.
    n_bins : numbers of more distinct values are put in so many bins of about equal weight.
    max_depth, min_samples_split, min_samples_leaf : limits by weight; a smaller group joins its nearest.

    Attributes
    ----------
    tree_ : nodes as arrays (`growth.multiway.MultiwayTree`): score is the chi-squared statistic of the split,
        log_p the logarithm of its adjusted p-value, kept also where the p-value itself is below 1e-308.
    p_values_ : (nodes,) adjusted, NaN in a leaf.       bin_edges_ : upper ends of the bins, by feature.
    feature_importances_ : share of the chi-squared of all splits;  classes_, n_features_in_, ...

    Notes
    -----
    Missing values are a category; of an ordered feature it may join any group.  Categories not seen in a
    node end a row there.  Weights are repetitions, so p-values hold for weights that count rows.
    Cost: O(n p) a level beside O(c^2 classes) a feature of c categories and node: thousands of categories
    are slow.  Differences from Kass: cuts of a merged nominal group are sought along the share of the
    commonest class, not among all halves.  scikit-learn has no CHAID.
    Source: Kass (1980), "An exploratory technique for investigating large quantities of categorical data".

    Examples
    --------
    >>> X = [["a"], ["b"], ["c"], ["d"]] * 20
    >>> y = ["yes", "yes", "no", "no"] * 20
    >>> model = CHAIDClassifier().fit(X, y)
    >>> print(model.export_text())
    feature_0 in {a, b}: yes (40)
    feature_0 in {c, d}: no (40)
    >>> bool(model.p_values_[0] < 1e-15)
    True
    """

    def __init__(
        self,
        *,
        alpha_split: float = 0.05,
        alpha_merge: float = 0.05,
        alpha_resplit: float | None = None,
        bonferroni: bool = True,
        statistic: str = "pearson",
        categorical_features: Any = "from_dtype",
        ordinal_features: Any = None,
        n_bins: int = 10,
        max_depth: int | None = None,
        min_samples_split: float = 2,
        min_samples_leaf: float = 1,
    ) -> None:
        self.alpha_split = alpha_split
        self.alpha_merge = alpha_merge
        self.alpha_resplit = alpha_resplit
        self.bonferroni = bonferroni
        self.statistic = statistic
        self.categorical_features = categorical_features
        self.ordinal_features = ordinal_features
        self.n_bins = n_bins
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf

    def _asked(self) -> Any:
        return self.categorical_features

    def _check(self) -> None:
        for name in ("alpha_split", "alpha_merge"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(f"{name}={getattr(self, name)!r} must be in (0, 1]")
        again = self.alpha_resplit
        if again is not None and not 0 < again < self.alpha_merge:
            raise InputError(
                f"alpha_resplit={again!r} must be positive and below alpha_merge={self.alpha_merge!r}"
            )
        if self.statistic not in STATISTICS:
            raise InputError(f"statistic={self.statistic!r} is none of {', '.join(STATISTICS)}")
        if self.n_bins < 2:
            raise InputError(f"n_bins={self.n_bins!r} must be at least 2")

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> CHAIDClassifier:
        """Grow the tree on X (n, p), a frame or an array of numbers and words, and labels y; returns self."""
        self._ordinal = (
            which_categorical(self, X, self.ordinal_features)
            if len(getattr(X, "shape", ())) == 2 and self.ordinal_features is not None
            else None
        )
        return super().fit(X, y, sample_weight)

    def _learn(self, table: np.ndarray, weight: np.ndarray) -> None:
        self.bin_edges_ = {
            int(j): _edges(table[:, j], weight, self.n_bins)
            for j in np.flatnonzero(~self.is_categorical_)
        }

    def _coded(self, table: np.ndarray, X: Any) -> np.ndarray:
        table = super()._coded(table, X)
        for j, edges in self.bin_edges_.items():
            gone = np.isnan(table[:, j])
            table[:, j] = np.searchsorted(edges, table[:, j])
            table[gone, j] = len(edges) + 1
        return table

    def _sizes(self) -> np.ndarray:
        sizes = super()._sizes()
        for j, edges in self.bin_edges_.items():
            sizes[j] = len(edges) + 2
        return sizes

    def _code_names(self, j: int) -> list[str]:
        if j in self._categories:
            return super()._code_names(j)
        return [f"bin {c}" for c in range(len(self.bin_edges_[j]) + 1)] + ["missing"]

    def _grow(self, X: np.ndarray, codes: np.ndarray, weight: np.ndarray) -> Node:
        ordered = ~self.is_categorical_
        if self._ordinal is not None:
            ordered = ordered | self._ordinal
        rules = Merging(
            float(self.alpha_merge),
            None if self.alpha_resplit is None else float(self.alpha_resplit),
            float(self.min_samples_leaf),
            self.statistic,
            bool(self.bonferroni),
        )
        return grow_chaid(
            as_codes(X), self._sizes(), ordered, codes, len(self.classes_), weight, rules=rules,
            alpha=float(self.alpha_split), max_depth=self.max_depth,
            min_weight=float(self.min_samples_split),
        )  # fmt: skip

    @property
    def p_values_(self) -> np.ndarray:
        """(nodes,) the adjusted p-value of each split."""
        return np.exp(self.tree_.log_p)

    def _value(self, tree: MultiwayTree) -> np.ndarray:
        return np.nan_to_num(tree.score)


def _edges(values: np.ndarray, weight: np.ndarray, n_bins: int) -> np.ndarray:
    """Upper ends of the bins but the last, half-way between values: a value's bin is that of its mid-rank.

    So equal values share a bin, and repeated rows and their weights have the same bins.
    """
    known = ~np.isnan(values)
    found, places = np.unique(values[known], return_inverse=True)
    if len(found) < 2:
        return np.empty(0)
    bins = np.arange(len(found))
    if len(found) > n_bins:
        mass = np.bincount(places, weight[known])
        middle = 2.0 * np.cumsum(mass) - mass
        bins = np.floor(n_bins * middle / (2.0 * mass.sum()))
    last = np.flatnonzero(np.diff(bins) > 0)
    return 0.5 * found[last] + 0.5 * found[last + 1]
