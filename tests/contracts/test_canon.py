"""The ledger of the canon is true: every path imports, every page is the generated one."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path

import pytest
from docs.canon import PAGE, Entry, entries, page

ROOT = Path(__file__).resolve().parents[2]


def resolve(path: str) -> object:
    """The object a dotted path names."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            found = getattr(found, name)
        return found
    raise ModuleNotFoundError(path)


@pytest.mark.parametrize("entry", [e for e in entries() if e.paths], ids=lambda e: e.id)
def test_entry(entry: Entry) -> None:
    for path in entry.paths:
        assert resolve(path) is not None
    assert entry.shown, f"{entry.id} says what does it, but not where that is shown"
    for word in entry.shown.split():
        if word.startswith("tests/") or word.startswith("benchmarks/"):
            assert (ROOT / word).exists(), f"{entry.id}: {word} is not there"


def test_a_false_path_is_seen() -> None:
    with pytest.raises((AttributeError, ModuleNotFoundError)):
        resolve("zhixing.linear_model.Nothing")


def test_page_is_generated() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_row_of_the_canon_is_here() -> None:
    canon = ROOT.parent / "shared" / "canon.tsv"
    if not canon.exists():
        pytest.skip("the canon is not beside the repository")
    with canon.open(encoding="utf-8", newline="") as file:
        wanted = {row["id"]: row["item"] for row in csv.DictReader(file, delimiter="\t")}
    assert {e.id: e.item for e in entries()} == wanted
