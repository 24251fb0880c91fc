"""The engine of trees: bins, splits, teams, prediction."""

from __future__ import annotations

import numpy as np
import pytest

from zhixing.core.parallel import team, threads
from zhixing.growth.bins import Bins
from zhixing.growth.newton_tree import NewtonTree, Workspace, grow, to_forest
from zhixing.kernels import _nodes as kernel
from zhixing.kernels._histogram import histogram, histogram_plain
from zhixing.kernels.bin_edges import bin_edges


def table(n: int, p: int, seed: int = 0, missing: float = 0.1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    X[:, 0] = np.round(X[:, 0])
    X[rng.random((n, p)) < missing] = np.nan
    return X


def grown(X, g, h, categorical=None, **options):
    bins = Bins.fit(X, categorical=categorical)
    binned = bins.transform(X)
    params = NewtonTree(**options)
    return bins, binned, grow(params, Workspace(params, binned, bins), g, h)


@pytest.mark.parametrize("n", [0, 1, 2, 300, 5000])
def test_edges_lie_between_neighbours_and_share_the_rows(n: int) -> None:
    rng = np.random.default_rng(n)
    for values in (rng.normal(size=n), rng.integers(0, 40, n) * 1.0, np.zeros(n)):
        edges = np.full(256, np.inf)
        made = bin_edges(np.sort(values), 255, edges)
        distinct = np.unique(values)
        codes = np.searchsorted(edges[:made], values)
        if len(distinct) <= 255:
            assert made == max(len(distinct) - 1, 0)
        else:
            assert made == 254
            assert np.bincount(codes).max() <= 2 * n / 255 + 1
        assert (np.diff(edges[:made]) > 0).all()


def test_a_value_that_fills_bins_takes_one_and_infinities_are_values() -> None:
    edges = np.full(256, np.inf)
    values = np.r_[np.zeros(900), np.arange(1, 101)]
    assert bin_edges(np.sort(values), 10, edges) == 9
    assert edges[0] == 0.5
    assert np.diff(edges[:9]).max() <= 13
    X = np.array([[-np.inf], [0.0], [1.0], [np.inf], [np.nan]])
    bins = Bins.fit(X)
    assert bins.transform(X).columns[0].tolist() == [0, 1, 2, 3, 4]
    assert bins.counts[0] == 5


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("order", ["C", "F"])
def test_bins_are_counts_of_thresholds_below(dtype: type, order: str) -> None:
    X = np.asarray(table(3000, 4), dtype=dtype, order=order)
    bins = Bins.fit(X)
    binned = bins.transform(X)
    for j in range(4):
        expected = np.searchsorted(bins.thresholds[j, :255], X[:, j].astype(float))
        expected[np.isnan(X[:, j])] = bins.absent[j]
        assert (binned.columns[j] == expected).all()
    assert (binned.rows == binned.columns.T).all()


def test_histogram_equals_its_definition() -> None:
    rng = np.random.default_rng(0)
    for p in (1, 8, 13):
        rows = rng.integers(0, 256, (500, p)).astype(np.uint8)
        packed = rng.integers(-1000, 1000, 500)
        index = rng.permutation(500).astype(np.uint32)
        offsets = 256 * np.arange(p + 1)
        sums = np.zeros((2, 256 * p), np.int64)
        run = kernel_of(histogram), kernel_of(histogram_plain)
        for k in range(2):
            run[k](rows, index, 100, 400, packed, offsets, sums[k])
        assert (sums[0] == sums[1]).all()
        assert sums[0].sum() == p * packed[index[100:400]].sum()


def kernel_of(subroutine):
    import numba

    return numba.njit(subroutine)


def brute_force(X, g, h, lam, least_h, least_n):
    """The best split of all rows by trying every threshold and both sides for missing values."""
    best = (0.0, None)
    whole = g.sum() ** 2 / (h.sum() + lam)
    for j in range(X.shape[1]):
        x = X[:, j]
        for t in np.unique(x[~np.isnan(x)]):
            for missing_left in (False, True):
                left = (x <= t) | (np.isnan(x) & missing_left)
                right = ~left
                if min(left.sum(), right.sum()) < least_n:
                    continue
                if min(h[left].sum(), h[right].sum()) < least_h:
                    continue
                gain = (
                    g[left].sum() ** 2 / (h[left].sum() + lam)
                    + g[right].sum() ** 2 / (h[right].sum() + lam)
                    - whole
                )
                if gain > best[0]:
                    best = (gain, (j, frozenset(np.flatnonzero(left))))
    return best


@pytest.mark.parametrize("lam", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_the_first_split_is_the_best_of_all(lam: float, seed: int) -> None:
    X = table(120, 4, seed)
    rng = np.random.default_rng(seed)
    g, h = rng.normal(size=120), np.ones(120)
    bins, binned, tree = grown(X, g, h, max_leaves=2, lam=lam, min_count=7, min_hessian=0.0)
    gain, (feature, rows) = brute_force(X, g, h, lam, 0.0, 7)
    assert tree.node_i[0, kernel.FEATURE] == feature
    left = tree.index[tree.node_i[1, kernel.START] : tree.node_i[1, kernel.STOP]]
    assert frozenset(left.tolist()) == rows
    assert np.isclose(tree.node_f[0, kernel.GAIN] * tree.unit, gain, rtol=1e-5)
    for node, chosen in ((1, left), (2, np.setdiff1d(np.arange(120), left))):
        assert np.isclose(tree.value[node], -g[chosen].sum() / (len(chosen) + lam), rtol=1e-12)


def test_a_set_of_categories_is_the_best_of_all_sets() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 7, 400)
    g, h = rng.normal(size=400) + rng.normal(size=7)[codes], np.ones(400)
    _, _, tree = grown(
        codes[:, None] * 1.0, g, h, np.array([True]), max_leaves=2, min_count=1,
        category_smooth=0.0, category_lam=0.0,
    )  # fmt: skip
    best = 0.0
    for mask in range(1, 2**6):
        left = (mask >> codes) & 1 == 1
        if left.any() and not left.all():
            gain = g[left].sum() ** 2 / left.sum() + g[~left].sum() ** 2 / (~left).sum()
            best = max(best, gain - g.sum() ** 2 / 400)
    assert np.isclose(tree.node_f[0, kernel.GAIN] * tree.unit, best, rtol=1e-5)


@pytest.mark.parametrize("by_gain", [True, False])
def test_one_thread_or_three_grow_the_same_tree(by_gain: bool) -> None:
    X = table(20_000, 5)
    rng = np.random.default_rng(1)
    g, h = rng.normal(size=20_000) + np.nan_to_num(X[:, 1]), rng.random(20_000)
    trees = []
    for count in (1, 3):
        with threads(count):
            options = dict(by_gain=by_gain, max_leaves=50 if by_gain else None, max_depth=7)
            trees.append(grown(X, g, h, features_per_node=0.6, **options)[2])
    one, three = trees
    # Where a histogram lay is no part of the tree.
    same = np.arange(one.node_i.shape[1]) != kernel.SLOT
    assert (one.node_i[:, same] == three.node_i[:, same]).all()
    assert (one.value == three.value).all()
    assert (one.index == three.index).all()


@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("categories", [False, True])
def test_leaves_by_rows_bins_and_values_agree(missing: float, categories: bool) -> None:
    X = table(4000, 6, 3, missing)
    categorical = None
    if categories:
        X[:, 5] = np.random.default_rng(2).integers(0, 300, 4000)
        categorical = np.arange(6) == 5
    g = np.nan_to_num(X[:, 1]) + np.sin(np.nan_to_num(X[:, 5]))
    bins, binned, tree = grown(X, g, np.ones(4000), categorical, max_leaves=40)
    assert len(tree.leaves) > 20
    scores = np.zeros(4000)
    tree.add_to(scores, tree.value)
    forest = to_forest(tree, bins, tree.value)
    nodes = forest.apply(X, bins)[:, 0]
    assert (forest.value[nodes] == scores).all()
    out = np.zeros(1, np.int64)
    few = np.zeros((4000, 1))
    for i in range(0, 4000, 50):  # by values
        forest.add(X[i : i + 50], bins, out, few[i : i + 50])
    many = np.zeros((4000, 1))
    five = type(forest).join([forest] * 5)
    five.add(X, bins, np.zeros(5, np.int64), many)  # by bins
    assert (few[:, 0] == scores).all()
    assert np.allclose(many[:, 0], 5 * scores, rtol=1e-14)


def test_minima_hold_exactly() -> None:
    X = table(3000, 5, 7)
    rng = np.random.default_rng(0)
    g, h = rng.normal(size=3000), rng.random(3000) ** 4
    _, _, tree = grown(X, g, h, max_leaves=200, min_count=11, min_hessian=0.5)
    leaf = tree.leaves
    counts = tree.stops[leaf] - tree.starts[leaf]
    assert counts.sum() == 3000
    assert counts.min() >= 11
    assert tree.h[leaf].min() >= 0.5 * (1 - 1e-3)


def test_monotone_features_only_rise() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4000, 3))
    g = -(X[:, 0] + np.sin(3 * X[:, 0]) * 2 + X[:, 1])
    bins, _, tree = grown(
        X, g, np.ones(4000), max_leaves=60, monotone=np.array([1, 0, 0], np.int64)
    )
    forest = to_forest(tree, bins, tree.value)
    grid = np.linspace(-3, 3, 200)
    for _ in range(20):
        rows = np.tile(rng.normal(size=3), (200, 1))
        rows[:, 0] = grid
        assert (np.diff(forest.value[forest.apply(rows, bins)[:, 0]]) >= -1e-12).all()


