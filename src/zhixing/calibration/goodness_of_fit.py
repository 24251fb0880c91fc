"""Tests of the hypothesis that predicted probabilities are the true ones."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit, logit

from ..core.errors import InputError
from ..core.estimate import Estimate
from ..metrics.calibration_error import binary_rows
from ..metrics.interval import normal
from .logistic_line import fit_logistic_line


class CalibrationTest(NamedTuple):
    """A statistic, its p-value under calibration, degrees of freedom (nan: normal), and the test's name."""

    statistic: float
    p_value: float
    dof: float
    name: str

    def __str__(self) -> str:
        dof = "" if math.isnan(self.dof) else f", {self.dof:g} df"
        return f"{self.name}: {self.statistic:.3f}{dof}, p = {self.p_value:.4g}"


def spiegelhalter_z(
    y_true: Any, y_prob: Any, *, pos_label: Any = None, sample_weight: Any = None
) -> CalibrationTest:
    r"""Spiegelhalter's z: is the Brier score what these probabilities themselves predict?

    .. math:: z = \frac{\sum w (y - p)(1 - 2p)}{\sqrt{\sum w (1 - 2p)^2 p (1 - p)}}

    standard normal if y is Bernoulli(p); two-sided p-value.  No bins.  Source: Spiegelhalter (1986), eq. 8.

    Parameters
    ----------
    y_true : (n,) labels of two classes
    y_prob : (n,) probability of the positive class, from a model that did not see these rows
    pos_label : the positive label, by default the greater
    sample_weight : (n,), counts repetitions

    >>> print(spiegelhalter_z([0, 0, 1, 1], [0.1, 0.3, 0.7, 0.9]))
    Spiegelhalter z: -0.937, p = 0.349
    """
    from scipy.special import ndtr

    hit, p, weight = binary_rows(y_true, y_prob, pos_label, sample_weight)
    w = np.ones(p.size) if weight is None else weight
    slope = 1.0 - 2.0 * p
    spread = math.sqrt(float(w @ (slope**2 * p * (1.0 - p))))
    if spread == 0.0:
        raise InputError(
            "all probabilities are 0, 1/2 or 1, so the Brier score has no variance to test"
        )
    z = float(w @ ((hit - p) * slope)) / spread
    return CalibrationTest(z, float(2.0 * ndtr(-abs(z))), math.nan, "Spiegelhalter z")


def hosmer_lemeshow(
    y_true: Any,
    y_prob: Any,
    *,
    n_groups: int = 10,
    fitted: bool = False,
    pos_label: Any = None,
    sample_weight: Any = None,
) -> CalibrationTest:
    r"""Hosmer-Lemeshow: do groups of similar probability hold as many positives as expected?

    .. math:: C = \sum_g \frac{(O_g - n_g \bar p_g)^2}{n_g \bar p_g (1 - \bar p_g)}

    chi-squared with g degrees of freedom on new rows, g - 2 on the rows the model was `fitted` on (Hosmer &
    Lemeshow 1980).

    Parameters
    ----------
    y_true, y_prob, pos_label, sample_weight : as for `spiegelhalter_z`
    n_groups : groups of about equal weight; equal probabilities share a group, so there may be fewer
    fitted : the rows are those the probabilities were fitted to

    The grouping is arbitrary and its power low; `spiegelhalter_z` and `cox_calibration` need none.

    >>> print(hosmer_lemeshow([0, 1, 0, 1], [0.2, 0.4, 0.6, 0.8], n_groups=2))
    Hosmer-Lemeshow: 0.762, 2 df, p = 0.6832
    """
    from scipy.special import chdtrc

    hit, p, weight = binary_rows(y_true, y_prob, pos_label, sample_weight)
    w = np.ones(p.size) if weight is None else weight
    order = np.argsort(p, kind="stable")
    p, hit, w = p[order], hit[order], w[order]
    # Equal probabilities go to the group of the first of them.
    first = np.flatnonzero(np.append(True, np.diff(p) != 0))
    before = np.append(0.0, np.cumsum(w))[first]
    group = np.minimum((before / w.sum() * n_groups).astype(int), n_groups - 1)
    group = np.repeat(group, np.diff(np.append(first, p.size)))
    group = np.unique(group, return_inverse=True)[1]
    size, expected, observed = (np.bincount(group, weights=v) for v in (w, w * p, w * hit))
    mean = expected / size
    spread = size * mean * (1.0 - mean)
    if (spread == 0).any():
        raise InputError("a group has only probabilities 0 or 1", do="use spiegelhalter_z")
    dof = size.size - (2 if fitted else 0)
    if dof < 1:
        raise InputError(f"{size.size} groups leave no degree of freedom", do="use more groups")
    statistic = float((((observed - expected) ** 2) / spread).sum())
    return CalibrationTest(statistic, float(chdtrc(dof, statistic)), float(dof), "Hosmer-Lemeshow")


class CoxCalibration(NamedTuple):
    """Calibration intercept (0 is right), slope (1 is right; below 1, too extreme), and the joint test."""

    intercept: Estimate
    slope: Estimate
    test: CalibrationTest


def cox_calibration(
    y_true: Any,
    y_prob: Any,
    *,
    confidence: float = 0.95,
    pos_label: Any = None,
    sample_weight: Any = None,
) -> CoxCalibration:
    """Cox's (1958) calibration line ``logit P(y = 1) = a + b logit(p)``, and the test of a = 0, b = 1.

    Parameters
    ----------
    y_true, y_prob, pos_label, sample_weight : as for `spiegelhalter_z`; probabilities 0 and 1 are taken as
        1e-12 from them
    confidence : of the intervals, Wald's

    Errors: probabilities all equal, or outcomes that they separate perfectly (no finite line).

    >>> made = cox_calibration([0, 0, 1, 0, 1, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9])
    >>> round(made.slope.value, 3), made.test.dof
    (0.805, 2.0)
    """
    from scipy.special import chdtrc, xlog1py, xlogy

    hit, p, weight = binary_rows(y_true, y_prob, pos_label, sample_weight)
    w = np.ones(p.size) if weight is None else weight
    p = np.clip(p.astype(np.float64), 1e-12, 1.0 - 1e-12)
    x = logit(p)
    if np.ptp(x) == 0:
        raise InputError("all probabilities are equal, so the calibration line has no slope")
    design = np.column_stack([np.ones(p.size), x])
    theta, information = fit_logistic_line(hit, w, design)
    errors = np.sqrt(np.diag(np.linalg.inv(information)))
    q = expit(design @ theta)
    gain = w @ (xlogy(hit, q) + xlog1py(1.0 - hit, -q) - xlogy(hit, p) - xlog1py(1.0 - hit, -p))
    statistic = max(2.0 * float(gain), 0.0)
    a, b = (normal(float(v), float(e), confidence, method="Wald") for v, e in zip(theta, errors))
    return CoxCalibration(
        a, b, CalibrationTest(statistic, float(chdtrc(2, statistic)), 2.0, "Cox calibration")
    )
