"""How the cells of one column become values: found once, recorded, applied again at prediction."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import polars as pl

from . import dates, numbers
from .kinds import Kind, is_whole, nan_count
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
    """Find out what a column of text holds, from all of its distinct cells.

    Numbers, dates or times of day win when at least 95 % of the cells that are not missing can be
    read so; the others are returned as `misfits`.  Words with a leading zero (``007``) or of 16
    digits and more are codes and stay words.

    >>> reading = read_text(pl.Series(["1,234", " 12 ", "?", "$3.5"]))
    >>> reading.values.to_list(), reading.missing
    ([1234.0, 12.0, None, 3.5], {'?': 1})
    """
    quick = cells.cast(pl.Float64, strict=False)
    if quick.null_count() == cells.null_count() < cells.len() and not nan_count(quick):
        if not (is_whole(quick) and cells.str.contains(_CODE).any()):
            return Reading(quick, Recipe("number", style=numbers.NumberStyle()), {}, {})
    distinct = Distinct.of(cells)
    for read in (_numbers, _pairs, _dates, _clocks):
        markers = ALWAYS if read is _pairs else AMONG_NUMBERS
        reading = _reading(distinct, markers, read, _MOST)
        if reading is not None:
            return reading
    return _words(distinct)


def read_as(cells: pl.Series, kind: Kind) -> Reading | None:
    """The column of text read as a person says it should be; None where no cell can be.

    Cells that do not fit are `misfits`, however many.
    """
    distinct = Distinct.of(cells)
    readers: dict[Kind, tuple[Reader, ...]] = {
        "numeric": (_numbers, _clocks),
        "datetime": (_dates,),
        "boolean": (_pairs, _numbers),
    }
    if kind not in readers:
        return _words(distinct)
    for read in readers[kind]:
        reading = _reading(distinct, AMONG_NUMBERS, read, 0.0)
        if reading is not None:
            return reading
    return None


class Distinct(NamedTuple):
    """The distinct cells of a column, in order of appearance: as written, stripped, their rows."""

    cells: pl.Series
    raw: list[str]
    text: list[str]
    rows: list[int]

    @classmethod
    def of(cls, cells: pl.Series) -> Distinct:
        frame = cells.rename("cell").to_frame()
        counts = frame.group_by("cell", maintain_order=True).len("rows")
        pairs = [(c, r) for c, r in counts.iter_rows() if c is not None]
        raw = [c for c, _ in pairs]
        return cls(cells, raw, [c.strip() for c in raw], [r for _, r in pairs])

    def split(self, markers: frozenset[str]) -> tuple[Distinct, dict[str, int]]:
        """The cells that are no markers, and the markers found with their rows."""
        keep = [t.lower() not in markers for t in self.text]
        found: dict[str, int] = {}
        for text, rows, kept in zip(self.text, self.rows, keep):
            if not kept:
                found[text] = found.get(text, 0) + rows
        if all(keep):
            return self, found
        kept = [i for i, k in enumerate(keep) if k]
        raw, text = [self.raw[i] for i in kept], [self.text[i] for i in kept]
        return Distinct(self.cells, raw, text, [self.rows[i] for i in kept]), _by_rows(found)

    def spread(self, values: pl.Series) -> pl.Series:
        """From one value per distinct cell to one per row; null for cells not among them."""
        if not self.raw:
            return pl.Series(self.cells.name, [None] * self.cells.len(), dtype=values.dtype)
        raw = pl.Series(self.raw, dtype=pl.String)
        return self.cells.replace_strict(raw, values, default=None, return_dtype=values.dtype)

    @property
    def notes(self) -> tuple[str, ...]:
        padded = sum(r for raw, t, r in zip(self.raw, self.text, self.rows) if raw != t and t)
        return (f"blanks around {padded:,} values removed",) if padded else ()


Read = tuple[pl.Series, Recipe, tuple[str, ...]]
Reader = Callable[[list[str], float], Read | None]


def _reading(
    distinct: Distinct, markers: frozenset[str], read: Reader, share: float
) -> Reading | None:
    """What one reader makes of the column, if few enough rows and different cells fail it."""
    present, missing = distinct.split(markers)
    found = read(present.text, share) if present.text else None
    if found is None:
        return None
    values, recipe, notes = found
    failed = values.is_null().to_list() if values.null_count() else [False] * len(values)
    failed_rows = sum(r for r, f in zip(present.rows, failed) if f)
    if failed_rows > (1 - share) * sum(present.rows) or all(failed):
        return None
    if share and sum(failed) > 0.2 * len(failed):
        return None
    misfits = _by_rows({t: r for t, r, f in zip(present.text, present.rows, failed) if f})
    recipe = replace(recipe, markers=tuple(missing))
    notes = (*distinct.notes, *notes)
    return Reading(present.spread(values), recipe, missing, dict(list(misfits.items())[:20]), notes)


def _words(distinct: Distinct) -> Reading:
    """Words stay words; where most are numbers, the few that are not are misfits."""
    present, missing = distinct.split(ALWAYS)
    changed = bool(missing) or present.raw != present.text
    values = present.spread(pl.Series(present.text, dtype=pl.String)) if changed else distinct.cells
    misfits: dict[str, int] = {}
    if len(present.text) > 20 and not any(map(_is_code, present.text)):
        is_number = [_is_number(t) for t in present.text]
        share = sum(r for r, f in zip(present.rows, is_number) if f) / sum(present.rows)
        if 0.5 <= share < 1:
            misfits = _by_rows({t: r for t, r, f in zip(*present[2:], is_number) if not f})
    recipe = Recipe("word", tuple(missing))
    return Reading(values, recipe, missing, dict(list(misfits.items())[:20]), distinct.notes)


def _by_rows(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _is_code(text: str) -> bool:
    return re.match(_CODE, text) is not None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def apply(cells: pl.Series, recipe: Recipe) -> pl.Series:
    """The values of text cells under a recipe found before; null where they do not fit."""
    s = cells.str.strip_chars()
    s = s.set(s.is_in(["", *recipe.markers]) | s.str.to_lowercase().is_in(list(ALWAYS)), None)
    if recipe.reads_as == "number":
        return numbers.parse(s, recipe.style or numbers.NumberStyle()).fill_nan(None)
    if recipe.reads_as == "date":
        return dates.parse(s, recipe.format)
    if recipe.reads_as == "clock":
        return _hours(s)
    if recipe.reads_as == "boolean":
        return _as_pair(s, recipe.pair)
    return s


def _numbers(texts: list[str], share: float) -> Read | None:
    style = numbers.detect(texts[:1000], share=0.8 if share else 0.0)
    if style is None or any(map(_is_code, texts)):
        return None
    values = numbers.parse(pl.Series(texts), style).fill_nan(None)
    notes = (f"numbers written with {style.says()}",) if style.says() else ()
    if style.doubtful:
        notes += ("',' could also be a decimal comma",)
    return values, Recipe("number", style=style), notes


def _dates(texts: list[str], share: float) -> Read | None:
    plausible = sum(6 <= len(t) <= 40 and any(map(str.isdigit, t)) for t in texts[:50])
    if plausible < share * min(len(texts), 50):
        return None
    cells = pl.Series(texts)
    found = dates.detect(cells, share=share)
    if found is None:
        return None
    format, doubtful = found
    notes = (f"dates written as {format}",)
    if doubtful:
        notes += ("day and month could be the other way round",)
    return dates.parse(cells, format), Recipe("date", format=format), notes


def _clocks(texts: list[str], share: float) -> Read | None:
    if sum(re.match(_CLOCK, t) is not None for t in texts[:50]) < share * min(len(texts), 50):
        return None
    return _hours(pl.Series(texts)), Recipe("clock"), ("times of day, read as hours",)


def _pairs(texts: list[str], share: float) -> Read | None:
    seen = {t.lower() for t in texts} if len(texts) < 9 else set()
    for pair in _PAIRS:
        if seen == set(pair):
            notes = (f"{pair[0]} / {pair[1]}",)
            return _as_pair(pl.Series(texts), pair), Recipe("boolean", pair=pair), notes
    return None


def _hours(cells: pl.Series) -> pl.Series:
    def field(pattern: str) -> pl.Series:
        return cells.str.extract(pattern, 1).cast(pl.Float64, strict=False)

    seconds = field(r"^\d{1,2}:\d{2}:(\d{2}(?:\.\d+)?)$").fill_null(0.0)
    hours = field(r"^(\d{1,2}):") + field(r"^\d{1,2}:(\d{2})") / 60 + seconds / 3600
    return hours.set(~cells.str.contains(_CLOCK).fill_null(False) | (hours > 24), None)


def _as_pair(cells: pl.Series, pair: tuple[str, str]) -> pl.Series:
    lowered = cells.str.to_lowercase()
    return (lowered == pair[0]).set(~lowered.is_in(list(pair)).fill_null(False), None)
