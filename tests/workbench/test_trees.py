"""What the report says of a model of trees, computed again from the model and the table."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import r2_score

import zhixing
import zhixing.data as data
from tests.workbench.conftest import mixed_table
from zhixing.core.errors import InputError
from zhixing.tree import DecisionTreeClassifier
from zhixing.workbench import Run
from zhixing.workbench.keep import Kept
from zhixing.workbench.surrogate import names_of
from zhixing.workbench.tree_shap import _aside, trees

CASES = {
    "binary": ("zhixing:titanic", "survived", "HistGradientBoostingClassifier", {}),
    "multiclass": ("zhixing:penguins", "species", "HistGradientBoostingClassifier", {}),
    "regression": ("zhixing:auto_mpg", "mpg", "HistGradientBoostingRegressor", {}),
    "count": (
        mixed_table(400), "claims", "HistGradientBoostingRegressor",
        {"task": "count", "weight": "exposure"},
    ),
}  # fmt: skip


class Seen:
    """A run, its facts on trees, and the held-out rows as the model sees them."""

    def __init__(self, name: str, home: Path) -> None:
        source, target, candidate, options = CASES[name]
        self.run: Run = zhixing.fit(
            source, target, candidates=[candidate], budget=6, out=home / f"trees-{name}", **options
        )
        self.facts = self.run.facts["explanation"]["trees"]
        table = data.read(source, target=target, **options)
        stored = pl.read_parquet(self.run.path / "holdout.parquet")
        self.frame = table.frame[stored["row"].to_numpy()]
        self.weight = stored["weight"].to_numpy() if "weight" in stored.columns else None
        model = self.run.model
        self.X = model.prepared(self.frame)
        values = model.estimator.shap_values(self.X)
        self.values = values if values.ndim == 3 else values[:, :, None]
        self.columns = [f.column for f in model.preparation.features()]

    def of(self, column: str) -> np.ndarray:
        """(n, outputs) values of a column of the table."""
        return self.values[:, [c == column for c in self.columns]].sum(axis=1)


@pytest.fixture(scope="module", params=CASES)
def seen(request: pytest.FixtureRequest, home: Path) -> Seen:
    return Seen(request.param, home)


def test_importance_is_the_mean_size_of_the_values(seen: Seen) -> None:
    facts, n = seen.facts, len(seen.X)
    assert facts["rows"] == n
    w = np.ones(n) if seen.weight is None else seen.weight
    total = 0.0
    for row in facts["importance"]:
        sizes = np.abs(seen.of(row["column"])).mean(axis=1)
        mean = np.average(sizes, weights=w)
        half = 1.96 * np.sqrt(np.sum((w * (sizes - mean)) ** 2)) / w.sum()
        assert row["value"] == pytest.approx(mean, rel=1e-9, abs=1e-15)
        assert row["high"] == pytest.approx(mean + half, rel=1e-9, abs=1e-15)
        assert row["low"] == pytest.approx(max(mean - half, 0.0), rel=1e-9, abs=1e-15)
        total += mean
    assert [r["column"] for r in facts["importance"]] == [
        r["column"] for r in sorted(facts["importance"], key=lambda r: -r["value"])
    ]
    for row in facts["importance"]:
        assert row["share"] == pytest.approx(row["value"] / total)
    assert sum(r["share"] for r in facts["importance"]) == pytest.approx(1.0)
    several = seen.values.shape[2] > 1
    assert facts["importance_of"] == ("the score of every class" if several else facts["unit"])
    first = facts["importance"][0]
    assert f"{first['column']} ({first['share']:.0%})" in facts["words"]


def test_values_and_the_expected_score_add_up_in_the_unit_that_is_named(seen: Seen) -> None:
    model, facts = seen.run.model, seen.facts
    classes = model.classes
    which = classes.index(type(classes[0])(facts["of"])) if classes else 0
    which = which if seen.values.shape[2] > 1 else 0
    score = facts["expected"] + seen.values[:, :, which].sum(axis=1)
    if classes is None and facts["unit"] == model.target.name:
        assert np.allclose(score, model.estimator.predict(seen.X), rtol=1e-9)
    elif classes is None:
        assert facts["unit"] == f"log of {model.target.name}"
        assert np.allclose(np.exp(score), model.estimator.predict(seen.X), rtol=1e-9)
    else:
        raw = np.asarray(model.estimator.decision_function(seen.X)).reshape(len(seen.X), -1)
        assert np.allclose(score, raw[:, which], atol=1e-9)
        assert facts["unit"].endswith(f" of {facts['of']}")
        if len(classes) == 2:
            assert facts["of"] == str(classes[1]) and facts["unit"].startswith("log-odds")
        else:
            mean = model.probabilities(seen.X).mean(axis=0)
            assert facts["of"] == str(classes[int(mean.argmax())])


def test_points_are_rows(seen: Seen) -> None:
    classes = seen.run.model.classes
    several = seen.values.shape[2] > 1
    which = classes.index(seen.facts["of"]) if several else 0
    drawn = [column["column"] for column in seen.facts["swarm"]]
    assert drawn == [r["column"] for r in seen.facts["importance"] if r["value"] > 0][:12]
    for column in seen.facts["swarm"]:
        values = np.sort(seen.of(column["column"])[:, which])
        points = np.array([p["x"] for p in column["points"]])
        at = np.searchsorted(values, points).clip(max=len(values) - 1)
        near = np.minimum(np.abs(values[at] - points), np.abs(values[at - 1] - points))
        assert near.max() < 1e-9
        assert len(points) == min(len(values), 250)
        levels = [p["level"] for p in column["points"]]
        assert all(v is None or 0 <= v <= 1 for v in levels)
        missing = [p["own"] == "missing" for p in column["points"]]
        assert all(v is None for v, gap in zip(levels, missing) if gap)
        if column["kind"] in ("categorical", "text"):
            assert set(levels) == {None}
        elif column["kind"] == "numeric":
            own = [
                float(p["own"].replace(",", "")) for p in column["points"] if p["level"] is not None
            ]
            by_level = np.array([v for v in levels if v is not None])
            order = np.argsort(by_level, kind="stable")
            # Written with three digits, so steps back are no more than rounding.
            back = np.maximum.accumulate(np.array(own)[order]) - np.array(own)[order]
            assert (back <= 0.01 * np.abs(own).max()).all()


def test_the_small_tree_is_as_faithful_as_it_says(seen: Seen) -> None:
    model, facts = seen.run.model, seen.facts["surrogate"]
    assert len(facts["rules"]) == facts["leaves"] <= 8
    assert sum(r["rows"] for r in facts["rules"]) == facts["rows"]
    names = names_of(model)
    said, times = np.zeros(len(seen.X)), np.zeros(len(seen.X), int)
    for rule in facts["rules"]:
        met = np.ones(len(seen.X), bool)
        for c in rule["conditions"]:
            j = list(names.features).index(c["feature"])
            x = seen.X[:, j]
            if c["categories"] is not None:
                label = [names.categories[j][int(v)] if v == v else "" for v in x]
                met &= np.isin(label, c["categories"]) != c["others"]
            else:
                low = -np.inf if c["low"] is None else c["low"]
                high = np.inf if c["high"] is None else c["high"]
                if c["low"] is None and c["high"] is None:
                    low = np.inf if c["missing"] else -np.inf
                met &= np.where(np.isnan(x), bool(c["missing"]), (x > low) & (x <= high))
        said += met * rule["value"]
        times += met
    assert (times == 1).all()
    if model.classes is None:
        truth = model.estimator.predict(seen.X)
    else:
        of = facts["predicts"][2:-1]
        truth = model.probabilities(seen.X)[:, [str(c) for c in model.classes].index(of)]
    assert facts["fidelity"] == pytest.approx(r2_score(truth, said), abs=1e-9)
    assert facts["predicts"] in facts["words"]


def test_the_page_shows_it_and_nothing_breaks_out(seen: Seen) -> None:
    html = (seen.run.path / "report.html").read_text()
    assert len(html.encode()) < 5e6
    assert "Columns by Shapley value" in html and "A small tree that imitates the model" in html
    assert "<script>alert(1)" not in html
    assert '<svg xmlns="http://www.w3.org/2000/svg" viewBox' in html
    assert str(round(seen.facts["expected"], 1))[:3] in html


def test_other_models_have_no_trees(home: Path) -> None:
    run = zhixing.fit("zhixing:auto_mpg", "mpg", candidates=["Ridge"], budget=5)
    assert run.facts["explanation"]["trees"] is None
    assert "Shapley" not in run.report.html


def test_a_model_that_cannot_be_explained_says_why(seen: Seen, monkeypatch) -> None:
    def refuse(self, X: object) -> None:
        raise InputError("leaves that hold linear functions cannot be explained leaf by leaf")

    estimator = seen.run.model.estimator
    monkeypatch.setattr(type(estimator), "shap_values", refuse)

    class Job:
        held, seed = seen.frame, 0

    kept = Kept(None, None, seen.run.model, None, seen.X, None)  # type: ignore[arg-type]
    assert trees(Job, kept) == {  # type: ignore[arg-type]
        "refusal": "leaves that hold linear functions cannot be explained leaf by leaf"
    }


def test_shares_of_classes_are_probabilities(seen: Seen) -> None:
    """A single tree in the place of the booster: its leaves hold a share of each class."""
    classes = seen.run.model.classes
    if classes is None:
        pytest.skip("numbers have no classes")
    model = copy(seen.run.model)
    codes = model.estimator.predict(seen.X)
    model.estimator = DecisionTreeClassifier(max_depth=3, random_state=0).fit(seen.X, codes)

    class Held:
        X, weight = seen.run.model.check(seen.frame)[0], None

        def __len__(self) -> int:
            return len(self.X)

    class Job:
        held, train, seed = Held(), Held(), 0

    facts = trees(Job, Kept(None, model.preparation, model, seen.X, seen.X, None))  # type: ignore
    assert facts is not None
    place = 1 if len(classes) == 2 else int(model.probabilities(seen.X).mean(axis=0).argmax())
    assert facts["of"] == str(classes[place])
    assert facts["unit"] == f"probability of {classes[place]}"
    assert facts["expected"] == pytest.approx(model.estimator.shap_base_value()[place])
    several = len(classes) > 2
    over = "the probability of every class" if several else facts["unit"]
    assert facts["importance_of"] == over
    # A tree of three levels is imitated by one of three levels.
    assert facts["surrogate"]["fidelity"] > 0.5


def test_points_beside_each_other_do_not_hide_one_another() -> None:
    values = np.r_[np.zeros(9), 5.0]
    aside = _aside(values)
    assert len(set(aside[:9])) == 9 and np.abs(aside).max() < 1
    assert aside[9] == 0.0
    assert len(set(_aside(np.zeros(5)))) == 5
