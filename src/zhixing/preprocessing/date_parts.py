"""Dates and times as numbers a model can use."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.utils.validation import (
    _check_feature_names_in,
    check_array,
    check_is_fitted,
    validate_data,
)

from ..core.estimator import Estimator

_DAY = 86_400_000_000  # microseconds
_ZONE = re.compile(r"(?<=\d)\s?(?:Z|[+-]\d\d(?::?\d\d)?)$")


def _year(day: np.ndarray) -> np.ndarray:
    return day.astype("M8[Y]").astype(np.int64) + 1970


def _month(day: np.ndarray) -> np.ndarray:
    return day.astype("M8[M]").astype(np.int64) % 12 + 1


def _quarter(day: np.ndarray) -> np.ndarray:
    return (_month(day) - 1) // 3 + 1


def _day(day: np.ndarray) -> np.ndarray:
    return (day - day.astype("M8[M]")).astype(np.int64) + 1


def _day_of_year(day: np.ndarray) -> np.ndarray:
    return (day - day.astype("M8[Y]")).astype(np.int64) + 1


def _weekday(day: np.ndarray) -> np.ndarray:
    return (day.astype(np.int64) + 3) % 7


#: Parts of a day: how they are read from datetime64[D].
_OF_DAY: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "year": _year,
    "quarter": _quarter,
    "month": _month,
    "day": _day,
    "day_of_year": _day_of_year,
    "weekday": _weekday,
}
#: Parts within a day: microseconds of one, and how many there are.
_WITHIN_DAY = {"hour": (3_600_000_000, 24), "minute": (60_000_000, 60), "second": (1_000_000, 60)}
#: First value and period of every part; a period of 0 is none.
PARTS: dict[str, tuple[int, float]] = {
    "year": (0, 0.0),
    "quarter": (1, 4.0),
    "month": (1, 12.0),
    "day": (1, 31.0),
    "day_of_year": (1, 365.25),
    "weekday": (0, 7.0),
    "hour": (0, 24.0),
    "minute": (0, 60.0),
    "second": (0, 60.0),
    "elapsed": (0, 0.0),
}


def read_part(t: np.ndarray, part: str) -> np.ndarray:
    """One part of datetime64[us] values: whole numbers, or days since 1970 for "elapsed".

    >>> read_part(np.array(["2024-02-29T13:30"], "M8[us]"), "day_of_year")
    array([60])
    """
    micros = t.astype(np.int64)
    if part == "elapsed":
        return micros / _DAY
    if part in _WITHIN_DAY:
        size, count = _WITHIN_DAY[part]
        return micros // size % count
    days = micros // _DAY
    low, high = (int(days.min()), int(days.max())) if days.size else (0, 0)
    if high - low >= days.size:
        return _OF_DAY[part](days.view("M8[D]"))
    # The calendar is worked out once per day, not once per row.
    table = _OF_DAY[part](np.arange(low, high + 1).view("M8[D]"))
    return table[days - low]


class DateParts(TransformerMixin, Estimator):
    """Split date-time columns into numbers: year, month, day, weekday, hour, elapsed days.

    A part with a period also comes as sin and cos of 2 pi (value - first) / period, so that
    December lies beside January.

    Parameters
    ----------
    parts : sequence of str, default=("year", "month", "day", "weekday", "hour", "elapsed")
        Of year, quarter, month, day, day_of_year, weekday (Monday is 0), hour, minute, second and
        elapsed (days since the earliest date of `fit`).
    cyclic : bool or "only", default=True
        Add sin and cos of the periodic parts; "only" gives these instead of the plain values.
    drop_constant : bool, default=True
        Leave out parts that are the same in every row of `fit` (the hour of plain dates).

    Attributes
    ----------
    origin_ : ndarray of shape (n_features,)
        Earliest date of every column, in days since 1970.
    outputs_ : list of list of str
        The outputs of every column, e.g. ``["year", "month_sin", "month_cos"]``.

    Notes
    -----
    Columns are datetime64 arrays, date-time columns of pandas or polars frames, ISO 8601 strings,
    Python dates, or numbers: seconds since 1970.  Zoned times are taken as their wall clock.  A missing date
    gives NaN everywhere.  O(n) time per part.

    Examples
    --------
    >>> X = np.array([["2024-01-31"], ["2024-02-29"], ["NaT"]], dtype="datetime64[D]")
    >>> parts = DateParts(parts=("month", "weekday", "elapsed"), cyclic=False).fit(X)
    >>> parts.transform(X)
    array([[ 1.,  2.,  0.],
           [ 2.,  3., 29.],
           [nan, nan, nan]])
    """

    def __init__(
        self,
        *,
        parts: Sequence[str] = ("year", "month", "day", "weekday", "hour", "elapsed"),
        cyclic: bool | str = True,
        drop_constant: bool = True,
    ) -> None:
        self.parts = parts
        self.cyclic = cyclic
        self.drop_constant = drop_constant

    def fit(self, X: Any, y: Any = None) -> DateParts:
        """Find the earliest dates and the parts that vary."""
        unknown = [part for part in self.parts if part not in PARTS]
        if unknown:
            raise ValueError(f"unknown parts {unknown}; there are {', '.join(PARTS)}")
        if self.cyclic not in (True, False, "only"):
            raise ValueError(f"cyclic must be True, False or 'only', got {self.cyclic!r}")
        columns = self._columns(X, fitting=True)
        self.origin_ = np.zeros(len(columns))
        self.outputs_: list[list[str]] = []
        for j, t in enumerate(columns):
            known = t[~np.isnat(t)]
            if known.size:
                self.origin_[j] = known.min().astype(np.int64) / _DAY
            self.outputs_.append(
                [
                    out
                    for part in self.parts
                    if self._varies(part, known)
                    for out in self._names(part)
                ]
            )
        return self

    def _varies(self, part: str, known: np.ndarray) -> bool:
        if not self.drop_constant or not known.size:
            return True
        values = read_part(known, part)
        return bool((values != values[0]).any())

    def _names(self, part: str) -> list[str]:
        if not self.cyclic or not PARTS[part][1]:
            return [part]
        circle = [f"{part}_sin", f"{part}_cos"]
        return circle if self.cyclic == "only" else [part, *circle]

    def transform(self, X: Any) -> np.ndarray:
        """The parts of every date as float64."""
        check_is_fitted(self)
        columns = self._columns(X, fitting=False)
        out = np.empty((len(columns[0]), sum(map(len, self.outputs_))))
        at = 0
        for t, origin, outputs in zip(columns, self.origin_, self.outputs_):
            missing = np.isnat(t)
            some = bool(missing.any())
            t = np.where(missing, np.datetime64(0, "us"), t) if some else t
            values: dict[str, np.ndarray] = {}
            for output in outputs:
                part, _, circle = output.rpartition("_")
                part = part if circle in ("sin", "cos") else output
                first, period = PARTS[part]
                if part not in values:
                    values[part] = read_part(t, part)
                column: Any = values[part]
                if part == "elapsed":
                    column = column - origin
                if output != part:
                    turn = 2 * np.pi * (np.arange(367) - first) / period
                    column = (np.sin(turn) if circle == "sin" else np.cos(turn))[column]
                out[:, at] = column
                if some:
                    out[missing, at] = np.nan
                at += 1
        return out

    def _columns(self, X: Any, *, fitting: bool) -> list[np.ndarray]:
        if hasattr(X, "iloc") and getattr(X, "ndim", 0) == 2:
            columns = [_microseconds(X.iloc[:, j], j) for j in range(X.shape[1])]
        elif hasattr(X, "get_columns"):
            columns = [_microseconds(column, j) for j, column in enumerate(X.get_columns())]
        else:
            checked = check_array(X, dtype=None, ensure_all_finite="allow-nan")
            if checked.dtype.kind == "U" and not hasattr(X, "dtype"):  # NaN is no text
                checked = check_array(X, dtype=object, ensure_all_finite="allow-nan")
            columns = [_microseconds(checked[:, j], j) for j in range(checked.shape[1])]
        if not columns or not len(columns[0]):
            raise ValueError(
                f"Found array with {len(columns[0]) if columns else 0} sample(s) and "
                f"{len(columns)} feature(s) while a minimum of 1 is required by DateParts."
            )
        validate_data(self, X=X, reset=fitting, skip_check_array=True)
        return columns

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """``name_part`` for every output."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        return np.array(
            [f"{name}_{out}" for name, outputs in zip(names, self.outputs_) for out in outputs],
            dtype=object,
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _microseconds(column: Any, j: int) -> np.ndarray:
    """A column as datetime64[us], wall clock where it has a zone."""
    if hasattr(column, "dt") and getattr(getattr(column, "dt", None), "tz", None) is not None:
        column = column.dt.tz_localize(None)
    elif getattr(getattr(column, "dtype", None), "time_zone", None) is not None:
        column = column.dt.replace_time_zone(None)
    values = column.to_numpy() if hasattr(column, "to_numpy") else np.asarray(column)
    if values.dtype.kind == "M":
        return values.astype("M8[us]")
    if values.dtype.kind in "biuf":
        seconds = values.astype(np.float64)
        missing = np.isnan(seconds)
        if (np.abs(seconds[~missing]) > 9e12).any():
            raise ValueError(f"column {j} holds numbers that are no seconds since 1970")
        whole = np.round(np.where(missing, 0.0, seconds) * 1e6).astype(np.int64).view("M8[us]")
        return np.where(missing, np.datetime64("NaT", "us"), whole)
    cleaned = [_wall_clock(v) for v in values.tolist()]
    try:
        return np.array(cleaned, dtype="M8[us]")
    except (ValueError, TypeError):
        pass
    try:
        return np.array([_one(v) for v in cleaned], dtype="M8[us]")
    except ValueError as error:
        raise ValueError(f"column {j} is not made of dates: {error}") from None


def _one(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return np.datetime64(value if value is not None else "NaT", "us")
    if isinstance(value, int | float):
        return np.datetime64(round(value * 1e6), "us")
    if not hasattr(value, "isoformat"):
        raise TypeError(f"argument must be a date, a string or a number, got {type(value)}")
    return np.datetime64(value, "us")


def _wall_clock(value: Any) -> Any:
    """None for a missing value; texts and times without their zone."""
    if isinstance(value, str):
        return _ZONE.sub("", value) if len(value) > 13 else value
    if _absent(value):
        return None
    return value.replace(tzinfo=None) if getattr(value, "tzinfo", None) is not None else value


def _absent(value: Any) -> bool:
    try:
        return value is None or bool(value != value)
    except TypeError:
        return True
