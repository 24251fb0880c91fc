"""The classes a model file may hold: a closed table, by name.

The table is read from the library (every public estimator, loss, penalty and record), from the list
of scikit-learn's plumbing below, and from what a program registered.  A loader looks names up here
and nowhere else; a name in a file never becomes an import.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

from sklearn.base import BaseEstimator

from ..catalogue import FAMILIES, estimators
from .codec import expect
from .errors import ModelFileError

Kind = Literal["estimator", "tuple", "record", "plain"]

#: Packages whose exported parts, named tuples and dataclasses may be stored, besides the families.
VOCABULARY = ("data", "densities", "losses", "penalties")

#: Records of the ground.
GROUND = {
    "core.estimate": ("Estimate",),
    "core.finding": ("Finding",),
    "core.history": ("History", "Row"),
    "core.space": ("OneOf", "Real", "Whole"),
}

#: scikit-learn's plumbing: what holds, splits and encodes, in plain attributes.
SCIKIT_LEARN = {
    "compose": ("ColumnTransformer", "TransformedTargetRegressor", "make_column_selector"),
    "dummy": ("DummyClassifier", "DummyRegressor"),
    "feature_extraction.text": (
        "CountVectorizer",
        "HashingVectorizer",
        "TfidfTransformer",
        "TfidfVectorizer",
    ),
    "model_selection": (
        "GroupKFold",
        "GroupShuffleSplit",
        "KFold",
        "LeaveOneGroupOut",
        "LeaveOneOut",
        "LeavePGroupsOut",
        "LeavePOut",
        "PredefinedSplit",
        "RepeatedKFold",
        "RepeatedStratifiedKFold",
        "ShuffleSplit",
        "StratifiedGroupKFold",
        "StratifiedKFold",
        "StratifiedShuffleSplit",
        "TimeSeriesSplit",
    ),
    "pipeline": ("FeatureUnion", "Pipeline"),
    "preprocessing": (
        "FunctionTransformer",
        "LabelBinarizer",
        "LabelEncoder",
        "MultiLabelBinarizer",
    ),
    "utils._metadata_requests": ("MetadataRequest", "MethodMetadataRequest"),
}

#: Parameters that would reach outside the file: a pipeline's cache is a folder of pickles.
FORBIDDEN = {"Pipeline": ("memory",)}

_registered: dict[str, type] = {}


def register(cls: type, name: str) -> type:
    """Let model files hold `cls` under `name`.

    Estimators keep their parameters and attributes, named tuples and dataclasses their fields, any
    other class what ``vars(instance)`` shows.  Register under the same name, before saving and
    before loading, in every program that shares the files; nothing is ever imported by name.

    >>> class Halve: ...
    >>> register(Halve, "mine.Halve") is Halve
    True
    """
    if not isinstance(cls, type):
        raise TypeError(f"register takes a class, not {cls!r}")
    if name in _library() or _registered.get(name, cls) is not cls:
        raise ValueError(f"the name {name!r} is taken by another class")
    _registered[name] = cls
    return cls


def _is_value(thing: Any) -> bool:
    return isinstance(thing, type) and (
        is_dataclass(thing) or (issubclass(thing, tuple) and hasattr(thing, "_fields"))
    )


@cache
def _library() -> dict[str, type]:
    table: dict[str, type] = dict(estimators())
    for name in (*FAMILIES, *VOCABULARY):
        package = import_module(f"..{name}", __package__)
        for exported in getattr(package, "__all__", ()):
            if _is_value(thing := getattr(package, exported)):
                table[f"{name}.{exported}"] = thing
    for name, classes in GROUND.items():
        module = import_module(f"..{name}", __package__)
        table |= {f"core.{c}": getattr(module, c) for c in classes}
    for name, classes in SCIKIT_LEARN.items():
        module = import_module(f"sklearn.{name}")
        table |= {f"sklearn.{name}.{c}": getattr(module, c) for c in classes}
    return table


@cache
def _library_names() -> dict[type, str]:
    # The first name wins: estimators before what other packages export again.
    return {cls: name for name, cls in reversed(_library().items())}


def class_named(name: Any) -> type:
    """The class of that name; an error for any other name."""
    expect(name, str, "a class name")
    found = _registered.get(name) or _library().get(name)
    if found is None:
        raise ModelFileError(
            f"holds an object of class {str(name)[:80]!r}, which is not in the registry",
            do="update zhixing, or register the class before loading (zhixing.persist.register)",
        )
    return found


def name_of(cls: type) -> str | None:
    """The name under which a class is stored; None where it may not be."""
    for name, registered in _registered.items():
        if registered is cls:
            return name
    return _library_names().get(cls)


def kind_of(cls: type) -> Kind:
    """How instances of a class are taken apart."""
    if issubclass(cls, BaseEstimator):
        return "estimator"
    if issubclass(cls, tuple):
        return "tuple"
    return "record" if is_dataclass(cls) else "plain"
