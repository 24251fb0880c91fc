"""Measures of splits against the textbook and SciPy; pruning against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import entropy as scipy_entropy

from zhixing.core.errors import InputError
from zhixing.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    entropy,
    gain_ratio,
    gini,
    gini_gain,
    information_gain,
    prune_pessimistic,
    prune_reduced_error,
    variance_reduction,
)

#: Quinlan (1986): outlook and play of fourteen days.
OUTLOOK = ["s", "s", "o", "r", "r", "r", "o", "s", "s", "r", "s", "o", "o", "r"]
PLAY = ["n", "n", "y", "y", "y", "n", "y", "n", "y", "y", "y", "y", "y", "n"]


def test_the_worked_example_of_quinlan() -> None:
    assert entropy(PLAY) == pytest.approx(0.940, abs=5e-4)
    assert information_gain(PLAY, OUTLOOK) == pytest.approx(0.247, abs=5e-4)
    assert gain_ratio(PLAY, OUTLOOK) == pytest.approx(0.156, abs=1e-3)
    assert gini(PLAY) == pytest.approx(1 - (9 / 14) ** 2 - (5 / 14) ** 2)
    assert gini_gain(PLAY, OUTLOOK) == pytest.approx(0.116, abs=5e-4)


def test_entropies_are_scipys_and_weights_repeat() -> None:
    rng = np.random.default_rng(0)
    y, groups, w = rng.integers(0, 4, 60), rng.integers(0, 5, 60), rng.integers(0, 4, 60)
    counts = np.bincount(y, weights=w)
    assert entropy(y, sample_weight=w) == pytest.approx(scipy_entropy(counts, base=2))
    assert entropy(y, base=np.e) == pytest.approx(scipy_entropy(np.bincount(y)))
    for measure in (information_gain, gain_ratio, gini_gain, variance_reduction):
        assert measure(y, groups, sample_weight=w) == pytest.approx(
            measure(y.repeat(w), groups.repeat(w))
        )
    number = rng.normal(size=60)
    within = sum((groups == g).mean() * number[groups == g].var() for g in range(5))
    assert variance_reduction(number, groups) == pytest.approx(number.var() - within)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: gini([]), "at least one row"),
        (lambda: information_gain([1, 2], [0]), "y has 2 rows and groups 1"),
        (lambda: entropy([1, 2], base=1.0), "greater than 1"),
        (lambda: gini([1, 2], sample_weight=[0, 0]), "one of them positive"),
        (lambda: prune_reduced_error("tree", [[1]], [1]), "str is not a decision tree"),  # type: ignore
        (
            lambda: prune_pessimistic(DecisionTreeRegressor().fit([[1.0], [2.0]], [1.0, 2.0])),
            "for classifiers",
        ),
    ],
)
def test_what_cannot_be_measured_is_said(call, says: str) -> None:
    with pytest.raises(InputError, match=says):
        call()


def subtrees(tree, node: int):
    """Every way to close nodes below `node`, as sets of closed nodes."""
    a, b = tree.children_left[node], tree.children_right[node]
    yield {node}
    if a >= 0:
        for x, y in itertools.product(subtrees(tree, a), subtrees(tree, b)):
            yield x | y


@pytest.mark.parametrize("seed", range(5))
def test_reduced_error_pruning_finds_the_best_subtree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(80, 3)), rng.integers(0, 3, 80)
    V, v, w = rng.normal(size=(40, 3)), rng.integers(0, 3, 40), rng.integers(0, 3, 40)
    number = rng.normal(size=80)
    for model, truth in (
        (DecisionTreeClassifier(max_leaf_nodes=8, random_state=0).fit(X, y), v),
        (DecisionTreeRegressor(max_leaf_nodes=8, random_state=0).fit(X, number), v * 1.0),
    ):
        tree, path = model.tree_, model.decision_path(V).toarray()
        say = tree.value[:, 0].argmax(axis=1) if tree.max_n_classes > 1 else tree.value[:, 0, 0]
        best = None
        for closed in subtrees(tree, 0):
            ends = np.array([next(k for k in np.flatnonzero(row) if k in closed) for row in path])
            wrong = say[ends] != truth if tree.max_n_classes > 1 else (say[ends] - truth) ** 2
            found = (round(float((w * wrong).sum()), 9), len(closed))
            best = found if best is None else min(best, found)
        small = prune_reduced_error(model, V, truth, w)
        wrong = small.predict(V)
        loss = (w * ((wrong != truth) if tree.max_n_classes > 1 else (wrong - truth) ** 2)).sum()
        assert (round(float(loss), 9), small.get_n_leaves()) == best
        assert small.tree_.node_count == 2 * small.get_n_leaves() - 1
        assert model.get_n_leaves() == tree.n_leaves  # the original is as it was


def test_pessimistic_pruning_closes_what_noise_grew() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 4))
    y = (X[:, 0] > 0).astype(int) ^ (rng.random(600) < 0.15)
    whole = DecisionTreeClassifier(random_state=0).fit(X[:300], y[:300])
    small = prune_pessimistic(whole)
    assert small.get_n_leaves() < 0.5 * whole.get_n_leaves()
    assert small.score(X[300:], y[300:]) > whole.score(X[300:], y[300:])
    # The rule itself, at every node that is closed, and at the root of the result.
    tree = small.tree_
    assert (tree.n_node_samples[0], tree.node_count) == (300, 2 * small.get_n_leaves() - 1)
    assert prune_pessimistic(whole, errors=0.0).get_n_leaves() >= small.get_n_leaves()
    stump = DecisionTreeClassifier(max_depth=1).fit([[0.0]] * 5 + [[1.0]] * 5, [0] * 5 + [1] * 5)
    # e = 0, L = 2, n = 10: 5.5 errors are more than 1 + sqrt(0.9).
    assert prune_pessimistic(stump).get_n_leaves() == 2
    assert prune_pessimistic(stump, errors=10.0).get_n_leaves() == 1
