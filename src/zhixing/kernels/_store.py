"""Where the machine code of one kernel is kept: Numba's store on disk, without three of its traps.

Numba forgets everything when the *time* of the source file changes, so a fresh clone or a reinstalled
package of the same text starts cold although `zhixing warmup` has run; the folder's name (a hash of
the sources) says better what is in it.  Two processes that save at once lose one another's entries,
since both rewrite one index: here they take turns.  And an index that names a class which another
process cannot import is unreadable for all: machine code for a user's own parts is kept apart.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numba.core.caching import IndexDataCacheFile

try:
    import fcntl
except ImportError:  # Windows: the last writer wins, and the loser compiles once more
    fcntl = None  # type: ignore[assignment]


class Store(IndexDataCacheFile):
    """The index and data files of one kernel in one folder."""

    def __init__(self, folder: Path, kernel: str) -> None:
        super().__init__(str(folder), kernel, source_stamp=None)
        self._apart: dict[str, Store] = {}

    def load(self, key: Any) -> Any:
        store = self._holder(key)
        return None if store is None else super(Store, store).load(key)

    def save(self, key: Any, data: Any) -> None:
        store = self._holder(key)
        if store is not None:
            with store._turn():
                super(Store, store).save(key, data)

    def _load_index(self) -> dict[Any, str]:
        try:
            return super()._load_index()
        except Exception:  # damaged, or of classes that are gone: it is only a cache, compile again
            return {}

    def _holder(self, key: Any) -> Store | None:
        """This store, the one of a user's parts, or None where a part has no source to go by."""
        foreign = [
            cls
            for cls in (getattr(t, "instance_class", None) for t in key[0])
            if cls is not None and cls.__module__.partition(".")[0] != "zhixing"
        ]
        if not foreign:
            return self
        digest = hashlib.sha256()
        for cls in foreign:
            # Classes of __main__ are pickled by value and equal nothing in the next process.
            if cls.__module__ == "__main__" or "<locals>" in cls.__qualname__:
                return None
            try:
                text = Path(inspect.getfile(cls)).read_bytes()
            except (OSError, TypeError):
                return None
            digest.update(f"{cls.__module__}.{cls.__qualname__}\n".encode() + text)
        name = f"{Path(self._index_path).stem}-{digest.hexdigest()[:16]}"
        return self._apart.setdefault(name, Store(Path(self._cache_path), name))

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if fcntl is None:
            yield
            return
        handle = os.open(f"{self._index_path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
