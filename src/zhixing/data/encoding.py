"""Which encoding a text file is in, said aloud and never guessed past an error."""

from __future__ import annotations

import codecs
from typing import NamedTuple

import numpy as np

from ..core.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Decoded(NamedTuple):
    """UTF-8 bytes without a mark, the encoding they came in, and whether that was a guess."""

    data: bytes
    encoding: str
    guessed: bool


def to_utf8(data: bytes, *, where: str, encoding: str | None = None) -> Decoded:
    """The same text in UTF-8.

    In order: the encoding asked for, a byte order mark, UTF-8, UTF-16 without a mark, GB18030
    where the high bytes come in pairs as Chinese does, else Windows-1252 or Latin-1.

    >>> to_utf8("naïve".encode("latin-1"), where="a.csv")[1:]
    ('cp1252', True)
    """
    if encoding is not None:
        return Decoded(_decode(data, encoding, where), encoding, False)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_decode(data, name, where), name, False)
    if data.isascii():
        return Decoded(data, "utf-8", False)
    wide = _wide(data)
    if wide:
        return Decoded(_decode(data, wide, where), wide, True)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _guess(data, error)
    return Decoded(data, "utf-8", False)


def _decode(data: bytes, encoding: str, where: str) -> bytes:
    try:
        return data.decode(encoding).encode("utf-8")
    except LookupError:
        raise InputError(
            f"no encoding {encoding!r}", where=where, do="e.g. utf-8, gb18030, latin-1"
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"line {line} is not {encoding} (byte 0x{data[error.start]:02x})",
            where=where,
            do="say its encoding, e.g. encoding='gb18030' or 'latin-1'",
        ) from None


def _wide(data: bytes) -> str | None:
    """UTF-16 of mostly Latin text without a mark: every other byte is NUL."""
    head = np.frombuffer(data[: 1 << 16], dtype=np.uint8)
    if len(data) % 2 or head.size < 4:
        return None
    even, odd = (head[0::2] == 0).mean(), (head[1::2] == 0).mean()
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else None


def _guess(data: bytes, error: UnicodeDecodeError) -> Decoded:
    for encoding in (["gb18030"] if _paired(data) else []) + ["cp1252", "latin-1"]:
        try:
            return Decoded(data.decode(encoding).encode("utf-8"), encoding, True)
        except UnicodeDecodeError:
            continue
    raise error


def _paired(data: bytes) -> bool:
    """Whether high bytes mostly stand in runs of even length: two bytes to a Chinese sign."""
    high = np.frombuffer(data[: 1 << 22], dtype=np.uint8) >= 0x80
    edges = np.flatnonzero(np.diff(np.concatenate(([False], high, [False])).astype(np.int8)))
    runs = edges[1::2] - edges[0::2]
    return bool(runs[runs % 2 == 0].sum() > 0.8 * runs.sum())
