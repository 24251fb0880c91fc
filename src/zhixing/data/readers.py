"""The files a table is read from: one reader per suffix, checked against the content.

A new source (a database, a file larger than memory) is one more function here with the signature
of `Reader`, or a class with `frame`; nothing above knows where the rows came from.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import polars as pl

from ..core.errors import InputError
from ..core.finding import Finding
from .delimited import Text, read_delimited


class Reader(Protocol):
    """Bytes of one file in, a frame and findings out."""

    def __call__(
        self, data: bytes, *, where: str, text: Text
    ) -> tuple[pl.DataFrame, list[Finding]]: ...


def _csv(data: bytes, *, where: str, text: Text) -> tuple[pl.DataFrame, list[Finding]]:
    return read_delimited(data, where=where, text=text)


def _tsv(data: bytes, *, where: str, text: Text) -> tuple[pl.DataFrame, list[Finding]]:
    return read_delimited(data, where=where, text=text, delimiter="\t")


def _polars(read: Callable[[io.BytesIO], pl.DataFrame], format: str) -> Reader:
    def reader(data: bytes, *, where: str, text: Text) -> tuple[pl.DataFrame, list[Finding]]:
        if not data:
            raise InputError("the file is empty", where=where, do="give a table with rows")
        try:
            return read(io.BytesIO(data)), []
        except (pl.exceptions.PolarsError, OSError, ValueError) as error:
            told = (str(error) or type(error).__name__).splitlines()[0][:160]
            if read is _jsonl and (line := _bad_line(data)):
                told = f"line {line} is no JSON object"
            raise InputError(
                f"cannot be read as {format}: {told}",
                where=where,
                do="check that the file is whole and of this format",
            ) from None

    return reader


def _arrow(source: io.BytesIO) -> pl.DataFrame:
    head = source.getbuffer()[:6].tobytes()
    return pl.read_ipc(source) if head == b"ARROW1" else pl.read_ipc_stream(source)


def _jsonl(source: io.BytesIO) -> pl.DataFrame:
    return pl.read_ndjson(source, infer_schema_length=None)


def _bad_line(data: bytes) -> int | None:
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            if line.strip() and not isinstance(json.loads(line), dict):
                return number
        except ValueError:
            return number
    return None


def _json(source: io.BytesIO) -> pl.DataFrame:
    return pl.read_json(source, infer_schema_length=None)


_parquet = _polars(pl.read_parquet, "Parquet")
_ipc = _polars(_arrow, "Arrow")
_lines = _polars(_jsonl, "JSON lines")
_records = _polars(_json, "JSON")

_PolarsError = pl.exceptions.PolarsError

#: Reader by suffix; what no suffix names is tried as delimited text.
READERS: dict[str, Reader] = {
    ".csv": _csv,
    ".tsv": _tsv,
    ".tab": _tsv,
    ".txt": _csv,
    ".data": _csv,
    ".dat": _csv,
    ".parquet": _parquet,
    ".pq": _parquet,
    ".arrow": _ipc,
    ".feather": _ipc,
    ".ipc": _ipc,
    ".arrows": _ipc,
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".json": _records,
}
_MAGIC: tuple[tuple[bytes, Reader], ...] = ((b"PAR1", _parquet), (b"ARROW1", _ipc))
_OTHERS = {
    b"PK\x03\x04": "a zip archive or a workbook",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"SQLite format 3": "an SQLite database",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\x80\x04\x95": "a pickle, which could run code",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
}


def load_file(path: Path, text: Text) -> tuple[pl.DataFrame, list[Finding]]:
    """Read one file of any known format.

    Errors (`InputError`): no such file, a folder, no permission, an empty or foreign file.
    """
    where = str(path)
    data, suffix = _unpacked(_bytes(path), path, where)
    for magic, reader in _MAGIC:
        if data.startswith(magic):
            return reader(data, where=where, text=text)
    for magic, what in _OTHERS.items():
        if data[:64].lstrip().startswith(magic):
            raise InputError(
                f"this is {what}, not a table",
                where=where,
                do="save it as CSV, Parquet, Arrow or JSON lines",
            )
    reader = READERS.get(suffix, _csv)
    if reader in (_records, _lines):
        reader = _records if data.lstrip()[:1] == b"[" else _lines
    elif reader in (_parquet, _ipc) and suffix != ".arrows" and data:
        format = "Parquet" if reader is _parquet else "Arrow"
        if reader is _parquet or data[:4] != b"\xff\xff\xff\xff":
            raise InputError(f"the content is not {format}", where=where, do="check the suffix")
    return reader(data, where=where, text=text)


def _bytes(path: Path) -> bytes:
    where = str(path)
    if path.is_dir():
        raise InputError("this is a folder", where=where, do="give one file")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        near = _sibling(path)
        raise InputError(
            "no such file", where=where, do=f"did you mean {near}?" if near else "check the path"
        ) from None
    except PermissionError:
        raise InputError("no permission to read it", where=where, do="check its rights") from None
    except MemoryError:
        size = os.path.getsize(path) / 2**30
        raise InputError(f"{size:.1f} GiB do not fit into memory", where=where) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be opened: {error}", where=where) from None


def _sibling(path: Path) -> str | None:
    from .names import nearest

    try:
        return nearest(path.name, [p.name for p in path.parent.iterdir()])
    except OSError:
        return None


def _unpacked(data: bytes, path: Path, where: str) -> tuple[bytes, str]:
    """The content without compression, and the suffix that tells its format."""
    suffixes = [s.lower() for s in path.suffixes]
    inner = suffixes[-2] if len(suffixes) > 1 else ""
    try:
        if data.startswith(b"\x1f\x8b"):
            return gzip.decompress(data), inner
        if data.startswith(b"BZh"):
            return bz2.decompress(data), inner
        if data.startswith(b"\xfd7zXZ\x00"):
            return lzma.decompress(data), inner
        if data.startswith(b"\x28\xb5\x2f\xfd"):
            return _zstd(data), inner
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error, _PolarsError) as error:
        raise InputError(
            f"cannot be unpacked: {str(error).splitlines()[0]}",
            where=where,
            do="check that the file is whole",
        ) from None
    return data, suffixes[-1] if suffixes else ""


def _zstd(data: bytes) -> bytes:
    """Unpacked by polars, as lines without meaning: no other zstd is at hand in Python 3.11."""
    lines = pl.read_csv(
        io.BytesIO(data),
        has_header=False,
        separator="\x1e",
        quote_char=None,
        schema={"line": pl.String},
        encoding="utf8",
        truncate_ragged_lines=True,
    )
    return "\n".join(lines["line"].fill_null("").to_list()).encode()
