"""Every public estimator of the library, found by reading the families.

The workbench takes its candidates from here, the model file its classes, the tests their members:
an estimator that a family exports is known everywhere, and nothing is listed twice.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .core.estimator import Estimator, Task

#: Packages whose `__all__` is searched.
FAMILIES = (
    "calibration",
    "ensemble",
    "impute",
    "linear_model",
    "model_selection",
    "naive_bayes",
    "preprocessing",
    "recipes",
    "tree",
)


@cache
def estimators() -> dict[str, type[Estimator]]:
    """Public estimators by dotted name without the leading package, e.g. ``linear_model.Ridge``."""
    found: dict[str, type[Estimator]] = {}
    for family in FAMILIES:
        package = import_module(f"{__package__}.{family}")
        for name in getattr(package, "__all__", ()):
            cls = getattr(package, name)
            if isinstance(cls, type) and issubclass(cls, Estimator):
                found[f"{family}.{name}"] = cls
    return found


def candidates(task: Task) -> dict[str, type[Estimator]]:
    """Estimators that offer themselves for a task, simplest first."""
    fitting = {
        name: cls
        for name, cls in estimators().items()
        if cls.candidate is not None and task in cls.candidate.tasks
    }
    return dict(sorted(fitting.items(), key=lambda kv: (kv[1].candidate.simplicity, kv[0])))  # type: ignore[union-attr]
