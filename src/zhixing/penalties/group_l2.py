"""Norms of groups of coefficients, alone and with the lasso penalty."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..core.part import part
from .check import require_alpha, require_share, require_weights
from .groups import check_groups, groups_of, labels_of, norms, spread
from .vector import vector_or_none


@part
class SparseGroupL2(NamedTuple):
    """alpha (r |w|_1 + (1 - r) sum_G weights_G |w_G|) with r = `l1_ratio`: the sparse group lasso.

    Sets whole groups to zero, and coefficients within the others.  `groups` as in `groups_of`: a size,
    labels, or lists of indices; `weights`: one a group, by default the root of the number of its
    features.  With k outputs the rows of w (p, k) are grouped, so groups of size 1 select features for
    all outputs at once.  Simon, Friedman, Hastie and Tibshirani (2013), eq. 3; the prox thresholds
    coefficients and then shrinks groups (their eq. 12), O(p).

    >>> SparseGroupL2(1.0, 0.5, groups=2, weights=[1.0]).prox(np.array([3.5, 4.5, 0.6, 0.2]), 1.0)
    array([2.7, 3.6, 0. , 0. ])
    """

    alpha: float = 1.0
    l1_ratio: float = 0.5
    groups: Any = 1
    weights: Any = None

    separable = False
    convex = True
    smooth = False
    coerce = {"groups": groups_of, "weights": vector_or_none}

    def value(self, w):
        labels = labels_of(self.groups, len(w))
        each = norms(labels, w)
        grouped = float((group_weights(self.weights, labels) * each).sum())
        first = float(np.abs(w).sum())
        return self.alpha * (self.l1_ratio * first + (1.0 - self.l1_ratio) * grouped)

    def prox(self, v, step):
        labels = labels_of(self.groups, len(v))
        cut = np.sign(v) * np.maximum(np.abs(v) - step * self.alpha * self.l1_ratio, 0.0)
        return shrink(cut, step, labels, self._sizes(labels))

    def violation(self, w, g):
        labels, first = labels_of(self.groups, len(w)), self.alpha * self.l1_ratio
        size, n = self._sizes(labels), norms(labels, w)
        cut = np.sign(g) * np.maximum(np.abs(g) - first, 0.0)
        outside = np.abs(shrink(cut, 1.0, labels, size))
        pull = spread(size / np.where(n > 0.0, n, 1.0), labels, w) * w
        inside = np.abs(g + first * np.sign(w) + pull)
        inside = np.where(w == 0.0, np.abs(cut), inside)
        return np.where(spread(n, labels, w) > 0.0, inside, outside)

    def _sizes(self, labels):
        return self.alpha * (1.0 - self.l1_ratio) * group_weights(self.weights, labels)

    def tied(self, step):
        return tied(self.groups, step)

    def at(self, chosen):
        return self._replace(**restricted(self.groups, self.weights, chosen))

    def check(self, p: int) -> None:
        require_alpha(self)
        require_share(self)
        count = check_groups(self, p)
        if self.weights is not None:
            require_weights(self, count, "groups")


@part
class GroupL2(NamedTuple):
    """alpha sum_G weights_G |w_G|, the group lasso: whole groups are zero, or not.  Yuan and Lin (2006).

    `groups`, `weights` and k outputs as in `SparseGroupL2`, of which this is l1_ratio = 0.

    >>> GroupL2(1.0, groups=[[0, 2], [1]]).prox(np.array([3.0, 0.5, 4.0]), 5.0 / 2.0**0.5 / 2.0)
    array([1.5, 0. , 2. ])
    """

    alpha: float = 1.0
    groups: Any = 1
    weights: Any = None

    separable = False
    convex = True
    smooth = False
    coerce = {"groups": groups_of, "weights": vector_or_none}

    def value(self, w):
        labels = labels_of(self.groups, len(w))
        return self.alpha * float((group_weights(self.weights, labels) * norms(labels, w)).sum())

    def prox(self, v, step):
        labels = labels_of(self.groups, len(v))
        return shrink(v, step, labels, self.alpha * group_weights(self.weights, labels))

    def violation(self, w, g):
        labels = labels_of(self.groups, len(w))
        size, n = self.alpha * group_weights(self.weights, labels), norms(labels, w)
        pull = spread(size / np.where(n > 0.0, n, 1.0), labels, w) * w
        outside = np.abs(shrink(g, 1.0, labels, size))
        return np.where(spread(n, labels, w) > 0.0, np.abs(g + pull), outside)

    def tied(self, step):
        return tied(self.groups, step)

    def at(self, chosen):
        return self._replace(**restricted(self.groups, self.weights, chosen))

    def check(self, p: int) -> None:
        require_alpha(self)
        count = check_groups(self, p)
        if self.weights is not None:
            require_weights(self, count, "groups")


def group_weights(weights: np.ndarray | None, labels: np.ndarray) -> np.ndarray:
    return np.sqrt(np.bincount(labels)) if weights is None else weights


def shrink(v: Any, step: Any, labels: np.ndarray, size: np.ndarray) -> Any:
    """Each group of v made shorter by step times its size, to zero at the least."""
    n = norms(labels, v)
    if np.ndim(step):
        own = np.zeros(len(n))
        own[labels] = step if np.ndim(step) == 1 else step[:, 0]
        step = own
    cut = np.maximum(n - step * size, 0.0)
    return spread(cut / np.where(n > 0.0, n, 1.0), labels, v) * v


def tied(groups: int | np.ndarray, step: np.ndarray) -> np.ndarray:
    """The least step of each group for all of its members."""
    labels = labels_of(groups, len(step))
    least = np.full(int(labels[-1] if isinstance(groups, int) else labels.max()) + 1, np.inf)
    np.minimum.at(least, labels, step if step.ndim == 1 else step.min(axis=1))
    return np.broadcast_to(spread(least, labels, step), step.shape).copy()


def restricted(groups: Any, weights: Any, chosen: np.ndarray) -> dict[str, Any]:
    """Groups and weights over the chosen coefficients, which are whole groups."""
    kept, labels = np.unique(
        chosen // groups if isinstance(groups, int) else groups[chosen], return_inverse=True
    )
    return {
        "groups": groups_of(labels),
        "weights": weights if weights is None or weights.size == 1 else weights[kept],
    }
