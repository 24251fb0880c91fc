"""What is to be predicted: binary, multiclass, regression or count; a doubtful case is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import polars as pl

from ..core.errors import InputError
from ..core.estimator import Task
from .kinds import is_whole, judge, nan_to_null
from .recipe import Recipe, read_text

TASKS: tuple[Task, ...] = get_args(Task)

_COUNT_NAME = re.compile(
    r"(^|[_\W])(counts?|cnt|claims?|visits?|n|num|number|events?|goals|clicks|accidents)([_\W]|$)",
    re.IGNORECASE,
)
_POSITIVE = ("1", "true", "yes", "y", "t", "positive", "pos", "+", "+1", "spam", "up", "是")
_MOST_CLASSES = 100


@dataclass(frozen=True)
class Target:
    """The target column: its task, its classes in sorted order, and the rule that decided.

    `positive` is the class whose probability a binary model reports: the one named like a yes
    (``1``, ``yes``, ``true``, ``spam``, ...), else the last in sorted order, as in scikit-learn.
    `classes` and `positive` are values of the column: strings, ints or bools; None for numbers.
    """

    name: str
    task: Task
    classes: tuple[Any, ...] | None = None
    positive: Any = None
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        classes = None if self.classes is None else list(self.classes)
        return {
            "name": self.name,
            "task": self.task,
            "classes": classes,
            "positive": self.positive,
            "reason": self.reason,
        }

    @classmethod
    def from_dict(cls, facts: dict[str, Any]) -> Target:
        classes = facts["classes"]
        return cls(**{**facts, "classes": None if classes is None else tuple(classes)})


def labels_of(cells: pl.Series, *, where: str = "") -> tuple[pl.Series, Recipe]:
    """The target's cells as values: text that holds numbers becomes numbers, blanks become null."""
    if cells.dtype != pl.String:
        return _narrow(nan_to_null(cells)), Recipe()
    reading = read_text(cells)
    if reading.recipe.reads_as == "number":
        if reading.misfits:
            bad = next(iter(reading.misfits))
            raise InputError(
                f"target {cells.name!r} holds numbers, and {sum(reading.misfits.values()):,} cells "
                f"that are none, e.g. {bad!r}",
                where=where,
                do="correct or empty them",
            )
        return _narrow(reading.values), reading.recipe
    if reading.recipe.reads_as == "date":
        return reading.values, reading.recipe
    words = cells.str.strip_chars()
    return words.set(words.str.to_lowercase().is_in(["", "na", "nan", "null", "?"]), None), Recipe(
        "word"
    )


def _narrow(values: pl.Series) -> pl.Series:
    """Whole floats as ints: ``1.0`` is the label 1 made a float by a missing neighbour."""
    present = values.drop_nulls()
    if values.dtype.is_float() and present.len() and is_whole(present):
        if float(present.abs().max()) < 2**53:  # type: ignore[arg-type]
            return values.cast(pl.Int64)
    return values


def infer_target(
    values: pl.Series, *, task: Task | None = None, where: str = "", positive: Any = None
) -> Target:
    """The task of a target column (from `labels_of`), asked for or found by these rules.

    1. words or true/false: *binary* with two classes, *multiclass* with 3 to 100;
    2. any two numbers: *binary*;
    3. numbers with fractions: *regression*;
    4. whole numbers 0..k or 1..k with 3 to 6 values, none rarer than 1 % and not thinning out
       from a majority of zeros: *multiclass*;
    5. more than 30 whole numbers: *count* where none is negative and the name says so
       (``claims``, ``n_visits``), else *regression*;
    6. other whole numbers are doubtful: an `InputError` names the two choices.

    Errors (`InputError`): no label, one label only, a class of a single row, dates, texts or keys
    as target, a task that does not fit the values.

    >>> infer_target(pl.Series("pay", ["low", "high", "low", "high"])).task
    'binary'
    >>> infer_target(pl.Series("quality", list(range(3, 10)) * 9))
    Traceback (most recent call last):
    zhixing.core.errors.InputError: target 'quality' holds 7 different whole numbers, 3 to 9:
    classes or amounts?; say --task multiclass or --task regression
    """
    name, present = values.name, values.drop_nulls()
    if task is not None and task not in TASKS:
        raise InputError(f"no task {task!r}", where=where, do=f"tasks are {', '.join(TASKS)}")
    if not present.len():
        raise InputError(
            f"target {name!r} is missing in every row", where=where, do="choose another target"
        )
    if values.dtype.is_temporal():
        raise InputError(
            f"target {name!r} holds dates", where=where, do="predict a number or a class"
        )
    distinct = present.n_unique()
    if distinct == 1:
        raise InputError(
            f"target {name!r} is constant: every label is {present[0]!r}",
            where=where,
            do="there is nothing to predict; choose another target",
        )
    if values.dtype.is_float() and not present.is_finite().all():
        raise InputError(
            f"target {name!r} holds infinite values", where=where, do="correct or empty them"
        )
    if task is None:
        task, reason = _decide(name, present, distinct, where)
    else:
        reason = "as asked"
        _fits(name, present, distinct, task, where)
    if task in ("regression", "count"):
        return Target(name, task, reason=reason)
    classes = _classes(name, present, where)
    if task == "multiclass" and len(classes) == 2:
        task = "binary"
    found = _positive(classes, positive, name, where) if task == "binary" else None
    return Target(name, task, classes, found, reason)


