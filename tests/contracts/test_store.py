"""The store of compiled kernels: other clones, other processes, damage, and a user's own parts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KERNEL = """
from zhixing.kernels._jit import kernel
@kernel(("f8",))
def twice(x):
    return x + x
"""
# A kernel module is run under a name of its own: its file is not one of the library's.
RUN = """
import sys, pathlib
from zhixing.kernels import _jit
_jit.cache_folder = lambda module: pathlib.Path(sys.argv[1])
import importlib.util
spec = importlib.util.spec_from_file_location("twice_module", sys.argv[2])
module = importlib.util.module_from_spec(spec); sys.modules["twice_module"] = module
spec.loader.exec_module(module)
for word in sys.argv[3:]:
    {"f": lambda: module.twice(1.5), "i": lambda: module.twice(2), "c": lambda: module.twice(2j)}[word]()
print(sum(module.twice.stats.cache_misses.values()), sum(module.twice.stats.cache_hits.values()))
"""


def run(folder: Path, source: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RUN, str(folder), str(source), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def counted(process: subprocess.Popen[str]) -> tuple[int, int]:
    printed, _ = process.communicate()
    assert process.returncode == 0
    misses, hits = printed.split()
    return int(misses), int(hits)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "a").mkdir()
    file = tmp_path / "a" / "twice_module.py"
    file.write_text(KERNEL)
    return file


def test_a_new_date_or_another_place_of_the_same_source_stays_warm(
    tmp_path: Path, source: Path
) -> None:
    assert counted(run(tmp_path, source, "f")) == (1, 0)
    os.utime(source, (1, 1))
    assert counted(run(tmp_path, source, "f")) == (0, 1)
    (tmp_path / "b").mkdir()
    moved = tmp_path / "b" / "twice_module.py"
    moved.write_text(KERNEL)
    assert counted(run(tmp_path, moved, "f")) == (0, 1)


def test_processes_that_save_at_once_all_keep_their_work(tmp_path: Path, source: Path) -> None:
    for process in [run(tmp_path, source, word) for word in "fic"]:
        assert counted(process) == (1, 0)
    assert counted(run(tmp_path, source, "f", "i", "c")) == (0, 3)


def test_a_damaged_index_compiles_again(tmp_path: Path, source: Path) -> None:
    assert counted(run(tmp_path, source, "f")) == (1, 0)
    index = tmp_path / "twice.nbi"
    index.write_bytes(index.read_bytes()[:-20])
    assert counted(run(tmp_path, source, "f")) == (1, 0)
    assert counted(run(tmp_path, source, "f")) == (0, 1)


OWN = """
from typing import NamedTuple
from zhixing.core.part import part
@part
class Mine(NamedTuple):
    scale: float = 1.0
    domain = "real"
    def value(self, y, z, xp=None):
        return self.scale * 0.5 * (y - z) ** 2
    def derivatives(self, y, z, xp=None):
        return self.scale * (z - y), self.scale
"""


def test_a_part_of_the_user_is_kept_apart(tmp_path: Path) -> None:
    """Whoever cannot import the user's class still reads the library's own kernels."""
    (tmp_path / "own.py").write_text(OWN)
    call = """
import sys, numpy as np
from zhixing.kernels import _jit
from zhixing.kernels import pointwise
from zhixing.losses import Squared
y = np.zeros(3)
parts = [Squared()]
if len(sys.argv) > 1:
    sys.path.insert(0, sys.argv[1])
    from own import Mine
    parts.insert(0, Mine())
loop = pointwise.total_loss
for p in parts:
    loop(p, y, y + 1.0, y + 1.0)
print(sum(loop.stats.cache_misses.values()), sum(loop.stats.cache_hits.values()))
"""
    environment = os.environ | {"ZHIXING_CACHE": str(tmp_path / "cache")}

    def counts(*arguments: str) -> str:
        command = [sys.executable, "-c", call, *arguments]
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    assert counts(str(tmp_path)) == "2 0"
    assert counts(str(tmp_path)) == "0 2"
    assert counts() == "0 1"
    (tmp_path / "own.py").write_text(OWN + "# edited\n")
    assert counts(str(tmp_path)) == "1 1"
