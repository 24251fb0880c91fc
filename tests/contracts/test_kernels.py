"""Kernels: warm-up covers them, and nothing compiles after it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from zhixing.kernels import _jit
from zhixing.workbench import warmup

MODULES = warmup.modules()


@pytest.mark.parametrize("module", MODULES)
def test_every_kernel_declares_what_it_is_called_with(module: str) -> None:
    importlib.import_module(f"zhixing.kernels.{module}")
    here = [
        k
        for k in _jit.KERNELS.values()
        if k.compiled.py_func.__module__ == f"zhixing.kernels.{module}"
    ]
    text = Path(importlib.import_module(f"zhixing.kernels.{module}").__file__ or "").read_text()
    assert here or "@kernel" not in text
    for kernel in here:
        assert kernel.warm, f"{kernel.name} declares no signature, so warm-up cannot compile it"


def test_warmup_leaves_nothing_cold_and_a_second_compiles_nothing() -> None:
    warmup.warmup()
    assert warmup.cold() == []
    assert warmup.warmup() == 0


FITS = """
import numpy as np, scipy.sparse as sp, sys
from zhixing.kernels import _jit
from zhixing.linear_model import LogisticRegression, LinearRegression, Ridge
rng = np.random.default_rng(0)
X = rng.normal(size=(300, 5)); y = (X[:, 0] > 0).astype(int); k = np.digitize(X[:, 1], [-.5, .5])
for dtype in (np.float64, np.float32):
    for matrix in (X.astype(dtype), sp.csr_matrix(X.astype(dtype))):
        LogisticRegression().fit(matrix, y).predict_proba(matrix)
        LogisticRegression().fit(matrix, k).predict_proba(matrix)
        Ridge().fit(matrix, X[:, 1])
        LinearRegression().fit(matrix, X[:, 1])
frozen = X.copy(); frozen.flags.writeable = False
LogisticRegression().fit(frozen, y)
print(sorted(n for n, k in _jit.KERNELS.items() if sum(k.compiled.stats.cache_misses.values())))
"""


def test_fits_after_warmup_compile_nothing() -> None:
    warmup.warmup()
    done = subprocess.run([sys.executable, "-c", FITS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_cache_folder_follows_the_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An edit in a loss moves the cache of kernels that take losses, and of no other."""
    package = tmp_path / "zhixing"
    for folder in ("kernels", "losses", "core"):
        (package / folder).mkdir(parents=True)
    (package / "kernels" / "_jit.py").write_text("")
    (package / "kernels" / "a.py").write_text('from ._jit import kernel\n@kernel(("loss",))')
    (package / "kernels" / "b.py").write_text('from ._jit import kernel\n@kernel(("f8",))')
    (package / "core" / "part.py").write_text("")
    (package / "losses" / "squared.py").write_text("1")
    monkeypatch.setattr(_jit, "__file__", str(package / "kernels" / "_jit.py"))
    monkeypatch.setattr(_jit, "cache_root", lambda: tmp_path)
    folder = _jit.cache_folder.__wrapped__
    before = folder("a"), folder("b")
    (package / "losses" / "squared.py").write_text("2")
    after = folder("a"), folder("b")
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_parts_are_typed_and_coerced() -> None:
    from zhixing.losses import Huber, Logistic, Squared

    assert Squared(1.0) != Logistic(1.0)
    assert hash(Squared(1.0)) != hash(Logistic(1.0))
    assert type(Huber(2).delta) is float
    assert len({Squared(1.0), Squared(1.0)}) == 1
    assert np.isclose(Huber(2).value(0.0, 3.0), Huber(2.0).value(0.0, 3.0))