def test_features_of_different_groups_never_meet_in_a_branch() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 4))
    g = X[:, 0] * X[:, 2] + X[:, 1] * X[:, 3]
    groups = np.array([1, 1, 2, 2], np.int64)
    _, _, tree = grown(X, g, np.ones(3000), max_leaves=50, groups=groups)
    left, feature = tree.node_i[:, kernel.LEFT], tree.node_i[:, kernel.FEATURE]

    def walk(node: int, living: int) -> None:
        if left[node] >= 0:
            living &= int(groups[feature[node]])
            assert living
            walk(left[node], living)
            walk(left[node] + 1, living)

    walk(0, 3)
    assert len(tree.leaves) > 5


def test_constant_and_all_missing_columns_are_never_split() -> None:
    X = np.column_stack([np.ones(200), np.full(200, np.nan), np.arange(200.0)])
    g = np.where(np.arange(200) < 70, 1.0, -1.0)
    _, _, tree = grown(X, g, np.ones(200))
    assert set(tree.node_i[tree.node_i[:, kernel.LEFT] >= 0, kernel.FEATURE]) == {2}


def test_members_of_a_team_carry_their_errors_home() -> None:
    def fail(me: int) -> None:
        if me == 1:
            raise ValueError("member one")

    with pytest.raises(ValueError, match="member one"):
        team(fail, 3)
    assert team(lambda me: me, 3) == [0, 1, 2]


