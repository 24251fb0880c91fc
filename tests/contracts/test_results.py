"""What README.md and RESULTS.md say of speed is what was measured and stored."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.__main__ import render, with_head

ROOT = Path(__file__).resolve().parents[2]
STORED = json.loads((ROOT / "benchmarks" / "results.json").read_text())


def test_results_are_rendered_from_what_was_measured() -> None:
    page = (ROOT / "benchmarks" / "RESULTS.md").read_text()
    assert page == render(STORED["results"], STORED["versions"])


def test_readme_shows_the_same_numbers() -> None:
    readme = (ROOT / "README.md").read_text()
    assert readme == with_head(readme, STORED["results"])


def test_losses_are_shown() -> None:
    """A contest that missed what was asked is on the page, and says so."""
    page = (ROOT / "benchmarks" / "RESULTS.md").read_text()
    for r in STORED["results"]:
        assert f"## {r['name']}" in page
        slow = r["budget"] is None and r["ratio"] is not None and r["ratio"] < r["target"]
        if slow:
            row = next(line for line in page.splitlines() if line.startswith(f"| {r['name']} |"))
            assert "missed" in row
