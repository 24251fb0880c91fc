"""Imports go down the floors only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import zhixing

ROOT = Path(zhixing.__file__).parent

#: Floor of every package or top-level module.  Within a floor only the arrows of `ARROWS` are allowed.
FLOORS = {
    "core": 0,
    "kernels": 0,
    "losses": 1,
    "penalties": 1,
    "criteria": 1,
    "densities": 1,
    "metrics": 1,
    "data": 2,
    "rounds": 2,
    "solvers": 2,
    "datasets": 2,
    "growth": 2,
    "linear_model": 3,
    "naive_bayes": 3,
    "preprocessing": 3,
    "impute": 3,
    "ensemble": 3,
    "tree": 3,
    "catalogue": 4,
    "model_selection": 4,
    "model_comparison": 4,
    "calibration": 4,
    "diagnosis": 4,
    "recipes": 4,
    "persist": 4,
    "workbench": 5,
    "cli": 5,
    "__main__": 5,
}
ARROWS = {
    ("kernels", "core"),
    ("rounds", "data"),
    ("solvers", "data"),
    ("solvers", "rounds"),
    ("data", "datasets"),  # `zhixing:adult` names a shipped table
    ("model_selection", "catalogue"),
    ("model_comparison", "catalogue"),
    ("model_comparison", "model_selection"),
    ("calibration", "model_selection"),
    ("diagnosis", "model_selection"),
    ("persist", "catalogue"),
    ("cli", "workbench"),
    ("__main__", "cli"),
}


def imports(file: Path) -> list[str]:
    """Top-level names within zhixing that a file imports, lazily or not."""
    package = file.relative_to(ROOT).parts[:-1]
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                base = package[: len(package) - node.level + 1]
                full = [*base, *(node.module.split(".") if node.module else [])]
                names = [full] if full else [[alias.name] for alias in node.names]
                found += [n[0] for n in names]
            elif node.module and node.module.split(".")[0] == "zhixing":
                parts = node.module.split(".")
                found += [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [
                alias.name.split(".")[1]
                for alias in node.names
                if alias.name.startswith("zhixing.")
            ]
    return found


FILES = [f for f in sorted(ROOT.rglob("*.py")) if f.parent != ROOT or f.stem in FLOORS]


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_go_down(file: Path) -> None:
    here = file.relative_to(ROOT).parts[0].removesuffix(".py")
    assert here in FLOORS, f"give {here} a floor"
    for there in imports(file):
        if there in (here, "__version__"):
            continue
        assert there in FLOORS, f"{file} imports {there}, which has no floor"
        if FLOORS[there] == FLOORS[here]:
            assert (here, there) in ARROWS, f"{here} must not import its sibling {there}"
        else:
            assert FLOORS[there] < FLOORS[here], f"{here} must not import {there}: it is above"


def test_the_reader_sees_imports(tmp_path: Path) -> None:
    """The test would fail on a bad import: the families know nothing of the workbench."""
    assert "solvers" in imports(ROOT / "linear_model" / "logistic.py")
    assert "data" in imports(ROOT / "linear_model" / "logistic.py")


@pytest.mark.parametrize("floor", ["losses", "penalties", "criteria", "core"])
def test_parts_know_neither_numba_nor_torch(floor: str) -> None:
    for file in (ROOT / floor).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names.append(node.module or "")
            assert not {n.split(".")[0] for n in names} & {"numba", "torch"}, file


def test_numba_is_imported_where_kernels_are_made_and_kept() -> None:
    users = {
        f.relative_to(ROOT).as_posix()
        for f in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(f.read_text(encoding="utf-8")))
        if (
            isinstance(node, ast.Import)
            and any(a.name.split(".")[0] == "numba" for a in node.names)
        )
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "numba")
    }
    assert users == {"kernels/_jit.py", "kernels/_store.py", "kernels/_team.py"}
