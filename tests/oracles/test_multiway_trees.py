"""ID3, C4.5 and CHAID against the trees their authors printed, SciPy and plain definitions."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.model_selection import cross_val_score

from zhixing.growth.chaid_merge import Merging, log_multiplier, merge, merged_and_cut
from zhixing.growth.chi_squared import log_p_value, statistic
from zhixing.growth.information import tables, worth
from zhixing.growth.pessimistic import error_bound
from zhixing.kernels.merge_categories import merge_categories
from zhixing.tree import C45Classifier, CHAIDClassifier, ID3Classifier

#: Quinlan (1986), table 1, with the wind instead of windy.
TENNIS = """sunny hot high weak no
sunny hot high strong no
overcast hot high weak yes
rain mild high weak yes
rain cool normal weak yes
rain cool normal strong no
overcast cool normal strong yes
sunny mild high weak no
sunny cool normal weak yes
rain mild normal weak yes
sunny mild normal strong yes
overcast mild high strong yes
overcast hot normal weak yes
rain mild high strong no"""

#: Quinlan (1993), table 2.1.
GOLF = """sunny 75 70 true play
sunny 80 90 true stay
sunny 85 85 false stay
sunny 72 95 false stay
sunny 69 70 false play
overcast 72 90 true play
overcast 83 78 false play
overcast 64 65 true play
overcast 81 75 false play
rain 71 80 true stay
rain 65 70 true stay
rain 75 80 false play
rain 68 80 false play
rain 70 96 false play"""


#: Merging as Kass describes it, without cutting groups again.
KASS = Merging(0.05, None, 1.0, "pearson", True)


def tennis() -> tuple[pd.DataFrame, pd.Series]:
    names = ["outlook", "temperature", "humidity", "wind", "play"]
    frame = pd.DataFrame([row.split() for row in TENNIS.split("\n")], columns=names)
    return frame[names[:4]], frame["play"]


def golf(missing: bool = False) -> tuple[pl.DataFrame, pl.Series]:
    names = ["outlook", "temperature", "humidity", "windy", "class"]
    frame = pl.DataFrame([row.split() for row in GOLF.split("\n")], schema=names, orient="row")
    frame = frame.with_columns(pl.col("temperature", "humidity").cast(pl.Float64))
    if missing:  # Quinlan (1993), section 3.2: the outlook of the sixth case is not known
        gone = pl.int_range(14) == 5
        frame = frame.with_columns(pl.when(~gone).then(pl.col("outlook")).alias("outlook"))
    return frame.select(names[:4]), frame["class"]


# ID3


def test_gains_of_the_tennis_table() -> None:
    X, y = tennis()
    codes = np.array([pd.factorize(X[c])[0] for c in X], dtype=np.int32)
    sizes = np.array([3, 3, 2, 2])
    classes = (y == "yes").to_numpy().astype(np.int32)
    found = tables(codes, sizes, np.arange(4), np.arange(14), classes, np.ones(14), 2)
    assert worth(found).gain.round(3).tolist() == [0.247, 0.029, 0.152, 0.048]
    assert worth(found).split_bits.round(3).tolist() == [1.577, 1.557, 1.0, 0.985]


def test_the_tennis_tree_is_quinlans() -> None:
    X, y = tennis()
    model = ID3Classifier().fit(X, y)
    assert model.export_text() == (
        "outlook = overcast: yes (4)\n"
        "outlook = rain\n"
        "|   wind = strong: no (2)\n"
        "|   wind = weak: yes (3)\n"
        "outlook = sunny\n"
        "|   humidity = high: no (3)\n"
        "|   humidity = normal: yes (2)"
    )
    gains = model.tree_.score[model.tree_.feature >= 0]
    assert gains.round(3).tolist() == [0.247, 0.971, 0.971]
    assert model.score(X, y) == 1.0 and model.get_depth() == 2 and model.get_n_leaves() == 5
    assert str(model.rules()[1]) == "if outlook = rain and wind = strong: no (100% of 2)"
    new = pd.DataFrame([["fog", "hot", "high", "weak"]], columns=X.columns)
    assert np.allclose(model.predict_proba(new), [[5 / 14, 9 / 14]])
    assert model.apply(new)[0] == 0


def test_two_features_that_only_together_tell_are_used() -> None:
    X = np.array([[a, b, c] for a in "xy" for b in "uv" for c in "pq"])
    y = (X[:, 0] == "x") ^ (X[:, 1] == "u")
    assert ID3Classifier().fit(X, y).score(X, y) == 1.0
    assert ID3Classifier(min_gain=0.01).fit(X, y).get_n_leaves() == 1


@pytest.mark.parametrize("seed", range(5))
def test_id3_by_its_definition(seed: int) -> None:
    """Every node splits by the first feature of largest gain, one branch a category it has seen."""
    rng = np.random.default_rng(seed)
    X, y = rng.integers(0, 4, (120, 5)), rng.integers(0, 3, 120)
    weight = rng.random(120)
    model = ID3Classifier(max_depth=3, min_samples_split=1e-9).fit(X, y, weight)
    tree = model.tree_

    def entropy(rows: np.ndarray) -> float:
        p = np.bincount(y[rows], weight[rows]) / weight[rows].sum()
        return float(-(p[p > 0] * np.log2(p[p > 0])).sum())

    stack = [(0, np.arange(120), 0)]
    while stack:
        node, rows, depth = stack.pop()
        assert np.allclose(tree.counts[node], np.bincount(y[rows], weight[rows], 3))
        gains = [
            entropy(rows)
            - sum(
                weight[part].sum() / weight[rows].sum() * entropy(part)
                for v in np.unique(X[rows, j])
                for part in [rows[X[rows, j] == v]]
            )
            for j in range(5)
        ]
        if tree.feature[node] < 0:
            assert depth == 3 or max(gains) < 1e-9
            continue
        j = tree.feature[node]
        assert j == int(np.argmax(np.array(gains) > max(gains) - 1e-12))
        assert tree.score[node] == pytest.approx(gains[j])
        values = np.unique(X[rows, j])
        assert tree.children[node] == len(values)
        for at, v in enumerate(values):
            stack.append((tree.first[node] + at, rows[X[rows, j] == v], depth + 1))


# C4.5


def test_the_golf_tree_is_quinlans() -> None:
    X, y = golf()
    model = C45Classifier().fit(X, y)
    # 75 is the largest value of the whole table not above the middle of 70 and 85.
    assert model.export_text() == (
        "outlook = overcast: play (4)\n"
        "outlook = rain\n"
        "|   windy = false: play (3)\n"
        "|   windy = true: stay (2)\n"
        "outlook = sunny\n"
        "|   humidity <= 75: play (2)\n"
        "|   humidity > 75: stay (3)"
    )
    assert model.tree_.score[0] == pytest.approx(0.2467 / 1.5774, abs=1e-4)
    assert model.score(X, y) == 1.0


def test_the_golf_tree_with_a_missing_value_is_quinlans() -> None:
    """Quinlan (1993), section 3.3: weights 3.2, 2.4 and 3.4; gain 0.199 bits, ratio 0.110."""
    X, y = golf(missing=True)
    model = C45Classifier(pruning=False, mdl_correction=False).fit(X, y)
    tree = model.tree_
    assert tree.score[0] == pytest.approx(0.199 / 1.809, abs=5e-4)
    text = model.export_text().split("\n")
    assert text[0] == "outlook = overcast: play (3.23077)"
    assert text[3] == "|   windy = true: stay (2.38462/0.384615)"
    assert text[6] == "|   humidity > 75: stay (3.38462/0.384615)"
    # Section 3.3: sunny, humidity not known: play with 2.0 of 2.0 + 3.4 cases, and of these 0.4 of 3.4.
    case = pl.DataFrame([["sunny", 70.0, None, "false"]], schema=X.schema, orient="row")
    share = model.predict_proba(case)[0]
    assert share.round(2).tolist() == [0.44, 0.56]


@pytest.mark.parametrize("confidence", [0.05, 0.25, 0.5])
def test_limits_of_errors_are_those_of_the_binomial(confidence: float) -> None:
    for total in (1, 2, 6, 16, 168):
        for errors in range(min(total, 6)):
            p = float(error_bound(errors, total, confidence))
            assert stats.binom.cdf(errors, total, p) == pytest.approx(confidence)
            assert p == pytest.approx(stats.beta.ppf(1 - confidence, errors + 1, total - errors))
        assert error_bound(total, total, confidence) == 1.0
        assert error_bound(0, total, confidence) == pytest.approx(1 - confidence ** (1 / total))


def test_limits_of_the_program_are_the_books() -> None:
    """Quinlan (1993), section 4.2: U(0, 6), U(0, 9), U(0, 1) and U(1, 16), and what becomes of them."""
    bound = error_bound([0, 0, 0, 1], [6, 9, 1, 16], 0.25, "program")
    assert bound.round(3).tolist() == [0.206, 0.143, 0.75, 0.157]
    as_tree = 6 * bound[0] + 9 * bound[1] + 1 * bound[2]
    assert as_tree == pytest.approx(3.273, abs=2e-3)  # more than the leaf's
    assert 16 * bound[3] == pytest.approx(2.512, abs=6e-3)
    exact = error_bound(np.arange(1.0, 30), 60.0)
    assert np.allclose(error_bound(np.arange(1.0, 30), 60.0, 0.25, "program"), exact, rtol=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_c45_chooses_by_its_definition(seed: int) -> None:
    """The root of random tables with missing values: gain over known rows, average gain, ratio."""
    rng = np.random.default_rng(seed)
    n = 150
    named = [rng.integers(0, 3, n), rng.integers(0, 6, n)]
    X = np.column_stack([*named, rng.normal(size=n).round(1), rng.normal(size=n).round(1)])
    y = ((X[:, 0] == 1) ^ (X[:, 2] > 0.3) ^ (rng.random(n) < 0.2)).astype(int)
    X[rng.random(X.shape) < 0.1] = np.nan
    model = C45Classifier(categorical_features=[0, 1], pruning=False, max_depth=1).fit(X, y)

    def info(rows: np.ndarray) -> float:
        p = np.bincount(y[rows], minlength=2) / max(len(rows), 1)
        return float(-(p[p > 0] * np.log2(p[p > 0])).sum())

    def offer(j: int, sides: list[np.ndarray], minus: float = 0.0) -> tuple[float, float]:
        known = np.concatenate(sides)
        gain = info(known) - sum(len(s) / len(known) * info(s) for s in sides)
        gain = gain * len(known) / n - minus
        parts = np.array([len(s) for s in [*sides, np.arange(n - len(known))]]) / n
        return gain, gain / float(-(parts[parts > 0] * np.log2(parts[parts > 0])).sum())

    offers, cuts = [], {}
    for j in range(4):
        known = np.flatnonzero(~np.isnan(X[:, j]))
        values = np.unique(X[known, j])
        if j < 2:
            offers.append(offer(j, [known[X[known, j] == v] for v in values]))
            continue
        least = min(max(0.1 * len(known) / 2, 2), 25)
        made = []
        for v in values[:-1]:
            sides = [known[X[known, j] <= v], known[X[known, j] > v]]
            if min(map(len, sides)) >= least:
                made.append((offer(j, sides)[0], v, sides))
        best = max(made, key=lambda m: m[0] + 0 * m[1])
        cuts[j] = best[1]
        offers.append(offer(j, best[2], np.log2(len(made)) / n))
    gains = np.array([g for g, _ in offers])
    average = gains[gains > 0].mean()
    ratios = np.array([r if g > 0 and g >= average - 1e-3 else -1 for g, r in offers])
    tree = model.tree_
    assert tree.feature[0] == ratios.argmax()
    assert tree.score[0] == pytest.approx(ratios.max())
    if tree.feature[0] in cuts:
        assert tree.threshold[0] == cuts[int(tree.feature[0])]


def grow_by_hand(tree, x: np.ndarray, node: int = 0) -> np.ndarray:
    """Class shares of a row that takes every branch its missing values leave open."""
    if tree.feature[node] < 0:
        return tree.share[node]
    value = x[tree.feature[node]]
    children = tree.first[node] + np.arange(tree.children[node])
    if not np.isnan(value):
        if tree.offset[node] < 0:
            return grow_by_hand(
                tree, x, children[0] if value <= tree.threshold[node] else children[1]
            )
        child = tree.branch[tree.offset[node] + int(value)]
        if child >= 0:
            return grow_by_hand(tree, x, child)
    masses = tree.counts[children].sum(axis=1)
    return sum(m / masses.sum() * grow_by_hand(tree, x, c) for m, c in zip(masses, children))


@pytest.mark.parametrize("pruning", [False, True])
def test_rows_with_missing_values_take_all_branches_in_part(pruning: bool) -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.integers(0, 4, 400), rng.normal(size=(400, 3))]).astype(float)
    y = ((X[:, 0] > 1) ^ (X[:, 1] > 0)).astype(int) + (X[:, 2] > 1)
    X[rng.random(X.shape) < 0.15] = np.nan
    model = C45Classifier(categorical_features=[0], pruning=pruning).fit(X, y)
    assert np.allclose(model.predict_proba(X), [grow_by_hand(model.tree_, x) for x in X])
    assert np.allclose(model.predict_proba(X).sum(axis=1), 1.0)
    # Parts of rows too small to matter are not followed further.
    leaf = model.tree_.feature < 0
    assert model.tree_.counts[leaf].sum() == pytest.approx(400, rel=0.01)


def test_pruning_removes_what_noise_made() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 5))
    y = ((X[:, 0] > 0) ^ (rng.random(1000) < 0.15)).astype(int)
    free = C45Classifier(mdl_correction=False)
    whole = clone(free).set_params(pruning=False).fit(X[:500], y[:500])
    kept = clone(free).fit(X[:500], y[:500])
    low = clone(free).set_params(subtree_raising=False).fit(X[:500], y[:500])
    bare = clone(free).set_params(confidence=0.001).fit(X[:500], y[:500])
    # The charge for a threshold does it before.
    assert C45Classifier(pruning=False).fit(X[:500], y[:500]).get_n_leaves() == 2
    assert whole.get_n_leaves() > 3 * kept.get_n_leaves()
    assert bare.get_n_leaves() <= kept.get_n_leaves() <= low.get_n_leaves() <= whole.get_n_leaves()
    assert bare.get_n_leaves() == 2
    assert bare.score(X[500:], y[500:]) > whole.score(X[500:], y[500:]) + 0.03


def test_c45_on_known_tables() -> None:
    for load, least in ((load_iris, 0.93), (load_breast_cancer, 0.91)):
        X, y = load(return_X_y=True)
        assert cross_val_score(C45Classifier(), X, y, cv=5).mean() > least


# CHAID


@pytest.mark.parametrize("kind", ["pearson", "likelihood_ratio"])
def test_chi_squared_is_scipys(kind: str) -> None:
    rng = np.random.default_rng(0)
    for shape in ((2, 2), (3, 2), (4, 5)):
        table = rng.integers(1, 40, shape).astype(float)
        lambda_ = {"pearson": "pearson", "likelihood_ratio": "log-likelihood"}[kind]
        wanted = stats.chi2_contingency(table, correction=False, lambda_=lambda_)
        value, freedom = statistic(table, kind)
        assert value == pytest.approx(wanted.statistic) and freedom == wanted.dof
        assert np.exp(log_p_value(value, freedom)) == pytest.approx(wanted.pvalue)
        padded = np.pad(table, ((0, 1), (0, 2)))
        assert np.allclose(statistic(padded, kind), (value, freedom))


def test_tails_go_on_where_floats_end() -> None:
    x = np.array([1e3, 1e4, 1e6])
    assert np.allclose(log_p_value(x, np.array(2)), -x / 2, rtol=1e-13)
    assert np.allclose(log_p_value(x, np.array(4)), -x / 2 + np.log1p(x / 2), rtol=1e-13)
    assert np.allclose(
        log_p_value(x, np.array(6)), -x / 2 + np.log1p(x / 2 + x * x / 8), rtol=1e-13
    )
    near = np.linspace(1200, 1400, 50)  # on both sides of the change
    assert (np.diff(log_p_value(near, np.array(3)), 2).std()) < 1e-4
    assert log_p_value(np.array(5.0), np.array(0)) == 0.0


def partitions(items: list[int]):
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = [i for i in rest if i not in others]
            for more in partitions(left):
                yield [[first, *others], *more]


def test_multipliers_count_the_ways_to_merge() -> None:
    for c in range(2, 8):
        every = list(partitions(list(range(c))))
        for r in range(2, c + 1):
            ways = [p for p in every if len(p) == r]
            assert np.exp(log_multiplier(c, r, False, False)) == pytest.approx(len(ways))
            runs = [p for p in ways if all(max(g) - min(g) == len(g) - 1 for g in p)]
            assert np.exp(log_multiplier(c, r, True, False)) == pytest.approx(len(runs))
            assert len(runs) == comb(c - 1, r - 1)
            # The last category floats: it stands alone, or joins any run of the others.
            loose = [
                p
                for p in ways
                if all(
                    max(h) - min(h) == len(h) - 1 for g in p if (h := [i for i in g if i != c - 1])
                )
            ]
            assert np.exp(log_multiplier(c, r, True, True)) == pytest.approx(len(loose))
    assert np.isfinite(log_multiplier(500, 250, False, False))


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("kind", ["pearson", "likelihood_ratio"])
def test_the_compiled_merge_is_the_definition(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    c, k = int(rng.integers(2, 9)), int(rng.integers(2, 5))
    held = rng.integers(0, 25, (c, k)).astype(float) * rng.dirichlet(np.ones(k)).round(2)
    held[:, 0] += 1.0
    ordered = bool(seed % 2)
    free = c - 1 if ordered and seed % 4 == 1 else None
    rules = Merging(0.05, None, float(rng.integers(0, 30)), kind, True)
    groups, table = merged_and_cut(held, rules, ordered, free)
    owner, tables_ = np.empty(c, np.int64), held.copy()
    left = merge_categories(
        tables_, ordered, -1 if free is None else free, np.log(0.05), rules.least,
        kind == "likelihood_ratio", owner,
    )  # fmt: skip
    owners = np.unique(owner)
    assert left == len(groups) == len(owners)
    assert [np.flatnonzero(owner == o).tolist() for o in owners] == sorted(groups)
    order = np.argsort([min(g) for g in groups])
    assert np.allclose(tables_[owners], table[order])


def test_merging_step_by_step() -> None:
    """Kass (1980), with SciPy's test of every pair."""
    rng = np.random.default_rng(3)
    totals = np.array([[30, 10], [28, 12], [10, 30], [11, 29], [20, 20]]) + rng.integers(
        0, 3, (5, 2)
    )
    groups = [[i] for i in range(5)]
    while True:
        pairs = list(combinations(range(len(groups)), 2))
        p = [
            stats.chi2_contingency(
                np.array([totals[groups[i]].sum(0), totals[groups[j]].sum(0)]), correction=False
            ).pvalue
            for i, j in pairs
        ]
        if max(p) <= 0.05 or len(groups) == 1:
            break
        i, j = pairs[int(np.argmax(p))]
        groups[i] += groups.pop(j)
    found = merge(np.arange(5), totals.astype(float), KASS, ordered=False, floating=None)
    assert found is not None and found.groups == sorted(sorted(g) for g in groups)
    table = np.array([totals[g].sum(0) for g in found.groups])
    wanted = stats.chi2_contingency(table, correction=False)
    assert found.statistic == pytest.approx(wanted.statistic)
    ways = sum(len(p) == len(groups) for p in partitions(list(range(5))))
    assert np.exp(found.log_p) == pytest.approx(min(wanted.pvalue * ways, 1.0))


