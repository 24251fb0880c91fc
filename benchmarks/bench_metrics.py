"""Metrics and calibration beside scikit-learn's, on three million rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import sklearn.isotonic
import sklearn.metrics as theirs
import sklearn.model_selection
from sklearn.naive_bayes import GaussianNB

from zhixing import calibration
from zhixing import metrics as ours

from .registry import Contest, benchmark

N = 3_000_000


@cache
def binary() -> dict[str, np.ndarray]:
    """Labels, 30 % positive, probabilities of some skill, and weights."""
    rng = np.random.default_rng(0)
    y = (rng.random(N) < 0.3).astype(np.int64)
    p = 1.0 / (1.0 + np.exp(-(rng.normal(size=N) + y - 0.8)))
    return {"y": y, "p": p, "weight": rng.random(N), "label": (p > 0.5).astype(np.int64)}


def side_by_side(name: str, *data: Any, repeats: int = 3, **options: Any) -> Contest:
    return Contest(
        {
            "zhixing": lambda: getattr(ours, name)(*data, **options),
            "scikit-learn": lambda: getattr(theirs, name)(*data, **options),
        },
        quality="value",
        tolerance=1e-9,
        repeats=repeats,
    )


@benchmark("ROC-AUC, 3M rows", target=3.0)
def auc() -> Contest:
    d = binary()
    return side_by_side("roc_auc_score", d["y"], d["p"])


@benchmark("ROC-AUC, 3M rows, weighted", target=1.0)
def auc_weighted() -> Contest:
    d = binary()
    return side_by_side("roc_auc_score", d["y"], d["p"], sample_weight=d["weight"])


@benchmark("average precision, 3M rows", target=3.0)
def average_precision() -> Contest:
    d = binary()
    return side_by_side("average_precision_score", d["y"], d["p"])


@benchmark("average precision, 3M rows, weighted", target=1.0)
def average_precision_weighted() -> Contest:
    d = binary()
    return side_by_side("average_precision_score", d["y"], d["p"], sample_weight=d["weight"])


@benchmark("log loss, 3M rows", target=3.0)
def log_loss() -> Contest:
    d = binary()
    return side_by_side("log_loss", d["y"], d["p"])


@benchmark("log loss, 1M rows, 5 classes", target=3.0)
def log_loss_classes() -> Contest:
    rng = np.random.default_rng(1)
    return side_by_side(
        "log_loss", rng.integers(0, 5, 1_000_000), rng.dirichlet(np.ones(5), 1_000_000)
    )


@benchmark("ROC curve, 3M rows", target=1.0)
def roc_curve() -> Contest:
    d = binary()
    made = side_by_side("roc_curve", d["y"], d["p"])
    return Contest(
        made.contestants,
        "area",
        evaluate=lambda curve: theirs.auc(curve[0], curve[1]),  # type: ignore[index]
        tolerance=1e-9,
        repeats=3,
    )


def decision(name: str, target: float = 1.0, **options: Any) -> Callable[[], Contest]:
    @benchmark(f"{name.replace('_', ' ')}, 3M labels", target=target)
    def prepare() -> Contest:
        d = binary()
        return side_by_side(name, d["y"], d["label"], **options)

    return prepare


for _name in ("accuracy_score", "f1_score", "matthews_corrcoef"):
    decision(_name)


@benchmark("macro F1, 500k string labels", target=1.0)
def strings() -> Contest:
    rng = np.random.default_rng(2)
    names = np.array(["ant", "bee", "cat", "dog"])
    y, p = names[rng.integers(0, 4, 500_000)], names[rng.integers(0, 4, 500_000)]
    return side_by_side("f1_score", y, p, average="macro")


@benchmark("mean squared error, 3M rows", target=1.0)
def squared() -> Contest:
    d = binary()
    return side_by_side("mean_squared_error", d["weight"], d["p"])


@benchmark("R2, 3M rows", target=1.0)
def r2() -> Contest:
    d = binary()
    return side_by_side("r2_score", d["weight"], d["p"])


@benchmark("ROC-AUC, 1000 rows", target=1.0)
def small() -> Contest:
    d = binary()
    return side_by_side("roc_auc_score", d["y"][:1000], d["p"][:1000], repeats=50)


@benchmark("isotonic regression, 1M rows", target=1.0)
def isotonic() -> Contest:
    d = binary()
    x, y = d["p"][:1_000_000], d["y"][:1_000_000].astype(np.float64)

    def work(cls: Any) -> Any:
        model = cls(out_of_bounds="clip").fit(x, y)
        return float(((model.predict(x) - y) ** 2).sum())

    return Contest(
        {
            "zhixing": lambda: work(calibration.IsotonicRegression),
            "scikit-learn": lambda: work(sklearn.isotonic.IsotonicRegression),
        },
        "squared error",
        repeats=3,
    )


@benchmark("tuned threshold, 200k rows", target=1.0)
def threshold() -> Contest:
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 200_000)
    x = rng.normal(size=(200_000, 5)) + 0.3 * y[:, None]
    contestants = {
        name: lambda cls=cls: cls(GaussianNB(), scoring="f1").fit(x, y)
        for name, cls in (
            ("zhixing", calibration.TunedThresholdClassifierCV),
            ("scikit-learn", sklearn.model_selection.TunedThresholdClassifierCV),
        )
    }
    return Contest(
        contestants,  # type: ignore[arg-type]
        "threshold",
        evaluate=lambda model: model.best_threshold_,  # type: ignore[attr-defined]
        repeats=2,
    )
