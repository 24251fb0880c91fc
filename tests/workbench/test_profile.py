"""Every finding: provoked by a table that has the fault, and absent from a clean one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import zhixing.workbench.profile as package
from zhixing.core.errors import InputError
from zhixing.core.finding import SEVERITIES, Finding
from zhixing.data import Table, load, read
from zhixing.workbench.profile import checks, profile

N = 600
Columns = dict[str, Any]
FAULTS: dict[str, Callable[[np.random.Generator], tuple[Columns, dict[str, Any]]]] = {}
Fault = Callable[[np.random.Generator], tuple[Columns, dict[str, Any]]]


def clean(rng: np.random.Generator, task: str = "binary", n: int = N) -> Columns:
    """Independent columns without fault, and a target that depends on some of them."""
    x, z, u = rng.normal(size=(3, n))
    word = rng.choice(["red", "green", "blue"], n)
    signal = x - 0.5 * z + (word == "red") + rng.normal(size=n)
    y: Any = signal + 3
    if task == "binary":
        y = np.where(signal > np.median(signal), "yes", "no")
    elif task == "count":
        y = rng.poisson(np.full(n, 4.0)) + 0
    return {"x": x, "z": z, "u": u, "word": word, "flag": rng.random(n) < 0.5, "y": y}


def fault(code: str) -> Callable[[Fault], Fault]:
    def keep(make: Fault) -> Fault:
        FAULTS[code] = make
        return make

    return keep


def gaps(values: Any, rows: np.ndarray) -> list[Any]:
    return [None if gone else v for v, gone in zip(np.asarray(values).tolist(), rows)]


@fault("missing-values")
def _(rng):
    c = clean(rng)
    return c | {"x": gaps(c["x"], rng.random(N) < 0.1)}, {}


@fault("mostly-missing")
def _(rng):
    c = clean(rng)
    return c | {"x": gaps(c["x"], rng.random(N) < 0.7)}, {}


@fault("missing-together")
def _(rng):
    c, gone = clean(rng), rng.random(N) < 0.1
    return c | {"x": gaps(c["x"], gone), "word": gaps(c["word"], gone)}, {}


@fault("missing-informative")
def _(rng):
    c = clean(rng)
    gone = (c["y"] == "yes") & (rng.random(N) < 0.5)
    return c | {"u": gaps(c["u"], gone)}, {}


@fault("empty-rows")
def _(rng):
    c, gone = clean(rng), rng.random(N) < 0.02
    return {k: v if k == "y" else gaps(v, gone) for k, v in c.items()}, {}


@fault("constant-column")
def _(rng):
    return clean(rng) | {"k": ["same"] * N}, {}


@fault("near-constant-column")
def _(rng):
    return clean(rng) | {"k": ["same"] * (N - 2) + ["other"] * 2}, {}


@fault("duplicate-columns")
def _(rng):
    c = clean(rng)
    return c | {"again": 32 + 1.8 * c["x"]}, {}


@fault("duplicate-rows")
def _(rng):
    return {k: np.concatenate([v[:500], v[:100]]) for k, v in clean(rng).items()}, {}


@fault("official-parts")
def _(rng):
    part = np.where(rng.random(N) < 0.3, "Test", "Train")
    return clean(rng) | {"part": part}, {}


@fault("conflicting-labels")
def _(rng):
    c = {k: np.concatenate([v[:500], v[:100]]) for k, v in clean(rng).items()}
    c["y"][500:] = np.where(c["y"][:100] == "yes", "no", "yes")
    return c, {}


@fault("identifier")
def _(rng):
    return clean(rng) | {"key": [f"U{i:05d}" for i in rng.permutation(N)]}, {}


@fault("infinite-values")
def _(rng):
    c = clean(rng)
    c["x"][7] = np.inf
    return c, {}


@fault("mixed-types")
def _(rng):
    return clean(rng) | {"m": [*map(str, rng.normal(size=N - 3).round(3)), "lots", "ca 4", "+"]}, {}


@fault("missing-markers")
def _(rng):
    return clean(rng) | {"m": [*rng.choice(["a", "b"], N - 50), *["?"] * 50]}, {}


@fault("doubtful-reading")
def _(rng):
    days = [f"{a:02d}/{b:02d}/2020" for a, b in rng.integers(1, 13, (N, 2))]
    return clean(rng) | {"day": days}, {}


@fault("leakage")
def _(rng):
    c = clean(rng)
    return c | {"copy": (c["y"] == "yes") + 0.01 * rng.normal(size=N)}, {}


@fault("dominant-column")
def _(rng):
    c = clean(rng, "regression")
    return c | {"near": c["y"] + 0.25 * c["y"].std() * rng.normal(size=N)}, {}


@fault("leakage-by-name")
def _(rng):
    c = clean(rng)
    return c | {"final_amount": (c["y"] == "yes") + rng.normal(size=N)}, {}


@fault("no-signal")
def _(rng):
    c = clean(rng)
    return c | {"y": rng.permutation(c["y"])}, {}


@fault("outliers")
def _(rng):
    c = clean(rng)
    c["x"][5] = 1000.0
    return c, {}


@fault("skewed")
def _(rng):
    return clean(rng) | {"amount": np.exp(1.5 * rng.normal(size=N))}, {}


@fault("high-cardinality")
def _(rng):
    return clean(rng) | {"many": [f"c{i}" for i in rng.integers(0, 300, N)]}, {}


@fault("rare-categories")
def _(rng):
    return clean(rng) | {"rare": [*rng.choice(["a", "b"], N - 4), "c", "c", "d", "d"]}, {}


@fault("category-spellings")
def _(rng):
    return clean(rng) | {"town": rng.choice(["York", "york ", "YORK", "Leeds"], N)}, {}


@fault("unknown-words")
def _(rng):
    return clean(rng) | {"town": rng.choice(["York", "Leeds", "Unknown", "n.a"], N)}, {}


@fault("broken-text")
def _(rng):
    return clean(rng) | {"town": rng.choice(["MÃ¼nchen", "Berlin"], N)}, {}


@fault("correlated-columns")
def _(rng):
    c = clean(rng)
    return c | {"close": c["x"] + 0.1 * rng.normal(size=N)}, {}


@fault("multicollinearity")
def _(rng):
    c = clean(rng)
    return c | {"sum": c["x"] + c["z"] + c["u"] + 0.1 * rng.normal(size=N)}, {}


@fault("associated-categories")
def _(rng):
    c = clean(rng)
    finer = [f"{w}{i}" for w, i in zip(c["word"], rng.integers(0, 3, N))]
    return c | {"finer": finer}, {}


@fault("class-imbalance")
def _(rng):
    c = clean(rng)
    return c | {"y": np.where(rng.random(N) < 0.1, "yes", "no")}, {}


@fault("too-few-rows")
def _(rng):
    return clean(rng, n=120), {}


@fault("too-few-rows-per-column")
def _(rng):
    return clean(rng) | {f"noise{j}": rng.normal(size=N) for j in range(80)}, {}


@fault("too-few-rows-of-class")
def _(rng):
    c = clean(rng)
    return c | {"y": [*rng.choice(["a", "b"], N - 20), *["c"] * 20]}, {}


@fault("sentinel-values")
def _(rng):
    return clean(rng) | {"temp": np.where(rng.random(N) < 0.02, -999, rng.normal(20, 5, N))}, {}


@fault("time-ordered")
def _(rng):
    c = clean(rng, "regression")
    days = [f"{2000 + i // 336}-{i % 336 // 28 + 1:02d}-{i % 28 + 1:02d}" for i in range(N)]
    return c | {"day": days, "y": np.cumsum(rng.normal(size=N))}, {}


@fault("linked-rows")
def _(rng):
    return clean(rng, "regression") | {"y": np.cumsum(rng.normal(size=N))}, {}


@fault("sorted-by-target")
def _(rng):
    c = clean(rng)
    order = np.argsort(c["y"], kind="stable")
    return {k: v[order] for k, v in c.items()}, {}


@fault("target-heavy-tail")
def _(rng):
    c = clean(rng, "regression")
    return c | {"y": np.exp(c["y"])}, {}


@fault("target-capped")
def _(rng):
    c = clean(rng, "regression")
    return c | {"y": np.minimum(c["y"], np.quantile(c["y"], 0.93))}, {}


@fault("zero-inflated")
def _(rng):
    c = clean(rng, "count")
    return c | {"y": np.where(rng.random(N) < 0.3, 0, c["y"])}, {"task": "count"}


@fault("overdispersed")
def _(rng):
    y = rng.poisson(rng.gamma(1.0, 4.0, N))
    return clean(rng) | {"y": y}, {"task": "count"}


@fault("integer-codes")
def _(rng):
    c, code = clean(rng, "regression"), rng.integers(1, 6, N)
    return c | {"c": code, "y": c["y"] + np.array([0, 4, -4, 4, -4, 0])[code]}, {}


@fault("uneven-weights")
def _(rng):
    return clean(rng) | {"w": np.exp(4 * rng.normal(size=N))}, {"weight": "w"}


@fault("zero-weights")
def _(rng):
    return clean(rng) | {"w": np.where(rng.random(N) < 0.1, 0.0, 1.0)}, {"weight": "w"}


@fault("repeated-groups")
def _(rng):
    c, user = clean(rng), np.repeat(np.arange(60), 10)
    mood = rng.random(60) < 0.5
    order = rng.permutation(N)
    y = np.where(mood[user] ^ (rng.random(N) < 0.1), "yes", "no")
    return c | {"user_id": user[order] * 7, "y": y[order]}, {}


def findings_of(columns: Columns, **options: Any) -> list[Finding]:
    return profile(read(columns, target="y", **options))


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_the_fault_is_found(code, rng):
    columns, options = FAULTS[code](rng)
    found = [f for f in findings_of(columns, **options) if f.code == code]
    assert found, f"{code} was not found"
    for finding in found:
        assert finding.severity in SEVERITIES
        assert finding.title
        json.dumps(finding.as_dict(), allow_nan=False)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("task", ["binary", "regression", "count"])
def test_a_clean_table_has_no_finding(task, seed):
    columns = clean(np.random.default_rng(seed), task)
    found = {f.code for f in findings_of(columns, task=task)}
    # Counts of `clean` do not depend on the features.
    assert found <= ({"no-signal"} if task == "count" else set())


def test_every_code_is_provoked():
    """A new finding without a provoking table here fails."""
    written: set[str] = set()
    for file in Path(package.__file__).parent.glob("*.py"):
        source = file.read_text()
        written |= set(re.findall(r"Finding\(\s*\"([a-z-]+)\"", source))
        written |= set(re.findall(r"Finding\(\s*\"([a-z-]+)\" if \w+ else \"", source))
        written |= set(re.findall(r"Finding\(\s*\"[a-z-]+\" if \w+ else \"([a-z-]+)\"", source))
    compared = {"train-test-difference", "train-test-recognised"}
    assert written - compared == set(FAULTS)


def test_checks_are_found_by_themselves():
    files = {p.stem for p in Path(package.__file__).parent.glob("*.py")}
    assert set(checks()) == files - {"__init__", "domain_classifier", "single", "view"}


class TestTwoTables:
    @staticmethod
    def halves(rng: np.random.Generator, shift: float, twist: bool = False) -> list[Finding]:
        columns = clean(rng, n=1200)
        columns["x"][600:] += shift
        if twist:
            columns["u"][600:] = columns["x"][600:] * 0.95 + 0.3 * columns["u"][600:]
        table = read(columns, target="y")
        return profile(table.take(np.arange(600)), table.take(np.arange(600, 1200)))

    def test_a_shift_is_attributed(self, rng):
        found = {f.code: f for f in self.halves(rng, 1.0)}
        assert list(found["train-test-difference"].evidence["columns"])[0] == "x"
        assert "train-test-recognised" in found

    def test_alike_is_alike(self):
        codes = set()
        for seed in range(10):
            codes |= {f.code for f in self.halves(np.random.default_rng(seed), 0.0)}
        assert not codes & {"train-test-difference", "train-test-recognised"}

    def test_categories_and_target_are_compared(self, rng):
        columns = clean(rng, n=1200)
        columns["word"][600:] = rng.choice(["red", "violet"], 600)
        table = read(columns, target="y")
        found = profile(table.take(np.arange(600)), table.take(np.arange(600, 1200)))
        moved = next(f for f in found if f.code == "train-test-difference").evidence["columns"]
        assert "word" in moved and "x" not in moved


def test_rows_are_named_as_in_the_source(rng):
    """After a split and after dropping unlabelled rows, the row a finding names is the file's."""
    columns = clean(rng)
    columns["x"][450] = 1000.0
    columns["y"] = [None if i < 50 else v for i, v in enumerate(columns["y"])]
    table = read(columns, target="y")
    part = table.take(np.arange(0, len(table), 2))
    outlier = next(f for f in profile(part) if f.code == "outliers")
    assert outlier.evidence["columns"]["x"]["row"] == 451


