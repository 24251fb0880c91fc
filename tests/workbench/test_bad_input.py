"""What is wrong is said in one line, with exit code 1, and nothing is half-written."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import zhixing.workbench.fit  # noqa: F401  (the module that tests reach into)
from zhixing.cli.main import run as cli

Csv = Callable[..., Path]


def refused(
    capsys: pytest.CaptureFixture[str], *arguments: object, where: Path, code: int = 1
) -> str:
    """Run `fit` on a bad table; the one line it said."""
    before = sorted(os.listdir(where))
    assert cli([str(a) for a in arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    assert lines[0].startswith("zhixing: ")
    assert sorted(os.listdir(where)) == before
    return lines[0]


def fit_args(table: Path, *more: object, target: str = "y") -> list[object]:
    return ["fit", table, "--target", target, "--out", table.parent / "run", *more]


def test_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, *fit_args(tmp_path / "none.csv"), where=tmp_path)
    assert "none.csv" in said and "no such file" in said


ROWS = "".join(f"{i / 7:.3f},{'uvw'[i % 3]},{'yn'[i % 2]}\n" for i in range(60))
TABLES = {
    "empty": ("", "empty"),
    "header only": ("a,b,y\n", "no row"),
    "target all missing": (
        "a,b,y\n" + ROWS.replace(",y\n", ",\n").replace(",n\n", ",\n"),
        "missing",
    ),
    "target constant": ("a,b,y\n" + ROWS.replace(",n\n", ",y\n"), "constant"),
    "one class of one row": ("a,b,y\n" + ROWS + "1,u,z\n" * 1, "'z'"),
    "duplicate names": ("a,a,y\n" + ROWS, "'a'"),
    "ragged": ("a,b,y\n" + ROWS + "1,2,3,4,5\n", "line 62"),
    "no columns to learn from": ("y\n" + "y\nn\n" * 30, "column"),
    "only a key": ("id,y\n" + "".join(f"k{i},{'yn'[i % 2]}\n" for i in range(60)), "identifier"),
    "one row of a class to learn from": (
        "a,b,y\n"
        + "".join(f"{i / 7:.3f},{'uvw'[i % 3]},{'n' if i in (3, 9) else 'y'}\n" for i in range(60)),
        "1 row to learn from",
    ),
    "few rows": ("a,y\n1,y\n2,n\n3,y\n4,n\n", "rows"),
    "doubtful target": (
        "a,y\n" + "".join(f"{i},{i % 9}\n" for i in range(90)),
        "--task multiclass",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_bad_tables(
    name: str, tmp_path: Path, csv: Csv, capsys: pytest.CaptureFixture[str]
) -> None:
    text, hint = TABLES[name]
    said = refused(capsys, *fit_args(csv(text=text)), where=tmp_path)
    assert hint in said
    assert "table.csv" in said


def test_no_rows_after_cleaning(
    tmp_path: Path, csv: Csv, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "a,b,y\n" + "".join(f"{i},u,{'NA' if i > 3 else 'yn'[i % 2]}\n" for i in range(60))
    said = refused(capsys, *fit_args(csv(text=text)), where=tmp_path)
    assert "rows" in said or "row" in said


def test_wrong_encoding_is_read_or_refused(
    tmp_path: Path, csv: Csv, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "noise.csv").write_bytes(
        bytes(np.random.default_rng(0).integers(0, 256, 4000, np.uint8))
    )
    refused(capsys, *fit_args(tmp_path / "noise.csv"), where=tmp_path)
    path = csv()
    path.write_bytes(path.read_text().replace("u", "ü").encode("latin-1"))
    said = refused(capsys, *fit_args(path, "--encoding", "utf-8"), where=tmp_path)
    assert "utf-8" in said.lower()


@pytest.mark.parametrize(
    ("value", "word"),
    [("", "missing"), ("inf", "infinite"), ("-1", "negative"), ("heavy", "no numbers")],
)
def test_bad_weights(
    value: str, word: str, tmp_path: Path, csv: Csv, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = ["1"] * 60
    weights[5] = value
    table = csv(w=weights)
    said = refused(capsys, *fit_args(table, "--weight", "w"), where=tmp_path)
    assert word in said and "'w'" in said


OPTIONS = {
    "no such target": (["--target", "z"], "'z'"),
    "no such group": (["--group", "g"], "'g'"),
    "no such metric": (["--metric", "beauty"], "beauty"),
    "metric of another task": (["--metric", "r2"], "r2"),
    "small budget": (["--budget", "1"], "--budget"),
    "task that does not fit": (["--task", "regression"], "words"),
    "unknown task": (["--task", "guess"], "guess"),
    "unknown kind": (["--kind", "a=colour"], "a=colour"),
    "unknown candidate": (["--candidate", "Oracle"], "Oracle"),
    "negative cost": (["--cost-fp", "-1"], "cost"),
    "hold-out of everything": (["--holdout", "1.5"], "1.5"),
    "unknown positive": (["--positive", "maybe"], "maybe"),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_bad_options(
    name: str, tmp_path: Path, csv: Csv, capsys: pytest.CaptureFixture[str]
) -> None:
    more, hint = OPTIONS[name]
    said = refused(capsys, *fit_args(csv(), *more), where=tmp_path)
    assert hint in said


def test_unwritable_output(tmp_path: Path, csv: Csv, capsys: pytest.CaptureFixture[str]) -> None:
    table = csv()
    blocked = tmp_path / "file"
    blocked.write_text("x")
    said = refused(capsys, "fit", table, "--target", "y", "--out", blocked / "run", where=tmp_path)
    assert "cannot be written" in said
    said = refused(capsys, "fit", table, "--target", "y", "--out", blocked, where=tmp_path)
    assert "is a file" in said


def test_usage(capsys: pytest.CaptureFixture[str], csv: Csv) -> None:
    assert cli(["fit", str(csv())]) == 2
    assert "--target" in capsys.readouterr().err
    assert cli(["dance"]) == 2
    assert cli(["fit", str(csv()), "--target", "y", "--budget", "many"]) == 2


def test_error_of_ours(
    csv: Csv, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(sys.modules["zhixing.workbench.fit"], "profile", broken)
    assert cli(["fit", str(csv()), "--target", "y", "--out", str(csv().parent / "run")]) == 3
    err = capsys.readouterr().err.strip()
    assert "\n" not in err and "ZeroDivisionError: a bug" in err
    named = Path(err.rpartition(" with ")[2])
    assert "Traceback" in named.read_text()
    named.unlink()


def test_interrupt(
    csv: Csv, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    table = csv()
    monkeypatch.setattr(sys.modules["zhixing.workbench.fit"], "profile", pressed)
    said = refused(capsys, *fit_args(table), where=table.parent)
    assert "interrupted" in said


def test_strings_in_numbers_are_a_finding(csv: Csv, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(3)
    a = [f"{v:.3f}" for v in rng.normal(size=200)]
    a[7] = "oops"
    y = ["yes" if v > 0 else "no" for v in rng.normal(size=200)]
    b = rng.choice(list("uvw"), 200).tolist()
    path = csv().with_name("strings.csv")
    pl.DataFrame({"a": a, "b": b, "y": y}).write_csv(path)
    out = path.parent / "run"
    assert cli(["fit", str(path), "--target", "y", "--budget", "20", "--out", str(out)]) == 0
    import zhixing

    found = [f for f in zhixing.load(out).findings if f.code == "mixed-types"]
    assert found and "oops" in str(found[0].evidence)
    capsys.readouterr()


def test_ten_thousand_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 10_000)).astype(np.float32)
    frame = pl.DataFrame({f"column_{i}": X[:, i] for i in range(X.shape[1])})
    frame = frame.with_columns(y=pl.Series(["yes" if v > 0 else "no" for v in X[:, 0]]))
    frame.write_parquet(tmp_path / "wide.parquet")
    out = tmp_path / "run"
    arguments = ["fit", str(tmp_path / "wide.parquet"), "--target", "y", "--budget", "10"]
    arguments += ["--candidate", "GaussianNB", "--out", str(out)]
    assert cli(arguments) == 0
    assert (out / "report.html").stat().st_size < 5e6
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100
