"""The plan, the region that counts as no difference, and the short way of a few rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import zhixing
from zhixing.core.errors import InputError
from zhixing.workbench.compare import LACK, ROPE
from zhixing.workbench.few_rows import FewRows
from zhixing.workbench.measure import measure
from zhixing.workbench.plan import make_plan


def plan(budget: int | None):
    asked = measure(None, "binary", 2)
    return make_plan(
        "binary", asked, rows=500, features=10, sparse=False, folds=5, budget=budget
    )  # fmt: skip


def test_a_small_budget_goes_without_the_dearest() -> None:
    whole = plan(None)
    small = plan(15)
    assert sum(entry.trials for entry in small.entries) * 5 <= 15
    kept = {entry.name for entry in small.entries}
    assert len(kept) == 3 and kept < {entry.name for entry in whole.entries}
    gone = [entry for entry in whole.entries if entry.name not in kept]
    assert min(e.cost for e in gone) >= max(e.cost for e in small.entries)
    told = {s["name"]: s["why"] for s in small.skipped}
    assert all("15 are asked for in all" in told[entry.name] for entry in gone)


def test_a_budget_of_less_than_one_setting_is_refused() -> None:
    with pytest.raises(InputError, match="a budget of 4 fits is too small"):
        plan(4)


def table(n: int = 400) -> pl.DataFrame:
    rng = np.random.default_rng(0)
    x, town = rng.normal(size=n), rng.choice(["York", "Leeds", "Hull"], n)
    gaps = [None if i % 9 == 0 else v for i, v in enumerate(rng.normal(size=n).tolist())]
    y = np.where(x + (town == "York") > 0, "yes", "no")
    return pl.DataFrame({"x": x, "z": gaps, "town": town, "y": y})


def test_no_difference_is_bounded_by_what_the_best_lacks() -> None:
    """The classes are nearly separable, so a hundredth of the gain would be too much."""
    run = zhixing.fit(table(), "y", budget=15, candidates=["LogisticRegression"])
    rows = {r["label"]: r["score"] for r in run.facts["comparison"]["rows"]}
    best, lowest = max(rows.values()), rows["Baseline"]
    expected = min(ROPE * (best - lowest), LACK * (1.0 - best))
    assert run.facts["comparison"]["rope"] == pytest.approx(max(expected, 1e-12))


@pytest.mark.parametrize("name", ["LogisticRegression", "HistGradientBoostingClassifier"])
def test_a_few_rows_are_prepared_as_many_are(name: str) -> None:
    frame = table()
    model = zhixing.fit(frame, "y", budget=15, candidates=[name]).model
    rows = frame.drop("y").head(12)
    short = FewRows.of(model).matrix(rows)
    assert short is not None
    checked, _ = model.check(rows)
    np.testing.assert_allclose(short, model.preparation.transform(checked), rtol=1e-12)
