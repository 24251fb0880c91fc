"""Which metric suits a problem, and why."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .cost import check_costs
from .labels import check_weight, column, distinct, encode

#: A class rarer than this share makes accuracy and the ROC curve look better than the answer is.
RARE = 0.2
VERY_RARE = 0.02
#: Costs that differ by less than this factor are called equal.
SIMILAR = 1.5


class Recommendation(NamedTuple):
    """The metric, why, what the trivial answer would score, and what to read beside it."""

    metric: str
    why: str
    shares: dict[Any, float]
    trivial: dict[str, float]
    also: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.metric}: {self.why}"


def recommend_metric(
    y: Any,
    *,
    cost_fp: float | None = None,
    cost_fn: float | None = None,
    probabilities: bool = False,
    sample_weight: Any = None,
) -> Recommendation:
    """The metric to judge a classifier of `y` by, given class balance and the costs of errors.

    Parameters
    ----------
    y : (n,) labels
    cost_fp, cost_fn : cost of a false alarm and of a miss, in any common unit; give both or none
    probabilities : the probabilities themselves will be used, not only the order or the decision
    sample_weight : (n,), counts repetitions

    Rules, first that holds: probabilities wanted: log loss.  Costs given and different: misses dearer,
    recall; false alarms dearer, precision; each at the threshold of least `expected_cost`.  More than two
    classes: balanced accuracy if one is rare, else accuracy.  Two: average precision if the positive class is
    below 2 %, F1 and average precision below 20 %, accuracy and ROC AUC if balanced.  `trivial` shows what
    always answering the commonest class scores.

    >>> advice = recommend_metric([0] * 99 + [1])
    >>> advice.metric, advice.trivial["accuracy"]
    ('average_precision', 0.99)
    """
    labels = column(y, "y")
    classes = distinct(labels, "y")
    weight = check_weight(sample_weight, labels.size)
    counts = np.bincount(encode(labels, classes, "y"), weights=weight, minlength=classes.size)
    share = counts / counts.sum()
    k = classes.size
    trivial = {"accuracy": float(share.max()), "balanced_accuracy": 1.0 / k}
    if k == 2:
        positive = float(share[1])
        trivial |= {"roc_auc": 0.5, "average_precision": positive}
        if positive < 0.5:
            trivial |= {"recall": 0.0, "f1": 0.0}
    metric, why, also = _choose(share, cost_fp, cost_fn, probabilities)
    return Recommendation(metric, why, dict(zip(classes.tolist(), share.tolist())), trivial, also)


def _choose(
    share: np.ndarray, cost_fp: float | None, cost_fn: float | None, probabilities: bool
) -> tuple[str, str, tuple[str, ...]]:
    k, rare = share.size, float(share.min())
    if probabilities:
        return (
            "log_loss",
            "the probabilities themselves are used, and log loss is least only for the true ones",
            ("brier_score", "calibration_error"),
        )
    if (cost_fp is None) != (cost_fn is None):
        raise ValueError("give both cost_fp and cost_fn, or neither")
    if cost_fp is not None and cost_fn is not None:
        check_costs(cost_fp=cost_fp, cost_fn=cost_fn)
        if k == 2 and cost_fn > SIMILAR * cost_fp:
            ratio = f"{cost_fn / cost_fp:.3g} times" if cost_fp else "infinitely"
            return "recall", f"a miss costs {ratio} a false alarm", ("precision", "expected_cost")
        if k == 2 and cost_fp > SIMILAR * cost_fn:
            ratio = f"{cost_fp / cost_fn:.3g} times" if cost_fn else "infinitely"
            return "precision", f"a false alarm costs {ratio} a miss", ("recall", "expected_cost")
    top = f"always answering the commonest class is right in {share.max():.1%} of the rows"
    if k > 2:
        if rare * k < 2 * RARE:
            return (
                "balanced_accuracy",
                f"the rarest class has {rare:.1%} of the rows: {top}",
                ("f1_macro", "log_loss"),
            )
        return "accuracy", f"the {k} classes are about equally common", ("log_loss", "roc_auc_ovr")
    positive = float(share[-1])
    if positive < VERY_RARE or (positive > 1 - VERY_RARE and rare < VERY_RARE):
        return (
            "average_precision",
            f"the rarer class has {rare:.1%} of the rows: {top}, and the ROC curve hides false alarms",
            ("recall", "precision"),
        )
    if rare < RARE:
        return (
            "f1",
            f"the rarer class has {rare:.1%} of the rows: {top}, so precision and recall must both count",
            ("average_precision", "roc_auc"),
        )
    return (
        "roc_auc",
        "the classes are about equally common and no threshold or cost is fixed",
        ("accuracy", "log_loss"),
    )
