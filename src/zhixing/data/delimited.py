"""CSV, TSV and their relatives: every cell as text, and every irregularity said."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from ..core.errors import InputError
from ..core.finding import Finding
from .encoding import to_utf8
from .names import clean_names
from .records import Records, scan

DELIMITERS = (",", "\t", ";", "|")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f"))


@dataclass(frozen=True)
class Text:
    """What a person may say about a delimited file; None means find out.

    `ragged` is ``"error"`` or ``"skip"``: what to do with lines of too many or too few fields.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: bool = True
    ragged: Literal["error", "skip"] = "error"


def read_delimited(
    data: bytes, *, where: str, text: Text, delimiter: str | None = None
) -> tuple[pl.DataFrame, list[Finding]]:
    """A frame of strings (null where a cell is empty), and what was found on the way.

    `delimiter` is what the file's suffix suggests.  Errors (`InputError`, with the line): an empty
    file, a header without rows, NUL bytes, a quote never closed, lines with the wrong number of
    fields, repeated column names.
    """
    if not data.strip():
        raise InputError("the file is empty", where=where, do="give a table with rows")
    data, encoding, guessed = to_utf8(data, where=where, encoding=text.encoding)
    _no_binary(data, where)
    findings = list(_encoding_finding(encoding, guessed, where))
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    mark = text.delimiter or sniff(data, first=delimiter)
    records, quoted = _scan_quotes(data, mark, where)
    if len(mark) != 1 or not mark.isascii():
        raise InputError(f"delimiter {mark!r} is not one ASCII sign", where=where)
    rows = np.flatnonzero(~records.blank)
    names, n_lead = _header(data, records, rows, mark, quoted, text.header, where)
    body = rows[n_lead:]
    if not body.size:
        raise InputError("there is a header and no row", where=where, do="give a table with rows")
    widths = records.fields[body]
    if (widths == len(names) + 1).all() and len(names) > 1 and n_lead:
        names = ["", *names]
    elif body.size > 1 and (widths == widths[0]).all() and widths[0] != len(names):
        raise InputError(
            f"the header has {len(names)} field{'s' * (len(names) != 1)}, every row {widths[0]}",
            where=where,
            do="is the first line a title? take it out",
        )
    wrong = body[records.fields[body] != len(names)]
    if wrong.size:
        findings.append(_ragged(wrong, records, len(names), text.ragged, where))
    names, changes = clean_names(names, where=where)
    frame = _parse(data, names, records, body, mark, quoted, wrong, where)
    findings.extend(_name_findings(changes, names, bool(n_lead)))
    return _without_empty_unnamed(frame, changes), findings


def sniff(data: bytes, *, first: str | None = None) -> str:
    """The delimiter: the one that cuts the first 100 records into equally many fields, and most.

    >>> sniff(b"a;b;c\\n1,5;2;3\\n")
    ';'
    """
    head = data[: 1 << 16]
    if len(data) > len(head) and b"\n" in head:
        head = head[: head.rindex(b"\n") + 1]
    lines = head.decode("utf-8", errors="replace").splitlines(keepends=True)
    best, choice = (0.0, 0, False), first or ","
    for mark in DELIMITERS:
        try:
            rows = [row for row in csv.reader(lines[:200], delimiter=mark) if row][:100]
        except csv.Error:
            continue
        sizes = np.array([len(row) for row in rows])
        if not sizes.size or sizes.max() < 2:
            continue
        usual = int(np.bincount(sizes).argmax())
        if usual < 2:
            usual = int(sizes[0])
        if usual < 2:
            continue
        score = (round(float((sizes == usual).mean()), 1), usual, mark == first)
        if score > best:
            best, choice = score, mark
    return choice


def _no_binary(data: bytes, where: str) -> None:
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        what = f"line {line} holds NUL bytes"
    elif len(head := data[: 1 << 16]) - len(head.translate(None, _CONTROL)) > 0.01 * len(head):
        what = "it is full of control characters"
    else:
        return
    raise InputError(
        f"{what}: this is not a text table",
        where=where,
        do="give CSV, TSV, Parquet, Arrow or JSON lines",
    )


def _scan_quotes(data: bytes, mark: str, where: str) -> tuple[Records, bool]:
    """The records, and whether quotes mean quoting; inch marks inside cells do not."""
    records = scan(data, mark)
    opens = [b"\n" + b'"', mark.encode() + b'"']
    if b'"' in data and not data.startswith(b'"') and not any(o in data for o in opens):
        return scan(data, mark, quoted=False), False
    if records.open_quote is not None:
        inside = (
            rb'[^"\r\n' + re.escape(mark.encode()) + rb']"(?=[^"\r\n' + re.escape(mark.encode())
        )
        stray = re.search(inside + rb"])", data)
        if stray:
            line = data.count(b"\n", 0, stray.end()) + 1
            raise InputError(
                f'line {line} has a quote (") inside a cell',
                where=where,
                do="quote the whole cell and double the quote, or take it out",
            )
        raise InputError(
            f'the quote (") in line {records.open_quote} is never closed',
            where=where,
            do="close it, or double it if it belongs to the text",
        )
    return records, True


