"""One question, one call: is model A better than model B on these rows?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from numpy.typing import ArrayLike

from ..core.errors import InputError
from ..core.random import RandomState
from .bootstrap import paired_bootstrap
from .comparison import Comparison
from .delong import delong
from .mcnemar import mcnemar
from .measures import measure
from .permutation import permutation_test

# Below this many independent units the bootstrap's interval is visibly too short.
FEW = 50

Test = Literal["auto", "mcnemar", "delong", "bootstrap", "permutation"]


def compare(
    y: ArrayLike,
    pred_a: ArrayLike,
    pred_b: ArrayLike,
    metric: str | Callable[..., Any] = "accuracy",
    *,
    rope: float | None = None,
    alpha: float = 0.05,
    test: Test = "auto",
    groups: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    greater_is_better: bool | None = None,
    pos_label: Any = None,
    random_state: RandomState = 0,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """Is one of two fitted models better on the same test rows?  Chooses the valid test.

    ==================================  =====================================
    situation                           test
    ==================================  =====================================
    accuracy                            `mcnemar`, mid-p
    area under the ROC curve            `delong`
    any other metric, or groups         `paired_bootstrap`, BCa
    the same, fewer than 50 units       `permutation_test`
    ==================================  =====================================

    Parameters
    ----------
    y : array of shape (n,)
        Truth, of rows that neither model was fitted or tuned on.
    pred_a, pred_b : arrays
        Labels, probabilities, scores or values: what the metric reads.
    metric : str or callable
        A name (scikit-learn's scorer names are understood) or ``metric(y_true, y_pred)``.
    rope : float, optional
        Half-width of the region of practical equivalence, in units of the metric.  It makes
        "practically equivalent" a possible answer.
    alpha : float
        Level of the test; the interval has confidence ``1 - alpha``.
    test : str
        Overrides the choice.
    groups : array, optional
        Rows of one group are not independent (one patient's visits) and move together.
    sample_weight : array of whole numbers, optional
        How often each row occurs.

    Returns
    -------
    Comparison
        Difference with interval, p-value, name of the test, effect size and `verdict`: "A better",
        "B better", "no detectable difference" or "practically equivalent".

    Notes
    -----
    The answer is about these two fitted models.  Whether one *learner* is better needs several
    fits: `corrected_ttest`, `bayesian_ttest`, `cv5x2_test`; many candidates: `compare_many`.

    >>> y = [1, 0, 1, 1, 0, 1, 0, 0, 1, 0] * 10
    >>> a = [1, 0, 1, 1, 0, 1, 0, 0, 1, 1] * 10
    >>> b = [1, 0, 0, 1, 0, 1, 1, 0, 1, 1] * 10
    >>> print(compare(y, a, b))
    A is better than B
      difference 0.2000 [0.1334, 0.2888] (95 % Tango score)
      McNemar mid-p test (20 rows only A right, 0 only B): p = 9.537e-07
      Cohen's g = 0.5
    """
    chosen = measure(metric, greater_is_better)
    if test == "auto":
        test = _choose(chosen.name, groups, len(y))  # type: ignore[arg-type]
    shared: dict[str, Any] = dict(rope=rope, alpha=alpha, names=names, sample_weight=sample_weight)
    if test in ("mcnemar", "delong"):
        needed = "accuracy" if test == "mcnemar" else "roc_auc"
        if chosen.name != needed:
            raise InputError(f"{test} compares {needed}, not {chosen.name}")
        if groups is not None:
            raise InputError(f"{test} takes rows as independent", do="use test='bootstrap'")
        if test == "mcnemar":
            return mcnemar(y, pred_a, pred_b, **shared)
        return delong(y, pred_a, pred_b, pos_label=pos_label, **shared)
    resampling = {"bootstrap": paired_bootstrap, "permutation": permutation_test}
    if test not in resampling:
        raise InputError(f"no test {test!r}", do="auto, mcnemar, delong, bootstrap, permutation")
    return resampling[test](
        y,
        pred_a,
        pred_b,
        metric,
        groups=groups,
        greater_is_better=greater_is_better,
        pos_label=pos_label,
        random_state=random_state,
        **shared,
    )


def _choose(metric: str, groups: ArrayLike | None, n: int) -> Test:
    if groups is None:
        if metric == "accuracy":
            return "mcnemar"
        if metric == "roc_auc":
            return "delong"
        return "permutation" if n < FEW else "bootstrap"
    return "permutation" if len(set(list(groups))) < FEW else "bootstrap"  # type: ignore[arg-type]
