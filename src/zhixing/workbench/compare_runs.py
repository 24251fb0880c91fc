"""Two runs on the same rows: which of their models is better, if that can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from ..core.errors import InputError
from ..model_comparison import Comparison
from ..model_comparison import compare as compare_predictions
from .folds import goal
from .predicted import Predicted, predicted

if TYPE_CHECKING:
    from .model import TableModel
    from .run import Run


def compare_runs(
    a: Run, b: Run, data: Any = None, *, names: tuple[str, str] = ("A", "B")
) -> Comparison:
    """Paired comparison of two runs' models by the first run's measure.

    On `data`, a table with the target that neither has seen; without it on the held-out rows that
    both stored, which must be the same rows: same data, same seed, same split.
    """
    for what, one, two in (
        ("target", a.model.target.name, b.model.target.name),
        ("task", a.model.target.task, b.model.target.task),
    ):
        if one != two:
            raise InputError(
                f"the runs have another {what} ({one!r} and {two!r})",
                do="compare runs of one target",
            )
    if a.model.classes is not None and set(a.model.classes) != set(b.model.classes or ()):
        raise InputError("the runs know other classes", do="compare runs of one target")
    metric = a.facts["plan"]["metric"]["name"]
    if data is not None:
        y, weight, said = _on(data, a.model, b.model)
    else:
        y, weight, said = _stored(a, b)
    pair: list[Any] = [_reads(metric, p) for p in said]
    if any(p is None for p in pair):
        metric, pair = "accuracy", [p.value for p in said]
    return compare_predictions(
        y, pair[0], pair[1], _known(metric), sample_weight=weight, names=names
    )


def _known(metric: str) -> str:
    """Names of the table of metrics as comparisons know them."""
    return {"roc_auc_ovr": "log_loss"}.get(metric, metric)


def _reads(metric: str, said: Predicted) -> np.ndarray | None:
    from ..metrics.scorer import METRICS

    needs = METRICS[metric].needs
    if needs == "score":
        return said.score
    return said.proba if needs == "probability" else said.value


def _on(
    data: Any, a: TableModel, b: TableModel
) -> tuple[np.ndarray, np.ndarray | None, list[Predicted]]:
    from ..data import read

    table = read(data, target=a.target.name, task=a.target.task)
    said = []
    order = list(a.classes or ())
    for model in (a, b):
        rows, _ = model.check(table.frame.drop(a.target.name))
        k = None if model.classes is None else len(model.classes)
        found = predicted(model.estimator, model.preparation.transform(rows), k)
        said.append(_in_order(found, list(model.classes or ()), order))
    if a.classes is None:
        return goal(table), table.weight, said
    unknown = sorted(set(map(str, table.classes or ())) - set(map(str, order)))
    if unknown:
        raise InputError(
            f"the data hold classes the models never saw: {', '.join(unknown[:5])}",
            do="compare on rows of the known classes",
        )
    place = {str(c): i for i, c in enumerate(order)}
    y = np.array([place[str(v)] for v in table.y], dtype=np.int64)
    return y, table.weight, said


def _in_order(said: Predicted, own: list[Any], order: list[Any]) -> Predicted:
    """Codes and columns of one model in the order of the other's classes."""
    if own == order or not order:
        return said
    to = np.array([order.index(c) for c in own])
    proba = None if said.proba is None else said.proba[:, [own.index(c) for c in order]]
    score = None if said.score is None else -said.score
    if proba is not None and len(order) == 2:
        score = proba[:, 1]
    return Predicted(to[said.value], proba, score)


def _stored(a: Run, b: Run) -> tuple[np.ndarray, np.ndarray | None, list[Predicted]]:
    one, two = a.predictions, b.predictions
    if one.height != two.height or not one["row"].equals(two["row"]):
        raise InputError(
            "the runs held out other rows", do="fit both with the same --seed, or give DATA"
        )
    if not one["truth"].equals(two["truth"]):
        raise InputError("the runs held out other data", do="give DATA that neither has seen")
    weight = one["weight"].to_numpy() if "weight" in one.columns else None
    classes = a.model.classes
    if classes is None:
        said = [Predicted(frame["predicted"].to_numpy()) for frame in (one, two)]
        return one["truth"].to_numpy(), weight, said
    names = [str(c) for c in classes]
    place = pl.Series(range(len(names)))
    said = []
    for frame in (one, two):
        value = frame["predicted"].replace_strict(pl.Series(names), place, return_dtype=pl.Int64)
        proba = None
        if f"P({names[0]})" in frame.columns:
            proba = frame.select([f"P({name})" for name in names]).to_numpy()
        score = frame["score"].to_numpy() if "score" in frame.columns else None
        if proba is not None and len(names) == 2:
            score = proba[:, 1]
        said.append(Predicted(value.to_numpy(), proba, score))
    y = one["truth"].replace_strict(pl.Series(names), place, return_dtype=pl.Int64)
    return y.to_numpy(), weight, said
