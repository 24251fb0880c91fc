"""New processes: import, help, and a first fit after warm-up."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from zhixing.workbench.warmup import warmup

from .registry import Contest, benchmark


def process(*arguments: str) -> float:
    """Run Python with the arguments; return 0 if it succeeded."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True)
    return float(done.returncode)


@benchmark("cold: `import zhixing`", budget=0.1)
def import_zhixing() -> Contest:
    contestants = {
        "zhixing": lambda: process("-c", "import zhixing"),
        "an empty process": lambda: process("-c", ""),
        "import sklearn": lambda: process("-c", "import sklearn"),
    }
    return Contest(contestants, quality="exit code", tolerance=0.0)


@benchmark("cold: `zhixing --help`", budget=0.3)
def show_help() -> Contest:
    return Contest({"zhixing": lambda: process("-m", "zhixing", "--help")}, quality="exit code")


FIT = """
import numpy as np
from {module} import LogisticRegression
rng = np.random.default_rng(0)
X = rng.normal(size=(2000, 10)); y = (X[:, 0] + rng.normal(size=2000) > 0).astype(int)
LogisticRegression().fit(X, y)
"""


@benchmark("cold: first fit in a new process after warm-up", budget=1.0)
def first_fit() -> Contest:
    warmup()
    contestants = {
        "zhixing": lambda: process("-c", FIT.format(module="zhixing.linear_model")),
        "scikit-learn": lambda: process("-c", FIT.format(module="sklearn.linear_model")),
    }
    return Contest(contestants, quality="exit code", tolerance=0.0)


@benchmark("`zhixing fit` on Adult, default budget, warmed up", budget=60.0)
def adult() -> Contest:
    warmup()

    def work() -> float:
        with tempfile.TemporaryDirectory() as folder:
            return process(
                "-m", "zhixing", "fit", "zhixing:adult", "--target", "income", "--out",
                str(Path(folder) / f"run-{time.monotonic_ns()}"),
            )  # fmt: skip

    return Contest({"zhixing": work}, quality="exit code", repeats=1)
