"""The columns a model was made with, and the check of a new table against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import polars as pl

from ..core.errors import InputError
from ..core.finding import Finding
from .canonical import canonical
from .kinds import KINDS, Kind, nan_to_null
from .names import nearest
from .recipe import Recipe

Role = Literal["feature", "target", "group", "time", "weight", "split", "aside"]
#: Kinds a model may use; identifiers and constants are put aside.
USABLE: tuple[Kind, ...] = ("numeric", "categorical", "boolean", "datetime", "text")
#: Above this many, the categories are not listed and a new one cannot be told.
MOST_CATEGORIES = 20_000


@dataclass(frozen=True)
class Column:
    """One column: name, kind, role, why it is of that kind, and what was seen in it.

    `source` is the type it came with, `recipe` how its text is read, `notes` what was converted,
    `markers` which spellings were taken for missing and how often, `misfits` the cells that are of
    another type than the rest (missing in a numeric column, kept as words in a categorical one);
    `low` and `high` bound numbers and dates (ISO text); `categories` are sorted.
    """

    name: str
    kind: Kind
    role: Role = "feature"
    source: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()
    recipe: Recipe = field(default_factory=Recipe)
    markers: dict[str, int] = field(default_factory=dict)
    misfits: dict[str, int] = field(default_factory=dict)
    n_missing: int = 0
    n_distinct: int = 0
    low: float | str | None = None
    high: float | str | None = None
    categories: tuple[str, ...] | None = None

    @property
    def usable(self) -> bool:
        """Whether a model is given this column."""
        return self.role == "feature" and self.kind in USABLE

    def as_dict(self) -> dict[str, Any]:
        plain = {k: getattr(self, k) for k in self.__dataclass_fields__}
        plain["recipe"] = self.recipe.as_dict()
        plain["notes"] = list(self.notes)
        plain["categories"] = None if self.categories is None else list(self.categories)
        return plain

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Column:
        if facts["kind"] not in KINDS:
            raise InputError(f"the schema names an unknown kind {facts['kind']!r}")
        known = {k: facts[k] for k in cls.__dataclass_fields__ if k in facts}
        known["recipe"] = Recipe.from_dict(facts["recipe"])
        known["notes"] = tuple(facts["notes"])
        if facts["categories"] is not None:
            known["categories"] = tuple(facts["categories"])
        return cls(**known)


@dataclass(frozen=True)
class Schema:
    """The columns in order; a mapping from name to `Column`.

    >>> import zhixing.data as data
    >>> table = data.read({"size": ["1,200", "900", "850"], "town": ["A", "B", "A"]})
    >>> table.schema["size"].kind, table.schema["town"].categories
    ('numeric', ('A', 'B'))
    >>> new, findings = table.schema.check({"size": [1000.0], "town": ["C"], "note": ["?"]})
    >>> [(f.code, f.where) for f in findings]
    [('extra-column', 'note'), ('new-category', 'town')]
    >>> Schema.from_dict(table.schema.as_dict()) == table.schema
    True
    """

    columns: tuple[Column, ...]

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def usable(self, *kinds: Kind) -> list[str]:
        """Names of the columns a model is given, all or those of some kinds."""
        return [c.name for c in self.columns if c.usable and (not kinds or c.kind in kinds)]

    def role(self, role: Role) -> str | None:
        """The name of the column that plays a role, if one does."""
        return next((c.name for c in self.columns if c.role == role), None)

    def as_dict(self) -> dict[str, Any]:
        return {"columns": [column.as_dict() for column in self.columns]}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Schema:
        return cls(tuple(Column.from_dict(column) for column in facts["columns"]))

    def without(self, names: Sequence[str]) -> Schema:
        """The same with some columns put aside."""
        gone = set(names)
        return Schema(
            tuple(replace(c, role="aside") if c.name in gone else c for c in self.columns)
        )

    def check(self, frame: Any, *, strict: bool = True) -> tuple[pl.DataFrame, list[Finding]]:
        """The usable columns of a new table, in this schema's order and types, and what differs.

        Findings: ``missing-column``, ``extra-column``, ``new-category``, ``wrong-type`` (cells that
        cannot be read as the column's kind: they become missing), ``new-missing`` (missing here,
        never before) and ``out-of-range``.  A column that is absent, or of which no cell can be
        read, is an `InputError`; with ``strict=False`` it is filled with nulls and reported as an
        error instead.  Rows keep their order and number.
        """
        from .frames import as_frame

        new = as_frame(frame)
        wanted = [self[name] for name in self.usable()]
        findings = list(_extra(self, new))
        have = set(new.columns)
        absent = [c.name for c in wanted if c.name not in have]
        if absent:
            findings.append(_absent(absent, new.columns))
            if strict:
                raise InputError(findings[-1].title, do=findings[-1].remedy)
        columns = []
        for column in wanted:
            if column.name in absent:
                empty = pl.Series(column.name, [None] * new.height, dtype=pl.String)
                columns.append(canonical(empty, column.kind, Recipe()))
                continue
            values, found = _compare(column, new[column.name])
            for finding in found:
                if finding.severity == "error" and strict:
                    raise InputError(finding.title, do=finding.remedy)
            columns.append(values)
            findings.extend(found)
        return pl.DataFrame(columns), findings


def _extra(schema: Schema, new: pl.DataFrame) -> Iterator[Finding]:
    extra = [name for name in new.columns if name not in schema]
    if extra:
        yield Finding(
            "extra-column",
            "info",
            f"{len(extra)} column{'s' * (len(extra) > 1)} the model does not know: ignored",
            where=", ".join(extra[:20]),
            evidence={"columns": extra},
        )


def _absent(absent: list[str], have: list[str]) -> Finding:
    close = {name: nearest(name, have) for name in absent}
    hints = [f"{name!r} may be {other!r} here" for name, other in close.items() if other]
    several = "s" if len(absent) > 1 else ""
    return Finding(
        "missing-column",
        "error",
        f"column{several} {', '.join(map(repr, absent[:10]))} of the training table "
        f"{'are' if several else 'is'} missing" + (" (and more)" if len(absent) > 10 else ""),
        where=", ".join(absent),
        evidence={"columns": absent, "close": close},
        remedy="; ".join(hints) or f"add the column{several}",
    )


def _compare(column: Column, cells: pl.Series) -> tuple[pl.Series, list[Finding]]:
    """The cells as the model wants them, and how they differ from those it was trained on."""
    findings = []
    values = canonical(cells, column.kind, column.recipe)
    blank = nan_to_null(cells)
    if cells.dtype == pl.String and values.null_count() > cells.null_count():
        blank = canonical(cells, "categorical", Recipe(markers=column.recipe.markers))
    n_blank = blank.null_count()
    if n_bad := values.null_count() - n_blank:
        bad = cells.filter(values.is_null() & blank.is_not_null())
        findings.append(_wrong_type(column, bad, n_bad, cells.len()))
    if column.n_missing == 0 and n_blank:
        findings.append(
            Finding(
                "new-missing",
                "info",
                f"{column.name!r} misses {n_blank:,} of {cells.len():,} values; in training none",
                where=column.name,
                evidence={"rows": n_blank, "rate": n_blank / cells.len()},
                remedy="they are imputed like any other; check how they came about",
            )
        )
    findings.extend(_new_category(column, values))
    findings.extend(_out_of_range(column, values))
    return values, findings


def _wrong_type(column: Column, bad: pl.Series, n_bad: int, n: int) -> Finding:
    examples = bad.unique(maintain_order=True).head(5).cast(pl.String).to_list()
    every = n_bad == n
    return Finding(
        "wrong-type",
        "error" if every else "warning",
        f"column {column.name!r} should be {column.kind}: {n_bad:,} of {n:,} cells cannot be read "
        f"so, e.g. {', '.join(map(repr, examples[:3]))}",
        where=column.name,
        evidence={"kind": column.kind, "rows": n_bad, "of": n, "examples": examples},
        remedy="correct them" if every else "they count as missing; correct them",
    )


def _new_category(column: Column, values: pl.Series) -> Iterator[Finding]:
    if column.kind != "categorical" or column.categories is None:
        return
    strange = set(values.unique().to_list()) - set(column.categories) - {None}
    if strange:
        new = values.filter(values.is_in(list(strange)))
        counts = new.rename("level").value_counts(name="rows")
        counts = counts.sort("rows", "level", descending=[True, False])
        named = dict(counts.head(20).iter_rows())
        yield Finding(
            "new-category",
            "warning",
            f"{column.name!r} has {counts.height} categor{'y' if counts.height == 1 else 'ies'} "
            f"never seen in training, in {new.len():,} rows: "
            + ", ".join(repr(k) for k in list(named)[:5]),
            where=column.name,
            evidence={"categories": named, "rows": new.len(), "of": values.len()},
            remedy="the model treats them as unknown; train it again once they are common",
        )


def _out_of_range(column: Column, values: pl.Series) -> Iterator[Finding]:
    if column.kind != "numeric" or column.low is None or column.high is None:
        return
    low, high = float(column.low), float(column.high)
    slack = high - low
    numbers = values.to_numpy()
    far = numbers[(numbers < low - slack) | (numbers > high + slack)]
    if far.size:
        yield Finding(
            "out-of-range",
            "warning",
            f"{column.name!r} has {far.size:,} values far outside {low:g} to {high:g}, "
            f"e.g. {far[0]:g}",
            where=column.name,
            evidence={"low": low, "high": high, "rows": far.size, "example": float(far[0])},
            remedy="check the unit; the model extrapolates there",
        )
