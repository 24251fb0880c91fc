"""A run's folder: it appears whole or not at all, and never over something that is not a run."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from ..core.errors import InputError

#: Every run has this file; a folder without it is not overwritten.
MARK = "report.json"


def next_free(parent: str | os.PathLike[str], name: str) -> Path:
    """``parent/name``, or with a number where that is taken.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     first = next_free(home, "adult")
    ...     first.mkdir()
    ...     first.name, next_free(home, "adult").name
    ('adult', 'adult-2')
    """
    path, count = Path(parent) / name, 1
    while os.path.lexists(path):
        count += 1
        path = Path(parent) / f"{name}-{count}"
    return path


@contextlib.contextmanager
def claimed(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[Path]:
    """A hidden folder beside `path` to write into; it takes that name when the block ends well.

    That it can be written is found out at once, before hours of work.  An error or an interrupt
    leaves nothing behind, and an older run in the same place untouched.
    """
    target = Path(os.path.abspath(os.path.expanduser(path)))
    _check(target, str(path), overwrite)
    hidden = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    made: list[Path] = []
    try:
        for parent in reversed(target.parents):
            if not parent.exists():
                parent.mkdir()
                made.append(parent)
        hidden.mkdir()
        (hidden / "probe").write_bytes(b"x")
        (hidden / "probe").unlink()
    except OSError as error:
        _remove(hidden, made)
        raise InputError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            do="choose another place with --out",
        ) from error
    done = False
    try:
        yield hidden
        _swap(hidden, target)
        done = True
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror or error}; nothing was kept",
            where=str(path),
            do="free space or choose another place with --out",
        ) from error
    finally:
        if not done:
            _remove(hidden, made)


def _check(target: Path, shown: str, overwrite: bool) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise InputError("is a file", where=shown, do="give the name of a folder")
    if not any(target.iterdir()):
        return
    if not (target / MARK).is_file():
        raise InputError("is a folder that holds no run", where=shown, do="choose another one")
    if not overwrite:
        raise InputError(
            "there is a run already", where=shown, do="choose another place, or --overwrite"
        )


def _swap(hidden: Path, target: Path) -> None:
    if not os.path.lexists(target):
        os.rename(hidden, target)
        return
    old = target.with_name(f"{hidden.name}.old")
    os.rename(target, old)
    try:
        os.rename(hidden, target)
    except OSError:
        os.rename(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _remove(hidden: Path, made: list[Path]) -> None:
    shutil.rmtree(hidden, ignore_errors=True)
    for parent in reversed(made):
        with contextlib.suppress(OSError):
            parent.rmdir()
