"""A run: reproducible, whole on disk or absent, read back the same, usable."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import zhixing
from zhixing.core.errors import InputError
from zhixing.workbench import Run, load
from zhixing.workbench.progress import Progress

FILES = [
    "config.json",
    "history.jsonl",
    "holdout.parquet",
    "model.zx",
    "report.html",
    "report.json",
]


def without_times(facts: dict) -> str:
    plain = json.loads(json.dumps(facts, default=float))
    for name in ("seconds", "steps", "started", "settings", "command"):
        plain["run"].pop(name)
    for row in plain["comparison"]["rows"]:
        row.pop("fit_seconds")
    plain.pop("files"), plain.pop("next")
    return json.dumps(plain, sort_keys=True)


def test_same_seed_same_result_whatever_the_threads() -> None:
    options = dict(budget=24, seed=5)
    with zhixing.threads(1):
        one = zhixing.fit("zhixing:penguins", "species", **options)
    with zhixing.threads(3):
        two = zhixing.fit("zhixing:penguins", "species", **options)
    assert without_times(one.facts) == without_times(two.facts)
    other = zhixing.fit("zhixing:penguins", "species", budget=24, seed=6)
    assert without_times(one.facts) != without_times(other.facts)


def test_folder_holds_everything(multiclass: Run) -> None:
    assert sorted(os.listdir(multiclass.path)) == FILES
    facts = json.loads((multiclass.path / "report.json").read_text())
    assert facts["headline"] == multiclass.facts["headline"]
    trials = (multiclass.path / "history.jsonl").read_text().splitlines()
    assert len(trials) == len(facts["tuning"]["trials"])
    assert json.loads(trials[0])["state"] in ("complete", "pruned", "failed")
    assert json.loads((multiclass.path / "config.json").read_text())["budget"] == 45


def test_read_back(multiclass: Run, weighted: Run) -> None:
    table = zhixing.data.load("zhixing:penguins")[0]
    again = load(multiclass.path)
    assert again.facts["headline"] == multiclass.facts["headline"]
    assert np.array_equal(again.predict_proba(table), multiclass.predict_proba(table))
    assert again.predict(table).tolist() == multiclass.predict(table).tolist()
    assert [f.code for f in again.findings] == [f.code for f in multiclass.findings]
    assert str(again.compare()) == str(multiclass.compare())
    assert zhixing.load(weighted.path).model.card == weighted.model.card


def test_model_alone(multiclass: Run) -> None:
    from zhixing.workbench import load_model

    row = {"island": "Biscoe", "sex": "FEMALE", "bill_length_mm": 50.0}
    row |= {"bill_depth_mm": 15.0, "flipper_length_mm": 220.0, "body_mass_g": 5000.0}
    model = load_model(multiclass.path / "model.zx")
    assert model.predict([row]).tolist() == ["Gentoo"]
    assert load_model(multiclass.path).columns == model.columns


def test_warnings_are_as_they_were(binary: Run) -> None:
    """Folds over threads must not leave the process without its warnings."""
    before = list(warnings.filters)
    zhixing.fit("zhixing:iris", "species", budget=45)
    left = [f for f in warnings.filters if f not in before and f[2] in (Warning, UserWarning)]
    assert [f for f in left if f[0] == "ignore" and f[1] is None] == []


def test_rows_and_frames_of_any_make_agree(binary: Run) -> None:
    pandas = pytest.importorskip("pandas")
    frame = zhixing.data.load("zhixing:titanic")[0].head(9)
    expected = binary.predict_proba(frame)
    for same in (
        frame.to_pandas(),
        frame.to_arrow(),
        frame.to_dicts(),
        frame.to_dict(as_series=False),
    ):
        assert np.allclose(binary.predict_proba(same), expected, rtol=1e-12)
    assert isinstance(frame.to_pandas(), pandas.DataFrame)


def test_differences_are_named(multiclass: Run) -> None:
    frame = zhixing.data.load("zhixing:penguins")[0].head(20)
    with pytest.raises(InputError, match="'island'"):
        multiclass.predict(frame.drop("island"))
    with pytest.warns(UserWarning, match="'island' has 1 category never seen"):
        multiclass.predict(frame.with_columns(pl.lit("Atlantis").alias("island")))
    with pytest.warns(UserWarning, match="'island' has 1 category never seen"):
        multiclass.predict(frame.head(1).with_columns(pl.lit("Atlantis").alias("island")))
    with pytest.raises(InputError, match="'body_mass_g' should be numeric"):
        multiclass.predict(frame.with_columns(pl.lit("heavy").alias("body_mass_g")))
    with pytest.warns(UserWarning, match="'body_mass_g' has .* far outside"):
        multiclass.predict(frame.with_columns(pl.lit(1e9).alias("body_mass_g")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        multiclass.predict(frame.with_columns(pl.lit(1).alias("more")))


def test_overwrite_is_asked_for(multiclass: Run, tmp_path: Path) -> None:
    place = tmp_path / "run"
    multiclass.save(place)
    with pytest.raises(InputError, match="there is a run already"):
        multiclass.save(place)
    (place / "stale").write_text("x")
    multiclass.save(place, overwrite=True)
    assert sorted(os.listdir(place)) == FILES
    assert os.listdir(tmp_path) == ["run"]
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.tex").write_text("x")
    with pytest.raises(InputError, match="holds no run"):
        multiclass.save(other, overwrite=True)
    assert os.listdir(other) == ["chapter.tex"]


@pytest.mark.parametrize("file", ["report.html", "report.json", "model.zx"])
def test_disk_full(
    multiclass: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """No space while any of the files is written: one line, and nothing stays."""
    from zhixing import persist

    real, saved = Path.write_text, persist.save

    def full(self: Path, *args: object, **options: object) -> int:
        if self.name == file:
            real(self, "half", encoding="utf-8")
            raise OSError(28, "No space left on device")
        return real(self, *args, **options)  # type: ignore[arg-type]

    def full_save(model: object, path: Path, **options: object) -> None:
        if path.name == file:
            raise OSError(28, "No space left on device")
        saved(model, path, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr(persist, "save", full_save)
    with pytest.raises(InputError, match="No space left on device"):
        multiclass.save(tmp_path / "deep" / "run")
    assert os.listdir(tmp_path) == []


def test_failed_overwrite_keeps_the_older_run(
    multiclass: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "run"
    multiclass.save(place)
    before = {name: (place / name).read_bytes() for name in FILES}
    monkeypatch.setattr(pl.DataFrame, "write_parquet", _no_space)
    with pytest.raises(InputError, match="No space"):
        multiclass.save(place, overwrite=True)
    assert {name: (place / name).read_bytes() for name in FILES} == before
    assert os.listdir(tmp_path) == ["run"]


def _no_space(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_unwritable_place_is_found_before_the_work(tmp_path: Path) -> None:
    class Watching(Progress):
        def show(self, name: str) -> None:
            raise AssertionError("work began before the place was checked")

    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        zhixing.fit("zhixing:iris", "species", out=blocked / "run", progress=Watching())


class Interrupting(Progress):
    """Presses Ctrl-C after so many pieces of a named bar."""

    def __init__(self, name: str, after: int) -> None:
        super().__init__()
        self.name, self.after = name, after

    def bar(self, name: str, total: int):  # noqa: ANN201
        import contextlib

        @contextlib.contextmanager
        def counting():  # noqa: ANN202
            done = 0

            def advance(what: str = "", to: int | None = None) -> None:
                nonlocal done
                done += 1
                if name == self.name and done == self.after:
                    raise KeyboardInterrupt

            yield advance

        return counting()


def test_interrupted_search_goes_on_with_what_it_has(tmp_path: Path) -> None:
    run = zhixing.fit(
        "zhixing:penguins",
        "species",
        budget=60,
        out=tmp_path / "run",
        progress=Interrupting("tuning", 40),
    )
    said = run.facts["run"]["interrupted"]
    assert "interrupted" in said and "Logistic regression" in said
    assert said in str(run.report) or said.split(".")[0] in str(run.report).replace("\n  ", " ")
    assert run.facts["tuning"]["fits"] < 60
    assert sorted(os.listdir(tmp_path / "run")) == FILES


@pytest.mark.parametrize(
    ("name", "after"), [("tuning", 1), ("comparing", 2), ("learning curve", 1)]
)
def test_interrupt_elsewhere_leaves_nothing(tmp_path: Path, name: str, after: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        zhixing.fit(
            "zhixing:penguins",
            "species",
            budget=24,
            out=tmp_path / "a" / "run",
            progress=Interrupting(name, after),
        )
    assert os.listdir(tmp_path) == []


def test_broken_candidate_is_told_not_fatal(monkeypatch: pytest.MonkeyPatch) -> None:
    from zhixing.naive_bayes import GaussianNB

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the stars are wrong")

    monkeypatch.setattr(GaussianNB, "fit", broken)
    run = zhixing.fit("zhixing:penguins", "species", budget=24)
    failed = [s for s in run.facts["plan"]["skipped"] if s["name"] == "naive_bayes.GaussianNB"]
    assert "RuntimeError: the stars are wrong" in failed[0]["why"]
    assert "the stars are wrong" in run.report.html


def test_compare_runs(binary: Run, tmp_path: Path) -> None:
    other = zhixing.fit(
        "zhixing:titanic", "survived", budget=10, candidates=["BernoulliNB"], seed=3
    )
    same = binary.compare(other)
    assert same.n == len(binary.predictions)
    assert same.winner in ("A", None)
    turned = other.compare(binary)
    assert turned.difference.value == pytest.approx(-same.difference.value)
    table = zhixing.data.load("zhixing:titanic")[0].tail(300)
    fresh = binary.compare(other, table)
    assert fresh.n == 300
    elsewhere = zhixing.fit(
        "zhixing:titanic", "survived", budget=10, candidates=["BernoulliNB"], seed=4
    )
    with pytest.raises(InputError, match="held out other rows"):
        binary.compare(elsewhere)


def test_grouped_and_timed_hold_out() -> None:
    rng = np.random.default_rng(0)
    n = 300
    table = pl.DataFrame(
        {
            "patient": rng.integers(0, 40, n),
            "day": np.datetime64("2021-01-01") + np.arange(n).astype("timedelta64[D]"),
            "x": rng.normal(size=n),
        }
    ).with_columns(y=(pl.col("x") + rng.normal(size=n) > 0))
    run = zhixing.fit(table, "y", group="patient", budget=15, candidates=["LogisticRegression"])
    held = set(table["patient"].gather(run.predictions["row"]).to_list())
    learned = set(table["patient"].to_list()) - held
    assert held and learned
    rest = [i for i in range(n) if i not in set(run.predictions["row"].to_list())]
    assert not held & set(table["patient"].gather(rest).to_list())
    run = zhixing.fit(table, "y", time="day", budget=15, candidates=["LogisticRegression"])
    assert min(run.predictions["row"]) == n - len(run.predictions)
    assert "later than every row" in run.facts["holdout"]["words"]


def test_costs_move_the_threshold() -> None:
    options = dict(budget=10, candidates=["LogisticRegression"])
    plain = zhixing.fit("zhixing:titanic", "survived", **options)
    costly = zhixing.fit("zhixing:titanic", "survived", costs={"fn": 9}, **options)
    assert costly.model.threshold is not None and costly.model.threshold < 0.3
    found = costly.facts["holdout"]["threshold"]["in_use"]["recall"]
    assert found > plain.facts["holdout"]["threshold"]["in_use"]["recall"]
    frame = zhixing.data.load("zhixing:titanic")[0]
    p = costly.predict_proba(frame)[:, 1]
    expected = np.where(p >= costly.model.threshold, *reversed(costly.model.classes))
    assert costly.predict(frame).tolist() == expected.tolist()


def test_positive_class_is_last(tmp_path: Path) -> None:
    table = zhixing.data.load("zhixing:titanic")[0]
    run = zhixing.fit(table, "survived", positive=0, budget=10, candidates=["LogisticRegression"])
    assert run.model.classes == (1, 0)
    one = zhixing.fit(table, "survived", budget=10, candidates=["LogisticRegression"])
    assert run.facts["holdout"]["prior"] == pytest.approx(1 - one.facts["holdout"]["prior"])
    auc = run.facts["holdout"]["metrics"][0]["value"]
    assert auc == pytest.approx(one.facts["holdout"]["metrics"][0]["value"], abs=1e-3)
