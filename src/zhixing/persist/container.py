"""The zip around a model: exactly two members, and a digest of every byte.

``manifest.json`` comes first, deflated; ``arrays.safetensors`` follows, stored.  The archive
comment holds the SHA-256 of all bytes before it, so damage anywhere is noticed, also in the zip's
own records.  The digest finds accidents, not attackers: everything else is checked as if hostile.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from . import tensors
from .errors import ModelFileError
from .limits import Limits

MANIFEST, ARRAYS = "manifest.json", "arrays.safetensors"
MARK = b"zhixing model sha256 "
COMMENT = len(MARK) + 64
END = struct.Struct("<4s4H2LH")  # the end-of-directory record, without its comment
LOCATOR = 20  # bytes of the record that would point to 64-bit sizes
DIRECTORY = 1024  # two entries take about 130 bytes


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    # A fixed date: the same model gives the same file.
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = method
    info.external_attr = 0o644 << 16
    return info


def write(file: IO[bytes], manifest: bytes, arrays: list[np.ndarray]) -> None:
    """Write a whole model file into an empty, seekable `file`."""
    with zipfile.ZipFile(file, "w", allowZip64=False) as archive:
        archive.writestr(_entry(MANIFEST, zipfile.ZIP_DEFLATED), manifest)
        with archive.open(_entry(ARRAYS, zipfile.ZIP_STORED), "w") as member:
            tensors.write(member, arrays)
        archive.comment = MARK + b"0" * 64
    size = file.seek(0, os.SEEK_END)
    digest = _digest(file, size - 64)
    file.seek(size - 64)
    file.write(digest)


def _digest(file: IO[bytes], size: int) -> bytes:
    file.seek(0)
    sha = hashlib.sha256()
    while size and (piece := file.read(min(size, 2**20))):
        sha.update(piece)
        size -= len(piece)
    return sha.hexdigest().encode()


@contextlib.contextmanager
def opened(path: str | os.PathLike[str], limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The checked archive at `path`; its members have the right names, kinds and sizes."""
    with _regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limits.file_bytes:
            raise ModelFileError(
                f"is {size} bytes, more than the limit of {limits.file_bytes}",
                do="raise Limits(file_bytes=...) if you trust the file",
            )
        _check_end(file, size)
        if _digest(file, size - 64) != _tail(file, size, 64):
            raise ModelFileError("is damaged: its checksum does not match", do="copy it again")
        with zipfile.ZipFile(file) as archive:
            _check_members(archive, limits)
            yield archive


@contextlib.contextmanager
def _regular(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    try:
        # Without O_NONBLOCK, opening a named pipe would wait for a writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise ModelFileError(f"cannot be opened: {error.strerror}", do="check the path") from error
    with os.fdopen(handle, "rb", closefd=True) if _is_file(handle) else _refused(handle) as file:
        yield file


def _is_file(handle: int) -> bool:
    return stat.S_ISREG(os.fstat(handle).st_mode)


def _refused(handle: int) -> Any:
    os.close(handle)
    raise ModelFileError("is not a file", do="give the path of a model file")


def _tail(file: IO[bytes], size: int, n: int) -> bytes:
    file.seek(max(size - n, 0))
    return file.read(n)


def _check_end(file: IO[bytes], size: int) -> None:
    """Refuse anything but one small directory of two entries, in 32-bit records, with our mark."""
    if size == 0:
        raise ModelFileError("is empty", do="write it again with zhixing.persist.save")
    end = _tail(file, size, LOCATOR + END.size + COMMENT)
    if len(end) < LOCATOR + END.size + COMMENT or end[-COMMENT:-64] != MARK:
        raise ModelFileError(
            "is not a model file of zhixing, or only the beginning of one",
            do="copy it again, or write it with zhixing.persist.save",
        )
    signature, disk, first, here, total, length, start, comment = END.unpack(
        end[LOCATOR : LOCATOR + END.size]
    )
    where = size - END.size - COMMENT
    if (
        signature != b"PK\x05\x06"
        or (disk, first, here, total, comment) != (0, 0, 2, 2, COMMENT)
        or length > DIRECTORY
        or start + length != where
        or end[:4] == b"PK\x06\x07"
    ):
        raise ModelFileError("is not an archive of exactly two members")


def _check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    if [m.filename for m in members] != [MANIFEST, ARRAYS] or members[0].header_offset != 0:
        names = ", ".join(repr(m.filename[:60]) for m in members[:4])
        raise ModelFileError(f"holds {names} instead of {MANIFEST} and {ARRAYS}")
    for member in members:
        kind = stat.S_IFMT(member.external_attr >> 16)
        if member.flag_bits & 0x1:
            raise ModelFileError(
                f"{member.filename} is encrypted", do="store the model unencrypted"
            )
        if kind not in (0, stat.S_IFREG) or member.is_dir():
            raise ModelFileError(f"{member.filename} is a link or a special file")
    manifest, arrays = members
    if manifest.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ModelFileError(f"{MANIFEST} is compressed by a method that is not allowed")
    if manifest.file_size > limits.manifest_bytes:
        raise ModelFileError(
            f"the manifest expands to {manifest.file_size} bytes, "
            f"more than the limit of {limits.manifest_bytes}",
            do="raise Limits(manifest_bytes=...) if you trust the file",
        )
    if arrays.compress_type != zipfile.ZIP_STORED or arrays.file_size != arrays.compress_size:
        raise ModelFileError(f"{ARRAYS} is compressed, which a model file never is")
