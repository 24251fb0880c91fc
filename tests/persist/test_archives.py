"""Model files of every release load and answer as they did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import zhixing.workbench.model  # noqa: F401  (registers what `zhixing fit` saves)
from zhixing.persist import inspect, load
from zhixing.persist.migrate import FORMAT, STEPS

from .fitted import answers
from .make_archives import ARCHIVES, plain

FILES = sorted(ARCHIVES.glob("*/*.zhixing"))


def numeric(value: Any) -> np.ndarray | None:
    """A recorded answer as numbers, or None where it is text."""
    array = np.asarray(value, dtype=object)
    try:
        return array.astype(float)
    except (TypeError, ValueError):
        return None


def agree(now: Any, then: Any) -> None:
    a, b = numeric(now), numeric(then)
    if a is None or b is None:
        assert now == then
    else:
        # Other versions of NumPy and BLAS round differently.
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def rows(record: dict[str, Any]) -> Any:
    if "columns" in record:
        return pd.DataFrame(record["columns"])
    if "list" in record:
        return record["list"]
    return np.array(record["array"], dtype=np.dtype(record["dtype"]))


def test_there_are_archives() -> None:
    assert FILES, "python -m tests.persist.make_archives"


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_archive(path: Path) -> None:
    record = json.loads(path.with_suffix(".json").read_text())
    model = load(path)
    now = {method: plain(a) for method, a in answers(model, rows(record))}
    assert now.keys() == record["answers"].keys()
    for method, then in record["answers"].items():
        agree(now[method], then)
    assert inspect(path)["metadata"] == {"archive": path.stem}


def test_every_old_format_has_its_step() -> None:
    assert sorted(STEPS) == list(range(1, FORMAT))


def test_a_step_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhixing.persist import manifest, migrate, save

    def renamed(content: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(content).replace("core.OldHistory", "core.history.History")
        return json.loads(text)

    from zhixing.core.history import History

    from . import forge

    save(History(), tmp_path / "m")
    content, arrays = forge.members((tmp_path / "m").read_bytes())
    assert content["model"]["class"] == "core.history.History"
    content["model"]["class"] = "core.OldHistory"
    (tmp_path / "m").write_bytes(forge.forged(content, arrays))
    with pytest.raises(ValueError, match="core.OldHistory"):
        load(tmp_path / "m")
    monkeypatch.setattr(migrate, "FORMAT", 2)
    monkeypatch.setattr(manifest, "FORMAT", 2)
    monkeypatch.setitem(migrate.STEPS, 1, renamed)
    assert type(load(tmp_path / "m")) is History


def test_a_newer_parameter_keeps_its_default(tmp_path: Path) -> None:
    from sklearn.pipeline import Pipeline

    from zhixing.persist import save

    from . import forge

    save(Pipeline([("a", "passthrough")]), tmp_path / "m")
    content, arrays = forge.members((tmp_path / "m").read_bytes())
    content["model"]["params"] = [p for p in content["model"]["params"] if p[0] != "verbose"]
    (tmp_path / "m").write_bytes(forge.forged(content, arrays))
    assert load(tmp_path / "m").verbose is False
