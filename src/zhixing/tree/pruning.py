"""A fitted tree made smaller."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils.validation import _check_sample_weight, check_consistent_length, check_is_fitted

from ..core.errors import InputError
from ..growth.levels import levels
from ..growth.prune import collapse, parents
from .base import TreeModel

M = TypeVar("M", bound=TreeModel)


def prune_reduced_error(tree: M, X: Any, y: Any, sample_weight: Any = None) -> M:
    """A copy of the tree in which a branch is a leaf wherever that makes no more errors on X, y.

    From the leaves up: a node is closed when, on rows it was not grown on, its own answer makes at most
    as many errors (of numbers: as large a sum of squares) as the branch below it as pruned so far.
    The result is the smallest of the most accurate subtrees on these rows.  A node that none of them
    reaches is closed.
    Source: Quinlan (1987), section 2.2.

    >>> from sklearn.datasets import load_breast_cancer
    >>> from zhixing.tree import DecisionTreeClassifier
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> whole = DecisionTreeClassifier(random_state=0).fit(X[::2], y[::2])
    >>> small = prune_reduced_error(whole, X[1::2], y[1::2])
    >>> small.get_n_leaves() < whole.get_n_leaves()
    True
    """
    _check(tree)
    forest, left = tree._forest, tree._forest.left
    rows = tree._rows(X)
    check_consistent_length(rows, y)
    weight = _check_sample_weight(sample_weight, rows, dtype=np.float64, ensure_non_negative=True)
    # What each node on a row's path would say of it.
    ends = tree._tree_sum().ends(rows if not hasattr(rows, "toarray") else rows.toarray())[:, 0]
    above = parents(left)
    own = np.zeros(len(left))
    truth = np.asarray(y)
    truth = truth[:, None] if truth.ndim == 1 else truth
    node, active = ends.copy(), np.arange(len(ends))
    while len(active):
        loss = _loss(tree, forest.value[node], truth[active]) * weight[active]
        own += np.bincount(node, weights=loss, minlength=len(left))
        node = above[node]
        active, node = active[node >= 0], node[node >= 0]
    below = own.copy()
    closed = np.zeros(len(left), bool)
    for nodes in reversed(levels(left)[:-1]):
        inner = nodes[left[nodes] >= 0]
        branch = below[left[inner]] + below[left[inner] + 1]
        closed[inner] = own[inner] <= branch * (1.0 + 1e-12)
        below[inner] = np.minimum(own[inner], branch)
    return _closed(tree, closed)


def prune_pessimistic(tree: M, *, errors: float = 1.0) -> M:
    """A copy of the classifier pruned by its training rows alone, counting half an error more a leaf.

    From the root down a branch with L leaves, e errors and n rows is closed when the node as a leaf makes
    at most ``e' + errors sqrt(e' (n - e') / n)`` errors, ``e' = e + L / 2``, its own counted with one half
    more too.  Source: Quinlan (1987), section 2.3 (there errors = 1).

    >>> from sklearn.datasets import load_breast_cancer
    >>> from zhixing.tree import DecisionTreeClassifier
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> whole = DecisionTreeClassifier(random_state=0).fit(X, y)
    >>> prune_pessimistic(whole).get_n_leaves() < whole.get_n_leaves()
    True
    """
    _check(tree)
    if not is_classifier(tree) or tree.n_outputs_ > 1:
        raise InputError("pessimistic pruning counts errors: it is for classifiers of one output")
    if not errors >= 0.0:
        raise InputError(f"errors={errors!r} must not be negative")
    forest, left = tree._forest, tree._forest.left
    n = forest.cover
    own = n * (1.0 - forest.value.max(axis=1))
    branch, leaves = own.copy(), np.ones(len(left))
    by_depth = levels(left)
    for nodes in reversed(by_depth[:-1]):
        inner = nodes[left[nodes] >= 0]
        branch[inner] = branch[left[inner]] + branch[left[inner] + 1]
        leaves[inner] = leaves[left[inner]] + leaves[left[inner] + 1]
    corrected = np.minimum(branch + 0.5 * leaves, n)
    bound = corrected + errors * np.sqrt(corrected * (n - corrected) / n)
    return _closed(tree, (left >= 0) & (own + 0.5 <= bound))


def _loss(tree: TreeModel, value: np.ndarray, truth: np.ndarray) -> np.ndarray:
    if not is_classifier(tree):
        return ((value - truth) ** 2).sum(axis=1)
    known = [tree.classes_] if truth.shape[1] == 1 and tree.n_outputs_ == 1 else tree.classes_
    parts = np.split(value, tree.n_outputs_, axis=1)
    wrong = [c.take(v[:, : len(c)].argmax(axis=1)) != t for c, v, t in zip(known, parts, truth.T)]
    return np.mean(wrong, axis=0)


def _check(tree: Any) -> None:
    if not isinstance(tree, TreeModel):
        raise InputError(f"{type(tree).__name__} is not a decision tree")
    check_is_fitted(tree, "_forest")


def _closed(tree: M, closed: np.ndarray) -> M:
    made = copy.copy(tree)
    made._forest, kept = collapse(tree._forest, closed)
    made._impurity = tree._impurity[kept]
    made._best_first = False
    return made
