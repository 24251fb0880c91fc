"""Facts about a classifier's predictions: curves, calibration, confusion, a table by class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.quiet import quiet
from ..metrics import confusion_matrix, precision_recall_curve, roc_auc_score, roc_curve
from ..metrics.calibration_error import expected_calibration_error, reliability
from .predicted import Predicted
from .writing import number, percent

if TYPE_CHECKING:
    from .threshold import Threshold

#: Points kept of a curve: more cannot be told apart on a screen.
POINTS = 250


def _thinned(n: int, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Indices of at most `POINTS` of n points, evenly along the curve's length."""
    if n <= POINTS:
        return np.arange(n)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = np.searchsorted(length, np.linspace(0.0, length[-1], POINTS))
    return np.unique(np.clip(at, 0, n - 1))


def roc_points(
    y: np.ndarray, score: np.ndarray, weight: np.ndarray | None
) -> list[dict[str, float]]:
    """False and true positive rate by threshold."""
    fpr, tpr, cut = roc_curve(y, score, pos_label=1, sample_weight=weight)
    keep = _thinned(len(fpr), fpr, tpr)
    top = float(np.max(score))
    return [
        {"fpr": float(fpr[i]), "tpr": float(tpr[i]), "threshold": float(min(cut[i], top))}
        for i in keep
    ]


def precision_recall_points(
    y: np.ndarray, score: np.ndarray, weight: np.ndarray | None
) -> list[dict[str, float]]:
    """Precision and recall by threshold; the last point, which has none, is left out."""
    precision, recall, cut = precision_recall_curve(y, score, pos_label=1, sample_weight=weight)
    precision, recall = precision[:-1], recall[:-1]
    keep = _thinned(len(cut), recall, precision)
    return [
        {"recall": float(recall[i]), "precision": float(precision[i]), "threshold": float(cut[i])}
        for i in keep
    ]


def calibration(y: np.ndarray, proba: np.ndarray, weight: np.ndarray | None) -> dict[str, Any]:
    """Predicted probability against what happened: of class 1 of two, of the predicted of more."""
    k = proba.shape[1]
    error: Any  # an `Estimate`, as a confidence is asked for
    if k == 2:
        hit, p = (y == 1).astype(np.int64), proba[:, 1]
        error = expected_calibration_error(
            hit, p, sample_weight=weight, confidence=0.95, strategy="quantile"
        )
    else:
        top = proba.argmax(axis=1)
        hit, p = (top == y).astype(np.int64), proba[np.arange(len(y)), top]
        error = expected_calibration_error(
            y, proba, labels=np.arange(k), sample_weight=weight, confidence=0.95
        )
    found = reliability(hit, p, pos_label=1, n_bins=10, strategy="quantile", sample_weight=weight)
    bins = [
        {
            "mean_predicted": float(mean),
            "observed": float(rate),
            "low": float(low),
            "high": float(high),
            "count": float(count),
        }
        for mean, rate, low, high, count in zip(
            found.predicted, found.observed, found.low, found.high, found.weight
        )
    ]
    outside = sum(not b["low"] <= b["mean_predicted"] <= b["high"] for b in bins)
    what = "The probabilities" if k == 2 else "The probabilities of the predicted class"
    if error.value < 0.02 or outside <= max(1, len(bins) // 10):
        sentence = f"{what} can be read as frequencies"
    else:
        over = sum(b["count"] * (b["mean_predicted"] - b["observed"]) for b in bins)
        side = "too high" if over > 0 else "too low"
        spread = sum(
            (b["mean_predicted"] - b["observed"]) * (b["mean_predicted"] - 0.5) for b in bins
        )
        how = (
            side
            if abs(over) > 0.01 * sum(b["count"] for b in bins)
            else ("too extreme" if spread > 0 else "too timid")
        )
        sentence = f"{what} are {how}: calibrate before reading them as frequencies"
    return {
        "bins": bins,
        "ece": error.value,
        "ece_low": error.low,
        "ece_high": error.high,
        "outside": outside,
        "good": not sentence.endswith("frequencies") or "can be read" in sentence,
        "sentence": f"{sentence}; expected calibration error {number(error.value)}.",
    }


def score_histogram(
    y: np.ndarray, p: np.ndarray, names: list[str], weight: np.ndarray | None
) -> dict[str, Any]:
    """How the predicted probabilities of each class are spread, in 30 bins."""
    edges = np.linspace(0.0, 1.0, 31)
    groups = []
    for code, name in enumerate(names):
        own = y == code
        counts, _ = np.histogram(p[own], edges, weights=None if weight is None else weight[own])
        groups.append({"label": name, "counts": counts.tolist()})
    return {"edges": edges.tolist(), "by_class": groups}


def confusion(
    y: np.ndarray,
    said: np.ndarray,
    names: list[str],
    weight: np.ndarray | None,
    threshold: Threshold | None,
) -> dict[str, Any]:
    """Rows are the truth, columns the prediction."""
    k = len(names)
    counts = confusion_matrix(y, said, labels=np.arange(k), sample_weight=weight)
    right = float(np.trace(counts)) / float(counts.sum())
    words = f"{percent(right)} of the rows on the diagonal."
    if k == 2 and threshold is not None:
        words = f"At threshold {number(threshold.value)}: {words}"
    if k > 2:
        off = np.array(counts, dtype=float)
        np.fill_diagonal(off, 0.0)
        truth, guess = np.unravel_index(int(off.argmax()), off.shape)
        if off[truth, guess] > 0:
            words += (
                f" Most often confused: {names[truth]} taken for {names[guess]} "
                f"({number(float(off[truth, guess]))} rows)."
            )
    return {"labels": names, "counts": np.asarray(counts).tolist(), "words": words}


def class_table(
    y: np.ndarray, said: Predicted, names: list[str], weight: np.ndarray | None
) -> list[dict[str, Any]]:
    """Precision, recall, F1 and rows of every class; with more than two, AUC against the rest."""
    k = len(names)
    counts = np.asarray(
        confusion_matrix(y, said.value, labels=np.arange(k), sample_weight=weight), dtype=float
    )
    hit, true, guess = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    rows = []
    for code, name in enumerate(names):
        precision = hit[code] / guess[code] if guess[code] else 0.0
        recall = hit[code] / true[code] if true[code] else float("nan")
        both = true[code] + guess[code]
        row: dict[str, Any] = {
            "label": name,
            "support": float(true[code]),
            "precision": float(precision),
            "recall": float(recall),
            "f1": float(2 * hit[code] / both) if both else 0.0,
            "auc": None,
            "auc_low": None,
            "auc_high": None,
        }
        own = y == code
        if k > 2 and said.proba is not None and 0 < own.sum() < len(y):
            with quiet():
                area: Any = roc_auc_score(
                    own.astype(int), said.proba[:, code], sample_weight=weight, confidence=0.95
                )
            row |= {"auc": area.value, "auc_low": area.low, "auc_high": area.high}
        rows.append(row)
    return rows