def test_evidence_of_adult():
    found = {f.code: f for f in profile(read("zhixing:adult", target="income"))}
    assert found["duplicate-columns"].evidence["groups"] == [["education", "education_num"]]
    assert found["sentinel-values"].evidence["columns"]["capital_gain"]["values"][0]["rows"] == 244
    assert set(found["missing-values"].evidence["rates"]) == {
        "workclass",
        "occupation",
        "native_country",
    }
    assert "leakage" not in found


@pytest.mark.parametrize(
    "columns",
    [
        {"a": [1]},
        {"a": [None, None]},
        {"a": [float("inf"), 1.5, 2.0]},
        {"a": [1e300, -1e300, 3.5] * 10},
        {"a": [1e-300, 2e-300, 3.5e-300] * 10},
        {"a": [float("inf")] * 15 + [2.5] * 15, "b": [float("nan")] * 30},
        {"t": [f"hello my dear friend number {i}" for i in range(30)]},
    ],
)
def test_odd_tables_have_a_profile(columns):
    for finding in profile(read(columns)):
        json.dumps(finding.as_dict(), allow_nan=False)


def _tables(shared: Path) -> list[tuple[Table, Path]]:
    tables = []
    for path in sorted(shared.glob("*.parquet")):
        if path.stat().st_size > 1_000_000:
            continue
        target = "target" if "target" in pl.read_parquet_schema(path) else None
        try:
            table = read(path, target=target)
        except InputError as error:
            asked = re.search(r"--task (\w+)", str(error))
            if asked is None:
                assert "single row" in str(error)
                continue
            try:
                table = read(path, target=target, task=asked[1])  # type: ignore[arg-type]
            except InputError as again:
                assert "single row" in str(again)
                continue
        tables.append((table, path))
    return tables


