"""Model files as an attacker would write them: anything inside, and a digest that matches."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import struct
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from zhixing.persist import save, tensors
from zhixing.persist.container import ARRAYS, MANIFEST, MARK


def honest(folder: Path, model: Any, **options: Any) -> bytes:
    """The bytes `save` writes."""
    path = folder / "honest.zhixing"
    save(model, path, **options)
    return path.read_bytes()


def members(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The manifest and the arrays of a model file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(archive.read(MANIFEST)), archive.read(ARRAYS)


def signed(data: bytes) -> bytes:
    """`data`, a zip whose comment ends it, with the digest made right."""
    return data[:-64] + hashlib.sha256(data[:-64]).hexdigest().encode()


def zipped(
    entries: list[tuple[str, bytes]],
    *,
    methods: dict[str, int] | None = None,
    modes: dict[str, int] | None = None,
    before: bytes = b"",
) -> bytes:
    """A signed archive of any entries."""
    out = io.BytesIO()
    out.write(before)
    with zipfile.ZipFile(out, "a" if before else "w") as archive, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate name")
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            default = zipfile.ZIP_STORED if name == ARRAYS else zipfile.ZIP_DEFLATED
            info.compress_type = (methods or {}).get(name, default)
            info.external_attr = (modes or {}).get(name, stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content)
        archive.comment = MARK + b"0" * 64
    return signed(out.getvalue())


def forged(manifest: Any, arrays: bytes, **options: Any) -> bytes:
    """A model file with this manifest (a dictionary, or the very bytes) and this arrays member."""
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    return zipped([(MANIFEST, text), (ARRAYS, arrays)], **options)


def safetensors(entries: dict[str, Any], data: bytes, length: int | None = None) -> bytes:
    """An arrays member with any header; `length` is what it claims its header takes."""
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def text(manifest: dict[str, Any]) -> bytes:
    return json.dumps(manifest).encode()


def opened(path: Path) -> tuple[dict[str, Any], list[np.ndarray]]:
    """The manifest and the tensors of a model file."""
    manifest, member = members(path.read_bytes())
    return manifest, tensors.read(io.BytesIO(member), manifest["arrays"])
