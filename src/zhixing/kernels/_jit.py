"""How a loop is compiled here, and the only file that says how a part enters one.

`kernel` compiles a serial loop that releases the GIL and caches it on disk.  Each kernel declares the
argument types it will be called with (`warm`); ``zhixing warmup`` compiles exactly these, and a test
fails when a fit compiles anything else.  Numba does not notice an edit in *another* file, so the cache
folder is named after a hash of every source a kernel can reach.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np
from numba import types
from numba.extending import overload_method, register_jitable

from . import _scalar

#: Folders whose sources a compiled loop can reach: kernels, and the parts.
SOURCES = ("core", "kernels", "losses", "penalties", "criteria", "densities", "distances", "gram")

#: Methods of parts that kernels may call, with their arguments.
METHODS = {
    "value": ("y", "z"),
    "derivatives": ("y", "z"),
    "value_row": ("y", "z"),
    "derivatives_row": ("y", "z", "g", "h"),
    "prox": ("v", "step"),
    "violation": ("w", "g"),
    "conjugate": ("y", "u"),
}


class Kernel(NamedTuple):
    name: str
    compiled: Any
    warm: tuple[tuple[str, ...], ...]


#: Every kernel of the library that has been imported, by dotted name.
KERNELS: dict[str, Kernel] = {}


def cache_folder() -> Path:
    """Where compiled kernels are kept: one folder per state of the sources and version of Numba."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__}".encode())
    for folder in SOURCES:
        for file in sorted((package / folder).glob("*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    base = os.environ.get("ZHIXING_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = Path(base) if base else Path.home() / ".cache"
    folder = root / "zhixing" / f"kernels-{digest.hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    # A read-only home (containers): kernels are kept for this machine's uptime instead.
    folder = Path(tempfile.gettempdir()) / f"zhixing-{os.getuid()}" / folder.name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


CACHE = cache_folder()


@contextlib.contextmanager
def _caching() -> Iterator[None]:
    # Only while decorating: a user's own Numba functions keep their own cache.
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(CACHE)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]


def kernel(*warm: tuple[str, ...], **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile a loop.  `warm` lists its argument types, e.g. ``("loss", "f8[::1]", "f8[::1]")``.

    The words ``loss``, ``row_loss`` and ``penalty`` stand for every part of that kind.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        with _caching():
            compiled = numba.njit(nogil=True, cache=True, error_model="numpy", **options)(function)
        name = f"{function.__module__}.{function.__name__}"
        KERNELS[name] = Kernel(name, compiled, warm)
        return compiled

    return decorate


def subroutine(function: Callable[..., Any]) -> Any:
    """A function that only kernels call; it is compiled into them."""
    return register_jitable(function)


def argument_types(signature: tuple[str, ...], parts: dict[str, Any]) -> tuple[Any, ...]:
    """Numba types from the words of a `warm` entry; `parts` maps a kind to an instance."""
    names = vars(types)
    return tuple(
        numba.typeof(parts[word]) if word in parts else eval(word, {"types": types}, names)
        for word in signature
    )


def _expose(name: str, *arguments: str) -> None:
    """Let kernels call ``part.name(...)``: the plain method, compiled, with `xp` for one number."""
    written = ", ".join(("self", *arguments))

    def implementation(receiver: Any) -> Any:
        method = getattr(receiver.instance_class, name, None)
        if method is None or "xp" not in inspect.signature(method).parameters:
            return method
        scope = {"inner": register_jitable(method), "xp": _scalar}
        exec(f"def {name}({written}): return inner({written}, xp)", scope)
        return scope[name]

    scope = {"implementation": implementation}
    exec(f"def choose({written}): return implementation(self)", scope)
    overload_method(types.BaseNamedTuple, name, strict=False)(scope["choose"])


for _function in (_scalar.clip, _scalar.where):
    register_jitable(_function)
for _name, _arguments in METHODS.items():
    _expose(_name, *_arguments)
