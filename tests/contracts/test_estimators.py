"""scikit-learn's own checks, on every estimator the library exports, without exceptions."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import pytest
from sklearn.utils.estimator_checks import check_estimator

from zhixing.catalogue import candidates, estimators

from .required import REQUIRED


def instances() -> list[Any]:
    made = []
    for name, cls in sorted(estimators().items()):
        made += [
            pytest.param(e, id=f"{name}-{i}") for i, e in enumerate(REQUIRED.get(name) or [cls()])
        ]
    return made


@pytest.mark.parametrize("estimator", instances())
def test_check_estimator(estimator: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks provoke warnings on purpose
        results = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = [
        f"{r['check_name']}: {r['exception']!r}"
        for r in results
        if r["status"] not in ("passed", "skipped")
    ]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("name", sorted(estimators()))
def test_documented(name: str) -> None:
    cls = estimators()[name]
    assert cls.__doc__ and cls.__doc__.strip().splitlines()[0].rstrip().endswith((".", ":", ")"))
    assert ">>>" in cls.__doc__, f"{name} needs a running example"


@pytest.mark.parametrize("name", sorted(estimators()))
def test_parameters_are_stored_and_nothing_else(name: str) -> None:
    """`__init__` has no logic: every parameter is an attribute of the same name."""
    cls = estimators()[name]
    made = REQUIRED.get(name, [None])[0] or cls()
    # A class without parameters has the `__init__` of object, whose signature says nothing.
    given = {} if cls.__init__ is object.__init__ else inspect.signature(cls.__init__).parameters
    assert set(given) - {"self"} == set(made.get_params(deep=False))
    for parameter in set(given) - {"self"}:
        assert hasattr(made, parameter)


def test_every_task_has_candidates_simplest_first() -> None:
    for task in ("binary", "multiclass", "regression", "count"):
        found = candidates(task)  # type: ignore[arg-type]
        assert found
        order = [cls.candidate.simplicity for cls in found.values() if cls.candidate]
        assert order == sorted(order)
