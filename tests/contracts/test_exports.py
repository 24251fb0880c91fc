"""Public names are explicit and cheap to import.  (Ruff's RUF022 keeps them sorted.)"""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import zhixing

PACKAGES = [m.name for m in pkgutil.iter_modules(zhixing.__path__) if m.ispkg]


@pytest.mark.parametrize("name", PACKAGES)
def test_public_names_exist(name: str) -> None:
    package = importlib.import_module(f"zhixing.{name}")
    assert package.__doc__, f"zhixing.{name} needs a docstring"
    names = list(getattr(package, "__all__", []))
    assert len(names) == len(set(names))
    for public in names:
        assert hasattr(package, public)


def test_top_level_names_resolve() -> None:
    for name in zhixing.__all__:
        assert getattr(zhixing, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        zhixing.nothing  # noqa: B018


@pytest.mark.parametrize("module", ["zhixing", "zhixing.cli.main"])
def test_import_is_light(module: str) -> None:
    heavy = "{'numba', 'sklearn', 'scipy', 'polars', 'torch', 'pandas', 'altair', 'optuna'}"
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", PACKAGES)
def test_no_public_name_is_hidden_by_a_file(name: str) -> None:
    """A lazy package must not hold a file of an exported name: importing the file would replace it."""
    package = importlib.import_module(f"zhixing.{name}")
    if not hasattr(package, "_HOME"):
        return
    files = {m.name for m in pkgutil.iter_modules(package.__path__)}
    assert not files & set(package.__all__)