def test_merged_groups_that_differ_within_are_cut_again() -> None:
    rules = Merging(0.05, 0.049, 1, "pearson", False)
    rng = np.random.default_rng(0)
    for _ in range(50):
        held = rng.integers(1, 40, (6, 2)).astype(float)
        groups, _ = merged_and_cut(held, rules, True, None)
        assert sorted(i for g in groups for i in g) == list(range(6))
        for g in groups:
            if len(g) > 2:
                halves = [held[[g[:c], g[c:]][s]].sum(0) for c in range(1, len(g)) for s in (0, 1)]
                both = np.array(halves).reshape(-1, 2, 2)
                p = np.exp(log_p_value(*statistic(both, "pearson")))
                assert p.min() > 0.049


def test_chaid_splits_where_the_adjusted_p_value_is_least() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.choice(list("abcdef"), (600, 4)), columns=list("wxyz"))
    y = np.where(frame["x"].isin(["a", "b"]), rng.random(600) < 0.8, rng.random(600) < 0.3)
    frame.loc[:40, "x"] = None
    model = CHAIDClassifier().fit(frame, y)
    tree = model.tree_
    assert tree.feature[0] == 1 and tree.children[0] >= 2
    codes = [pd.factorize(frame[c], sort=True, use_na_sentinel=False)[0] for c in frame]
    made = []
    for held in codes:
        totals = np.array(
            [np.bincount(y[held == v].astype(int), minlength=2) for v in np.unique(held)]
        )
        codes_ = np.unique(held)
        made.append(merge(codes_, totals.astype(float), KASS, ordered=False, floating=None))
    assert int(np.argmin([np.inf if m is None else m.log_p for m in made])) == 1
    assert tree.log_p[0] == pytest.approx(made[1].log_p)
    assert model.p_values_[0] == pytest.approx(np.exp(made[1].log_p))
    group = next(g for g in made[1].groups if 0 in g)
    assert 1 in group  # a and b are one
    assert model.feature_importances_.argmax() == 1
    assert "missing" in model.export_text()


