"""The member ``manifest.json``: strict JSON of bounded size, and nothing unexpected in it."""

from __future__ import annotations

import json
import math
import platform
from importlib.metadata import version
from typing import Any, NoReturn

import numpy as np

from .codec import expect
from .errors import ModelFileError
from .limits import Limits
from .migrate import FORMAT, migrated

KEYS = {"format", "versions", "arrays", "model", "schema", "metadata"}


def versions() -> dict[str, str]:
    """What wrote the file."""
    return {
        "zhixing": version("zhixing"),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": version("scipy"),
        "scikit-learn": version("scikit-learn"),
    }


def dump(manifest: dict[str, Any]) -> bytes:
    return json.dumps(manifest, separators=(",", ":"), allow_nan=False).encode("ascii")


def parse(text: bytes, limits: Limits) -> dict[str, Any]:
    """The manifest, of the current format; each check comes before the cost it avoids."""
    # A value cannot be written without one of these, so this bounds what the parser may build.
    if text.count(b",") + text.count(b"[") + text.count(b"{") > limits.values:
        raise ModelFileError(
            f"the manifest holds more than {limits.values} values",
            do="raise Limits(values=...) if you trust the file",
        )
    try:
        manifest = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_small,
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, ModelFileError):
            raise
        raise ModelFileError(f"the manifest is not JSON as it is written here ({error})") from error
    return _checked(manifest)


def _checked(manifest: Any) -> dict[str, Any]:
    number = expect(expect(manifest, dict, "the manifest").get("format"), int, "the format")
    wrote = manifest.get("versions")
    by = wrote.get("zhixing", "?") if isinstance(wrote, dict) else "?"
    if number > FORMAT:
        raise ModelFileError(
            f"has format {number}, written by zhixing {str(by)[:20]}; "
            f"this version reads formats up to {FORMAT}",
            do="update zhixing",
        )
    if number < 1:
        raise ModelFileError(f"has format {number}, which never existed")
    manifest = migrated(manifest)
    if manifest.keys() != KEYS:
        odd = sorted(manifest.keys() ^ KEYS)[0]
        raise ModelFileError(f"the manifest has the wrong parts ({odd[:40]!r})")
    for package, number in expect(manifest["versions"], dict, "the versions").items():
        expect(number, str, f"the version of {package[:40]}")
    return manifest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ModelFileError("the manifest has a key twice")
    return out


def _no_constant(name: str) -> NoReturn:
    raise ModelFileError(f"the manifest holds {name}, which is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ModelFileError("the manifest holds a number beyond double precision")
    return value


def _small(text: str) -> int:
    if len(text) > 20:
        raise ModelFileError("the manifest holds an integer of more than 64 bits")
    return int(text)
