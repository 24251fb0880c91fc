"""The public surface is typed: every parameter and every result of what the packages export."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cached_property
from importlib.resources import files
from typing import Any

import pytest

import zhixing

PACKAGES = [m.name for m in pkgutil.iter_modules(zhixing.__path__) if m.ispkg]


def members(cls: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Constructor, public methods and properties that our classes write themselves."""
    for owner in cls.__mro__:
        if not owner.__module__.startswith("zhixing."):
            continue
        for name, member in vars(owner).items():
            if name.startswith("_") and name != "__init__":
                continue
            found = inspect.unwrap(
                member.fget if isinstance(member, property)
                else member.func if isinstance(member, cached_property)
                else getattr(member, "__func__", getattr(member, "fn", member))
            )  # fmt: skip
            if inspect.isfunction(found) and found.__module__.startswith("zhixing."):
                yield f"{cls.__name__}.{name}", found


def kinds(package: str) -> dict[str, set[str]]:
    """The methods that a kind of part has, and their parameters: typed once, in its protocol.

    They are compiled, and take numbers, NumPy's arrays and torch's alike.
    """
    if not (files("zhixing") / package / "protocol.py").is_file():
        return {}
    protocol = importlib.import_module(f"zhixing.{package}.protocol")
    found: dict[str, set[str]] = {}
    for _, cls in inspect.getmembers(protocol, inspect.isclass):
        for name, method in members(cls):
            if name.endswith(".__init__"):
                continue
            assert not untyped(method), f"{package}.protocol.{name}"
            found.setdefault(name.split(".")[1], {"xp", "return"}).update(
                inspect.signature(method).parameters
            )
    return found


def public(package: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Everything in `__all__` of a package that can be called, and what its classes offer."""
    home = importlib.import_module(f"zhixing.{package}")
    for name in getattr(home, "__all__", ()):
        found = getattr(home, name)
        if inspect.isclass(found):
            yield from members(found)
        elif inspect.isfunction(inspect.unwrap(found)):
            yield name, inspect.unwrap(found)


def untyped(function: Callable[..., Any]) -> list[str]:
    """Parameters without an annotation, and "return"."""
    signature = inspect.signature(function)
    gone = [
        p.name
        for p in signature.parameters.values()
        if p.annotation is p.empty and p.name not in ("self", "cls")
    ]
    return gone + ["return"] * (signature.return_annotation is signature.empty)


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_typed(package: str) -> None:
    known = kinds(package)
    found = {
        name: set(untyped(f)) - known.get(name.partition(".")[2], set())
        for name, f in public(package)
    }
    assert not {name: gone for name, gone in found.items() if gone}


def test_the_top_level_is_typed() -> None:
    for name in ("fit", "load", "threads"):
        assert not untyped(getattr(zhixing, name))


def test_what_is_untyped_is_seen() -> None:
    class Half:
        def fit(self, X: Any, y=None) -> Half:  # type: ignore[no-untyped-def]
            return self

        @property
        def coef(self):  # type: ignore[no-untyped-def]
            return 0.0

    Half.__module__ = Half.fit.__module__ = Half.coef.fget.__module__ = "zhixing.test"
    assert {name: untyped(f) for name, f in members(Half)} == {
        "Half.fit": ["y"], "Half.coef": ["return"]
    }  # fmt: skip
    assert dict(public("linear_model"))["Lasso.fit"]


def test_kinds_of_parts_are_found() -> None:
    assert {"value", "derivatives", "conjugate"} <= set(kinds("losses"))
    assert {"value", "prox", "violation"} <= set(kinds("penalties"))
    assert kinds("densities")["add"] >= {"s", "x", "weight"} and not kinds("metrics")


def test_the_package_says_that_it_is_typed() -> None:
    assert files("zhixing").joinpath("py.typed").is_file()
