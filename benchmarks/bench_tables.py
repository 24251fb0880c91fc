"""Reading tables and finding what is wrong with them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from zhixing.data import read
from zhixing.workbench.profile import profile

from .registry import Contest, benchmark


def mixed_csv(rows: int) -> Path:
    """Numbers, words, dates and gaps, as a CSV file."""
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(
        {f"x{j}": rng.normal(size=rows).round(4) for j in range(10)}
        | {f"w{j}": rng.choice(["red", "green", "blue", "black"], rows) for j in range(5)}
        | {
            "day": (np.datetime64("2020-01-01") + rng.integers(0, 900, rows)).astype(
                "datetime64[D]"
            )
        }
        | {"gap": [None if g else 1.5 for g in rng.random(rows) < 0.2]}
    )
    path = Path(tempfile.mkdtemp()) / "mixed.csv"
    frame.write_csv(path)
    return path


@benchmark("read a CSV of 500k x 17, kinds inferred", budget=2.0)
def read_csv() -> Contest:
    """pandas parses only; ours also counts the fields of every record and decides the kinds."""
    path = mixed_csv(500_000)
    contestants = {
        "zhixing": lambda: read(path).frame,
        "pandas": lambda: pd.read_csv(path, parse_dates=["day"]),
    }
    return Contest(contestants, quality="rows", evaluate=len, higher=True, repeats=3)


def counted(table) -> Contest:
    return Contest({"zhixing": lambda: profile(table)}, quality="findings", evaluate=len, repeats=3)


@benchmark("profile of Adult, 48,842 x 14", budget=1.5)
def profile_adult() -> Contest:
    return counted(read("zhixing:adult", target="income"))


@benchmark("profile of 567,000 x 3", budget=10.0)
def profile_long() -> Contest:
    rng = np.random.default_rng(0)
    X = np.exp(rng.normal(size=(567_000, 3))).round(2)
    return counted(read(X, target=rng.random(567_000) < 0.004))


@benchmark("profile of 500 x 10,000", budget=15.0)
def profile_wide() -> Contest:
    rng = np.random.default_rng(0)
    return counted(read(rng.normal(size=(500, 10_000)), target=rng.random(500) < 0.5))
