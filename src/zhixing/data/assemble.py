"""From cells to a `Table`: kinds, canonical columns, target, roles."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from ..core.errors import InputError
from ..core.estimator import Task
from ..core.finding import Finding
from ..core.parallel import each
from .canonical import DTYPES, canonical
from .kinds import KINDS, Judgement, Kind, judge, nan_to_null
from .names import unknown_column
from .recipe import Reading, Recipe, read_as, read_text
from .schema import MOST_CATEGORIES, Column, Role, Schema
from .table import Table
from .target import infer_target, labels_of

_DATE_NAME = re.compile(r"(^|[_\W])(date|day|dt|ymd|time|timestamp)([_\W]|$)|Date$", re.IGNORECASE)
#: Kinds that a role implies; a time column may hold dates or numbers.
_KIND_OF_ROLE: dict[Role, Kind] = {
    "group": "categorical",
    "split": "categorical",
    "weight": "numeric",
}
_KINDS = f"kinds are {', '.join(KINDS)}"
_CALLED: dict[str, str] = {"aside": "columns to drop", "kind": "kinds"}


def assemble(
    frame: pl.DataFrame,
    *,
    name: str,
    findings: list[Finding],
    target: str | None,
    task: Task | None,
    kinds: Mapping[str, Kind],
    roles: Mapping[str, str | None],
    drop: Collection[str],
    positive: Any,
) -> Table:
    """The table; every option is checked against the columns first."""
    given: dict[str, Role] = {c: "aside" for c in drop}
    for role, named in [("target", target), *roles.items()]:
        if named is None:
            continue
        if given.get(named, "aside") != "aside":
            raise InputError(
                f"column {named!r} cannot be both the {given[named]} and the {role}", where=name
            )
        given[named] = role  # type: ignore[assignment]
    for column, called in [*given.items(), *((c, "kind") for c in kinds)]:
        if column not in frame.columns:
            what = _CALLED.get(called) or called
            raise unknown_column(column, frame.columns, where=name, role=what)
    for column, kind in kinds.items():
        if kind not in KINDS:
            raise InputError(f"no kind {kind!r} (column {column!r})", where=name, do=_KINDS)
    findings, goal, origin = list(findings), None, None
    if target is not None:
        labels, recipe = labels_of(frame[target], where=name)
        origin = None if not labels.null_count() else labels.is_not_null().arg_true().to_numpy()
        frame, labels = _labelled(frame, labels, findings, name)
        goal = infer_target(labels, task=task, where=name, positive=positive)

    def made(cells: pl.Series) -> tuple[Column, pl.Series]:
        role = given.get(cells.name, "feature")
        if role == "target" and goal is not None:
            kind: Kind = "categorical" if goal.classes else "numeric"
            column = _column(cells, labels, Judgement(kind, goal.reason, labels.n_unique()), role)
            return replace(column, recipe=recipe), labels
        asked = kinds.get(cells.name) or _KIND_OF_ROLE.get(role)
        return make_column(cells, role, asked, name)

    columns, series = zip(*each(made, frame.get_columns()))
    schema = Schema(columns)
    table = Table(pl.DataFrame(list(series)), schema, goal, name, findings, origin)
    _check_roles(table)
    if goal is not None and not table.features:
        raise InputError(
            "no column is left to learn from", where=name, do=_aside(table.schema) or "add columns"
        )
    return table


def make_column(
    cells: pl.Series, role: Role, kind: Kind | None, where: str
) -> tuple[Column, pl.Series]:
    """One column: how its text is read, what kind it is, its values in the type of that kind."""
    if kind is not None:
        reading, judgement = _asked(cells, kind, where)
    else:
        reading = read_text(cells) if cells.dtype == pl.String else _typed(cells)
        judgement = judge(reading.values)
        if role == "time" and reading.values.dtype.is_numeric():
            judgement = judgement._replace(kind="numeric")
    values = reading.values
    if values.dtype != DTYPES.get(judgement.kind):
        values = canonical(values, judgement.kind, reading.recipe)
    return _column(cells, values, judgement, role, reading), values


def _typed(cells: pl.Series) -> Reading:
    """Cells that come with a type; whole numbers like 20240131 under a date's name are dates."""
    if cells.dtype.is_integer() and _DATE_NAME.search(cells.name):
        reading = read_as(cells.cast(pl.String), "datetime")
        if reading is not None and not reading.misfits and reading.recipe.format == "%Y%m%d":
            return reading
    return Reading(nan_to_null(cells), Recipe(), {}, {})