def test_chaid_finds_nothing_in_noise() -> None:
    rng = np.random.default_rng(0)
    splits = 0
    for _ in range(60):
        X, y = rng.integers(0, 4, (200, 1)).astype(str), rng.integers(0, 2, 200)
        splits += CHAIDClassifier(max_depth=1).fit(X, y).get_n_leaves() > 1
    # Bonferroni's adjustment is on the safe side of alpha = 0.05.
    assert splits <= 7


def test_ordered_categories_merge_with_neighbours_only() -> None:
    rng = np.random.default_rng(0)
    X = rng.integers(0, 6, 900).astype(float)[:, None]
    y = np.isin(X[:, 0], [0, 1, 4, 5]) ^ (rng.random(900) < 0.05)
    ordered = CHAIDClassifier().fit(X, y)
    assert ordered.get_n_leaves() == 3
    assert [line.split(":")[0] for line in ordered.export_text().split("\n")] == [
        "feature_0 <= 1.5", "feature_0 in (1.5, 3.5]", "feature_0 > 3.5",
    ]  # fmt: skip
    nominal = CHAIDClassifier(categorical_features=[0]).fit(X, y)
    assert nominal.get_n_leaves() == 2
    named = CHAIDClassifier(categorical_features=[0], ordinal_features=[0]).fit(X, y)
    assert named.get_n_leaves() == 3
    X[:100] = np.nan
    y[:100] = False
    model = CHAIDClassifier().fit(X, y)
    assert model.predict([[np.nan]])[0] == model.classes_[0]
    assert model.predict([[2.5]])[0] == model.predict([[2.0]])[0]


