"""The table of metrics: what each needs, which way is better, and the scorers made of it.

The workbench's ``--metric`` and every search read this table, so a metric is described once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..core.errors import InputError
from ..core.estimate import Estimate
from ..core.estimator import Task
from .absolute_error import (
    max_error,
    mean_absolute_error,
    mean_absolute_percentage_error,
    median_absolute_error,
)
from .accuracy import accuracy_score
from .agreement import cohen_kappa_score, matthews_corrcoef
from .average_precision import average_precision_score
from .balanced_accuracy import balanced_accuracy_score
from .brier import brier_score_loss
from .calibration_error import expected_calibration_error
from .d2 import d2_absolute_error_score, d2_brier_score, d2_log_loss_score, d2_tweedie_score
from .log_loss import log_loss
from .pinball import mean_pinball_loss
from .precision_recall import f1_score, jaccard_score, precision_score, recall_score
from .r2 import explained_variance_score, r2_score
from .roc_auc import roc_auc_score
from .squared_error import (
    mean_squared_error,
    mean_squared_log_error,
    root_mean_squared_error,
    root_mean_squared_log_error,
)
from .top_k import top_k_accuracy_score
from .tweedie import mean_gamma_deviance, mean_poisson_deviance

#: What a metric is computed from: predicted labels, probabilities, any score that orders rows, or numbers.
Needs = Literal["label", "probability", "score", "prediction"]

BINARY: tuple[Task, ...] = ("binary",)
CLASSES: tuple[Task, ...] = ("binary", "multiclass")
MANY: tuple[Task, ...] = ("multiclass",)
NUMBERS: tuple[Task, ...] = ("regression", "count")
COUNTS: tuple[Task, ...] = ("count",)


@dataclass(frozen=True)
class Metric:
    """One metric as the workbench sees it.

    Calling it takes the truth and what `needs` names: (n,) labels or numbers; (n, k) probabilities, of which
    a binary metric takes the second column; or (n,) scores of the greater label.
    """

    name: str
    function: Callable[..., Any]
    needs: Needs
    greater_is_better: bool
    tasks: tuple[Task, ...]
    title: str
    default_for: tuple[Task, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def scoring(self) -> str:
        """scikit-learn's name: ``neg_`` before a loss, so that greater is better."""
        return self.name if self.greater_is_better else f"neg_{self.name}"

    @property
    def sign(self) -> int:
        return 1 if self.greater_is_better else -1

    def __call__(
        self,
        y_true: Any,
        output: Any,
        *,
        classes: Any = None,
        sample_weight: Any = None,
        confidence: float | None = None,
    ) -> float | Estimate:
        """The value of the metric, or an `Estimate` with `confidence`.

        `classes`, sorted, are the columns of the probabilities; give them where `y_true` may lack some.
        """
        settings: dict[str, Any] = dict(self.settings)
        if sample_weight is not None:
            settings["sample_weight"] = sample_weight
        if confidence is not None:
            settings["confidence"] = confidence
        output = np.asarray(output)
        if self.needs in ("probability", "score"):
            if output.ndim == 2 and output.shape[1] == 2:
                output = output[:, 1]
            if classes is not None:
                return self._with_classes(y_true, output, np.asarray(classes), settings)
        elif classes is not None and settings.get("average") == "binary":
            settings["pos_label"] = np.asarray(classes)[-1]
        return self.function(y_true, output, **settings)

    def _with_classes(
        self, y_true: Any, output: np.ndarray, classes: np.ndarray, settings: dict
    ) -> Any:
        if output.ndim == 2:
            return self.function(y_true, output, labels=classes, **settings)
        # Two classes: the greater is the positive one, whatever its type.
        positive = (np.asarray(y_true) == classes[-1]).astype(np.int64)
        if self.function in (log_loss, d2_log_loss_score):
            settings["labels"] = [0, 1]
        return self.function(positive, output, **settings)

    def scorer(self) -> Any:
        """A scikit-learn scorer, ``scorer(estimator, X, y)``, greater being better."""
        from sklearn.metrics import make_scorer

        method: Any = {
            "label": "predict",
            "prediction": "predict",
            "probability": "predict_proba",
            "score": ("decision_function", "predict_proba"),
        }[self.needs]
        if self.settings.get("multi_class"):
            method = "predict_proba"
        return make_scorer(
            self.function,
            response_method=method,
            greater_is_better=self.greater_is_better,
            **self.settings,
        )


def _averages(name: str, function: Callable[..., Any], title: str) -> list[Metric]:
    made = [Metric(name, function, "label", True, BINARY, title, settings={"average": "binary"})]
    for average, word in (
        ("macro", "mean over classes"),
        ("weighted", "by class size"),
        ("micro", "pooled"),
    ):
        settings = {"average": average, "pos_label": None}
        made.append(
            Metric(
                f"{name}_{average}",
                function,
                "label",
                True,
                CLASSES,
                f"{title} ({word})",
                settings=settings,
            )
        )
    return made


def _auc(multi_class: str, average: str) -> Metric:
    name = f"roc_auc_{multi_class}" + ("_weighted" if average == "weighted" else "")
    word = "each class against the rest" if multi_class == "ovr" else "each pair of classes"
    settings = {"multi_class": multi_class, "average": average}
    default: tuple[Task, ...] = ()
    return Metric(
        name, roc_auc_score, "probability", True, MANY, f"ROC AUC ({word})", default, settings
    )


