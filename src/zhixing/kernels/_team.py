"""Several threads in one loop: `barrier(state, team)` waits until all of a team have come.

A tree is grown by many short steps (partition, histogram, search), each too short to hand to a pool.
So every thread of a team runs the whole kernel on its share, and they meet at barriers.  The wait
spins first, since the steps are of microseconds, then yields the processor, since other work may
hold it, and at last sleeps: on a busy machine a member that only yields would burn what the others
wait for.  `core.parallel.team` sees to it that all members of a team run at once.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, register_jitable

#: Looks before the first yield (one takes about 10 ns), yields before the first sleep, and its length.
SPINS, YIELDS, SLEEP = 2000, 100, 40


def barrier_state() -> np.ndarray:
    """Members who have come, and the number of meetings so far, on cache lines of their own."""
    return np.zeros(16, np.int64)


def _pointer(context: Any, builder: Any, kind: Any, array: Any, place: Any) -> Any:
    held = context.make_array(kind)(context, builder, array)
    return cgutils.get_item_pointer(context, builder, kind, held, [place], wraparound=False)


@intrinsic
def _load(typing_context: Any, array: Any, place: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[0], *arguments)
        return builder.load_atomic(pointer, ordering="acquire", align=8)

    return types.int64(array, types.intp), generate


@intrinsic
def _add(typing_context: Any, array: Any, place: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[0], *arguments[:2])
        return builder.atomic_rmw("add", pointer, arguments[2], ordering="acq_rel")

    return types.int64(array, types.intp, types.int64), generate


@intrinsic
def _yield(typing_context: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        form = ir.FunctionType(ir.IntType(32), [])
        builder.call(cgutils.get_or_insert_function(builder.module, form, "sched_yield"), [])
        return context.get_dummy_value()

    return types.void(), generate


@intrinsic
def _sleep(typing_context: Any, microseconds: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        form = ir.FunctionType(ir.IntType(32), [ir.IntType(32)])
        time = builder.trunc(arguments[0], ir.IntType(32))
        builder.call(cgutils.get_or_insert_function(builder.module, form, "usleep"), [time])
        return context.get_dummy_value()

    return types.void(types.int64), generate


def _meet(state: np.ndarray, team: int) -> None:
    if team == 1:
        return
    meeting = _load(state, 8)
    if _add(state, 0, np.int64(1)) == team - 1:
        _add(state, 0, np.int64(-team))
        _add(state, 8, np.int64(1))
        return
    spins = 0
    while _load(state, 8) == meeting:
        spins += 1
        if spins > SPINS + YIELDS:
            _sleep(np.int64(SLEEP))
        elif spins > SPINS:
            _yield()


def _alone(state: np.ndarray, team: int) -> None:
    assert team == 1, "plain Python kernels have teams of one"


barrier: Any = _alone if numba.config.DISABLE_JIT else register_jitable(_meet)  # type: ignore