# All of them


MODELS = [ID3Classifier(), C45Classifier(), C45Classifier(pruning=False), CHAIDClassifier()]


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_rules_cover_every_row_once(model) -> None:
    X, y = golf()
    model.fit(X, y)
    assert sum(rule.weight for rule in model.rules()) == pytest.approx(14)
    assert len(model.rules()) == model.get_n_leaves()
    assert sum(np.bincount(model.apply(X))) == 14


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_frames_of_any_kind_and_arrays_of_words_say_the_same(model) -> None:
    X, y = golf()
    found = [model.fit(X, y).predict_proba(X)]
    frame = X.to_pandas()
    found.append(model.fit(frame, y).predict_proba(frame))
    found.append(model.fit(frame.astype({"outlook": "category"}), y).predict_proba(frame))
    words = frame.to_numpy(dtype=object)
    found.append(model.fit(words, y).predict_proba(words))
    found.append(model.fit(words.tolist(), y.to_list()).predict_proba(words.tolist()))
    for other in found[1:]:
        assert np.allclose(found[0], other)
    numbers = pd.array([1, 2, None, 4] * 6, dtype="Int64")
    gaps = pd.DataFrame({"a": numbers, "b": ["x", None, "y", "x"] * 6})
    model.fit(gaps, np.arange(24) % 2).predict(gaps)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_weights_are_repetitions_in_any_order(model) -> None:
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.choice(list("pqrs"), 200), "b": rng.normal(size=200).round(1)})
    y = (X["a"].isin(["p", "q"]) ^ (X["b"] > 0.5) ^ (rng.random(200) < 0.1)).to_numpy()
    times = rng.integers(0, 4, 200)
    mixed = rng.permutation(np.repeat(np.arange(200), times))
    weighted = model.fit(X, y, sample_weight=times).predict_proba(X)
    kept = X.iloc[mixed].reset_index(drop=True)
    repeated = model.fit(kept, y[mixed]).predict_proba(X)
    assert np.allclose(weighted, repeated)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (C45Classifier(confidence=2), "confidence=2 must be in"),
        (C45Classifier(limit="x"), "limit='x' is none of exact, program"),
        (C45Classifier(categorical_features=[7]), "names feature 7; X has 4"),
        (C45Classifier(categorical_features=[1]), "holds 'sunny', which is no number"),
        (CHAIDClassifier(alpha_split=0), "alpha_split=0 must be in"),
        (CHAIDClassifier(alpha_resplit=0.5), "below alpha_merge"),
        (CHAIDClassifier(statistic="x"), "statistic='x' is none of"),
        (ID3Classifier(max_depth=0), "max_depth=0 must be at least 1"),
    ],
)
def test_bad_options_are_one_clear_line(model, message: str) -> None:
    X, y = golf()
    with pytest.raises(ValueError, match=message) as error:
        model.fit(X, y)
    assert "\n" not in str(error.value)


def test_bad_tables_are_one_clear_line() -> None:
    X, y = golf()
    for model in MODELS:
        with pytest.raises(ValueError, match="only one class"):
            model.fit(X, ["a"] * 14)
        with pytest.raises(ValueError, match="inconsistent numbers"):
            model.fit(X, y[:5])
    model = C45Classifier().fit(X, y)
    with pytest.raises(ValueError, match="infinity"):
        model.fit(X.with_columns(temperature=pl.lit(np.inf)), y)
    with pytest.raises(ValueError, match="feature names"):
        C45Classifier().fit(X, y).predict(X.rename({"outlook": "sky"}))
    empty = pd.DataFrame({"a": [None] * 6, "b": [1.0] * 6})
    for model in MODELS:
        p = model.fit(empty, [0, 1] * 3).predict_proba(empty)
        assert np.allclose(p, 0.5) and model.get_n_leaves() == 1
