"""Risks: the mean loss on a sample, the loss to expect on new rows, and what simplicity adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ..core.errors import InputError
from ..core.estimate import Estimate


def raw_prediction(model: Any, X: Any) -> np.ndarray:
    """What a loss compares with y: the model's output before its mean function.

    A function is called; an `ERM` gives `raw_predict`, a classifier gives `decision_function`
    (log-odds for logistic loss), anything else `predict`.
    """
    if callable(model) and not hasattr(model, "predict"):
        return np.asarray(model(X), dtype=float)
    for name in ("raw_predict", "decision_function"):
        if hasattr(model, name):
            return np.asarray(getattr(model, name)(X), dtype=float)
    return np.asarray(model.predict(X), dtype=float)


def losses_by_row(loss: Any, model: Any, X: Any, y: ArrayLike) -> np.ndarray:
    """``l(y_i, f(x_i))`` for every row; `loss` is a part or a function of (y, z)."""
    z, truth = raw_prediction(model, X), np.asarray(y)
    if hasattr(model, "classes_") and truth.dtype.kind in "OSUTb":
        truth = np.searchsorted(model.classes_, truth)
    of_rows = loss.value if hasattr(loss, "value") else loss
    values = np.asarray(of_rows(truth, z), dtype=float)
    if values.shape[:1] != (len(truth),):
        raise InputError("a loss gives one value per row", do="leave the averaging to the risk")
    return values.reshape(len(truth), -1).sum(axis=1)


def empirical_risk(
    loss: Any, model: Any, X: Any, y: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Mean loss on a sample, ``R_emp = sum_i w_i l(y_i, f(x_i)) / sum_i w_i``.

    On the rows a model was fitted to it is the training error, which falls with capacity and says
    little of new rows.  Vapnik (1998), section 1.3.

    Parameters
    ----------
    loss : part of `zhixing.losses`, or a function (y, z) -> loss by row
    model : fitted estimator, or a function X -> z
        z is the raw prediction: log-odds for `Logistic`, the value itself for `Squared`.
    X, y : data
        For two classes y is 0 or 1, or the model's labels.

    >>> from zhixing.losses import Squared
    >>> empirical_risk(Squared(), lambda X: np.zeros(len(X)), [[1], [2]], [1.0, 2.0])
    1.25
    """
    weight = None if sample_weight is None else np.asarray(sample_weight)
    return float(np.average(losses_by_row(loss, model, X, y), weights=weight))


def expected_risk(
    loss: Any,
    model: Any,
    X: Any = None,
    y: ArrayLike | None = None,
    *,
    draw: Callable[[int, np.random.Generator], tuple[Any, ArrayLike]] | None = None,
    n: int = 10_000,
    confidence: float = 0.95,
    random_state: Any = 0,
) -> Estimate:
    """The loss to expect on a new row, ``R = E l(y, f(x))``, estimated on rows the model never saw.

    Parameters
    ----------
    loss, model : as for `empirical_risk`
    X, y : data
        Fresh rows: not fitted on, not tuned on.
    draw : callable, optional
        Instead of fresh rows, ``draw(n, rng) -> X, y`` from the known distribution.
    n : int
        Rows to draw.

    Returns
    -------
    Estimate
        Mean with Student's interval over rows, ``mean -+ t s / sqrt(n)``: for independent rows.

    >>> from zhixing.losses import Squared
    >>> def draw(n, rng):
    ...     return np.zeros((n, 1)), rng.normal(size=n)
    >>> print(expected_risk(Squared(), lambda X: np.zeros(len(X)), draw=draw))
    0.4981 [0.4844, 0.5118] (95 % mean of fresh rows)
    """
    if draw is not None:
        from ..core.random import generator

        X, y = draw(n, generator(random_state))
    if X is None or y is None:
        raise InputError("an expected risk needs fresh rows, or a `draw` to make them")
    values = losses_by_row(loss, model, X, y)
    if values.size < 2:
        raise InputError("one row says nothing of the spread")
    error = float(values.std(ddof=1) / np.sqrt(values.size))
    mean, reach = (
        float(values.mean()),
        float(stats.t.ppf(0.5 + confidence / 2, values.size - 1)) * error,
    )
    return Estimate(mean, mean - reach, mean + reach, confidence, "mean of fresh rows", error)


def structural_risk(
    loss: Any,
    model: Any,
    X: Any,
    y: ArrayLike,
    penalty: Any,
    coefficients: ArrayLike | None = None,
    *,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Empirical risk plus the price of complexity, ``R_srm = R_emp + J(w)``.

    Parameters
    ----------
    loss, model, X, y : as for `empirical_risk`
    penalty : part of `zhixing.penalties`
        Its `value` of the coefficients is added.
    coefficients : array, optional
        By default the model's `coef_`.

    Notes
    -----
    Vapnik (1998), chapter 6, chooses among nested classes by a bound on the expected risk; a
    penalty is the usual smooth form of it.

    >>> from sklearn.linear_model import Ridge
    >>> from zhixing.losses import Squared
    >>> from zhixing.penalties import L2
    >>> model = Ridge().fit([[0.0], [1.0]], [0.0, 1.0])
    >>> bare = empirical_risk(Squared(), model, [[0.0], [1.0]], [0.0, 1.0])
    >>> structural_risk(Squared(), model, [[0.0], [1.0]], [0.0, 1.0], L2(1.0)) > bare
    True
    """
    w = getattr(model, "coef_", None) if coefficients is None else np.asarray(coefficients)
    if w is None:
        raise InputError("the model has no coef_", do="pass coefficients")
    priced = penalty.value(np.asarray(w, dtype=float).ravel())
    return empirical_risk(loss, model, X, y, sample_weight=sample_weight) + float(np.sum(priced))
