"""Precision, recall, F-beta and Jaccard."""

from __future__ import annotations

from typing import Any

import numpy as np

from .label_ratio import JACCARD, PRECISION, RECALL, Result, ask, evaluate, f_ratio


def precision_score(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Any = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: Any = None,
    zero_division: Any = "warn",
    confidence: float | None = None,
) -> Result:
    """Share of the predicted positives that are positive, TP / (TP + FP).

    Parameters
    ----------
    y_true, y_pred : (n,) labels of one type, or (n, k) indicators
    labels : which labels enter an average, and their order for None
    pos_label : the positive label for "binary"
    average : "binary"; "macro" the plain mean over labels; "weighted" by how often each is true;
        "micro" counts all labels together; "samples" averages over the rows of indicators; None
        gives one number a label
    sample_weight : (n,), counts repetitions
    zero_division : the value where nothing was predicted positive; "warn" is 0 with a warning
    confidence : give an `Estimate` at this level (a list of them for average=None)

    Intervals: Wilson's for one label, given the number of its predictions; delta method on the
    logit scale for averages, or, where that collapses because every label is at 0 or 1, MOVER (Zou
    & Donner 2008) of the labels' own.

    >>> precision_score([0, 1, 1, 0], [1, 1, 1, 0])
    0.6666666666666666
    >>> print(precision_score([0, 1, 1, 0], [1, 1, 1, 0], confidence=0.9))
    0.6667 [0.2535, 0.9217] (90 % Wilson)
    """
    return _score(
        PRECISION,
        y_true,
        y_pred,
        labels,
        pos_label,
        average,
        sample_weight,
        zero_division,
        confidence,
    )


def recall_score(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Any = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: Any = None,
    zero_division: Any = "warn",
    confidence: float | None = None,
) -> Result:
    """Share of the positives that are predicted so, TP / (TP + FN): sensitivity, true-positive rate.

    Parameters and intervals as for `precision_score`; undefined where no row is positive.

    >>> recall_score([0, 1, 1, 0], [1, 1, 0, 0])
    0.5
    """
    return _score(
        RECALL, y_true, y_pred, labels, pos_label, average, sample_weight, zero_division, confidence
    )


def f1_score(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Any = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: Any = None,
    zero_division: Any = "warn",
    confidence: float | None = None,
) -> Result:
    """Harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN).

    Parameters as for `precision_score`.  The interval of one label comes from Wilson's for the
    Jaccard index J, of which F1 = 2 J / (1 + J) is an increasing function; averages as there.

    >>> f1_score([0, 1, 1, 0], [1, 1, 0, 0])
    0.5
    """
    return _score(
        f_ratio(1.0),
        y_true,
        y_pred,
        labels,
        pos_label,
        average,
        sample_weight,
        zero_division,
        confidence,
    )


def fbeta_score(
    y_true: Any,
    y_pred: Any,
    *,
    beta: float,
    labels: Any = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: Any = None,
    zero_division: Any = "warn",
    confidence: float | None = None,
) -> Result:
    """Mean of precision and recall where recall counts `beta` times as much (van Rijsbergen 1979).

    ``(1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP)``.  Parameters as for `precision_score`.  The
    interval of one label is Wilson's at the number of trials whose binomial variance equals the
    delta method's.

    >>> round(fbeta_score([0, 1, 1, 0], [1, 1, 0, 0], beta=2), 4)
    0.5
    """
    return _score(
        f_ratio(beta),
        y_true,
        y_pred,
        labels,
        pos_label,
        average,
        sample_weight,
        zero_division,
        confidence,
    )


def jaccard_score(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Any = None,
    pos_label: Any = 1,
    average: str | None = "binary",
    sample_weight: Any = None,
    zero_division: Any = "warn",
    confidence: float | None = None,
) -> Result:
    """Overlap of the true and the predicted positives, TP / (TP + FP + FN).

    Parameters and intervals as for `precision_score`.

    >>> round(jaccard_score([0, 1, 1, 0], [1, 1, 0, 0]), 4)
    0.3333
    """
    return _score(
        JACCARD,
        y_true,
        y_pred,
        labels,
        pos_label,
        average,
        sample_weight,
        zero_division,
        confidence,
    )


def precision_recall_fscore_support(
    y_true: Any,
    y_pred: Any,
    *,
    beta: float = 1.0,
    labels: Any = None,
    pos_label: Any = 1,
    average: str | None = None,
    warn_for: tuple[str, ...] = ("precision", "recall", "f-score"),
    sample_weight: Any = None,
    zero_division: Any = "warn",
    confidence: float | None = None,
) -> tuple[Result, Result, Result, np.ndarray | None]:
    """Precision, recall, F-beta and, unless averaged, how often each label is true, from one count.

    Parameters as for `precision_score`; `warn_for` names those whose undefined values are warned
    of.

    >>> p, r, f, support = precision_recall_fscore_support([0, 1, 1, 0], [1, 1, 0, 0])
    >>> r, support
    (array([0.5, 0.5]), array([2, 2]))
    """
    asked = ask(y_true, y_pred, labels, pos_label, average, sample_weight, zero_division)
    ratios = (PRECISION, RECALL, f_ratio(beta)._replace(name="f-score"))
    found = [evaluate(r, asked, confidence, r.name in warn_for) for r in ratios]
    return found[0], found[1], found[2], asked.tally.true if average is None else None


def _score(
    ratio: Any,
    y_true: Any,
    y_pred: Any,
    labels: Any,
    pos_label: Any,
    average: str | None,
    sample_weight: Any,
    zero_division: Any,
    confidence: float | None,
) -> Result:
    asked = ask(y_true, y_pred, labels, pos_label, average, sample_weight, zero_division)
    return evaluate(ratio, asked, confidence)
