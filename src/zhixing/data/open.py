"""Anything in, a `Table` out: the one door for files, frames, arrays and shipped data sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl

from ..core.errors import InputError
from ..core.estimator import Task
from ..core.finding import Finding
from .assemble import assemble
from .delimited import Text
from .frames import as_frame
from .kinds import Kind
from .readers import load_file
from .table import Table

#: Data sets that come with the package are read as ``zhixing:NAME``.
SHIPPED = "zhixing:"


def read(
    source: Any,
    *,
    target: str | Any = None,
    task: Task | None = None,
    kinds: Mapping[str, Kind] | None = None,
    group: str | None = None,
    time: str | None = None,
    weight: str | None = None,
    split: str | None = None,
    drop: Collection[str] = (),
    positive: Any = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header: bool = True,
    ragged: Literal["error", "skip"] = "error",
) -> Table:
    """Read a table, find out what its columns are, and what its target asks for.

    Parameters
    ----------
    source : path to CSV, TSV, Parquet, Arrow, Feather, JSON lines or JSON (also gzip, bzip2, xz,
        zstd); ``"zhixing:adult"`` and the other names of `zhixing.datasets`; a pandas, polars or
        Arrow frame; a dict of columns; a NumPy array (columns ``x0, x1, ...``).
    target : name of the column to predict, or its values (then it is called ``target``).
    task : ``"binary"``, ``"multiclass"``, ``"regression"`` or ``"count"``; by default found by the
        rules of `infer_target`, which refuses doubtful cases.
    kinds : kinds to use instead of the inferred ones, e.g. ``{"zip": "categorical"}``.
    group, time, weight, split : columns with a role of their own; they are no features.
    drop : columns to put aside.
    positive : the class of interest of a binary target.
    encoding, delimiter, header, ragged : how delimited text is read; found out by default.

    Returns
    -------
    Table
        Rows without a label are dropped, with a finding.

    Raises
    ------
    InputError
        With one line that says what is wrong, where, and what to do.

    Examples
    --------
    >>> table = read({"age": [31, 45, 28, 60], "pay": ["low", "high", "low", "high"]}, target="pay")
    >>> table
    Table(dict: 4 rows; 1 numeric; binary target 'pay')
    """
    text = Text(encoding, delimiter, header, ragged)
    frame, name, findings = load(source, text)
    if target is not None and not isinstance(target, str):
        frame, target = _with_labels(frame, target, name)
    return assemble(
        frame,
        name=name,
        findings=findings,
        target=target,
        task=task,
        kinds=kinds or {},
        roles={"group": group, "time": time, "weight": weight, "split": split},
        drop=drop,
        positive=positive,
    )


def load(source: Any, text: Text | None = None) -> tuple[pl.DataFrame, str, list[Finding]]:
    """The cells of a source as they are, its name, and what was found while reading them."""
    nested: list[str] = []
    if not isinstance(source, (str, PathLike)):
        name = getattr(source, "name", "") or type(source).__name__
        frame, findings = as_frame(source, dropped=nested), []
    else:
        if str(source).startswith(SHIPPED):
            from ..datasets.shipped import path

            name, file = str(source), path(str(source).removeprefix(SHIPPED))
        elif "://" in str(source):
            raise InputError(
                "databases and web addresses are not read yet",
                where=str(source).split("@")[-1],
                do="save the table as a Parquet or CSV file",
            )
        else:
            name, file = str(source), Path(source).expanduser()
        frame, findings = load_file(file, text or Text())
        frame = as_frame(frame, where=name, dropped=nested)
    if nested:
        findings.append(_nested(nested))
    name = name if isinstance(name, str) else ""
    if not frame.width:
        raise InputError("the table has no column", where=name, do="give a table with columns")
    if not frame.height:
        raise InputError("the table has no row", where=name, do="give a table with rows")
    return frame, name, findings


def _nested(names: list[str]) -> Finding:
    return Finding(
        "nested-column",
        "warning",
        f"{len(names)} column{'s' * (len(names) > 1)} of lists or bytes dropped: {names[0]!r}",
        where=", ".join(names[:20]),
        evidence={"columns": names},
        cause="a cell of a table holds one value",
        remedy="spread the lists over columns, or count, join or average them",
    )


def _with_labels(frame: pl.DataFrame, labels: Any, name: str) -> tuple[pl.DataFrame, str]:
    if "target" in frame.columns:
        raise InputError(
            "the labels would be called 'target', as a column is already",
            where=name,
            do="give the target by its name",
        )
    column = as_frame({"target": np.asarray(labels) if isinstance(labels, list) else labels})
    if column.height != frame.height:
        raise InputError(
            f"{column.height:,} labels for {frame.height:,} rows", where=name, do="align them"
        )
    return frame.hstack(column), "target"
