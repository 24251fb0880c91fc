"""Chunks of rows over a pool of threads.

Kernels are serial and release the GIL.  The chunks depend only on the number of rows, never on the
number of threads, and results come back in chunk order: one thread or sixteen give the same bits.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

R = TypeVar("R")
_state = threading.local()
_lock = threading.Lock()
_pools: dict[int, ThreadPoolExecutor] = {}
_count: int | None = None


def thread_count() -> int:
    """Threads in use: set by `threads`, else ``ZHIXING_THREADS``, else the CPUs we may run on."""
    if _count is not None:
        return _count
    return int(os.environ.get("ZHIXING_THREADS", 0)) or len(os.sched_getaffinity(0))


@contextlib.contextmanager
def threads(n: int) -> Iterator[None]:
    """Use `n` threads within the block.

    >>> with threads(1):
    ...     thread_count()
    1
    """
    global _count
    before, _count = _count, max(1, int(n))
    try:
        yield
    finally:
        _count = before


def slices(n: int, size: int) -> list[slice]:
    """Cut ``range(n)`` into pieces of `size`; the last may be shorter.

    >>> slices(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(i, min(i + size, n)) for i in range(0, n, size)]


def _entered(task: Callable[..., R], item: Any) -> R:
    _state.inside = True
    try:
        return task(item)
    finally:
        _state.inside = False


def each(task: Callable[[Any], R], items: Sequence[Any]) -> list[R]:
    """``[task(item) for item in items]`` over the threads, in order.

    Within a task it runs serially, so parallel code may call parallel code.
    """
    n = thread_count()
    if n == 1 or len(items) < 2 or getattr(_state, "inside", False):
        return [task(item) for item in items]
    with _lock:
        if n not in _pools:
            _pools[n] = ThreadPoolExecutor(n, thread_name_prefix="zhixing")
        pool = _pools[n]
    return list(pool.map(_entered, [task] * len(items), items))


_controller: Any = None


@contextlib.contextmanager
def single_threaded_blas() -> Iterator[None]:
    """Hold BLAS to one thread: for tasks of `each` that call it, and for results that reproduce.

    Entering costs 0.1 ms; within a block that holds it already it costs nothing.
    """
    global _controller
    if getattr(_state, "inside", False) or getattr(_state, "held", False):
        yield
        return
    if _controller is None:
        import scipy.linalg  # noqa: F401  (the controller sees only libraries already loaded)
        from threadpoolctl import ThreadpoolController

        _controller = ThreadpoolController()
    with _controller.limit(limits=1, user_api="blas"):
        _state.held = True
        try:
            yield
        finally:
            _state.held = False


class _Member(threading.Thread):
    """A thread that waits for tasks of teams."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="zhixing-team")
        self.wake, self.done = threading.Event(), threading.Event()
        self.task: Callable[[int], Any] | None = None
        self.me = 0
        self.result: Any = None
        self.failure: BaseException | None = None
        self.start()

    def run(self) -> None:
        _state.inside = True
        while True:
            self.wake.wait()
            self.wake.clear()
            if self.task is None:  # woken twice
                continue
            try:
                self.result, self.failure = self.task(self.me), None
            except BaseException as failure:  # carried to the caller
                self.result, self.failure = None, failure
            self.task = None
            self.done.set()


_idle: list[_Member] = []

if hasattr(os, "register_at_fork"):  # a child process has none of its parent's threads
    os.register_at_fork(after_in_child=lambda: (_pools.clear(), _idle.clear()))


def team_size() -> int:
    """Members a team would have here: one within a task of `each`, else `thread_count`."""
    return 1 if getattr(_state, "inside", False) else thread_count()


def team(task: Callable[[int], R], size: int) -> list[R]:
    """``[task(0), ..., task(size - 1)]`` all at the same time, so that they may wait for one another.

    A pool runs a task when a thread is free; the members of a team never queue.  The caller is no
    member: an interrupt may reach it at any moment, and then the others would wait for it for ever.

    >>> together = threading.Barrier(3)
    >>> team(lambda me: (together.wait(), me)[1], 3)
    [0, 1, 2]
    """
    if size == 1:
        return [task(0)]
    members: list[_Member] = []
    for me in range(size):
        try:
            member = _idle.pop()  # atomic
        except IndexError:
            member = _Member()
        member.done.clear()
        member.task, member.me = task, me
        members.append(member)
    try:
        for member in members:
            member.wake.set()
        for member in members:
            member.done.wait()
    except BaseException:  # an interrupt: who is awake waits for the others
        for member in members:
            member.wake.set()
        for member in members:
            member.done.wait()
        raise
    finally:
        _idle.extend(members)
    for member in members:
        if member.failure is not None:
            raise member.failure
    return [member.result for member in members]
