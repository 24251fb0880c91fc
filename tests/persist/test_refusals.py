"""What cannot be stored is named by its place; what cannot be written leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import errno
import functools
import os
import re
import subprocess
import sys
import threading
import zoneinfo
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge as TheirRidge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from zhixing.core.errors import InputError
from zhixing.core.estimate import Estimate
from zhixing.persist import ModelFileError, load, register, save


class Stranger(BaseEstimator):
    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha


class StrangeTuple(NamedTuple):
    a: int = 1


@dataclass
class StrangeRecord:
    a: int = 1


class Number(int):
    pass


class Names(dict):
    pass


def module_function(x: Any) -> Any:
    return x


REFUSED: dict[str, tuple[Any, str]] = {
    "lambda": (lambda x: x, "a function"),
    "function": (module_function, "a function"),
    "builtin": (len, "builtin_function_or_method"),
    "method": ([].append, "builtin_function_or_method"),
    "partial": (functools.partial(module_function), "functools.partial"),
    "class": (Stranger, "the class"),
    "estimator": (Stranger(), "Stranger"),
    "their estimator": (TheirRidge(), "Ridge"),
    "named tuple": (StrangeTuple(), "StrangeTuple"),
    "dataclass": (StrangeRecord(), "StrangeRecord"),
    "subclass of int": (Number(3), "Number"),
    "subclass of dict": (Names(), "Names"),
    "frame": (pd.DataFrame({"a": [1]}), "DataFrame"),
    "index of levels": (pd.MultiIndex.from_tuples([("a", 1)]), "MultiIndex"),
    "fraction": (Fraction(1, 2), "Fraction"),
    "pattern": (re.compile("a"), "Pattern"),
    "lock": (threading.Lock(), "lock"),
    "path": (Path("/tmp"), "Path"),
    "module": (np.random, "module"),
    "time zone": (dt.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris")), "time zone"),
    "long double": (np.longdouble(1), "dtype"),
    "long doubles": (np.ones(3, np.longdouble), "dtype"),
    "structured array": (np.zeros(2, "f8,i4"), "dtype"),
    "matrix": (np.matrix([1.0]), "matrix"),
    "lists of lists": (sparse.lil_array((2, 2)), "lil"),
    "object with a stranger": (np.array([Stranger()], dtype=object), "Stranger"),
    "huge integer": (1 << 200_000, "bits"),
}


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("name", REFUSED)
def test_refused_values(name: str, tmp_path: Path) -> None:
    value, word = REFUSED[name]
    with pytest.raises(ModelFileError, match=word) as caught:
        save({"outer": [0, value]}, tmp_path / "m")
    line = str(caught.value)
    assert line.startswith(f"{tmp_path / 'm'}: model['outer'][1]") and "\n" not in line
    assert caught.value.do
    assert not list(tmp_path.iterdir())


def test_the_place_is_named(tmp_path: Path) -> None:
    inner = FunctionTransformer(lambda x: x + 1)
    model = Pipeline([("prepare", ColumnTransformer([("plus", inner, ["a"])]))])
    with pytest.raises(ModelFileError) as caught:
        save(model, tmp_path / "m")
    assert "model.steps[0][1].transformers[0][1].func is a function" in str(caught.value)


def test_a_pipeline_cache_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="memory=None"):
        save(Pipeline([("a", "passthrough")], memory=str(tmp_path)), tmp_path / "m")


def test_a_reader_of_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="input='content'"):
        save(Pipeline([("a", TfidfVectorizer(input="filename"))]), tmp_path / "m")


def test_shadowing_attributes_are_refused(tmp_path: Path) -> None:
    model = Pipeline([("a", "passthrough")])
    model.fit = 1  # type: ignore[method-assign]
    with pytest.raises(ModelFileError, match="fit"):
        save(model, tmp_path / "m")


def test_cycles_through_tuples_are_refused(tmp_path: Path) -> None:
    inner: list[Any] = []
    for value in ((inner,), Estimate(inner, 0, 1)):  # type: ignore[arg-type]
        inner[:] = [value]
        with pytest.raises(ModelFileError, match="contains itself"):
            save(value, tmp_path / "m")
    array = np.empty(1, dtype=object)
    array[0] = array
    with pytest.raises(ModelFileError, match="deep"):
        save(array, tmp_path / "m")


def test_too_deep(tmp_path: Path) -> None:
    value: list[Any] = []
    for _ in range(1000):
        value = [value]
    with pytest.raises(ModelFileError, match="too deep"):
        save(value, tmp_path / "m")


def test_metadata_holds_plain_facts(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"metadata\['scores'\] is an array"):
        save(1, tmp_path / "m", metadata={"scores": np.ones(2)})
    save(1, tmp_path / "m", metadata={"scores": [0.1] * 1000})


def test_registered_classes(tmp_path: Path) -> None:
    for cls in (Stranger, StrangeTuple, StrangeRecord):
        register(cls, f"tests.{cls.__name__}")
        register(cls, f"tests.{cls.__name__}")
    with pytest.raises(ValueError, match="taken"):
        register(Stranger, "sklearn.pipeline.Pipeline")
    with pytest.raises(ValueError, match="taken"):
        register(Stranger, "tests.StrangeTuple")
    with pytest.raises(TypeError):
        register(module_function, "tests.function")  # type: ignore[arg-type]
    model = Stranger(StrangeTuple(2))  # type: ignore[arg-type]
    model.fitted_ = StrangeRecord(3)
    save(model, tmp_path / "m")
    script = f"from zhixing.persist import load; load({str(tmp_path / 'm')!r})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "'tests.Stranger', which is not in the registry" in done.stderr
    back = load(tmp_path / "m")
    assert back.alpha == StrangeTuple(2) and back.fitted_ == StrangeRecord(3)
    from zhixing.persist import registry

    for cls in (Stranger, StrangeTuple, StrangeRecord):
        del registry._registered[f"tests.{cls.__name__}"]


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place, word in (
        (tmp_path, "directory"),
        (tmp_path / "absent" / "m", "does not exist"),
        (tmp_path / "file" / "m", "does not exist"),
        (Path("/proc/m"), "cannot be written"),
    ):
        with pytest.raises(InputError, match=word):
            save(1, place)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


FULL = """
import resource, sys
import numpy as np
from zhixing.persist import save, ModelFileError
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    save(np.arange(1e5), sys.argv[1])
except ModelFileError as error:
    print(error)
"""


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "m"
    save("old", path)
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True)
    assert "cannot be written: File too large" in done.stdout, done.stderr
    assert load(path) == "old" and [p.name for p in tmp_path.iterdir()] == ["m"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_failures_at_the_end(
    call: str, problem: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m"
    save("old", path)

    def fail(*_: Any) -> None:
        raise problem

    monkeypatch.setattr(os, call, fail)
    expected = ModelFileError if isinstance(problem, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        save("new", path)
    monkeypatch.undo()
    assert load(path) == "old" and [p.name for p in tmp_path.iterdir()] == ["m"]


def test_the_file_is_as_private_as_others(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        save(1, tmp_path / "m")
    finally:
        os.umask(before)
    assert (tmp_path / "m").stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "m")
    save(1, tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and load(tmp_path / "real" / "m") == 1
