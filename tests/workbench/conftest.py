"""Runs that several tests look at, made once; and small tables that go wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import zhixing
from zhixing.workbench import Run


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def binary(home: Path) -> Run:
    """Two classes, missing values, words and numbers."""
    return zhixing.fit("zhixing:titanic", "survived", budget=45, out=home / "binary", seed=3)


@pytest.fixture(scope="session")
def multiclass(home: Path) -> Run:
    return zhixing.fit("zhixing:penguins", "species", budget=45, out=home / "multiclass")


@pytest.fixture(scope="session")
def regression(home: Path) -> Run:
    return zhixing.fit("zhixing:auto_mpg", "mpg", budget=60, out=home / "regression")


@pytest.fixture(scope="session")
def weighted(home: Path) -> Run:
    """A count with weights, text, dates, a hostile column name and CJK words."""
    return zhixing.fit(
        mixed_table(400),
        "claims",
        task="count",
        weight="exposure",
        budget=30,
        out=home / "weighted",
    )


def mixed_table(n: int) -> pl.DataFrame:
    """Every kind of column, with names and cells that want to break a page."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=n)
    towns = rng.choice(["北京", "上海", "<script>alert(1)</script>", "</script>"], n)
    words = np.array(["late", "again", "paid", "broken window", "no damage", "rear light"])
    notes = [" ".join(rng.choice(words, 6)) + f" on line {i}" for i in range(n)]
    days = np.datetime64("2020-01-01") + rng.integers(0, 900, n).astype("timedelta64[D]")
    rate = np.exp(0.4 * x + 0.5 * (towns == "北京") - 0.2)
    return pl.DataFrame(
        {
            "x": np.where(rng.random(n) < 0.1, np.nan, x),
            "<b>size</b> & \"quotes\" '{{7*7}}' " + "long " * 30: rng.lognormal(size=n),
            "town": towns,
            "note": notes,
            "day": days,
            "new": rng.random(n) < 0.5,
            "id": [f"k{i:05d}" for i in range(n)],
            "exposure": rng.integers(1, 4, n).astype(float),
            "claims": rng.poisson(rate),
        }
    )


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small table: 60 rows of a, b and y, changed as the test asks."""

    def write(name: str = "table.csv", *, text: str | None = None, **columns: list) -> Path:
        path = tmp_path / name
        if text is not None:
            path.write_text(text, encoding="utf-8")
            return path
        rng = np.random.default_rng(0)
        table = {
            "a": rng.normal(size=60).round(3).tolist(),
            "b": rng.choice(list("uvw"), 60).tolist(),
        }
        table["y"] = ["yes" if v > 0 else "no" for v in table["a"]]
        pl.DataFrame(table | columns, strict=False).write_csv(path)
        return path

    return write
