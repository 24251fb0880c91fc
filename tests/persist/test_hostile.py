"""Every damaged or malicious file is refused in one line, with bounded memory and no code run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from zhixing.core.errors import InputError
from zhixing.persist import Limits, ModelFileError, inspect, load, read

from . import corpus, forge

MEMORY = 64 * 2**20


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[corpus.Case]:
    return list(corpus.cases(tmp_path_factory.mktemp("corpus")))


def refused(path: Path) -> str:
    """The one line with which a file is refused."""
    with pytest.raises(ModelFileError) as caught:
        load(path)
    line = str(caught.value)
    assert isinstance(caught.value, InputError)
    assert "\n" not in line and line.startswith(f"{path}: ") and len(line) < 600
    return line


def test_the_untouched_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(forge.honest(tmp_path, corpus.model()))
    assert load(path)["texts"].tolist() == ["one", "two"]
    manifest, arrays = forge.members(path.read_bytes())
    path.write_bytes(forge.forged(manifest, arrays))
    assert load(path)["shared"] == [[1, 2], [1, 2]], "the forger's own file is accepted"


def test_corpus(cases: list[corpus.Case], tmp_path: Path) -> None:
    path = tmp_path / "m"
    names = [name for name, _, _ in cases]
    assert len(names) == len(set(names)) > 350
    for name, data, word in cases:
        path.write_bytes(data)
        line = refused(path)
        assert word in line, f"{name}: {line}"


def test_memory_stays_bounded(cases: list[corpus.Case], tmp_path: Path) -> None:
    path = tmp_path / "m"
    for name, data, _ in cases:
        if name.startswith("bit "):
            continue
        path.write_bytes(data)
        tracemalloc.start()
        refused(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MEMORY, f"{name} took {peak} bytes"


WATCH = """
import sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
from zhixing.persist import load, inspect, ModelFileError
from zhixing.persist.registry import _classes_of, packages
for package in packages(): _classes_of(package)  # the only imports a file may cause
folder = Path(sys.argv[1])
load(folder / "honest.zhixing"), inspect(folder / "honest.zhixing")
files = sorted(folder.glob("case*"))
for file in files[:40]:  # whatever an error itself loads, once
    try: load(file)
    except ModelFileError: pass
seen, watching = [], [None]
def hook(event, arguments):
    if watching[0] is None:
        return
    if event == "open" and (arguments[0] == str(watching[0]) or type(arguments[0]) is int):
        return
    if event.split(".")[0] in {
        "open", "import", "exec", "compile", "os", "subprocess", "socket", "ctypes", "shutil",
        "pickle", "marshal", "code", "pty", "urllib", "tempfile", "glob",
    }:
        seen.append((watching[0].name, event, str(arguments)[:200]))
sys.addaudithook(hook)
for file in files:
    for call in (load, inspect):
        watching[0] = file
        try: call(file)
        except ModelFileError: pass
        finally: watching[0] = None
assert len(files) > 150, len(files)
assert not seen, seen[:5]
print("watched", len(files))
"""


def test_nothing_is_imported_executed_or_opened(cases: list[corpus.Case], tmp_path: Path) -> None:
    forge.honest(tmp_path, corpus.model())
    for i, (_, data, _) in enumerate(c for c in cases if not c[0].startswith("bit ")):
        (tmp_path / f"case{i:04}").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(tmp_path)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("watched")


def test_inspect_refuses_the_same_envelopes(cases: list[corpus.Case], tmp_path: Path) -> None:
    path = tmp_path / "m"
    groups = ("zip bomb", "first ", "encrypted", "table:", "members", "a key twice", "format")
    some = [c for c in cases if c[0].startswith(groups) and c[0] != "a key twice in a value"]
    assert len(some) > 30
    for _, data, _ in some:
        path.write_bytes(data)
        with pytest.raises(ModelFileError):
            inspect(path)


def test_what_is_not_a_file(tmp_path: Path) -> None:
    assert "not a file" in refused(tmp_path)
    assert "No such file" in refused(tmp_path / "absent")
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in refused(tmp_path / "pipe")
    assert "not a file" in refused(Path("/dev/zero"))
    looped = tmp_path / "loop"
    looped.symlink_to(looped)
    assert "cannot be opened" in refused(looped)


def test_limits_are_checked_and_can_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(forge.honest(tmp_path, corpus.model()))
    for limits, word in (
        (Limits(file_bytes=1000), "file_bytes"),
        (Limits(manifest_bytes=100), "manifest_bytes"),
        (Limits(values=10), "values"),
    ):
        with pytest.raises(ModelFileError, match=word):
            load(path, limits=limits)
    path.write_bytes(forge.honest(tmp_path, json.loads("[" * 20 + "]" * 20)))
    with pytest.raises(ModelFileError, match="deep"):
        load(path, limits=Limits(depth=5))
    assert read(path, limits=Limits(file_bytes=10**6)).metadata == {}
