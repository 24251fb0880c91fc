"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..core.errors import InputError


@contextlib.contextmanager
def atomic_file(
    path: str | os.PathLike[str], error: type[InputError] = InputError
) -> Iterator[IO[bytes]]:
    """A binary file to write; it takes the name `path` when the block ends without an exception.

    The file is written beside its place, flushed to the disk and renamed, so that a reader sees the
    old file or the new one, also after a crash or on a full disk.  A failure to write raises
    `error` in one line and leaves nothing behind.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_file(Path(folder, "a.bin")) as file:
    ...         _ = file.write(b"whole")
    ...     Path(folder, "a.bin").read_bytes()
    b'whole'
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise error("is a directory", where=str(path), do="give the name of a file")
    if not target.parent.is_dir():
        raise error(f"the folder {target.parent} does not exist", where=str(path), do="create it")
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    made = False
    try:
        # The mode is what the umask leaves of it, as for any new file.
        handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        made = True
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        made = False
        _sync_folder(target.parent)
    except OSError as cause:
        raise error(
            f"cannot be written: {cause.strerror or cause}",
            where=str(path),
            do="free space or choose another place",
        ) from cause
    finally:
        if made:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _sync_folder(folder: Path) -> None:
    # Some file systems refuse to sync a folder; the rename itself has happened.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
