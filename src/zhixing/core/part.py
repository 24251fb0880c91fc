"""What a part is: a small immutable tuple of parameters with pure methods.

Losses, penalties, criteria and densities are parts.  A part is a ``NamedTuple`` because Numba types
one by its name and its fields, so a compiled loop that takes a part is found again in the cache on
disk by the next process; a jitted function passed as an argument never is.  Its plain Python methods
become compiled methods in `zhixing.kernels._jit`, which is the only place that knows Numba.
"""

from __future__ import annotations

import functools
from typing import Any, TypeVar

T = TypeVar("T")


def part(cls: type[T]) -> type[T]:
    """Make a ``NamedTuple`` a part: typed equality, and floats where the fields say float.

    Bare tuples compare by content, so ``Squared(1.0) == Logistic(1.0)`` would be true.  An int in a
    float field would have Numba compile a second version of every loop.  A part needs at least one
    field, because Numba cannot pass an empty tuple as a method's receiver.
    """
    fields: tuple[str, ...] = cls._fields  # type: ignore[attr-defined]
    if not fields:
        raise TypeError(f"part {cls.__name__} needs at least one field, e.g. `scale: float = 1.0`")
    hints = {name: cls.__annotations__[name] for name in fields}
    # Under `from __future__ import annotations` NamedTuple keeps a ForwardRef.
    is_float = [getattr(h, "__forward_arg__", h) in (float, "float") for h in hints.values()]
    original = cls.__new__

    @functools.wraps(original)
    def __new__(klass: type, *args: Any, **kwargs: Any) -> Any:
        made = original(klass, *args, **kwargs)
        if all(type(v) is float for v, f in zip(made, is_float) if f):
            return made
        return tuple.__new__(klass, [float(v) if f else v for v, f in zip(made, is_float)])

    def __eq__(self: Any, other: object) -> bool:
        return type(self) is type(other) and tuple.__eq__(self, other)  # type: ignore[arg-type]

    def __ne__(self: Any, other: object) -> bool:
        return not __eq__(self, other)

    def __hash__(self: Any) -> int:
        return hash((type(self).__qualname__, tuple(self)))

    for method in (__new__, __eq__, __ne__, __hash__):
        setattr(cls, method.__name__, method)
    cls.is_part = True  # type: ignore[attr-defined]
    return cls


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
