"""Compile every kernel once, for every process to come."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import multiprocessing
import os
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

#: What each word of a kernel's `warm` list stands for: (package, methods a member must have).
KINDS = {
    "loss": ("losses", ("value", "derivatives")),
    "row_loss": ("losses", ("derivatives_row",)),
    "online_loss": ("losses", ("value", "derivatives", "online")),
    "penalty": ("penalties", ("prox",)),
    "density": ("densities", ("add", "log_density")),
    "criterion": ("criteria", ("score", "score_pair")),
}

Progress = Callable[[int, int, str], None]


def parts(kind: str) -> dict[str, Any]:
    """Every part of a kind with its default parameters, by name."""
    package, methods = KINDS[kind]
    members = vars(importlib.import_module(f"zhixing.{package}")).items()
    return {
        name: cls()
        for name, cls in sorted(members)
        if inspect.isclass(cls)
        and getattr(cls, "is_part", False)
        and all(hasattr(cls, m) for m in methods)
    }


def modules() -> list[str]:
    """The kernel modules."""
    package = importlib.import_module("zhixing.kernels")
    return [m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_")]


def signatures(module: str) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """(kernel, argument types) for everything the kernels of a module declare."""
    from ..kernels import _jit

    name = f"zhixing.kernels.{module}"
    importlib.import_module(name)
    for kernel in list(_jit.KERNELS.values()):
        if kernel.compiled.py_func.__module__ != name:
            continue
        for words in kernel.warm:
            kinds = [kind for kind in KINDS if kind in words]
            if not kinds:
                yield kernel, _jit.argument_types(words, {})
                continue
            # One kind of part varies in a signature; a kernel of two kinds takes their product.
            chosen: list[dict[str, Any]] = [{}]
            for kind in kinds:
                chosen = [c | {kind: p} for c in chosen for p in parts(kind).values()]
            for c in chosen:
                yield kernel, _jit.argument_types(words, c)


def compile_module(module: str) -> int:
    """Compile, or find in the cache, everything a module declares; returns how many were compiled."""
    made = 0
    for kernel, types in signatures(module):
        before = sum(kernel.compiled.stats.cache_misses.values())
        kernel.compiled.compile(types)
        made += sum(kernel.compiled.stats.cache_misses.values()) - before
    _stamp(module).touch()
    return made


def _stamp(module: str) -> Path:
    from ..kernels._jit import cache_folder

    return cache_folder(module) / "warm"


def cold() -> list[str]:
    """Kernel modules not warmed up since their sources last changed.  Costs a few milliseconds."""
    return [m for m in modules() if not _stamp(m).exists()]


def warmup(
    progress: Progress | None = None, *, processes: int | None = None, again: bool = False
) -> int:
    """Compile every declared signature of every kernel in parallel processes.

    `progress(done, total, module)` is called as modules finish.  A module is compiled by one process,
    because Numba keeps one index file a kernel.  Returns the number of compilations; when everything
    is in the cache nothing is compiled.
    """
    names = modules() if again else cold()
    if not names:
        return 0
    made = 0
    workers = min(processes or len(os.sched_getaffinity(0)), len(names))
    # The largest first, so that no process ends long after the others.
    names.sort(key=_size, reverse=True)
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        jobs = {pool.submit(compile_module, name): name for name in names}
        for done, job in enumerate(as_completed(jobs), start=1):
            made += job.result()
            if progress is not None:
                progress(done, len(names), jobs[job])
    return made


def _size(module: str) -> int:
    found = importlib.util.find_spec(f"zhixing.kernels.{module}")
    assert found is not None and found.origin is not None
    text = Path(found.origin).read_text()
    return len(text) + 100_000 * text.count('"loss"')
