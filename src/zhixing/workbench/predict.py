"""Predictions for a table: read, checked against the model's schema, predicted, written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from ..core.errors import InputError
from ..core.finding import Finding
from ..data import load
from ..data.delimited import Text
from ..persist import atomic_file
from .run import load_model


def predict_table(
    model: str | os.PathLike[str],
    data: Any,
    *,
    keep: Sequence[str] = (),
    encoding: str | None = None,
    delimiter: str | None = None,
) -> tuple[pl.DataFrame, list[Finding]]:
    """A frame of predictions (and probabilities by class), and how the table differs from the first.

    Rows keep their order and number.  Columns: those of `keep`, then the target's name for the
    prediction, then ``P(class)`` for every class of a model with probabilities.
    """
    found = load_model(model)
    frame, name, findings = load(data, Text(encoding, delimiter))
    missing = [column for column in keep if column not in frame.columns]
    if missing:
        raise InputError(
            f"there is no column {missing[0]!r} to keep", where=name, do="correct --keep"
        )
    try:
        rows, differences = found.check(frame)
    except InputError as error:
        raise InputError(error.what, where=error.where or name, do=error.do) from error
    X = found.preparation.transform(rows)
    columns = [frame[column] for column in keep]
    target = (
        found.target.name if found.target.name not in keep else f"{found.target.name} predicted"
    )
    said = found.decide(X)
    columns.append(pl.Series(target, said.tolist() if said.dtype == object else said))
    if found.has_probabilities:
        proba = found.probabilities(X)
        columns += [pl.Series(f"P({c})", proba[:, i]) for i, c in enumerate(found.classes or ())]
    target_here = [f for f in differences if f.code == "extra-column"]
    ignored = {found.target.name, *(c.name for c in found.schema if not c.usable)}
    for finding in target_here:
        # The target and the columns put aside in training are no surprise.
        names = [n for n in finding.evidence["columns"] if n not in ignored]
        if not names:
            differences.remove(finding)
    return pl.DataFrame(columns), [*findings, *differences]


def write_predictions(frame: pl.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write a frame as CSV, or as Parquet by the file's name; whole or not at all."""
    ending = Path(path).suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise InputError(
            f"unknown ending {ending!r}", where=str(path), do="write to a .csv or .parquet file"
        )
    with atomic_file(path) as file:
        if ending == ".csv":
            file.write(frame.write_csv().encode("utf-8"))
        else:
            frame.write_parquet(file)
