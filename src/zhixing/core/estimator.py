"""The estimator: scikit-learn's protocol, parts as nested parameters, and candidacy for the workbench."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from sklearn.base import BaseEstimator

from .space import Space

Task = Literal["binary", "multiclass", "regression", "count"]


@dataclass(frozen=True)
class Candidate:
    """How an estimator offers itself to ``zhixing fit``: the tasks, the search space, fixed settings.

    `simplicity` orders candidates: of models that cannot be told apart the lowest is proposed.
    0 is a constant, 10 a linear model with a closed form, 20 one with selection, 30 and above non-linear.
    `cost` is the relative work of one fit, in fits of a ridge regression.
    `categories` names the parameter that takes a mask of categorical columns: such a candidate sees the
    table nearly as it is, numbers with their gaps and categories as codes.
    """

    tasks: tuple[Task, ...]
    simplicity: int
    space: Space = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    cost: float = 1.0
    sparse: bool = True
    max_rows: int | None = None
    categories: str | None = None


class Estimator(BaseEstimator):
    """scikit-learn's ``BaseEstimator``, whose parts are nested parameters too.

    ``set_params(loss__delta=2.0)`` replaces the field of the part held in `loss`.
    A class attribute `candidate` makes the estimator a candidate of the workbench.
    """

    candidate: ClassVar[Candidate | None] = None

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        params = super().get_params(deep)
        if deep:
            for name in list(params):
                value = params[name]
                if hasattr(value, "is_part"):
                    params |= {f"{name}__{f}": v for f, v in zip(value._fields, value)}
        return params

    def set_params(self, **params: Any) -> Estimator:
        plain: dict[str, Any] = {}
        fields: dict[str, dict[str, Any]] = {}
        for key, value in params.items():
            name, _, rest = key.partition("__")
            held = params.get(name, getattr(self, name, None))
            if rest and hasattr(held, "is_part"):
                fields.setdefault(name, {})[rest] = value
            else:
                plain[key] = value
        super().set_params(**plain)
        for name, changed in fields.items():
            held = getattr(self, name)
            setattr(self, name, type(held)(**(held._asdict() | changed)))
        return self
