"""The classes a model file may hold: a closed table, by name.

The table is read from the library (every estimator, part, named tuple and dataclass), from the list
of scikit-learn's plumbing below, and from what a program registered.  A loader looks names up here
and nowhere else.  Of the packages listed here it imports those whose classes a file uses, so that
loading is quick; nothing else in a file can become an import.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from sklearn.base import BaseEstimator

from ..catalogue import FAMILIES
from ..core.estimator import Estimator
from .codec import expect
from .errors import ModelFileError

Kind = Literal["estimator", "tuple", "record", "plain"]

#: Packages whose estimators, parts, named tuples and dataclasses may be stored, besides the families.
VOCABULARY = ("core", "criteria", "data", "densities", "growth", "losses", "penalties", "rounds")

#: Plain classes of the library that keep all they have in their attributes.
PLAIN = {"core.history": ("History",)}

_VECTORIZERS = ("CountVectorizer", "HashingVectorizer", "TfidfVectorizer")

#: scikit-learn's plumbing: what holds, splits and encodes, in plain attributes.
SCIKIT_LEARN = {
    "compose": ("ColumnTransformer", "TransformedTargetRegressor", "make_column_selector"),
    "dummy": ("DummyClassifier", "DummyRegressor"),
    "feature_extraction.text": (*_VECTORIZERS, "TfidfTransformer"),
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
    "metrics._scorer": ("_PassthroughScorer",),
    "pipeline": ("FeatureUnion", "Pipeline"),
    "preprocessing": (
        "FunctionTransformer",
        "LabelBinarizer",
        "LabelEncoder",
        "MultiLabelBinarizer",
    ),
    "utils._metadata_requests": ("MetadataRequest", "MethodMetadataRequest"),
}

#: Parameters that could reach outside the file, and the one value they may have: the cache of a
#: pipeline is a folder of pickles, and a vectorizer may be told to open the files that rows name.
FIXED: dict[str, dict[str, Any]] = {
    "Pipeline": {"memory": None},
    **{name: {"input": "content"} for name in _VECTORIZERS},
}

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
    if name.rpartition(".")[0] in packages() or _registered.get(name, cls) is not cls:
        raise ValueError(f"the name {name!r} is taken by another class or package")
    _registered[name] = cls
    return cls


def _is_storable(thing: Any) -> bool:
    return isinstance(thing, type) and (
        issubclass(thing, Estimator)
        or is_dataclass(thing)
        or (issubclass(thing, tuple) and hasattr(thing, "_fields"))
    )


@cache
def packages() -> tuple[str, ...]:
    """Every package and module of the table, as the names in it begin: exported names first."""
    ours = [*FAMILIES, *VOCABULARY]
    modules = [
        f"{package}.{file.stem}"
        for package in ours
        for file in sorted((Path(__file__).parents[1] / package).glob("*.py"))
        if file.stem != "__init__"
    ]
    return (*ours, *modules, *(f"sklearn.{name}" for name in SCIKIT_LEARN))


@cache
def _classes_of(package: str) -> dict[str, type]:
    """The storable classes of one of `packages`; only that one is imported, once it is needed."""
    if package.startswith("sklearn."):
        module = import_module(package)
        return {name: getattr(module, name) for name in SCIKIT_LEARN[package[len("sklearn.") :]]}
    module = import_module(f"..{package}", __package__)
    if "." not in package:
        found = {name: getattr(module, name) for name in getattr(module, "__all__", ())}
    else:
        found = {n: t for n, t in vars(module).items() if _defined_in(module, t)}
    plain = {name: getattr(module, name) for name in PLAIN.get(package, ())}
    return {name: thing for name, thing in found.items() if _is_storable(thing)} | plain


def _defined_in(module: Any, thing: Any) -> bool:
    return getattr(thing, "__module__", None) == module.__name__


def class_named(name: Any) -> type:
    """The class of that name; an error for any other name."""
    package, _, short = expect(name, str, "a class name").rpartition(".")
    found = _registered.get(name)
    if found is None and package in packages():
        found = _classes_of(package).get(short)
    if found is None:
        # A floor below the workbench, which registers its own classes.
        of_the_workbench = package == "workbench"
        raise ModelFileError(
            f"holds an object of class {name[:80]!r}, which is not in the registry",
            do="load it with zhixing.workbench.load_model"
            if of_the_workbench
            else "update zhixing, or register the class before loading (zhixing.persist.register)",
        )
    return found


def name_of(cls: type) -> str | None:
    """The name under which a class is stored; None where it may not be."""
    for name, registered in _registered.items():
        if registered is cls:
            return name
    return _library_name(cls)


@cache
def _library_name(cls: type) -> str | None:
    for package in packages():
        if _near(package, cls) and _classes_of(package).get(cls.__name__) is cls:
            return f"{package}.{cls.__name__}"
    return None


def _near(package: str, cls: type) -> bool:
    """Whether `cls` may be in that part of the table, told without importing anything."""
    if package.startswith("sklearn."):
        names = SCIKIT_LEARN[package[len("sklearn.") :]]
        return cls.__module__.startswith("sklearn.") and cls.__name__ in names
    home = f"zhixing.{package}"
    return cls.__module__ == home or cls.__module__.startswith(f"{home}.")


def kind_of(cls: type) -> Kind:
    """How instances of a class are taken apart."""
    if issubclass(cls, BaseEstimator):
        return "estimator"
    if issubclass(cls, tuple):
        return "tuple"
    return "record" if is_dataclass(cls) else "plain"
