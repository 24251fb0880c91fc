"""How large a model file may be before it is refused, unread."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes that are checked before anything is allocated.

    Arrays are stored uncompressed, so memory in use stays near the size of the file; the manifest
    is the only compressed member, and `manifest_bytes` bounds what it may expand to.

    >>> Limits(file_bytes=10 * 2**20).manifest_bytes
    16777216
    """

    file_bytes: int = 2**32 - 2**16
    """The whole file.  Format 1 has no 64-bit offsets, so 4 GiB is also its own bound."""

    manifest_bytes: int = 2**24
    """The manifest, decompressed."""

    values: int = 2_000_000
    """Values in the manifest: each costs up to about 100 bytes of memory."""

    depth: int = 64
    """How deep values may lie within one another."""