def test_real_tables(shared_data):
    """Every shared table has a profile with numbers that JSON can hold, and a sane length."""
    tables = _tables(shared_data)
    assert len(tables) > 60
    for table, path in tables:
        found = profile(table)
        assert len(found) < 25, path.name
        for finding in found:
            json.dumps(finding.as_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("name", "code", "where"),
    [
        ("loans", "leakage", "sub_grade"),
        ("imdb_16k", "leakage", "rating"),
        ("air_quality", "leakage", "pt08_s2_nmhc"),
        ("bank_marketing", "sentinel-values", "pdays"),
        ("bank_marketing", "leakage-by-name", "duration"),
        ("pima_diabetes", "sentinel-values", "glucose"),
        ("mice_protein", "repeated-groups", "mouse_group"),
        ("california_housing", "target-capped", "target"),
        ("beijing_pm25", "time-ordered", "timestamp"),
        ("credit_approval", "duplicate-columns", "a5"),
        ("eucalyptus", "outliers", "dbh"),
        ("mammography", "class-imbalance", "target"),
        ("naval_propulsion", "multicollinearity", "x5"),
        ("sms_spam", "broken-text", "text"),
        ("bike_sharing", "integer-codes", "hour"),
        ("titanic", "official-parts", "split"),
        ("vowel", "official-parts", "train_or_test"),
    ],
)
def test_known_faults_of_real_tables(shared_data, name, code, where):
    path = shared_data / f"{name}.parquet"
    found = [f for f in profile(read(path, target="target")) if f.code == code]
    assert any(where in f.where for f in found)


def test_a_frame_in_any_order_of_rows_has_the_same_counts(rng):
    table = read("zhixing:titanic", target="survived")
    shuffled = table.take(rng.permutation(len(table)))
    a, b = ({f.code: f for f in profile(t)} for t in (table, shuffled))
    assert set(a) == set(b)
    assert a["missing-values"].evidence == b["missing-values"].evidence
    assert a["high-cardinality"].evidence == b["high-cardinality"].evidence


def test_load_is_what_the_file_holds(shared_data):
    frame, _, findings = load(shared_data / "adult.parquet")
    assert frame.equals(pl.read_parquet(shared_data / "adult.parquet")) and not findings
