"""How a loop is compiled here, and the only file that says how a part enters one.

`kernel` compiles a serial loop that releases the GIL and caches it on disk.  Each kernel declares the
argument types it will be called with (`warm`); ``zhixing warmup`` compiles exactly these, and a test
fails when a fit compiles anything else.  Numba does not notice an edit in *another* file, so the
cache folder of a kernel is named after a hash of every source it can reach.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import inspect
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.cpython.unsafe import numbers
from numba.extending import intrinsic, overload_method, register_jitable

from . import _scalar
from ._store import Store

#: Words that stand for parts in a kernel's `warm` list, and the packages that hold them.
PART_KINDS = {
    "loss": "losses",
    "row_loss": "losses",
    "online_loss": "losses",
    "penalty": "penalties",
    "criterion": "criteria",
    "density": "densities",
    "distance": "distances",
    "gram": "gram",
}

#: Methods of parts that kernels may call, with their arguments.
METHODS = {
    "value": ("y", "z"),
    "derivatives": ("y", "z"),
    "value_row": ("y", "z"),
    "derivatives_row": ("y", "z", "g", "h"),
    "prox": ("v", "step"),
    "violation": ("w", "g"),
    "conjugate": ("y", "u"),
    "add": ("s", "x", "weight"),
    "log_density": ("x", "theta"),
    "score": ("s",),
    "score_pair": ("a", "b"),
    "score_sides": ("left", "total"),
    "ceiling": ("s",),
}


class Kernel(NamedTuple):
    name: str
    compiled: Any
    warm: tuple[tuple[str, ...], ...]


#: Every kernel of the library that has been imported, by dotted name.
KERNELS: dict[str, Kernel] = {}


@functools.cache
def cache_root() -> Path:
    """Where compiled kernels are kept."""
    base = os.environ.get("ZHIXING_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = (Path(base) if base else Path.home() / ".cache") / "zhixing"
    try:
        root.mkdir(parents=True, exist_ok=True)
        if os.access(root, os.W_OK):
            return root
    except OSError:
        pass
    # A read-only home (containers): kernels are kept for this machine's uptime instead.
    root = Path(tempfile.gettempdir()) / f"zhixing-{os.getuid()}"
    root.mkdir(parents=True, exist_ok=True)
    return root


@functools.cache
def cache_folder(module: str) -> Path:
    """The cache of one kernel module: a folder named after a hash of every source it can reach.

    These are the module, the kernel modules it imports, this file, and, where its signatures name a
    kind of part, all parts of that kind.
    """
    package = Path(__file__).resolve().parent.parent
    seen: dict[Path, str] = {}

    def read(file: Path) -> None:
        if file in seen or not file.exists():
            return
        text = seen[file] = file.read_text(encoding="utf-8")
        if file.parent.name == "kernels":
            for imported in re.findall(r"^from \.(\w+) import", text, re.MULTILINE):
                read(file.with_name(f"{imported}.py"))
            if file.name == "_jit.py":
                read(file.with_name("_scalar.py"))
                read(file.with_name("_store.py"))
                return
            for word, folder in PART_KINDS.items():
                if f'"{word}"' in text:
                    read(package / "core" / "part.py")
                    for part in sorted((package / folder).glob("*.py")):
                        read(part)

    read(package / "kernels" / f"{module}.py")
    python = "{}.{}".format(*sys.version_info)
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {python}".encode())
    for file, text in sorted(seen.items()):
        digest.update(f"{file.name}\n{text}\n".encode())
    folder = cache_root() / f"{module}-{digest.hexdigest()[:16]}"
    folder.mkdir(exist_ok=True)
    return folder


@contextlib.contextmanager
def _caching(folder: Path) -> Iterator[None]:
    # Only while decorating: a user's own Numba functions keep their own cache.
    before = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before  # type: ignore[attr-defined]


def kernel(*warm: tuple[str, ...], **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Compile a loop.  `warm` lists its argument types, e.g. ``("loss", "f8[::1]", "f8[::1]")``.

    The words of `PART_KINDS` stand for every part of that kind.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        folder = cache_folder(function.__module__.rpartition(".")[2])
        with _caching(folder):
            compiled = numba.njit(nogil=True, cache=True, error_model="numpy", **options)(function)
        if not numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
            compiled._cache._cache_file = Store(folder, function.__name__)
        name = f"{function.__module__}.{function.__name__}"
        KERNELS[name] = Kernel(name, compiled, warm)
        return compiled

    return decorate


def subroutine(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """A function that only kernels call; it is compiled into them."""
    return register_jitable(**options) if function is None else register_jitable(function)


def lean(function: Callable[..., Any]) -> Any:
    """A subroutine that makes no array, so that nothing counts references to those it is given.

    Counting costs two atomic additions an array and call, more than the work on a node of few rows.
    It takes effect where the kernel says ``_nrt=False`` too.
    """
    return register_jitable(_nrt=False)(function)


@intrinsic
def _prefetch(typing_context: Any, array: Any, i: Any, j: Any) -> Any:
    byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        held = context.make_array(kind)(context, builder, arguments[0])
        at = cgutils.get_item_pointer(
            context, builder, kind, held, list(arguments[1:]), wraparound=False
        )
        form = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        call = cgutils.get_or_insert_function(builder.module, form, "llvm.prefetch.p0")
        # For reading, to be kept in every cache, as data.
        builder.call(call, [builder.bitcast(at, byte), word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp), generate


def _no_prefetch(array: Any, i: int, j: int) -> None:
    """What `prefetch` is when kernels are plain Python."""


#: ``prefetch(array, i, j)`` in a kernel asks for the cache line of array[i, j] and waits for nothing:
#: loops that visit rows in random order are otherwise bound by memory.
prefetch: Any = _no_prefetch if numba.config.DISABLE_JIT else _prefetch  # type: ignore


def _trailing_zeros(word: Any) -> int:
    """Zeros below the lowest bit of a word, when kernels are plain Python."""
    return (int(word) & -int(word)).bit_length() - 1


#: ``trailing_zeros(word)``: the place of the lowest bit of a 64-bit word that is not 0.
trailing_zeros: Any = (
    _trailing_zeros if numba.config.DISABLE_JIT else numbers.trailing_zeros  # type: ignore
)


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
