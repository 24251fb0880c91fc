"""Objects of registered classes: taken apart into names and values, and put together again.

An estimator is its parameters and its other attributes; a named tuple or a dataclass its fields;
any other class its attributes.  Building calls ``object.__new__`` and fills ``__dict__``, so
neither a constructor nor a property runs; a name that is not a plain attribute is refused.
Compiled loops trust the shapes of fitted arrays, so an estimator that hands its attributes to one
says what it expects of them in ``_check_loaded``, which runs last.
"""

from __future__ import annotations

import inspect
from dataclasses import fields as dataclass_fields
from functools import cache
from typing import Any

from .codec import Node, refuse
from .errors import ModelFileError
from .registry import FIXED, class_named, kind_of, name_of

_MISSING = object()


@cache
def parameter_defaults(cls: Any) -> dict[str, Any]:
    """An estimator's parameters by ``get_params``, each with its default."""
    signature = inspect.signature(cls.__init__).parameters
    return {
        name: _MISSING
        if signature[name].default is inspect.Parameter.empty
        else signature[name].default
        for name in cls._get_param_names()
    }


@cache
def _defined(cls: type) -> frozenset[str]:
    """Every name that a class or one of its bases defines."""
    return frozenset().union(*(vars(base) for base in cls.__mro__))


def check_attribute(cls: type, name: str) -> None:
    """Refuse a name that is no plain attribute: dunder, or one the class defines itself."""
    if not name.isidentifier() or (name.startswith("__") and name.endswith("__")):
        raise refuse(f"attribute name {name[:60]!r}")
    if name in _defined(cls):
        raise refuse(f"attribute {name!r} would replace what {cls.__name__} defines")


def check_parameter(cls: type, name: str, value: Any) -> None:
    fixed = FIXED.get(cls.__name__, {}) if cls.__module__.startswith("sklearn.") else {}
    if name in fixed and value != fixed[name]:
        raise ModelFileError(
            f"{cls.__name__}({name}=...) points outside the model file",
            do=f"set {name}={fixed[name]!r} before saving",
        )


def encode_object(value: Any, encoder: Any) -> Node:
    cls = type(value)
    node: Node = {"class": name_of(cls)}
    kind = kind_of(cls)
    if kind == "tuple":
        node["fields"] = encoder.named(zip(value._fields, value))
    elif kind == "record":
        names = [f.name for f in dataclass_fields(value)]
        node["fields"] = encoder.named((n, getattr(value, n)) for n in names)
    else:
        state = dict(vars(value))
        if kind == "estimator":
            names = list(cls._get_param_names())
            params = {n: state.pop(n) if n in state else getattr(value, n) for n in names}
            for name, param in params.items():
                check_parameter(cls, name, param)
            node["params"] = encoder.named(params.items())
        for name in state:
            check_attribute(cls, name)
        node["state"] = encoder.named(state.items())
    return node


def keys_of(cls: type) -> set[str]:
    """The parts of a node that holds an instance of `cls`."""
    kind = kind_of(cls)
    if kind in ("tuple", "record"):
        return {"class", "fields"}
    return {"class", "params", "state"} if kind == "estimator" else {"class", "state"}


def decode_object(node: Node, decoder: Any, key: Any) -> Any:
    """The object of `node`; `key` is told of it before its contents are read, where it may be."""
    cls = class_named(node.get("class"))
    if node.keys() - {"t", "id"} != keys_of(cls):
        raise refuse(f"the parts of {cls.__name__}")
    kind = kind_of(cls)
    if kind in ("tuple", "record"):
        return _from_fields(cls, kind, decoder.named(node["fields"]))
    made = object.__new__(cls)
    key(made)
    if kind == "estimator":
        vars(made).update(_parameters(cls, decoder.named(node["params"])))
    state = decoder.named(node["state"])
    for name in state:
        check_attribute(cls, name)
        if name in vars(made):
            raise refuse(f"{cls.__name__}.{name} is both a parameter and an attribute")
    vars(made).update(state)
    if kind == "estimator" and hasattr(cls, "_check_loaded"):
        made._check_loaded()
    return made


def _parameters(cls: type, given: dict[str, Any]) -> dict[str, Any]:
    defaults = parameter_defaults(cls)
    if unknown := given.keys() - defaults.keys():
        raise ModelFileError(f"{cls.__name__} has no parameter {sorted(unknown)[0]!r}")
    # A parameter that is newer than the file keeps its default, which is what it meant before.
    params = defaults | given
    for name, value in params.items():
        if value is _MISSING:
            raise ModelFileError(f"{cls.__name__} lacks its parameter {name!r}")
        check_parameter(cls, name, value)
    return params


def _from_fields(cls: Any, kind: str, given: dict[str, Any]) -> Any:
    if kind == "tuple":
        names, initial = set(cls._fields), set(cls._fields)
    else:
        names = {f.name for f in dataclass_fields(cls)}
        initial = {f.name for f in dataclass_fields(cls) if f.init}
    if unknown := given.keys() - names:
        raise ModelFileError(f"{cls.__name__} has no field {sorted(unknown)[0]!r}")
    made = cls(**{name: value for name, value in given.items() if name in initial})
    for name in given.keys() - initial:
        object.__setattr__(made, name, given[name])
    return made
