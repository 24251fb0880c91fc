"""Metrics by the names boosters use, for rows that are watched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..metrics import (
    accuracy_score,
    average_precision_score,
    log_loss,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_gamma_deviance,
    mean_poisson_deviance,
    mean_squared_error,
    roc_auc_score,
)


class Judge(NamedTuple):
    """``of(y, mean, weight)`` with y codes or numbers and mean probabilities or predictions."""

    name: str
    of: Callable[[Any, Any, Any], float]
    larger: bool = False


def _labels(mean: np.ndarray) -> np.ndarray:
    return mean.argmax(axis=1) if mean.ndim == 2 else (mean > 0.5).astype(float)


def _auc(y: Any, mean: Any, weight: Any) -> float:
    more: dict[str, Any] = {"multi_class": "ovr"} if np.ndim(mean) == 2 else {}
    return float(roc_auc_score(y, mean, sample_weight=weight, **more))  # type: ignore[arg-type]


def _log_loss(y: Any, mean: Any, weight: Any) -> float:
    wide = mean if mean.ndim == 2 else np.column_stack([1.0 - mean, mean])
    labels = np.arange(wide.shape[1])
    return float(log_loss(y, wide, sample_weight=weight, labels=labels))  # type: ignore[arg-type]


def _error(y: Any, mean: Any, weight: Any) -> float:
    return 1.0 - float(accuracy_score(y, _labels(mean), sample_weight=weight))  # type: ignore[arg-type]


def _plain(metric: Callable[..., Any]) -> Callable[[Any, Any, Any], float]:
    return lambda y, mean, weight: float(metric(y, mean, sample_weight=weight))


def _root(y: Any, mean: Any, weight: Any) -> float:
    return float(np.sqrt(mean_squared_error(y, mean, sample_weight=weight)))  # type: ignore[arg-type]


_OF: dict[str, tuple[Callable[[Any, Any, Any], float], bool]] = {
    "mse": (_plain(mean_squared_error), False),
    "rmse": (_root, False),
    "mae": (_plain(mean_absolute_error), False),
    "mape": (_plain(mean_absolute_percentage_error), False),
    "poisson": (_plain(mean_poisson_deviance), False),
    "gamma": (_plain(mean_gamma_deviance), False),
    "logloss": (_log_loss, False),
    "error": (_error, False),
    "auc": (_auc, True),
    "aucpr": (_plain(average_precision_score), True),
}

_SAME = {
    "l2": "mse", "mean_squared_error": "mse", "regression": "mse", "regression_l2": "mse",
    "l2_root": "rmse", "root_mean_squared_error": "rmse", "l1": "mae", "mean_absolute_error": "mae",
    "regression_l1": "mae", "mean_absolute_percentage_error": "mape", "binary_logloss": "logloss",
    "multi_logloss": "logloss", "mlogloss": "logloss", "binary": "logloss",
    "multiclass": "logloss", "binary_error": "error", "multi_error": "error",
    "merror": "error", "average_precision": "aucpr", "RMSE": "rmse", "MAE": "mae",
    "MAPE": "mape", "Logloss": "logloss", "MultiClass": "logloss", "AUC": "auc",
}  # fmt: skip


def judge(asked: Any) -> Judge:
    """The judge of a name (of LightGBM's, XGBoost's or CatBoost's), or of a user's function.

    A function takes (y, mean) or (y, mean, weight) and returns a number, smaller being better, or
    LightGBM's triple (name, number, whether larger is better).
    """
    if isinstance(asked, Judge):
        return asked
    if callable(asked):
        return Judge(getattr(asked, "__name__", "metric"), _of_function(asked))
    if asked not in _OF and asked not in _SAME:
        known = ", ".join(sorted({*_OF, *_SAME}))
        raise ValueError(f"eval_metric={asked!r} is not known; known are {known}, or a function")
    of, larger = _OF[_SAME.get(str(asked), str(asked))]
    return Judge(asked, of, larger)


def _of_function(function: Callable[..., Any]) -> Callable[[Any, Any, Any], float]:
    def of(y: Any, mean: Any, weight: Any) -> float:
        found = function(y, mean)
        if isinstance(found, tuple):
            # The loop minimises; a larger-is-better triple is turned round.
            return -float(found[1]) if found[2] else float(found[1])
        return float(found)

    return of
