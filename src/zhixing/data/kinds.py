"""What each column is: seven kinds, decided by rules that are shown to the person."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args

import polars as pl

Kind = Literal["numeric", "categorical", "boolean", "datetime", "text", "identifier", "constant"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_UUID = r"^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$"
_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_ID_NAME = re.compile(
    r"(^|[_\W])(id|ids|uuid|guid|key|index|idx|no|nr|num|number|serial|rownum|row|rownames|unnamed)"
    r"([_\W]*\d*)$|[a-z](Id|ID|No)$|^Unnamed",
    re.ASCII,
)
_CODE_NAME = re.compile(
    r"(^|[_\W])(code|zip|zipcode|zip_code|postcode|postal|fips|type|class|category|categ|sku|iata|naics)"
    r"$|[a-z](Code|Type)$"
)
_EXACT = 2.0**53


class Judgement(NamedTuple):
    """The kind of a column, the rule that decided it, and how many distinct values it has."""

    kind: Kind
    reason: str
    n_distinct: int


def judge(values: pl.Series) -> Judgement:
    """The kind of a column whose text has been read already (see `recipe.read_text`).

    The rules, in order:

    1. no value, or one value and nothing missing: *constant*; one value or missing: *categorical*;
    2. dates and times: *datetime*; true and false, or 0 and 1: *boolean*;
    3. numbers: *identifier* where all differ and either count up or down by one, or are whole and
       carry the name of a key (``customer_id``); *categorical* where whole and named as a code
       (``zip_code``) with at most a value for every second row; else *numeric*;
    4. words: *identifier* where at least 20 all differ and are single tokens, or all are UUIDs;
       *text* where they are sentences (see `_is_text`); else *categorical*.

    Cost: one pass to count distinct values, the other rules look at 2,000 of them.

    >>> judge(pl.Series("age", [31.0, 18.5, 44.0, None])).kind
    'numeric'
    >>> judge(pl.Series("row", [1, 2, 3, 4]))[:2]
    ('identifier', 'all 4 values differ and count up by one')
    """
    present = values.drop_nulls()
    n, distinct = present.len(), present.n_unique()
    if n == 0:
        return Judgement("constant", "every value is missing", 0)
    if distinct == 1:
        if n == values.len():
            return Judgement("constant", f"every value is {_show(present[0])}", 1)
        return Judgement("categorical", f"{_show(present[0])} or missing", 1)
    if values.dtype == pl.Boolean:
        return Judgement("boolean", "true and false", distinct)
    if values.dtype.is_temporal():
        return Judgement("datetime", f"{distinct:,} dates or times", distinct)
    if values.dtype.is_numeric():
        return Judgement(*_judge_numbers(present, distinct), distinct)
    return Judgement(*_judge_words(present, distinct), distinct)


def _judge_numbers(values: pl.Series, distinct: int) -> tuple[Kind, str]:
    n = values.len()
    if distinct == 2 and set(values.unique()) == {0, 1}:
        return "boolean", "only 0 and 1"
    if not is_whole(values):
        return "numeric", f"{distinct:,} numbers"
    if distinct == n:
        steps = values.cast(pl.Float64).diff().drop_nulls()
        if n > 2 and ((steps == 1).all() or (steps == -1).all()):
            way = "up" if steps[0] == 1 else "down"
            return "identifier", f"all {n:,} values differ and count {way} by one"
        if n >= 20 and _ID_NAME.search(values.name):
            return "identifier", f"all {n:,} values differ and the name is that of a key"
    if values.abs().max() > _EXACT:  # type: ignore[operator]
        return "identifier", "whole numbers too large to be computed with exactly"
    if _CODE_NAME.search(values.name) and 2 * distinct <= n:
        return "categorical", f"{distinct:,} whole numbers under the name of a code"
    return "numeric", f"{distinct:,} whole numbers"


def _judge_words(values: pl.Series, distinct: int) -> tuple[Kind, str]:
    n, sample = values.len(), values.unique(maintain_order=True).head(2000)
    if distinct == n >= 5 and bool(sample.str.contains(_UUID).all()):
        return "identifier", "every value is a UUID of its own"
    spaced = float(sample.str.contains(r"\s").mean())  # type: ignore[arg-type]
    cjk = float(sample.str.contains(_CJK).mean())  # type: ignore[arg-type]
    if n >= 20 and distinct == n and spaced < 0.1 and cjk < 0.1:
        return "identifier", f"all {n:,} values differ and are single tokens"
    if _is_text(sample, distinct, n, spaced, cjk):
        return "text", f"{distinct:,} different texts in {n:,} rows"
    return "categorical", f"{distinct:,} different words in {n:,} rows"


def _is_text(sample: pl.Series, distinct: int, n: int, spaced: float, cjk: float) -> bool:
    """Sentences, not names of categories: long and rarely repeated, or somewhat long and many."""
    letters = float(sample.str.len_chars().mean())  # type: ignore[arg-type]
    if cjk > 0.5:
        return letters >= 7 and distinct >= 0.5 * n
    tokens = float(sample.str.count_matches(r"\S+").mean())  # type: ignore[arg-type]
    if tokens >= 3 and letters >= 15 and distinct >= max(0.3 * n, 6):
        return True
    if tokens >= 6 and letters >= 40 and distinct > 50:
        return True
    return tokens >= 1.5 and spaced >= 0.4 and distinct > 200 and distinct >= 0.3 * n


def is_whole(values: pl.Series) -> bool:
    """Whether every value is finite and a whole number."""
    if values.dtype.is_integer():
        return True
    if not values.dtype.is_float():
        return False
    return bool((values.is_finite() & (values == values.round(0))).all())


def _show(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return repr(text if len(text) <= 40 else text[:37] + "...")
