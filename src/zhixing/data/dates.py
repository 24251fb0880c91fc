"""Dates and times written as text or as whole numbers like 20240131."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

_DAYS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d %Y",
    "%Y年%m月%d日",
)
_CLOCKS = ("", "{s}%H:%M:%S", "{s}%H:%M", "{s}%H:%M:%S%.f", "{s}%I:%M:%S %p", "{s}%I:%M %p")
_ZONES = ("T%H:%M:%S%#z", "T%H:%M:%S%.f%#z", " %H:%M:%S%#z", " %H:%M:%S%.f%#z", "T%H:%M%#z")
_MONTHS = ("%Y-%m", "%Y/%m", "%b-%Y", "%b %Y", "%B %Y", "%Y年%m月")
#: Pairs that may both fit, because days up to 12 look like months.
_SWAPPED = {
    "%m/%d/%Y": "%d/%m/%Y",
    "%m-%d-%Y": "%d-%m-%Y",
    "%m/%d/%y": "%d/%m/%y",
}


def _formats() -> Iterator[str]:
    # Months first: "%b %d %Y" would read "Nov 2023" as the 20th of November 23.
    yield from _MONTHS
    yield from _DAYS
    yield "%Y%m%d"
    for day in _DAYS:
        for clock in _CLOCKS[1:]:
            yield day + clock.format(s=" ")
    for clock in _CLOCKS[1:]:
        yield "%Y-%m-%d" + clock.format(s="T")
    for zone in _ZONES:
        yield "%Y-%m-%d" + zone


def parse(values: pl.Series, format: str) -> pl.Series:
    """Datetime in microseconds, zones turned into UTC; null where a value does not fit.

    >>> parse(pl.Series(["2024-01-31", "soon"]), "%Y-%m-%d").to_list()
    [datetime.datetime(2024, 1, 31, 0, 0), None]
    """
    text = values.cast(pl.String).str.strip_chars()
    if format != "%Y%m%d":  # "%Y" would take the year 20 from "5-Jan-20"
        full_year = text.str.contains(r"(^|\D)\d{4}(\D|$)") == ("%Y" in format)
        text = text.set(~full_year, None)
    if format in _MONTHS:
        text, format = text + " 1", format + " %d"
    zoned = format.endswith("%#z")
    if zoned:
        text, format = text.str.replace(r"Z$", "+00:00"), format.replace("%#z", "%z")
    if not any(mark in format for mark in ("%H", "%I")):
        stamps = text.str.to_date(format, strict=False).cast(pl.Datetime("us"))
    elif zoned:
        stamps = text.str.to_datetime(format, strict=False, time_unit="us", time_zone="UTC")
        stamps = stamps.dt.replace_time_zone(None)
    else:
        stamps = text.str.to_datetime(format, strict=False, time_unit="us")
    return stamps.set(~stamps.dt.year().is_between(1000, 9999).fill_null(True), None)


def detect(values: pl.Series, *, share: float = 1.0) -> tuple[str, bool] | None:
    """The first known format that fits `share` of the values; and are day and month in doubt?

    With a share of 0 it is the format that fits most of the first values, if any does.

    Where both orders fit, the one in which the values stand in time order is taken; otherwise
    month first, and the answer is doubtful.
    """
    sample = values.head(200)
    plausible = sample.str.contains(r"\d") & sample.str.len_chars().is_between(6, 40)
    if plausible.sum() < share * sample.len():
        return None
    digits_only = bool(sample.str.contains(r"^\d+$").all())
    if digits_only and not bool(sample.str.contains(r"^(19|20)\d{6}$").all()):
        return None
    known = [f for f in _formats() if digits_only == (f == "%Y%m%d")]
    if not share:
        fits = {f: sample.len() - parse(sample, f).null_count() for f in known}
        best = max(fits, key=lambda f: fits[f])
        return _day_or_month(values, best) if fits[best] else None
    for format in known:
        if sample.len() - parse(sample, format).null_count() < share * sample.len():
            continue
        if parse(values, format).null_count() <= (1 - share) * values.len():
            return _day_or_month(values, format)
    return None


def _day_or_month(values: pl.Series, format: str) -> tuple[str, bool]:
    for month_first, day_first in _SWAPPED.items():
        if format.startswith(month_first):
            other = format.replace(month_first, day_first)
            these, those = parse(values, format), parse(values, other)
            if those.null_count() > these.null_count() or these.drop_nulls().is_sorted():
                return format, False
            return (other, False) if those.drop_nulls().is_sorted() else (format, True)
    return format, False
