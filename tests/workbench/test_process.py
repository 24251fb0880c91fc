"""The command as a process: pipes that close, signals, a full disk."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from zhixing.workbench import Run

ZHIXING = [sys.executable, "-m", "zhixing"]
#: Ctrl-C reaches a process even where the tests themselves run in the background of a shell.
HEARS = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}


@pytest.mark.parametrize("command", ["predict", "inspect", "json"])
def test_a_reader_that_has_seen_enough(command: str, multiclass: Run, tmp_path: Path) -> None:
    table = tmp_path / "new.csv"
    rows = {"island": ["Biscoe"], "bill_length_mm": [40.0], "bill_depth_mm": [18.0]}
    rows |= {"flipper_length_mm": [190], "body_mass_g": [4000], "sex": ["MALE"]}
    pl.DataFrame(rows).write_csv(table)
    own = {
        "predict": ["predict", str(multiclass.path), str(table)],
        "inspect": ["inspect", str(multiclass.path)],
        "json": ["inspect", str(multiclass.path), "--json"],
    }[command]
    process = subprocess.Popen([*ZHIXING, *own], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) == 0
    assert "Error" not in said and "Exception" not in said


@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM"])
def test_a_signal_leaves_nothing(way: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame(rng.normal(size=(3000, 12)), schema=[f"x{i}" for i in range(12)])
    frame = frame.with_columns(y=pl.Series(np.where(rng.random(3000) < 0.5, "a", "b")))
    frame.write_csv(tmp_path / "table.csv")
    own = ["fit", "table.csv", "--target", "y", "--out", "deep/run"]
    process = subprocess.Popen(
        [*ZHIXING, *own],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **HEARS,
    )
    for _ in range(1200):
        if (tmp_path / "deep").exists():
            break
        time.sleep(0.05)
    process.send_signal(getattr(signal, way))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1 and out == ""
    assert err.strip().splitlines()[-1].startswith("zhixing: ")
    assert "nothing was written" in err
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_standard_output_on_a_full_disk(multiclass: Run) -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [*ZHIXING, "inspect", str(multiclass.path), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 1
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1 and "No space left" in lines[0]


def test_output_beyond_a_limit_leaves_nothing(tmp_path: Path) -> None:
    import resource

    rng = np.random.default_rng(1)
    x = rng.normal(size=200)
    table = pl.DataFrame({"x": x, "y": np.where(x + rng.normal(size=200) > 0, "a", "b")})
    table.write_csv(tmp_path / "table.csv")
    own = ["fit", "table.csv", "--target", "y", "--out", "run", "--budget", "10"]
    ended = subprocess.run(
        [*ZHIXING, *own, "--candidate", "GaussianNB"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        env={"PYTHONDONTWRITEBYTECODE": "1", **_environment()},
    )
    assert ended.returncode == 1, ended.stderr
    assert "cannot be written" in ended.stderr.strip().splitlines()[-1]
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)
