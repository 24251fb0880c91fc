"""The metrics that comparisons know by name, and any other by its function."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from .statistics import (
    AnyStatistic,
    RankStatistic,
    RowStatistic,
    Statistic,
    area_under_roc,
    average_precision,
)

Kind = Literal["labels", "probabilities", "values", "ranks", "any"]


@dataclass(frozen=True)
class Measure:
    """A metric: what it reads, which direction is better, and how it is resampled.

    `columns` maps (truth, prediction, number of classes) to one row of numbers per case whose means
    `finish` turns into the metric.  `linear` says that the metric is one such mean.
    """

    name: str
    kind: Kind
    greater_is_better: bool
    columns: Callable[[Any, Any, int], np.ndarray] | None = field(default=None, repr=False)
    finish: Callable[..., np.ndarray] | None = field(default=None, repr=False)
    linear: bool = False

    def statistic(self, y: np.ndarray, prediction: np.ndarray, n_classes: int) -> Statistic:
        """The metric of these rows as a function of their counts."""
        assert self.finish is not None
        if self.kind == "any":
            return AnyStatistic(y, prediction, self.finish)
        if self.kind == "ranks":
            return RankStatistic(y == 1, prediction, self.finish)
        assert self.columns is not None
        return RowStatistic(self.columns(y, prediction, n_classes), self.finish)


def _first(means: np.ndarray) -> np.ndarray:
    return means[..., 0]


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    # 0 / 0 is 0, as scikit-learn's zero_division has it.
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def _hit(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    return (y == p)[:, None].astype(float)


def _confusion(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    classes = np.arange(k)
    truth, guess = y[:, None] == classes, p[:, None] == classes
    return np.hstack([truth & guess, truth, guess]).astype(float)


def _parts(means: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    k = means.shape[-1] // 3
    return means[..., :k], means[..., k : 2 * k], means[..., 2 * k :]


def _macro(per_class: np.ndarray, present: np.ndarray) -> np.ndarray:
    return _ratio((per_class * present).sum(axis=-1), present.sum(axis=-1).astype(float))


def _balanced(means: np.ndarray) -> np.ndarray:
    hit, true, _ = _parts(means)
    return _macro(_ratio(hit, true), true > 0)


def _per_class(kind: str, means: np.ndarray) -> np.ndarray:
    hit, true, guess = _parts(means)
    bottom = {"precision": guess, "recall": true, "f1": 0.5 * (true + guess)}[kind]
    return _ratio(hit, bottom)


def _average(kind: str, how: str) -> Callable[[np.ndarray], np.ndarray]:
    def finish(means: np.ndarray) -> np.ndarray:
        hit, true, guess = _parts(means)
        if how == "micro":
            bottom = {"precision": guess, "recall": true, "f1": 0.5 * (true + guess)}[kind]
            return _ratio(hit.sum(axis=-1), bottom.sum(axis=-1))
        each = _per_class(kind, means)
        if how == "binary":
            return each[..., 1]
        if how == "weighted":
            return _ratio((each * true).sum(axis=-1), true.sum(axis=-1))
        return _macro(each, (true > 0) | (guess > 0))

    return finish


def _matthews(means: np.ndarray) -> np.ndarray:
    hit, true, guess = _parts(means)
    covariance = hit.sum(axis=-1) - (true * guess).sum(axis=-1)
    spread = (1 - (true**2).sum(axis=-1)) * (1 - (guess**2).sum(axis=-1))
    return _ratio(covariance, np.sqrt(np.maximum(spread, 0.0)))


def _log_loss(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    tiny = np.finfo(float).eps
    held = p[np.arange(y.size), y]
    return -np.log(np.clip(held, tiny, 1 - tiny))[:, None]


def _brier(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    gap = p - (y[:, None] == np.arange(k))
    total = np.einsum("ij,ij->i", gap, gap)
    return (0.5 * total if k == 2 else total)[:, None]


def _squared(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    return ((y - p) ** 2).reshape(len(y), -1).mean(axis=1)[:, None]


def _absolute(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    return np.abs(y - p).reshape(len(y), -1).mean(axis=1)[:, None]


def _percentage(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    share = np.abs(y - p) / np.maximum(np.abs(y), np.finfo(float).eps)
    return share.reshape(len(y), -1).mean(axis=1)[:, None]


def _poisson(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    if np.any(y < 0) or np.any(p <= 0):
        raise InputError("mean_poisson_deviance needs y >= 0 and predictions > 0")
    return (2 * (np.where(y > 0, y * np.log(np.where(y > 0, y, 1) / p), 0.0) - y + p))[:, None]


def _gamma(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    if np.any(y <= 0) or np.any(p <= 0):
        raise InputError("mean_gamma_deviance needs y > 0 and predictions > 0")
    return (2 * (np.log(p / y) + y / p - 1))[:, None]


def _variance_explained(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray:
    flat, guess = y.reshape(len(y), -1), p.reshape(len(y), -1)
    centred = flat - flat.mean(axis=0)
    return np.hstack([(flat - guess) ** 2, centred, centred**2])


def _r2(means: np.ndarray) -> np.ndarray:
    error, centre, square = _parts(means)
    return (1 - error / (square - centre**2)).mean(axis=-1)


def _averages() -> dict[str, Measure]:
    made = {}
    for kind in ("precision", "recall", "f1"):
        for how in ("binary", "micro", "macro", "weighted"):
            name = kind if how == "binary" else f"{kind}_{how}"
            made[name] = Measure(name, "labels", True, _confusion, _average(kind, how))
    return made


def _root(means: np.ndarray) -> np.ndarray:
    return np.sqrt(_first(means))


_ROWS = (
    Measure("accuracy", "labels", True, _hit, _first, linear=True),
    Measure("balanced_accuracy", "labels", True, _confusion, _balanced),
    Measure("matthews_corrcoef", "labels", True, _confusion, _matthews),
    Measure("log_loss", "probabilities", False, _log_loss, _first, linear=True),
    Measure("brier_score", "probabilities", False, _brier, _first, linear=True),
    Measure("mean_squared_error", "values", False, _squared, _first, linear=True),
    Measure("root_mean_squared_error", "values", False, _squared, _root),
    Measure("mean_absolute_error", "values", False, _absolute, _first, linear=True),
    Measure("mean_absolute_percentage_error", "values", False, _percentage, _first, linear=True),
    Measure("mean_poisson_deviance", "values", False, _poisson, _first, linear=True),
    Measure("mean_gamma_deviance", "values", False, _gamma, _first, linear=True),
    Measure("r2", "values", True, _variance_explained, _r2),
    Measure("roc_auc", "ranks", True, finish=area_under_roc),
    Measure("average_precision", "ranks", True, finish=average_precision),
)

#: Metrics known by name.  scikit-learn's scorer names are understood too (``neg_log_loss``).
MEASURES: dict[str, Measure] = {m.name: m for m in _ROWS} | _averages()


def measure(metric: str | Callable[..., Any], greater_is_better: bool | None = None) -> Measure:
    """A metric by name, or any ``metric(y_true, y_pred) -> float``.

    >>> measure("neg_log_loss").greater_is_better
    False
    """
    if callable(metric):
        name = getattr(metric, "__name__", type(metric).__name__)
        better = True if greater_is_better is None else greater_is_better
        return Measure(name, "any", better, finish=metric)
    name = metric.removeprefix("neg_").removesuffix("_score")
    name = {"brier": "brier_score", "brier_score_loss": "brier_score"}.get(name, name)
    if name not in MEASURES:
        near = difflib.get_close_matches(name, MEASURES, n=3, cutoff=0.5) or list(MEASURES)[:6]
        raise InputError(
            f"unknown metric {metric!r}",
            do=f"give a function, or a name of MEASURES such as {', '.join(near)}",
        )
    return MEASURES[name]
