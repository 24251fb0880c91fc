"""Precision, recall, F1 and support of every class, as text or as a dictionary."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .label_ratio import PRECISION, RECALL, ask, evaluate, f_ratio


def classification_report(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Any = None,
    target_names: Any = None,
    sample_weight: Any = None,
    digits: int = 2,
    output_dict: bool = False,
    zero_division: Any = "warn",
) -> str | dict[str, Any]:
    """A table with one line a class, then accuracy (or the micro average) and the averages over classes.

    Parameters
    ----------
    y_true, y_pred : (n,) labels, or (n, k) indicators
    labels : the classes to show, and their order
    target_names : names to show instead of the labels
    sample_weight : (n,), counts repetitions
    digits : decimals of the text
    output_dict : a nested dictionary instead of text
    zero_division : see `precision_score`

    Same layout as scikit-learn's; the counts are made once.  For intervals call the metrics with
    `confidence`.

    >>> print(classification_report(["a", "b", "b"], ["a", "b", "a"]))
                  precision    recall  f1-score   support
    <BLANKLINE>
               a       0.50      1.00      0.67         1
               b       1.00      0.50      0.67         2
    <BLANKLINE>
        accuracy                           0.67         3
       macro avg       0.75      0.75      0.67         3
    weighted avg       0.83      0.67      0.67         3
    <BLANKLINE>
    """
    asked = ask(y_true, y_pred, labels, None, None, sample_weight, zero_division)
    t = asked.tally
    names = _names(t.labels, target_names, labels is not None)
    ratios = (PRECISION, RECALL, f_ratio(1.0))
    columns: list[Any] = [evaluate(r, asked, None) for r in ratios]
    rows = [(n, *(float(c[j]) for c in columns), t.true[j]) for j, n in enumerate(names)]
    complete = t.rows.single and bool((t.rows.true >= 0).all() and (t.rows.pred >= 0).all())
    support = t.true.sum()
    averages = (
        ["micro", "macro", "weighted"]
        if t.rows.single
        else ["micro", "macro", "weighted", "samples"]
    )
    summary = []
    for average in averages:
        found: list[Any] = [evaluate(r, asked._replace(average=average), None) for r in ratios]
        title = "accuracy" if average == "micro" and complete else f"{average} avg"
        summary.append((title, *found, support))
    if output_dict:
        made: dict[str, Any] = {
            str(r[0]): dict(zip(("precision", "recall", "f1-score", "support"), map(float, r[1:])))
            for r in rows + summary
        }
        if complete:
            made["accuracy"] = made["accuracy"]["precision"]
        return made
    return _text(rows, summary, digits)


def _names(labels: np.ndarray, target_names: Any, chosen: bool) -> list[str]:
    if target_names is None:
        return [str(label) for label in labels]
    if len(labels) != len(target_names):
        message = f"{len(labels)} classes but {len(target_names)} target_names."
        if not chosen:
            raise ValueError(f"{message} Try specifying the labels parameter")
        warnings.warn(message, stacklevel=3)
    return [str(n) for n in target_names]


def _text(rows: list[tuple], summary: list[tuple], digits: int) -> str:
    width = max(*(len(r[0]) for r in rows), len("weighted avg"), digits)

    def line(name: str, *cells: str) -> str:
        return f"{name:>{width}s} " + "".join(f" {c:>9}" for c in cells) + "\n"

    def numbers(r: tuple) -> list[str]:
        return [*(f"{v:.{digits}f}" for v in r[1:4]), str(r[4])]

    text = line("", "precision", "recall", "f1-score", "support") + "\n"
    text += "".join(line(r[0], *numbers(r)) for r in rows) + "\n"
    for r in summary:
        cells = numbers(r)
        text += line(r[0], *(["", "", *cells[2:]] if r[0] == "accuracy" else cells))
    return text
