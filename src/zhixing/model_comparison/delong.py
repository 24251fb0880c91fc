"""DeLong's test: two areas under the ROC curve, measured on the same rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ..core.estimate import Estimate
from ..metrics.delong import auc_covariance
from .comparison import Comparison, check_levels
from .pairing import pair


def delong(
    y: ArrayLike,
    score_a: ArrayLike,
    score_b: ArrayLike,
    *,
    pos_label: Any = None,
    sample_weight: ArrayLike | None = None,
    rope: float | None = None,
    alpha: float = 0.05,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """DeLong's test for two correlated areas under the ROC curve.

    ``z = (A - B) / sqrt(V_aa + V_bb - 2 V_ab)``, V from the structural components (each row's share
    of the other class that it outranks), whose averages are the areas: no distribution of scores is
    assumed.

    Parameters
    ----------
    y : array of shape (n,)
        Two classes.
    score_a, score_b : arrays of shape (n,) or (n, 2)
        Higher means more likely positive.
    pos_label : label, optional
        The positive class; by default the greater.
    sample_weight : array of whole numbers, optional
        How often each row occurs.

    Returns
    -------
    Comparison
        Effect size: the difference over its standard error.

    Notes
    -----
    Source: DeLong, DeLong and Clarke-Pearson (1988); computed as Sun and Xu (2014), O(n log
    n).  Asymptotic: with few rows in a class, or areas near 1, prefer `permutation_test`; for
    nested models on their own training rows it is not valid at all (Demler, Pencina and D'Agostino
    2012).

    >>> y = [0, 0, 0, 1, 1, 1, 0, 1]
    >>> result = delong(y, [1, 2, 3, 4, 5, 6, 2, 3], [3, 2, 1, 2, 4, 3, 1, 1])
    >>> print(result)
    A and B: no detectable difference
      difference 0.2812 [-0.1029, 0.6654] (95 % DeLong)
      DeLong test: p = 0.1513
      difference / standard error = 1.44
      note: only 4 rows of the rarer class; the normal approximation is rough
    """
    check_levels(alpha, rope)
    paired = pair(y, score_a, score_b, "roc_auc", pos_label=pos_label, sample_weight=sample_weight)
    areas, covariance = auc_covariance(paired.y, np.column_stack([paired.a, paired.b]), pos_label=1)
    difference = float(areas[0] - areas[1])
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    # Equal rankings leave a variance of rounding errors.
    scale = float(covariance[0, 0] + covariance[1, 1])
    error = math.sqrt(variance) if variance > 1e-14 * max(scale, 1e-300) else 0.0
    rare = int(min(np.count_nonzero(paired.y), np.count_nonzero(paired.y == 0)))
    notes = []
    if rare < 10:
        notes.append(f"only {rare} rows of the rarer class; the normal approximation is rough")
    if error == 0.0:
        notes.append("the two rankings differ on no pair that counts")
    z = difference / error if error else 0.0
    reach = float(stats.norm.ppf(1 - alpha / 2)) * error
    equivalence = float("nan")
    if rope is not None:
        margin = rope - abs(difference)
        equivalence = float(stats.norm.sf(margin / error)) if error else float(margin <= 0)
    return Comparison(
        difference=Estimate(
            difference,
            max(difference - reach, -1.0),
            min(difference + reach, 1.0),
            1 - alpha,
            "DeLong",
            error,
        ),
        p_value=float(2 * stats.norm.sf(abs(z))),
        test="DeLong test",
        effect_size=z,
        effect_name="difference / standard error",
        statistic=z,
        n=len(paired.y),
        scores=(float(areas[0]), float(areas[1])),
        alpha=alpha,
        rope=rope,
        p_equivalence=equivalence,
        names=names,
        notes=tuple(notes),
    )
