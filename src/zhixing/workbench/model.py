"""What a run leaves to be used: a table's schema, its preparation and a fitted estimator in one."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import polars as pl

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.finding import Finding
from ..data import Schema, Target
from ..persist import register
from .few_rows import FewRows
from .prepare import Preparation


class TableModel(Estimator):
    """A fitted model of tables: any frame in, predictions out.

    Parameters
    ----------
    schema : Schema
        The columns it was made with; every new table is checked against it.
    target : Target
    preparation : Preparation
    estimator : a fitted estimator of the library
    threshold : float or None
        Of two classes the positive one is predicted from this probability on; None leaves the
        decision to the estimator.
    card : dict
        Where it comes from and how good it was, for ``zhixing inspect``.

    Notes
    -----
    A column that is missing or of another type is an `InputError` that names it.  What a model can
    live with (categories it never saw, values far outside the range, unreadable cells) is a
    UserWarning that names it; `check` returns the same as findings instead.  A few clean rows take
    a short way of some 0.1 ms, made for answering single requests.
    """

    def __init__(
        self,
        schema: Schema,
        target: Target,
        preparation: Preparation,
        estimator: Any,
        threshold: float | None = None,
        card: dict[str, Any] | None = None,
    ) -> None:
        self.schema = schema
        self.target = target
        self.preparation = preparation
        self.estimator = estimator
        self.threshold = threshold
        self.card = card

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __repr__(self) -> str:
        columns = len(self.schema.usable())
        return (
            f"TableModel({type(self.estimator).__name__} of {self.target.name!r} "
            f"({self.target.task}) from {columns} columns)"
        )

    @property
    def classes(self) -> tuple[Any, ...] | None:
        """Labels in the order of `predict_proba`'s columns; None for numbers."""
        return self.target.classes

    @property
    def columns(self) -> list[str]:
        """Columns a new table must have."""
        return self.schema.usable()

    def check(self, frame: Any) -> tuple[pl.DataFrame, list[Finding]]:
        """The columns the model wants, in its types, and how the table differs from the first."""
        return self.schema.check(frame)

    def prepared(self, frame: Any) -> Any:
        """The matrix the estimator sees."""
        few = FewRows.of(self).matrix(frame)
        if few is not None:
            return few
        rows, findings = self.check(frame)
        for finding in findings:
            if finding.severity in ("error", "warning"):
                warnings.warn(finding.title, UserWarning, stacklevel=3)
        return self.preparation.transform(rows)

    def predict(self, frame: Any) -> np.ndarray:
        """Labels as they are written in the table, or numbers.  Shape (n,)."""
        return self.decide(self.prepared(frame))

    def predict_proba(self, frame: Any) -> np.ndarray:
        """Probabilities of `classes`, shape (n, k)."""
        return self.probabilities(self.prepared(frame))

    def decide(self, X: Any) -> np.ndarray:
        """Predictions from a prepared matrix."""
        if self.target.classes is None:
            return np.asarray(self.estimator.predict(X), dtype=np.float64)
        if self.threshold is not None:
            positive = self.target.classes.index(self.target.positive)
            said = self.probabilities(X)[:, positive] >= self.threshold
            codes = np.where(said, positive, 1 - positive)
        else:
            codes = np.asarray(self.estimator.predict(X), dtype=np.intp)
        return labels(self.target)[codes]

    def probabilities(self, X: Any) -> np.ndarray:
        """Probabilities from a prepared matrix."""
        if not hasattr(self.estimator, "predict_proba"):
            raise InputError(
                f"{type(self.estimator).__name__} gives no probabilities",
                do="fit with --metric log_loss, or use predict",
            )
        return np.asarray(self.estimator.predict_proba(X))

    @property
    def has_probabilities(self) -> bool:
        return self.target.classes is not None and hasattr(self.estimator, "predict_proba")


def labels(target: Target) -> np.ndarray:
    """The classes as an array of their own type: object for words."""
    classes = list(target.classes or ())
    made = np.array(classes, dtype=object if isinstance(classes[0], str) else None)
    return made


def _register() -> None:
    from ..data.numbers import NumberStyle
    from ..data.recipe import Recipe
    from .prepare import dates, levels, native, numbers, texts

    for cls in (
        NumberStyle,
        Preparation,
        Recipe,
        TableModel,
        dates.Dates,
        levels.Levels,
        levels.Means,
        native.Codes,
        native.Directions,
        native.Plain,
        numbers.Numbers,
        texts.Texts,
    ):
        register(cls, f"workbench.{cls.__name__}")


_register()