def _asked(cells: pl.Series, kind: Kind, where: str) -> tuple[Reading, Judgement]:
    """The reading a person asked for; an error if no cell can be read so."""
    reading = _typed(cells) if cells.dtype != pl.String else read_as(cells, kind)
    if reading is not None and cells.dtype != pl.String:
        values = canonical(reading.values, kind, reading.recipe)
        lost = reading.values.filter(values.is_null() & reading.values.is_not_null())
        counts = lost.cast(pl.String).rename("cell").value_counts(name="rows")
        counts = counts.sort("rows", "cell", descending=[True, False])
        misfits = dict(counts.head(20).iter_rows())
        reading = Reading(reading.values, reading.recipe, {}, misfits)
        if lost.len() and values.null_count() == values.len():
            reading = None
    if reading is None:
        example = cells.drop_nulls().head(1).to_list()
        raise InputError(
            f"column {cells.name!r} cannot be read as {kind}, e.g. {example[0]!r}",
            where=where,
            do="choose another kind",
        )
    return reading, Judgement(kind, "as asked", reading.values.drop_nulls().n_unique())


def _column(
    cells: pl.Series,
    values: pl.Series,
    judgement: Judgement,
    role: Role,
    reading: Reading | None = None,
) -> Column:
    low = high = categories = None
    if judgement.kind == "categorical" and judgement.n_distinct <= MOST_CATEGORIES:
        categories = tuple(sorted(str(v) for v in values.unique().to_list() if v is not None))
    elif judgement.kind in ("numeric", "datetime") and judgement.n_distinct:
        low, high = _range(values)
    return Column(
        cells.name,
        judgement.kind,
        role,
        source=str(cells.dtype),
        reason=judgement.reason,
        notes=() if reading is None else reading.notes,
        recipe=Recipe() if reading is None else reading.recipe,
        markers={} if reading is None else reading.missing,
        misfits={} if reading is None else reading.misfits,
        n_missing=values.null_count(),
        n_distinct=judgement.n_distinct,
        low=low,  # type: ignore[arg-type]
        high=high,  # type: ignore[arg-type]
        categories=categories,
    )


def _range(values: pl.Series) -> tuple[float | str | None, float | str | None]:
    if values.dtype.is_temporal():
        return values.min().isoformat(), values.max().isoformat()  # type: ignore[union-attr]
    numbers = values.to_numpy()
    finite = numbers[np.isfinite(numbers)]
    return (float(finite.min()), float(finite.max())) if finite.size else (None, None)


def _labelled(
    frame: pl.DataFrame, labels: pl.Series, findings: list[Finding], where: str
) -> tuple[pl.DataFrame, pl.Series]:
    """Only the rows that have a label; how many had none is a finding."""
    missing, n = labels.null_count(), labels.len()
    if missing and missing < n:
        findings.append(
            Finding(
                "target-missing",
                "warning",
                f"{missing:,} of {n:,} rows have no {labels.name!r} and were dropped",
                where=labels.name,
                evidence={"rows": missing, "rate": missing / n},
                cause="labels that were never collected, or not yet",
                remedy="check that they are missing by chance, not by outcome",
            )
        )
        present = labels.is_not_null()
        return frame.filter(present), labels.filter(present)
    return frame, labels


def _check_roles(table: Table) -> None:
    """Weights must weigh, groups and times must be known."""
    where, schema = table.name, table.schema
    for role in ("group", "time"):
        column = schema.role(role)  # type: ignore[arg-type]
        if column is not None and (missing := table.frame[column].null_count()):
            raise InputError(
                f"the {role} column {column!r} misses {missing:,} values",
                where=where,
                do="fill them or leave those rows out",
            )
    column = schema.role("time")
    if column is not None:
        cells = table.frame[column]
        if not (cells.dtype.is_numeric() or cells.dtype.is_temporal()):
            raise InputError(
                f"the time column {column!r} holds neither dates nor numbers, e.g. {cells[0]!r}",
                where=where,
            )
    column = schema.role("weight")
    if column is not None:
        if bad := schema[column].misfits:
            raise InputError(
                f"{sum(bad.values()):,} weights in {column!r} are no numbers, e.g. {next(iter(bad))!r}",
                where=where,
                do="correct them",
            )
        _check_weights(table.frame[column], where)


def _check_weights(cells: pl.Series, where: str) -> None:
    name = cells.name
    weight = cells.to_numpy()
    for what, bad in (
        ("missing", np.isnan(weight)),
        ("infinite", np.isinf(weight)),
        ("negative", weight < 0),
    ):
        if bad.any():
            count = int(bad.sum())
            raise InputError(
                f"{count:,} weight{'' if count == 1 else 's'} in {name!r} "
                f"{'is' if count == 1 else 'are'} {what}, first in row {int(np.argmax(bad)) + 1}",
                where=where,
                do="weights are finite and not negative: correct them or leave those rows out",
            )
    if not weight.any():
        raise InputError(f"every weight in {name!r} is zero", where=where, do="correct them")


def _aside(schema: Schema) -> str:
    kinds = [f"{c.name!r} is {c.kind}" for c in schema if c.role == "feature"][:3]
    return ", ".join(kinds)