def test_trees_without_a_limit_of_leaves_need_few_histograms() -> None:
    """Grown to single rows with the memory of a few histograms, not one a leaf."""
    X = np.random.default_rng(0).normal(size=(5000, 3))
    g = np.random.default_rng(1).normal(size=5000)
    bins = Bins.fit(X)
    params = NewtonTree(max_leaves=None, min_count=1, min_hessian=0.0)
    work = Workspace(params, bins.transform(X), bins)
    assert work.slots < 140
    tree = grow(params, work, g, np.ones(5000))
    assert len(tree.leaves) > 4000


def test_values_are_bounded_and_features_drawn_by_level() -> None:
    X = table(3000, 8, 1)
    g = -10.0 * np.nan_to_num(X[:, 1])
    _, _, tree = grown(X, g, np.ones(3000), max_value=0.5)
    assert np.abs(tree.value).max() == 0.5
    _, _, tree = grown(X, g, np.ones(3000), features_per_level=1 / 8, max_leaves=20)
    inner = tree.node_i[:, kernel.LEFT] >= 0
    by_level: dict[int, set[int]] = {}
    for depth, feature in tree.node_i[inner][:, [kernel.DEPTH, kernel.FEATURE]]:
        by_level.setdefault(int(depth), set()).add(int(feature))
    assert all(len(features) == 1 for features in by_level.values())