_ALL: list[Metric] = [
    Metric("roc_auc", roc_auc_score, "score", True, BINARY, "ROC AUC", BINARY),
    Metric(
        "average_precision", average_precision_score, "score", True, BINARY, "Average precision"
    ),
    *[_auc(m, a) for m in ("ovr", "ovo") for a in ("macro", "weighted")],
    Metric("log_loss", log_loss, "probability", False, CLASSES, "Log loss", MANY),
    Metric("brier_score", brier_score_loss, "probability", False, CLASSES, "Brier score"),
    Metric(
        "calibration_error",
        expected_calibration_error,
        "probability",
        False,
        CLASSES,
        "Calibration error",
    ),
    Metric(
        "d2_log_loss_score", d2_log_loss_score, "probability", True, CLASSES, "Explained log loss"
    ),
    Metric("d2_brier_score", d2_brier_score, "probability", True, CLASSES, "Brier skill score"),
    Metric("accuracy", accuracy_score, "label", True, CLASSES, "Accuracy"),
    Metric(
        "balanced_accuracy", balanced_accuracy_score, "label", True, CLASSES, "Balanced accuracy"
    ),
    *_averages("precision", precision_score, "Precision"),
    *_averages("recall", recall_score, "Recall"),
    *_averages("f1", f1_score, "F1"),
    *_averages("jaccard", jaccard_score, "Jaccard index"),
    Metric("matthews_corrcoef", matthews_corrcoef, "label", True, CLASSES, "Matthews correlation"),
    Metric("cohen_kappa", cohen_kappa_score, "label", True, CLASSES, "Cohen's kappa"),
    Metric("top_k_accuracy", top_k_accuracy_score, "probability", True, MANY, "Top-2 accuracy"),
    Metric("r2", r2_score, "prediction", True, NUMBERS, "R squared"),
    Metric(
        "explained_variance",
        explained_variance_score,
        "prediction",
        True,
        NUMBERS,
        "Explained variance",
    ),
    Metric(
        "root_mean_squared_error",
        root_mean_squared_error,
        "prediction",
        False,
        NUMBERS,
        "Root mean squared error",
        ("regression",),
    ),
    Metric(
        "mean_squared_error", mean_squared_error, "prediction", False, NUMBERS, "Mean squared error"
    ),
    Metric(
        "mean_absolute_error",
        mean_absolute_error,
        "prediction",
        False,
        NUMBERS,
        "Mean absolute error",
    ),
    Metric(
        "median_absolute_error",
        median_absolute_error,
        "prediction",
        False,
        NUMBERS,
        "Median absolute error",
    ),
    Metric(
        "mean_absolute_percentage_error",
        mean_absolute_percentage_error,
        "prediction",
        False,
        NUMBERS,
        "Mean absolute relative error",
    ),
    Metric(
        "mean_squared_log_error",
        mean_squared_log_error,
        "prediction",
        False,
        NUMBERS,
        "Mean squared log error",
    ),
    Metric(
        "root_mean_squared_log_error",
        root_mean_squared_log_error,
        "prediction",
        False,
        NUMBERS,
        "Root mean squared log error",
    ),
    Metric(
        "mean_pinball_loss",
        mean_pinball_loss,
        "prediction",
        False,
        NUMBERS,
        "Pinball loss (median)",
    ),
    Metric("max_error", max_error, "prediction", False, NUMBERS, "Largest error"),
    Metric(
        "mean_poisson_deviance",
        mean_poisson_deviance,
        "prediction",
        False,
        NUMBERS,
        "Mean Poisson deviance",
        COUNTS,
    ),
    Metric(
        "mean_gamma_deviance",
        mean_gamma_deviance,
        "prediction",
        False,
        NUMBERS,
        "Mean gamma deviance",
    ),
    Metric(
        "d2_absolute_error_score",
        d2_absolute_error_score,
        "prediction",
        True,
        NUMBERS,
        "Explained absolute error",
    ),
    Metric(
        "d2_poisson_score",
        d2_tweedie_score,
        "prediction",
        True,
        COUNTS,
        "Explained Poisson deviance",
        settings={"power": 1},
    ),
]

#: Every metric by its own name.
METRICS: dict[str, Metric] = {m.name: m for m in _ALL}
_BY_NAME = METRICS | {m.scoring: m for m in _ALL}


def metric(name: str) -> Metric:
    """A metric by its name or scikit-learn's: ``log_loss`` and ``neg_log_loss`` are one.

    >>> metric("neg_log_loss").title
    'Log loss'
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    from difflib import get_close_matches

    near = get_close_matches(name, list(_BY_NAME), n=3)
    raise InputError(
        f"unknown metric {name!r}",
        do=f"did you mean {' or '.join(near)}?" if near else "see metric_names()",
    )


def metric_names(task: Task | None = None) -> list[str]:
    """Names of all metrics, or of those that suit a task.

    >>> metric_names("count")[:2]
    ['d2_absolute_error_score', 'd2_poisson_score']
    """
    return sorted(m.name for m in _ALL if task is None or task in m.tasks)


def default_metric(task: Task) -> Metric:
    """The metric a task is judged by when none is asked for.

    >>> [default_metric(t).name for t in ("binary", "multiclass", "regression", "count")]
    ['roc_auc', 'log_loss', 'root_mean_squared_error', 'mean_poisson_deviance']
    """
    return next(m for m in _ALL if task in m.default_for)


def get_scorer(scoring: str | Callable[..., Any]) -> Callable[..., float]:
    """A scorer ``(estimator, X, y) -> float``, greater being better, computed by our functions.

    Takes every name of `metric_names`, ``neg_`` before a loss or not; other names go to scikit-learn; a
    callable is returned as it is.

    >>> get_scorer("neg_mean_squared_error").__class__.__name__
    '_Scorer'
    """
    if callable(scoring):
        return scoring
    if scoring in _BY_NAME:
        return _BY_NAME[scoring].scorer()
    from sklearn.metrics import get_scorer as theirs
    from sklearn.metrics import get_scorer_names

    if scoring in get_scorer_names():
        return theirs(scoring)
    return metric(scoring).scorer()
