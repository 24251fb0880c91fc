"""Parameters that go by two names: a booster's own and another that its users type."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any, ClassVar


class Aliased:
    """A parameter named in `_aliases` stands for another; None means that it was not given."""

    _aliases: ClassVar[dict[str, str]] = {}

    def _settings(self) -> SimpleNamespace:
        """The parameters by their main names."""
        given = self.get_params(deep=False)  # type: ignore[attr-defined]
        defaults = inspect.signature(type(self).__init__).parameters
        made = {name: value for name, value in given.items() if name not in self._aliases}
        for alias, name in self._aliases.items():
            value = given[alias]
            if value is None:
                continue
            held, default = made[name], defaults[name].default
            if held is not default and held != default and held != value:
                raise ValueError(
                    f"{alias}={value!r} and {name}={held!r} are one parameter; give one"
                )
            made[name] = value
        return SimpleNamespace(**made)


def check_ranges(settings: Any, rules: dict[str, tuple[str, Any]]) -> None:
    """Refuse a setting outside its range: {name: (what it must be, a test)}."""
    for name, (must, fine) in rules.items():
        value = getattr(settings, name)
        try:
            good = bool(fine(value))
        except (TypeError, ValueError):
            good = False
        if not good:
            raise ValueError(f"{name}={value!r} must be {must}")


SHARE = ("in (0, 1]", lambda v: 0 < v <= 1)
CHANCE = ("in [0, 1]", lambda v: 0 <= v <= 1)
POSITIVE = ("positive", lambda v: v > 0)
NOT_NEGATIVE = ("not negative", lambda v: v >= 0)
COUNT = ("a whole number of at least 1", lambda v: v >= 1 and int(v) == v)
BINS = ("from 2 to 255, since a bin is one byte", lambda v: 2 <= v <= 255)


def one_of(*names: Any) -> tuple[str, Any]:
    return "one of " + ", ".join(map(repr, names)), lambda v: v in names