def _header(
    data: bytes,
    records: Records,
    rows: np.ndarray,
    mark: str,
    quoted: bool,
    header: bool,
    where: str,
) -> tuple[list[str], int]:
    if not header:
        width = int(np.bincount(records.fields[rows]).argmax())
        return [f"x{j}" for j in range(width)], 0
    end = records.starts[rows[1]] if rows.size > 1 else len(data)
    text = data[records.starts[rows[0]] : end].decode("utf-8")
    how = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=mark, quoting=how)), 1


def _ragged(wrong: np.ndarray, records: Records, width: int, ragged: str, where: str) -> Finding:
    line, fields = int(records.lines[wrong[0]]), int(records.fields[wrong[0]])
    title = f"line {line} has {fields} field{'s' * (fields != 1)}, the header {width}"
    if wrong.size > 1:
        more = ", ".join(str(int(records.lines[i])) for i in wrong[1:6])
        title += (
            f"; {wrong.size - 1:,} more such line{'s' * (wrong.size > 2)}: {more}"
            + ", ..." * (wrong.size > 6)
        )
    if ragged == "error":
        raise InputError(
            title, where=where, do="correct them (quote text that holds the delimiter) or skip them"
        )
    return Finding(
        "ragged-lines",
        "warning",
        f"{wrong.size:,} lines with the wrong number of fields were skipped: {title}",
        where=f"line {line}",
        evidence={"lines": [int(records.lines[i]) for i in wrong[:100]], "n": int(wrong.size)},
        cause="a delimiter inside a text without quotes, or a line cut short",
        remedy="correct the file",
    )


def _parse(
    data: bytes,
    names: list[str],
    records: Records,
    body: np.ndarray,
    mark: str,
    quoted: bool,
    wrong: np.ndarray,
    where: str,
) -> pl.DataFrame:
    try:
        frame = pl.read_csv(
            io.BytesIO(data[records.starts[body[0]] :]),
            has_header=False,
            separator=mark,
            quote_char='"' if quoted else None,
            schema=dict.fromkeys(names, pl.String),
            truncate_ragged_lines=bool(wrong.size),
        )
    except (pl.exceptions.PolarsError, ValueError) as error:
        told = str(error).splitlines()[0][:160]
        raise InputError(f"cannot be read as delimited text: {told}", where=where) from None
    kept = np.zeros(len(records.fields), dtype=bool)
    kept[body] = True
    if len(names) == 1:
        kept[body[0] : body[-1]] = True
    kept[wrong] = False
    kept = kept[body[0] :]
    if kept.size < frame.height or not kept[: frame.height].any():
        raise InputError(
            f"{frame.height:,} rows were read where {kept.size:,} records stand",
            where=where,
            do="check the quotes: one stands inside a cell that does not begin with it",
        )
    return frame if kept[: frame.height].all() else frame.filter(pl.Series(kept[: frame.height]))


def _without_empty_unnamed(frame: pl.DataFrame, changes: list[str]) -> pl.DataFrame:
    """Without the empty column that a delimiter at the end of every line makes."""
    unnamed = [c.rsplit("'", 2)[1] for c in changes if c.startswith("unnamed")]
    return frame.drop([c for c in unnamed if frame[c].null_count() == frame.height])


def _encoding_finding(encoding: str, guessed: bool, where: str) -> Iterator[Finding]:
    if encoding not in ("utf-8", "utf-8-sig"):
        yield Finding(
            "encoding",
            "warning" if guessed else "info",
            f"the file was read as {encoding}" + (", which is a guess" if guessed else ""),
            where=where,
            evidence={"encoding": encoding, "guessed": guessed},
            cause="it is not UTF-8",
            remedy="look at names and words with accents; say encoding=... if they are wrong",
        )


def _name_findings(changes: list[str], names: list[str], header: bool) -> Iterator[Finding]:
    if changes:
        yield Finding(
            "column-names",
            "info",
            f"{len(changes)} column name{'s' * (len(changes) > 1)} changed: {changes[0]}",
            evidence={"changes": changes[:100]},
        )
    if header and len(names) > 1 and all(_is_number(name) for name in names):
        yield Finding(
            "no-header",
            "warning",
            f"every column name is a number ({', '.join(names[:4])}, ...): is there a header?",
            where="line 1",
            evidence={"names": names[:20]},
            remedy="say header=False if the first line is data",
        )


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True
