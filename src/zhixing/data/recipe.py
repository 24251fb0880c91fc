"""How the cells of one column become values: found once, recorded, applied again at prediction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from . import dates, numbers
from .kinds import Kind
from .markers import ALWAYS, AMONG_NUMBERS

#: What cells are read as.
As = Literal["value", "number", "date", "clock", "boolean", "word"]

_PAIRS = (("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("是", "否"))
_CLOCK = r"^\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$"
_CODE = r"^[+-]?0\d+$|^\d{16,}$"
#: Share of the cells that must be numbers (dates) for the rest to be called mistakes.
_MOST = 0.95


@dataclass(frozen=True)
class Recipe:
    """The reading of a column's text; `reads_as` is ``"value"`` where nothing had to be read.

    `markers` are the spellings taken for missing, `format` the date format, `style` the writing of
    numbers, `pair` the words for true and false.
    """

    reads_as: As = "value"
    markers: tuple[str, ...] = ()
    format: str = ""
    style: numbers.NumberStyle | None = None
    pair: tuple[str, str] = ("true", "false")

    def as_dict(self) -> dict[str, Any]:
        style = None if self.style is None else self.style.as_dict()
        return {
            "reads_as": self.reads_as,
            "markers": list(self.markers),
            "format": self.format,
            "style": style,
            "pair": list(self.pair),
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Recipe:
        style = facts["style"]
        return cls(
            facts["reads_as"],
            tuple(facts["markers"]),
            facts["format"],
            None if style is None else numbers.NumberStyle(**style),
            (facts["pair"][0], facts["pair"][1]),
        )


@dataclass(frozen=True)
class Reading:
    """A column read: its values, the recipe, what was taken for missing, what did not fit."""

    values: pl.Series
    recipe: Recipe
    missing: dict[str, int]
    misfits: dict[str, int]
    notes: tuple[str, ...] = ()


def read_text(cells: pl.Series) -> Reading:
    """Find out what a column of text holds, on all of its rows.

    Numbers, dates or times of day win when at least 95 % of the cells that are not missing can be
    read so; the others are returned as `misfits`.  Words with a leading zero (``007``) or of 16
    digits and more are codes and stay words.

    >>> reading = read_text(pl.Series(["1,234", " 12 ", "?", "$3.5"]))
    >>> reading.values.to_list(), reading.missing
    ([1234.0, 12.0, None, 3.5], {'?': 1})
    """
    quick = cells.cast(pl.Float64, strict=False)
    if (
        quick.null_count() == cells.null_count() < cells.len()
        and not quick.is_nan().any()
        and not cells.str.contains(_CODE).any()
    ):
        return Reading(quick, Recipe("number", style=numbers.NumberStyle()), {}, {})
    stripped = cells.str.strip_chars()
    notes = _padding(cells, stripped)
    counts = stripped.rename("cell").value_counts(name="rows").drop_nulls("cell")
    lowered = counts["cell"].str.to_lowercase()
    loose = lowered.is_in(list(AMONG_NUMBERS))
    strict = lowered.is_in(list(ALWAYS))
    for read in (_numbers, _pairs, _dates, _clocks):
        found = read(counts.filter(~loose if read is not _pairs else ~strict))
        if found is not None:
            values, recipe, misfits, more = found
            taken = _taken(counts.filter(loose if read is not _pairs else strict))
            recipe = Recipe(recipe.reads_as, tuple(taken), recipe.format, recipe.style, recipe.pair)
            return Reading(_spread(stripped, values), recipe, taken, misfits, (*notes, *more))
    return _words(stripped, counts, strict, notes)


def read_as(cells: pl.Series, kind: Kind) -> Reading | None:
    """The column of text read as a person says it should be; None where no cell can be.

    Cells that do not fit are `misfits`, however many.
    """
    stripped = cells.str.strip_chars()
    counts = stripped.rename("cell").value_counts(name="rows").drop_nulls("cell")
    lowered = counts["cell"].str.to_lowercase()
    if kind in ("categorical", "text", "identifier", "constant"):
        return _words(stripped, counts, lowered.is_in(list(ALWAYS)), _padding(cells, stripped))
    markers = lowered.is_in(list(AMONG_NUMBERS))
    read = {"numeric": (_numbers, _clocks), "datetime": (_dates,), "boolean": (_pairs, _numbers)}
    for reader in read[kind]:
        found = reader(counts.filter(~markers), share=0.0)
        if found is not None:
            values, recipe, misfits, notes = found
            taken = _taken(counts.filter(markers))
            return Reading(
                _spread(stripped, values),
                replace(recipe, markers=tuple(taken)),
                taken,
                misfits,
                notes,
            )
    return None


def _words(
    stripped: pl.Series, counts: pl.DataFrame, strict: pl.Series, notes: tuple[str, ...]
) -> Reading:
    """Words stay words; the few that are numbers, or the few that are not, are misfits."""
    taken = _taken(counts.filter(strict))
    words = stripped.set(stripped.is_in(list(taken)), None) if taken else stripped
    rest = counts.filter(~strict)
    numbers_too = rest["cell"].cast(pl.Float64, strict=False).is_not_null()
    misfits: dict[str, int] = {}
    if rest.height > 20 and not rest["cell"].str.contains(_CODE).any():
        share = rest.filter(numbers_too)["rows"].sum() / max(rest["rows"].sum(), 1)
        if 0.5 <= share < 1:
            misfits = dict(list(_taken(rest.filter(~numbers_too)).items())[:20])
    return Reading(words, Recipe("word", tuple(taken)), taken, misfits, notes)


def apply(cells: pl.Series, recipe: Recipe) -> pl.Series:
    """The values of text cells under a recipe found before; null where they do not fit."""
    s = cells.str.strip_chars()
    s = s.set(s.is_in(["", *recipe.markers]) | s.str.to_lowercase().is_in(list(ALWAYS)), None)
    if recipe.reads_as == "number":
        return _finite_or_null(numbers.parse(s, recipe.style or numbers.NumberStyle()))
    if recipe.reads_as == "date":
        return dates.parse(s, recipe.format)
    if recipe.reads_as == "clock":
        return _hours(s)
    if recipe.reads_as == "boolean":
        return _as_pair(s, recipe.pair)
    return s


Found = tuple[pl.DataFrame, Recipe, dict[str, int], tuple[str, ...]]


def _numbers(counts: pl.DataFrame, share: float = _MOST) -> Found | None:
    cells = counts["cell"]
    if not cells.len() or cells.str.contains(_CODE).any():
        return None
    style = numbers.detect(cells.head(1000).to_list(), share=0.8 if share else 0.0)
    if style is None:
        return None
    values = _finite_or_null(numbers.parse(cells, style))
    notes = (f"numbers written with {style.says()}",) if style.says() else ()
    if style.doubtful:
        notes += ("',' could also be a decimal comma",)
    return _accept(counts, values, Recipe("number", style=style), notes, share)


def _dates(counts: pl.DataFrame, share: float = _MOST) -> Found | None:
    cells = counts["cell"]
    found = dates.detect(cells, share=share) if cells.len() else None
    if found is None:
        return None
    format, doubtful = found
    notes = (f"dates written as {format}",)
    if doubtful:
        notes += ("day and month could be the other way round",)
    return _accept(counts, dates.parse(cells, format), Recipe("date", format=format), notes, share)


def _clocks(counts: pl.DataFrame, share: float = _MOST) -> Found | None:
    cells = counts["cell"]
    if not cells.len() or cells.head(50).str.contains(_CLOCK).mean() < share:
        return None
    return _accept(counts, _hours(cells), Recipe("clock"), ("times of day, read as hours",), share)


def _pairs(counts: pl.DataFrame, share: float = _MOST) -> Found | None:
    if not 1 < counts.height < 9:
        return None
    seen = set(counts["cell"].str.to_lowercase())
    for pair in _PAIRS:
        if seen == set(pair):
            values = _as_pair(counts["cell"], pair)
            notes = (f"{pair[0]} / {pair[1]}",)
            return _accept(counts, values, Recipe("boolean", pair=pair), notes, share)
    return None


def _accept(
    counts: pl.DataFrame, values: pl.Series, recipe: Recipe, notes: tuple[str, ...], share: float
) -> Found | None:
    """The reading, if few enough rows and few enough different cells fail it."""
    failed = counts.filter(values.is_null())
    if failed["rows"].sum() > (1 - share) * counts["rows"].sum():
        return None
    if failed.height == counts.height or (share and failed.height > 0.2 * counts.height):
        return None
    misfits = dict(failed.sort("rows", "cell", descending=[True, False]).head(20).iter_rows())
    return counts.select("cell").with_columns(values.alias("value")), recipe, misfits, notes


def _spread(cells: pl.Series, values: pl.DataFrame) -> pl.Series:
    """From distinct cells back to rows, in the rows' order."""
    rows = (
        cells.rename("cell").to_frame().join(values, on="cell", how="left", maintain_order="left")
    )
    return rows["value"].rename(cells.name)


def _taken(counts: pl.DataFrame) -> dict[str, int]:
    return dict(counts.sort("rows", "cell", descending=[True, False]).iter_rows())


def _padding(cells: pl.Series, stripped: pl.Series) -> tuple[str, ...]:
    padded = int((cells != stripped).sum())
    return (f"blanks around {padded:,} values removed",) if padded else ()


def _finite_or_null(values: pl.Series) -> pl.Series:
    return values.fill_nan(None)


def _hours(cells: pl.Series) -> pl.Series:
    def field(pattern: str) -> pl.Series:
        return cells.str.extract(pattern, 1).cast(pl.Float64, strict=False)

    seconds = field(r"^\d{1,2}:\d{2}:(\d{2}(?:\.\d+)?)$").fill_null(0.0)
    hours = field(r"^(\d{1,2}):") + field(r"^\d{1,2}:(\d{2})") / 60 + seconds / 3600
    return hours.set(~cells.str.contains(_CLOCK).fill_null(False) | (hours > 24), None)


def _as_pair(cells: pl.Series, pair: tuple[str, str]) -> pl.Series:
    lowered = cells.str.to_lowercase()
    return (lowered == pair[0]).set(~lowered.is_in(list(pair)).fill_null(False), None)