def _decide(name: str, values: pl.Series, distinct: int, where: str) -> tuple[Task, str]:
    if values.dtype == pl.Boolean:
        return "binary", "true and false"
    if not values.dtype.is_numeric():
        _refuse_words(name, values, distinct, where)
        return ("binary" if distinct == 2 else "multiclass"), f"{distinct} different words"
    if distinct == 2:
        return "binary", "two different numbers"
    if not is_whole(values):
        return "regression", f"{distinct:,} different numbers with fractions"
    low, high = int(values.min()), int(values.max())  # type: ignore[arg-type]
    if distinct > 30:
        if low >= 0 and _COUNT_NAME.search(name):
            return "count", "whole numbers, none negative, under the name of a count"
        return "regression", f"{distinct:,} different whole numbers"
    shares = values.value_counts(name="rows").sort(name)["rows"].to_numpy() / values.len()
    thinning = low == 0 and shares[0] > 0.5 and bool(np.all(np.diff(shares) <= 0))
    dense = low in (0, 1) and high - low + 1 == distinct
    if distinct <= 6 and dense and not thinning and shares.min() >= 0.01:
        return "multiclass", f"the whole numbers {low} to {high}"
    first = "count" if thinning else "multiclass"
    second = "multiclass" if thinning else "regression"
    raise InputError(
        f"target {name!r} holds {distinct} different whole numbers, {low} to {high}: "
        + ("numbers of events or classes?" if thinning else "classes or amounts?"),
        where=where,
        do=f"say --task {first} or --task {second}",
    )


def _refuse_words(name: str, values: pl.Series, distinct: int, where: str) -> None:
    kind = judge(values).kind
    if kind in ("text", "identifier") or (
        distinct > _MOST_CLASSES and distinct > 0.2 * len(values)
    ):
        raise InputError(
            f"target {name!r} holds {distinct:,} different words in {values.len():,} rows: neither "
            "classes nor numbers",
            where=where,
            do="choose a target with few classes or with numbers, or say --task multiclass",
        )


def _fits(name: str, values: pl.Series, distinct: int, task: Task, where: str) -> None:
    numbers = values.dtype.is_numeric() or values.dtype == pl.Boolean
    if task == "binary" and distinct != 2:
        raise InputError(
            f"target {name!r} has {distinct} classes", where=where, do="say --task multiclass"
        )
    if task in ("regression", "count") and not numbers:
        raise InputError(
            f"target {name!r} holds words, e.g. {values[0]!r}",
            where=where,
            do=f"say --task {'binary' if distinct == 2 else 'multiclass'}",
        )
    if task == "count" and not (is_whole(values) and int(values.min()) >= 0):  # type: ignore[arg-type]
        raise InputError(
            f"target {name!r} holds numbers that are no counts (negative or with fractions)",
            where=where,
            do="say --task regression",
        )
    if task == "multiclass" and values.dtype.is_float():
        raise InputError(
            f"target {name!r} holds numbers with fractions", where=where, do="say --task regression"
        )


def _classes(name: str, values: pl.Series, where: str) -> tuple[Any, ...]:
    counts = values.value_counts(name="rows").sort(name)
    rare = counts.filter(pl.col("rows") == 1)
    if rare.height:
        raise InputError(
            f"class {rare[name][0]!r} of target {name!r} has a single row"
            + (f" (and {rare.height - 1} more such classes)" if rare.height > 1 else ""),
            where=where,
            do="a class needs rows to learn from and rows to test on: merge it or drop it",
        )
    return tuple(counts[name].to_list())


def _positive(classes: tuple[Any, ...], asked: Any, name: str, where: str) -> Any:
    if asked is not None:
        for label in classes:
            if label == asked or str(label) == str(asked):
                return label
        raise InputError(
            f"target {name!r} has no class {asked!r}",
            where=where,
            do=f"the classes are {', '.join(map(repr, classes))}",
        )
    yes = [label for label in classes if str(label).lower() in _POSITIVE]
    return yes[0] if len(yes) == 1 else classes[-1]
