"""Write the archives of this version: ``python -m tests.persist.make_archives [--replace]``.

For every estimator of the catalogue, and for whole pipelines, a model file and the answers it gave.
They must load and give the same answers in every later version, so an archive is made once, when
its version is released, and never again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from zhixing.catalogue import estimators
from zhixing.persist import save

from .fitted import answers, fitted
from .pipelines import PIPELINES

ARCHIVES = Path(__file__).parent / "archives"


def plain(array: Any) -> Any:
    """An answer as JSON holds it: numbers in full precision, text, None."""
    if sparse.issparse(array):
        array = array.toarray()
    if isinstance(array, list):
        return [plain(one) for one in array]
    array = np.asarray(array)
    if array.dtype.kind == "f":
        return np.where(np.isnan(array), "nan", array.astype(object)).tolist()
    return array.tolist()


def models() -> Iterator[tuple[str, Any, Any]]:
    """Every archived model with the rows it answers about."""
    for name in sorted(estimators()):
        yield name, *fitted(name)
    for name, make in PIPELINES.items():
        yield f"pipeline.{name}", *make()


def recorded(rows: Any) -> dict[str, Any]:
    """The rows a model is asked about: a frame, an array or a list."""
    if hasattr(rows, "columns"):
        return {"columns": {c: plain(rows[c]) for c in rows}}
    if isinstance(rows, list):
        return {"list": rows}
    return {"array": plain(rows), "dtype": rows.dtype.str}


def main(arguments: list[str]) -> None:
    folder = ARCHIVES / version("zhixing")
    if folder.exists() and "--replace" not in arguments:
        raise SystemExit(f"{folder} exists; archives of a release are never made again")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, model, X in models():
        save(model, folder / f"{name}.zhixing", metadata={"archive": name})
        rows = X[:12]
        record = recorded(rows) | {
            "answers": {method: plain(answer) for method, answer in answers(model, rows)},
        }
        text = json.dumps(record, separators=(",", ":"), allow_nan=False)
        (folder / f"{name}.json").write_text(text + "\n")
    print(f"{len(list(folder.glob('*.zhixing')))} archives in {folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
