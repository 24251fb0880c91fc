"""A run: its facts, its model, its findings; kept in a folder, read back from it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ..core.errors import InputError
from ..core.finding import Finding
from ..model_comparison import Comparison, Ranking, compare_many
from . import folder
from .model import TableModel
from .report import clean, html

#: Files of a run's folder.
REPORT, FACTS, MODEL, CONFIG, HISTORY, ROWS = (
    "report.html",
    "report.json",
    "model.zx",
    "config.json",
    "history.jsonl",
    "holdout.parquet",
)


@dataclass(frozen=True)
class Report:
    """The report of a run: one HTML page and the same facts as JSON."""

    facts: dict[str, Any]

    @property
    def html(self) -> str:
        """The page, as one text."""
        return html(self.facts)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page (``.html``) or the facts (``.json``)."""
        from ..persist import atomic_file

        text = json_text(self.facts) if str(path).endswith(".json") else self.html
        with atomic_file(path) as file:
            file.write(text.encode("utf-8"))

    def __str__(self) -> str:
        from .screen import text

        return text(self.facts)

    def _repr_html_(self) -> str:
        import html as escaping

        page = escaping.escape(self.html, quote=True)
        return f'<iframe srcdoc="{page}" style="width: 100%; height: 800px; border: 0"></iframe>'


@dataclass(frozen=True)
class Run:
    """What `zhixing.fit` returns.

    Attributes
    ----------
    facts : dict
        Everything the report says, as ``report.json`` has it.
    model : TableModel
        The proposed model, as it was evaluated: fitted on the rows that were not held out.
    findings : list of Finding
        Most serious first.
    predictions : polars.DataFrame
        Truth and prediction of every held-out row.
    path : Path or None
        The run's folder, where it was written.
    """

    facts: dict[str, Any] = field(repr=False)
    model: TableModel
    findings: list[Finding] = field(repr=False)
    predictions: pl.DataFrame = field(repr=False)
    path: Path | None = None

    @property
    def report(self) -> Report:
        """The report, to look at, to print or to save."""
        return Report(self.facts)

    def predict(self, frame: Any) -> np.ndarray:
        """Predictions for the rows of any table with the model's columns."""
        return self.model.predict(frame)

    def predict_proba(self, frame: Any) -> np.ndarray:
        """Probabilities of ``model.classes``."""
        return self.model.predict_proba(frame)

    def compare(self, other: Run | None = None, data: Any = None) -> Ranking | Comparison:
        """The candidates of this run on their common folds; or this run against another.

        Two runs are compared on the held-out rows both stored, or on `data`, a table with the
        target that neither of them has seen.
        """
        if other is not None:
            from .compare_runs import compare_runs

            return compare_runs(self, other, data)
        facts = self.facts["comparison"]
        rows = [row for row in facts["rows"] if not row["baseline"]]
        return compare_many(
            {row["label"]: row["scores"] for row in rows},
            facts["n_train"],
            facts["n_test"],
            rope=facts["rope"],
            greater_is_better=self.facts["plan"]["metric"]["greater_is_better"],
            simplicity={row["label"]: row["simplicity"] for row in rows},
        )

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Run:
        """Write the run's folder; returns the run with its `path`."""
        with folder.claimed(path, overwrite=overwrite) as hidden:
            write(self, hidden)
        return Run(self.facts, self.model, self.findings, self.predictions, Path(path))

    def __str__(self) -> str:
        return str(self.report)


def json_text(facts: dict[str, Any]) -> str:
    """Facts as strict JSON: no NaN, sorted as they were made."""
    return json.dumps(clean(facts), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def write(run: Run, place: Path) -> None:
    """All files of a run into an empty folder."""
    from .. import persist

    facts = run.facts
    (place / FACTS).write_text(json_text(facts), encoding="utf-8")
    (place / REPORT).write_text(run.report.html, encoding="utf-8")
    (place / CONFIG).write_text(json_text(facts["run"]["settings"]), encoding="utf-8")
    lines = (
        json.dumps(clean(trial), ensure_ascii=False, allow_nan=False) + "\n"
        for trial in facts["tuning"]["trials"]
    )
    (place / HISTORY).write_text("".join(lines), encoding="utf-8")
    run.predictions.write_parquet(place / ROWS)
    persist.save(
        run.model,
        place / MODEL,
        schema=clean(run.model.schema.as_dict()),
        metadata=clean(run.model.card),
    )


def load(path: str | os.PathLike[str]) -> Run:
    """A run from its folder.

    The model is built by `zhixing.persist`, which runs no code from the file.
    """
    from .. import persist

    place = Path(path).expanduser()
    if not place.is_dir():
        raise InputError("there is no such folder", where=str(path), do="give the folder of a run")
    for name in (FACTS, MODEL, ROWS):
        if not (place / name).is_file():
            raise InputError(f"is not a run: {name} is missing", where=str(path), do="fit again")
    try:
        facts = json.loads((place / FACTS).read_text(encoding="utf-8"))
        predictions = pl.read_parquet(place / ROWS)
    except (ValueError, OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"is damaged ({error})", where=str(path), do="fit again") from error
    model = persist.load(place / MODEL)
    if not isinstance(model, TableModel):
        raise InputError("holds no model of tables", where=str(place / MODEL))
    findings = [Finding(**{k: f[k] for k in f}) for f in facts["findings"]]
    return Run(facts, model, findings, predictions, place)


def load_model(path: str | os.PathLike[str]) -> TableModel:
    """The model of a run's folder, or of a model file."""
    from .. import persist

    place = Path(path).expanduser()
    file = place / MODEL if place.is_dir() else place
    if not file.is_file():
        raise InputError("there is no such model", where=str(path), do="give a model file or a run")
    model = persist.load(file)
    if not isinstance(model, TableModel):
        raise InputError(
            "holds no model of tables", where=str(file), do="load it with zhixing.persist"
        )
    return model
