"""What a part is: a small immutable tuple of parameters with pure methods.

Losses, penalties, criteria and densities are parts.  A part is a ``NamedTuple`` because Numba types
one by its name and its fields, so a compiled loop that takes a part is found again in the cache on
disk by the next process; a jitted function passed as an argument never is.  Its plain Python methods
become compiled methods in `zhixing.kernels._jit`, which is the only place that knows Numba.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


def part(cls: type[T]) -> type[T]:
    """Make a ``NamedTuple`` a part: typed equality, and floats where the fields say float.

    Bare tuples compare by content, so ``Squared(1.0) == Logistic(1.0)`` would be true.  An int in a
    float field would have Numba compile a second version of every loop.  A part needs at least one
    field, because Numba cannot pass an empty tuple as a method's receiver.  A class attribute `coerce`
    maps further fields to what brings them to their one form, e.g. a read-only array; such parts are
    compared and hashed by content, and are not for kernels.
    """
    fields: tuple[str, ...] = cls._fields  # type: ignore[attr-defined]
    if not fields:
        raise TypeError(f"part {cls.__name__} needs at least one field, e.g. `scale: float = 1.0`")
    hints = {name: cls.__annotations__[name] for name in fields}
    # Under `from __future__ import annotations` NamedTuple keeps a ForwardRef.
    is_float = [getattr(h, "__forward_arg__", h) in (float, "float") for h in hints.values()]
    original = cls.__new__
    rules: dict[str, Callable[[Any], Any]] = getattr(cls, "coerce", {})
    if rules:
        shapes = [rules.get(name, float if f else None) for name, f in zip(fields, is_float)]

    @functools.wraps(original)
    def __new__(klass: type, *args: Any, **kwargs: Any) -> Any:
        made: Any = original(klass, *args, **kwargs)
        if rules:
            return tuple.__new__(klass, [rule(v) if rule else v for v, rule in zip(made, shapes)])
        if all(type(v) is float for v, f in zip(made, is_float) if f):
            return made
        return tuple.__new__(klass, [float(v) if f else v for v, f in zip(made, is_float)])

    def __eq__(self: Any, other: object) -> bool:
        if type(self) is not type(other):
            return False
        if rules:
            return all(map(_same, self, other))  # type: ignore[call-overload]
        return tuple.__eq__(self, other)  # type: ignore[arg-type]

    def __ne__(self: Any, other: object) -> bool:
        return not __eq__(self, other)

    def __hash__(self: Any) -> int:
        values = map(_content, self) if rules else self
        return hash((type(self).__qualname__, tuple(values)))

    for method in (__new__, __eq__, __ne__, __hash__):
        setattr(cls, method.__name__, method)
    cls.is_part = True  # type: ignore[attr-defined]
    return cls


def _content(value: Any) -> Any:
    return (value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value


def _same(a: Any, b: Any) -> bool:
    return bool(_content(a) == _content(b))


def needs(made: Any, *methods: str, by: str, instead: str = "") -> None:
    """Say what a solver needs before it starts.

    >>> needs((), "prox", by="fista")
    Traceback (most recent call last):
    TypeError: fista needs `prox`, which tuple does not have
    """
    missing = [m for m in methods if not hasattr(made, m)]
    if missing:
        names = ", ".join(f"`{m}`" for m in missing)
        hint = f"; use {instead}" if instead else ""
        raise TypeError(f"{by} needs {names}, which {type(made).__name__} does not have{hint}")