def test_an_interrupted_caller_leaves_no_member_waiting() -> None:
    """A team that meets goes on to its end though the caller is interrupted while it waits."""
    import _thread
    import signal
    import threading

    # A shell starts what runs in its background with interrupts ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    together, ended = threading.Barrier(3), list[int]()

    def task(me: int) -> None:
        if me == 0:
            _thread.interrupt_main()
        together.wait(timeout=10)
        ended.append(me)

    try:
        with pytest.raises(KeyboardInterrupt):
            team(task, 3)
    finally:
        signal.signal(signal.SIGINT, before)
    assert sorted(ended) == [0, 1, 2]
    assert team(lambda me: me, 3) == [0, 1, 2]


def test_a_split_of_too_few_rows_does_not_end_the_node() -> None:
    """By h the best split is of one row, which min_count forbids: the best one allowed is made."""
    g, h = np.full(200, -0.01), np.full(200, 0.01)
    g[0], h[0] = 40.0, 4.0
    X = np.arange(200.0)[:, None]
    bins = Bins.fit(X)
    params = NewtonTree(max_leaves=2, min_count=20)
    grown = grow(params, Workspace(params, bins.transform(X), bins), g, h)
    assert (grown.stops - grown.starts).tolist() == [200, 20, 180]


def indicators(n: int, seed: int = 0) -> np.ndarray:
    """Three numbers, and two categories of 5 and 30 levels as columns of zeros and ones."""
    rng = np.random.default_rng(seed)
    levels = [np.eye(k)[rng.choice(k, n, p=rng.dirichlet(np.ones(k)))] for k in (5, 30)]
    return np.hstack([rng.normal(size=(n, 2)), *levels, rng.normal(size=(n, 1))])


@pytest.mark.parametrize("min_count", [1, 20])
@pytest.mark.parametrize("leaves", [31, None])
def test_bundles_change_nothing(min_count: int, leaves: int | None) -> None:
    """Indicators in shared columns give the trees that separate columns give."""
    rng = np.random.default_rng(1)
    X = indicators(4000)
    g = X @ rng.normal(size=X.shape[1]) + rng.normal(size=len(X))
    h = rng.uniform(0.5, 1.5, len(X))
    bins = Bins.fit(X)
    binned = bins.transform(X)
    params = NewtonTree(max_leaves=leaves, max_depth=6, min_count=min_count)
    made = []
    for bundle in (True, False):
        work = Workspace(params, binned, bins, bundle=bundle)
        assert (work.bundles is not None) == bundle
        grown = grow(params, work, g, h)
        made.append(to_forest(grown, bins, grown.value))
    one, other = made
    for name in ("feature", "bin", "threshold", "missing_left", "left", "count"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    np.testing.assert_allclose(one.value, other.value, rtol=1e-12)
    inside = np.isin(one.feature, np.arange(2, 37))
    assert inside.sum() > 3


def test_indicators_that_meet_are_not_bundled() -> None:
    X = indicators(500)
    X[:, 2:] = np.random.default_rng(0).random((500, X.shape[1] - 2)) < 0.4
    bins = Bins.fit(X)
    params = NewtonTree()
    assert Workspace(params, bins.transform(X), bins).bundles is None
