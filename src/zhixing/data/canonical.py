"""One type per kind: what a column's values look like inside a `Table`."""

from __future__ import annotations

import polars as pl

from . import recipe as recipes
from .kinds import Kind, nan_to_null
from .recipe import Recipe

#: numeric: Float64; boolean: Boolean; datetime: Datetime in microseconds without a zone;
#: categorical, text: String.  identifier and constant columns keep the type they came with.
DTYPES: dict[Kind, pl.DataType] = {
    "numeric": pl.Float64(),
    "boolean": pl.Boolean(),
    "datetime": pl.Datetime("us"),
    "categorical": pl.String(),
    "text": pl.String(),
}


def canonical(values: pl.Series, kind: Kind, recipe: Recipe) -> pl.Series:
    """The column in the type of its kind; what does not fit becomes null, as does NaN.

    The same function serves `read` and `Schema.check`, so a cell means the same at prediction.

    >>> canonical(pl.Series([3.0, 4.0, None]), "categorical", Recipe()).to_list()
    ['3', '4', None]
    """
    if values.dtype == pl.String and kind == "datetime" and not recipe.format:
        # Trained on typed dates: the format of written ones is found here.
        reading = recipes.read_as(values, kind)
        values = values if reading is None else reading.values
    elif values.dtype == pl.String and kind in DTYPES:
        values = recipes.apply(values, recipe)
    values = nan_to_null(values)
    if kind == "numeric":
        return _as_number(values)
    if kind == "boolean":
        return _as_boolean(values, recipe)
    if kind == "datetime":
        return _as_datetime(values, recipe)
    if kind in ("categorical", "text"):
        return _as_word(values)
    return values


def _as_number(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Duration:
        return values.cast(pl.Duration("us")).cast(pl.Int64).cast(pl.Float64) / 1e6
    if values.dtype == pl.Time:
        return values.cast(pl.Int64).cast(pl.Float64) / 3.6e12
    if values.dtype in (pl.Date, pl.Datetime):
        return pl.Series(values.name, [None] * values.len(), dtype=pl.Float64)
    return nan_to_null(values.cast(pl.Float64, strict=False))


def _as_boolean(values: pl.Series, recipe: Recipe) -> pl.Series:
    if values.dtype == pl.Boolean:
        return values
    if values.dtype == pl.String:
        numbers = values.cast(pl.Float64, strict=False)
        lowered = values.str.to_lowercase()
        true, false = recipe.pair
        pairs = pl.Series([true, "true"]).to_list(), pl.Series([false, "false"]).to_list()
        yes = lowered.is_in(pairs[0]) | (numbers == 1).fill_null(False)
        no = lowered.is_in(pairs[1]) | (numbers == 0).fill_null(False)
        return yes.set(~(yes | no).fill_null(False), None)
    numbers = values.cast(pl.Float64, strict=False)
    return (numbers == 1).set(~numbers.is_in([0.0, 1.0]).fill_null(False), None)


def _as_datetime(values: pl.Series, recipe: Recipe) -> pl.Series:
    if values.dtype == pl.Date:
        return values.cast(pl.Datetime("us"))
    if values.dtype == pl.Datetime:
        if values.dtype.time_zone is not None:  # type: ignore[attr-defined]
            values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        return values.cast(pl.Datetime("us"))
    if values.dtype.is_numeric() and recipe.format:
        whole = values.cast(pl.Int64, strict=False)
        return recipes.apply(whole.cast(pl.String), recipe)
    return pl.Series(values.name, [None] * values.len(), dtype=pl.Datetime("us"))


def _as_word(values: pl.Series) -> pl.Series:
    """Words; whole numbers without ``.0``, whatever type a missing neighbour gave them."""
    if values.dtype.is_float():
        words = values.cast(pl.String)
        return words.str.replace(r"\.0$", "")
    return values.cast(pl.String)
