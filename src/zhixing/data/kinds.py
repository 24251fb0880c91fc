"""What each column is: seven kinds, decided by rules that are shown to the person."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args

import numpy as np
import polars as pl

Kind = Literal["numeric", "categorical", "boolean", "datetime", "text", "identifier", "constant"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_UUID = re.compile(r"^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
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
    present = values.drop_nulls() if values.null_count() else values
    n, distinct = present.len(), _n_unique(present)
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


def _n_unique(values: pl.Series) -> int:
    if values.dtype.is_numeric() and values.len() <= 5000:
        return int(np.unique(values.to_numpy()).size)
    return values.n_unique()


def _judge_numbers(values: pl.Series, distinct: int) -> tuple[Kind, str]:
    n, numbers = values.len(), values.to_numpy()
    if distinct == 2 and set(np.unique(numbers).tolist()) == {0, 1}:
        return "boolean", "only 0 and 1"
    if not is_whole(values):
        return "numeric", f"{distinct:,} numbers"
    if distinct == n:
        steps = np.diff(numbers.astype(np.float64))
        if n > 2 and ((steps == 1).all() or (steps == -1).all()):
            way = "up" if steps[0] == 1 else "down"
            return "identifier", f"all {n:,} values differ and count {way} by one"
        if n >= 20 and _ID_NAME.search(values.name):
            return "identifier", f"all {n:,} values differ and the name is that of a key"
    if float(np.abs(numbers.astype(np.float64)).max()) > _EXACT:
        return "identifier", "whole numbers too large to be computed with exactly"
    if _CODE_NAME.search(values.name) and 2 * distinct <= n:
        return "categorical", f"{distinct:,} whole numbers under the name of a code"
    return "numeric", f"{distinct:,} whole numbers"


def _judge_words(values: pl.Series, distinct: int) -> tuple[Kind, str]:
    n = values.len()
    sample: list[str] = values.unique(maintain_order=True).head(2000).to_list()
    if distinct == n >= 5 and all(map(_UUID.match, sample)):
        return "identifier", "every value is a UUID of its own"
    tokens = [len(word.split()) for word in sample]
    spaced = sum(t > 1 for t in tokens) / len(sample)
    cjk = sum(_CJK.search(word) is not None for word in sample) / len(sample)
    if n >= 20 and distinct == n and spaced < 0.1 and cjk < 0.1:
        return "identifier", f"all {n:,} values differ and are single tokens"
    letters = sum(map(len, sample)) / len(sample)
    if _is_text(letters, sum(tokens) / len(sample), distinct, n, spaced, cjk):
        return "text", f"{distinct:,} different texts in {n:,} rows"
    return "categorical", f"{distinct:,} different words in {n:,} rows"


def _is_text(
    letters: float, tokens: float, distinct: int, n: int, spaced: float, cjk: float
) -> bool:
    """Sentences, not names of categories: long and rarely repeated, or somewhat long and many.

    `letters` and `tokens` are means per value; `spaced` and `cjk` are shares of values.
    """
    if cjk > 0.5:
        return letters >= 7 and distinct >= 0.5 * n
    if tokens >= 3 and letters >= 15 and distinct >= max(0.3 * n, 6):
        return True
    if tokens >= 6 and letters >= 40 and distinct > 50:
        return True
    return tokens >= 1.5 and spaced >= 0.4 and distinct > 200 and distinct >= 0.3 * n


def is_whole(values: pl.Series) -> bool:
    """Whether every value that is not missing is finite and a whole number."""
    if values.dtype.is_integer():
        return True
    if not values.dtype.is_float():
        return False
    numbers = values.to_numpy()
    if values.null_count():
        numbers = numbers[~np.isnan(numbers)]
    if numbers.size and not float(numbers[0]).is_integer():
        return False
    return bool((np.isfinite(numbers) & (numbers == np.rint(numbers))).all())


def nan_count(values: pl.Series) -> int:
    """Cells that are NaN rather than null."""
    return int(np.isnan(values.to_numpy()).sum()) - values.null_count()


def nan_to_null(values: pl.Series) -> pl.Series:
    """The same column with one spelling of missing; unchanged where it holds no NaN."""
    if not values.dtype.is_float() or not nan_count(values):
        return values
    return values.fill_nan(None)


def _show(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return repr(text if len(text) <= 40 else text[:37] + "...")
