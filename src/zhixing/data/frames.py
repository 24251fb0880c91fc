"""In-memory tables of any make, as polars frames."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ..core.errors import InputError
from .names import clean_names


def as_frame(
    source: Any, *, where: str = "the table", dropped: list[str] | None = None
) -> pl.DataFrame:
    """A polars frame from a polars, pandas or Arrow table, a dict of columns, or an array.

    Array columns are called ``x0, x1, ...``.  Structures are unfolded (``address`` becomes
    ``address.town``); lists and bytes have no place in a table of cells, and their columns are
    dropped and named in `dropped`.

    >>> as_frame(np.eye(2)).columns
    ['x0', 'x1']
    """
    frame = _make(source, where)
    names, _ = clean_names(frame.columns, where=where)
    frame.columns = names
    return _flat(frame, [] if dropped is None else dropped)


def _make(source: Any, where: str) -> pl.DataFrame:
    if hasattr(source, "frame") and isinstance(source.frame, pl.DataFrame):
        return source.frame.clone()
    if isinstance(source, pl.DataFrame):
        return source.clone()
    if isinstance(source, pl.LazyFrame):
        return source.collect()
    if isinstance(source, pl.Series):
        return source.to_frame()
    module = type(source).__module__.partition(".")[0]
    if module == "pandas":
        return _from_pandas(source, where)
    if isinstance(source, dict):
        return _from_dict(source, where)
    if isinstance(source, np.ndarray):
        return _from_array(source, where)
    if hasattr(source, "__arrow_c_stream__"):
        return pl.DataFrame(source)
    if module == "scipy":
        raise InputError(
            "a sparse matrix is not a table with named columns",
            where=where,
            do="pass it to an estimator, or give a frame",
        )
    if isinstance(source, list) and source and isinstance(source[0], dict):
        return pl.DataFrame(source, infer_schema_length=None, strict=False)
    raise InputError(
        f"cannot read a table from {type(source).__name__}",
        where=where,
        do="give a path, a pandas, polars or Arrow frame, a dict of columns, or a 2-d array",
    )


def _from_dict(columns: dict[Any, Any], where: str) -> pl.DataFrame:
    made = {str(name): _series(str(name), values) for name, values in columns.items()}
    lengths = {name: len(values) for name, values in made.items()}
    if len(set(lengths.values())) > 1:
        (a, m), *rest = lengths.items()
        b, k = next((name, length) for name, length in rest if length != m)
        raise InputError(
            f"columns differ in length: {a!r} has {m} rows, {b!r} has {k}",
            where=where,
            do="give columns of equal length",
        )
    return pl.DataFrame(list(made.values()))


def _series(name: str, values: Any) -> pl.Series:
    if isinstance(values, pl.Series):
        return values.rename(name)
    if isinstance(values, np.ndarray) and values.dtype.kind not in "OUS":
        return pl.Series(name, values)
    if hasattr(values, "to_numpy") and not isinstance(values, np.ndarray):
        values = values.to_numpy()
    cells = list(values)
    if len({type(v) for v in cells if v is not None}) > 1:
        return _mixed(name, cells)
    return pl.Series(name, cells, strict=False)


def _mixed(name: str, cells: list[Any]) -> pl.Series:
    """Cells of several Python types: numbers as numbers, otherwise every one as text."""
    present = [v for v in cells if v is not None and v == v]
    if present and all(isinstance(v, (bool, np.bool_)) for v in present):
        return pl.Series(name, [None if v is None or v != v else bool(v) for v in cells])
    if all(isinstance(v, (int, float, np.number)) and not isinstance(v, bool) for v in present):
        return pl.Series(name, [None if v is None else float(v) for v in cells])
    return pl.Series(name, [None if v is None or v != v else str(v) for v in cells])


def _from_pandas(source: Any, where: str) -> pl.DataFrame:
    if source.ndim == 1:
        source = source.to_frame(source.name if source.name is not None else "x0")
    if source.columns.nlevels > 1:
        source = source.copy(deep=False)
        source.columns = ["_".join(map(str, levels)) for levels in source.columns]
    names, _ = clean_names([str(c) for c in source.columns], where=where)
    columns = []
    for i, name in enumerate(names):
        values = source.iloc[:, i]
        kind = values.dtype.kind if isinstance(values.dtype, np.dtype) else ""
        zoned = getattr(values.dtype, "tz", None)
        if kind and kind in "biuf":
            columns.append(pl.Series(name, values.to_numpy()))
        elif kind == "M" or zoned is not None:
            if zoned is not None:
                values = values.dt.tz_convert("UTC").dt.tz_localize(None)
            columns.append(pl.Series(name, values.to_numpy().astype("datetime64[us]")))
        elif kind == "m":
            columns.append(pl.Series(name, values.to_numpy().astype("timedelta64[us]")))
        elif hasattr(values.dtype, "pyarrow_dtype"):
            columns.append(pl.Series(name, pl.from_arrow(values.array.__arrow_array__())))
        else:
            missing = values.isna().to_numpy()
            cells = values.astype(object).to_numpy()
            columns.append(_series(name, [None if m else v for v, m in zip(cells, missing)]))
    return pl.DataFrame(columns)


def _from_array(source: np.ndarray, where: str) -> pl.DataFrame:
    if source.dtype.names:
        return _from_dict({name: source[name] for name in source.dtype.names}, where)
    if source.ndim == 1:
        source = source[:, None]
    if source.ndim != 2:
        raise InputError(
            f"an array of {source.ndim} dimensions is not a table",
            where=where,
            do="give a 2-d array",
        )
    return pl.DataFrame([_series(f"x{j}", source[:, j]) for j in range(source.shape[1])])


def _flat(frame: pl.DataFrame, dropped: list[str]) -> pl.DataFrame:
    for name, dtype in frame.schema.items():
        if isinstance(dtype, pl.Struct):
            fields = frame[name].struct.unnest()
            fields.columns = [f"{name}.{field}" for field in fields.columns]
            return _flat(frame.drop(name).hstack(fields), dropped)
    changed = []
    for name, dtype in frame.schema.items():
        if isinstance(dtype, (pl.List, pl.Array)) or dtype == pl.Binary:
            dropped.append(name)
            frame = frame.drop(name)
        elif dtype == pl.Object:
            changed.append(_mixed(name, frame[name].to_list()))
        elif isinstance(dtype, (pl.Categorical, pl.Enum)):
            changed.append(frame[name].cast(pl.String))
        elif dtype == pl.Null:
            changed.append(frame[name].cast(pl.String))
        elif isinstance(dtype, pl.Decimal):
            changed.append(frame[name].cast(pl.Float64))
    return frame.with_columns(changed) if changed else frame
