"""Paths, rules and drawings say what the trees do."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn import tree as sk
from sklearn.datasets import load_diabetes, load_iris, load_wine

from tests.oracles.test_tree_shap import forest_of
from zhixing.core.errors import InputError
from zhixing.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from zhixing.growth.draw_svg import EDGE, draw_svg
from zhixing.growth.draw_text import draw_text
from zhixing.growth.paths import Condition, Names
from zhixing.growth.rules import rules as rules_of
from zhixing.growth.svg_text import fit, width
from zhixing.growth.tree import Forest
from zhixing.growth.tree_sum import TreeSum
from zhixing.linear_model import Ridge
from zhixing.tree import DecisionTreeClassifier, export_svg, export_text, rules

TOWNS = ["A & B", "<C>", "D", "北京", "E"]


@pytest.fixture(scope="module")
def model() -> tuple[HistGradientBoostingRegressor, pd.DataFrame]:
    """Numbers with gaps, categories with hostile names."""
    rng = np.random.default_rng(0)
    n = 1500
    X = pd.DataFrame(
        {
            "age": rng.normal(50, 10, n),
            "town": pd.Categorical(rng.choice(TOWNS, n)),
            '<income> & "more" \'': rng.lognormal(3, 1, n),
        }
    )
    X.iloc[rng.random(n) < 0.1, 2] = np.nan
    X.loc[rng.random(n) < 0.05, "town"] = np.nan
    y = (X["age"] > 50) + 2.0 * X["town"].isin(["D", "<C>"]) - 1.5 * X.iloc[:, 2].isna()
    y = y + rng.normal(size=n) * 0.3
    return HistGradientBoostingRegressor(max_iter=12, max_leaf_nodes=12).fit(X, y), X


def holds(condition: Condition, X: pd.DataFrame) -> np.ndarray:
    column = X.iloc[:, condition.feature]
    if condition.categories is not None:
        among = column.isin(list(condition.categories)).to_numpy()
        return ~among if condition.others else among
    values = column.to_numpy()
    inside = (values > condition.low) & (values <= condition.high)
    return np.where(np.isnan(values), bool(condition.missing), inside)


def test_one_rule_of_a_tree_holds_and_its_values_add_up(model) -> None:
    booster, X = model
    X = X.iloc[:400]
    total = np.zeros(len(X))
    ends = booster.apply(X)
    for tree in range(booster.n_iter_):
        times = np.zeros(len(X), int)
        covered = 0
        for rule in rules(booster, tree):
            met = np.all([holds(c, X) for c in rule.conditions] or [np.ones(len(X), bool)], axis=0)
            times += met
            total += met * rule.value
            covered += rule.count
            assert (ends[met, tree] == rule.leaf).all()
        assert (times == 1).all()
        assert covered == 1500
    assert np.allclose(total + booster._boosted.start[0], booster.predict(X), atol=1e-12)
    assert len(rules(booster)) == sum(len(rules(booster, t)) for t in range(booster.n_iter_))


def test_the_path_of_a_row_is_what_it_meets(model) -> None:
    booster, X = model
    for i, way in enumerate(booster.leaf_paths(X.iloc[:60], tree=3)):
        assert all(holds(c, X.iloc[i : i + 1])[0] for c in way)
        assert len({c.feature for c in way}) == len(way)


def test_decision_path_ends_where_apply_says(model) -> None:
    booster, X = model
    passed, first = booster.decision_path(X.iloc[:50])
    forest = booster._boosted.forest
    assert passed.shape == (50, len(forest.feature)) and first[-1] == len(forest.feature)
    ends = booster.apply(X.iloc[:50])
    for i in range(50):
        nodes = passed[[i]].indices
        for t in range(len(forest)):
            way = nodes[(nodes >= first[t]) & (nodes < first[t + 1])]
            assert way[0] == first[t] and way[-1] == first[t] + ends[i, t]
            for above, below in zip(way, way[1:]):
                assert below - forest.left[above] in (0, 1)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition(0, "x", high=2.5), "x <= 2.5"),
        (Condition(0, "x", low=2.5, missing=True), "x > 2.5 or missing"),
        (Condition(0, "x", low=1.0, high=2.0, missing=False), "1 < x <= 2"),
        (Condition(0, "x", low=np.inf, missing=True), "x is missing"),
        (Condition(0, "x", high=np.inf, missing=False), "x is not missing"),
        (Condition(0, "x", categories=frozenset("ba")), "x in {a, b}"),
        (Condition(0, "x", categories=frozenset("a"), others=True), "x not in {a}"),
    ],
)
def test_conditions_in_words(condition: Condition, words: str) -> None:
    assert condition.words() == words


def test_conditions_on_one_feature_become_one() -> None:
    def named(letters: str, others: bool) -> Condition:
        return Condition(0, "x", categories=frozenset(letters), others=others)

    assert (Condition(0, "x", low=1.0) & Condition(0, "x", high=3.0)).words() == "1 < x <= 3"
    assert named("abc", False) & named("bcd", False) == named("bc", False)
    assert named("abc", False) & named("b", True) == named("ac", False)
    assert named("a", True) & named("ab", False) == named("b", False)
    assert named("a", True) & named("b", True) == named("ab", True)


@pytest.mark.parametrize("data", [load_iris, load_wine, load_diabetes])
@pytest.mark.parametrize(
    "options", [{}, {"max_depth": 1}, {"spacing": 5, "decimals": 4}, {"show_weights": True}]
)
def test_text_is_scikit_learns(data, options: dict) -> None:
    held = data()
    classes = getattr(held, "target_names", None)
    made = sk.DecisionTreeRegressor if classes is None else sk.DecisionTreeClassifier
    theirs = made(max_depth=5, random_state=0).fit(held.data, held.target)
    expected = sk.export_text(
        theirs, feature_names=held.feature_names, class_names=classes, **options
    )
    k = 1 if classes is None else len(classes)
    names = Names(held.feature_names, {}, None if classes is None else list(classes))
    assert (
        draw_text(TreeSum(forest_of(theirs.tree_), None, np.zeros(k)), names, **options) == expected
    )


def test_text_names_categories_and_gaps(model) -> None:
    booster, _ = model
    text = export_text(booster)
    assert re.search(r"town (not )?in \{", text) and "missing" in text
    assert text.count("value:") == len(rules(booster, 0))


def boxes(svg: str) -> tuple[list[ElementTree.Element], ElementTree.Element]:
    root = ElementTree.fromstring(svg)
    return [g for g in root if g.tag.endswith("}g")], root


def test_a_drawing_is_sound_and_its_text_fits(model) -> None:
    booster, _ = model
    found, root = boxes(export_svg(booster, max_depth=20))
    assert len(found) == 2 * len(rules(booster, 0)) - 1
    wide, high = float(root.get("width", 0)), float(root.get("height", 0))
    for box in found:
        title, rect, *rest = box
        assert title.text
        x, y = float(rect.get("x", 0)), float(rect.get("y", 0))
        end = x + float(rect.get("width", 0))
        assert EDGE <= x and end <= wide - EDGE + 0.1 and 0 <= y <= high
        for line in (e for e in rest if e.tag.endswith("}text")):
            bold = line.get("font-weight") is not None
            size = float(line.get("font-size", 0))
            assert float(line.get("x", 0)) + width(line.text or "", size, bold) <= end
        for bar in (e for e in rest if e.tag.endswith("}rect")):
            assert x - 0.1 <= float(bar.get("x", 0))
            assert float(bar.get("x", 0)) + float(bar.get("width", 0)) <= end + 0.2
    titles = "\n".join(box[0].text or "" for box in found)
    assert '<income> & "more" \'' in titles


def test_values_are_written_on_one_scale() -> None:
    X = np.arange(100.0)[:, None]
    y = np.where(X[:, 0] < 50, 2e-9, 0.75)
    booster = HistGradientBoostingRegressor(max_iter=1, learning_rate=1.0).fit(X, y)
    trees = booster._tree_sum()
    whole = replace(trees, forest=replace(trees.forest, value=trees.forest.value + y.mean()))
    svg = draw_svg(whole, Names(["x"]))
    assert ">0</text>" in svg and ">0.75</text>" in svg


def test_boxes_do_not_overlap(model) -> None:
    booster, _ = model
    found, _ = boxes(export_svg(booster, max_depth=20))
    frames = [tuple(float(b[1].get(k, 0)) for k in ("x", "y", "width", "height")) for b in found]
    for i, (x, y, w, h) in enumerate(frames):
        for a, b, c, d in frames[:i]:
            assert x + w <= a or a + c <= x or y + h <= b or b + d <= y


def test_class_shares_are_bars_with_a_legend() -> None:
    held = load_iris()
    theirs = sk.DecisionTreeClassifier(max_depth=2, random_state=0).fit(held.data, held.target)
    trees = TreeSum(forest_of(theirs.tree_), None, np.zeros(3))
    names = Names(held.feature_names, {}, list(held.target_names))
    svg = draw_svg(trees, names)
    found, _ = boxes(svg)
    assert all(svg.count(f">{name}</text>") == 1 for name in held.target_names)
    rule = rules_of(trees, names)[1]
    box = next(b for b in found if rule.label in (b[2].text or "") and b[0].text)
    bars = [float(e.get("width", 0)) for e in box if e.get("height") == "4"]
    shares = np.asarray(rule.value)
    assert np.allclose(np.array(bars) / sum(bars), shares[shares > 0], atol=0.002)
    assert str(rule).startswith("if ") and rule.label in held.target_names


def test_depth_beyond_the_limit_is_counted(model) -> None:
    booster, _ = model
    svg = export_svg(booster, max_depth=1)
    hidden = sum(map(int, re.findall(r"… (\d+) leaves", svg)))
    shown = len([b for b in boxes(svg)[0] if "leaves" not in (b[2].text or "")]) - 1
    assert hidden + shown == len(rules(booster, 0))


def test_a_chain_deeper_than_pythons_calls() -> None:
    m = 4000
    inner = np.arange(0, 2 * m, 2)
    feature = np.full(2 * m + 1, -1, np.int32)
    left = np.full(2 * m + 1, -1)
    feature[inner], left[inner] = 0, inner + 1
    threshold = np.zeros(2 * m + 1)
    threshold[inner] = np.arange(m)
    size = np.ones(2 * m + 1)
    size[inner] = np.arange(m, 0, -1) + 1.0
    forest = Forest(
        feature, threshold, np.zeros(2 * m + 1, np.int32), np.zeros(2 * m + 1, np.uint8), left,
        np.full(2 * m + 1, -1), np.empty((0, 256), np.uint8), np.arange(2 * m + 1.0), size * 0, size,
        size.astype(np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
    trees = TreeSum(forest, None, np.zeros(1), np.zeros(1, int))
    text = draw_text(trees, Names(["x"]), max_depth=10_000)
    assert text.count("value:") == m + 1
    from zhixing.growth.shap import shap_values

    X = np.array([[-1.0], [10.5], [m + 1.0]])
    ends = np.array([1.0, 23.0, 2.0 * m])
    found = shap_values(trees, X)[:, 0, 0] + trees.expected()
    assert np.allclose(found, ends, rtol=1e-12)


def test_bad_input(model) -> None:
    booster, X = model
    with pytest.raises(InputError, match="tree=12; the model has 12 trees"):
        export_text(booster, 12)
    assert export_text(booster, -1) == export_text(booster, 11)
    with pytest.raises(InputError, match="Ridge is not a model of trees"):
        export_svg(Ridge())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must contain 3 elements, got 1"):
        rules(booster, feature_names=["a"])
    with pytest.raises(ValueError, match="max_depth=-1 must be at least 0"):
        export_svg(booster, max_depth=-1)
    y = (X["age"] > 50).astype(int)
    two = HistGradientBoostingClassifier(max_iter=1).fit(X, y)
    with pytest.raises(ValueError, match="class_names holds 3 names; the model has 2 classes"):
        export_text(two, class_names=["a", "b", "c"])


def test_words_are_cut_where_room_ends() -> None:
    long = "abcdefghijklmnopqrstuvwxyz" * 3
    for room in (5, 30, 60, 200, 600):
        short = fit(long, room, 12)
        assert width(short, 12) <= max(room, width("…", 12))
    assert fit("short", 100, 12) == "short"


def test_one_tree_of_class_shares_is_explained_like_a_forest() -> None:
    """Leaves that hold a share of each class: values for each class, rules with labels, `apply`'s numbers."""
    held = load_iris()
    tree = DecisionTreeClassifier(max_depth=3, random_state=0).fit(
        held.data, held.target_names[held.target]
    )
    X = held.data[::7]
    values = tree.shap_values(X)
    assert values.shape == (len(X), 4, 3)
    assert np.allclose(
        values.sum(axis=1) + tree.shap_base_value(), tree.predict_proba(X), atol=1e-12
    )
    assert np.allclose(tree.shap_values(sparse.csr_matrix(X)), values, atol=1e-14)
    said, ends = tree.predict(X), tree.apply(X)
    frame = pd.DataFrame(X)
    for rule in rules(tree):
        met = np.all([holds(c, frame) for c in rule.conditions], axis=0)
        assert (ends[met] == rule.leaf).all() and (said[met] == rule.label).all()
    assert {rule.leaf for rule in rules(tree)} >= set(ends)
    assert len(boxes(export_svg(tree))[0]) == 2 * len(rules(tree)) - 1
