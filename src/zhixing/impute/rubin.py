"""Rubin's rules: estimates from several completed data sets made one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t as student

from ..core.estimate import Estimate


@dataclass(frozen=True)
class Pooled:
    """Pooled estimates of q quantities from m completed data sets.

    `within` is the mean of the variances, `between` the variance of the estimates, the total
    variance T = within + (1 + 1/m) between.  `missing_information` is the share of information
    lost to missing values.
    """

    names: tuple[str, ...]
    estimate: np.ndarray
    within: np.ndarray
    between: np.ndarray
    variance: np.ndarray
    df: np.ndarray
    low: np.ndarray
    high: np.ndarray
    p_value: np.ndarray
    missing_information: np.ndarray
    confidence: float
    m: int

    @property
    def std_error(self) -> np.ndarray:
        return np.sqrt(self.variance)

    def __getitem__(self, key: int | str) -> Estimate:
        """One quantity, by name or position, with its interval."""
        k = self.names.index(key) if isinstance(key, str) else key
        return Estimate(
            float(self.estimate[k]),
            float(self.low[k]),
            float(self.high[k]),
            self.confidence,
            f"Rubin, m = {self.m}",
            float(self.std_error[k]),
        )

    def __str__(self) -> str:
        width = max(len(name) for name in self.names)
        lines = [f"{'':{width}}  estimate  std error        df       low      high  missing info"]
        for k, name in enumerate(self.names):
            lines.append(
                f"{name:{width}}  {self.estimate[k]:8.4g}  {self.std_error[k]:9.4g}  "
                f"{self.df[k]:8.4g}  {self.low[k]:8.4g}  {self.high[k]:8.4g}  "
                f"{self.missing_information[k]:12.3f}"
            )
        return "\n".join(lines)


def rubin(
    estimates: Any,
    variances: Any,
    *,
    names: Any = None,
    df_complete: float = math.inf,
    confidence: float = 0.95,
) -> Pooled:
    """Pool m estimates and their variances, arrays of shape (m, q).

    T = W + (1 + 1/m) B;  r = (1 + 1/m) B / W;  df = (m - 1) (1 + 1/r)^2, brought down by
    Barnard and Rubin (1999), eq. 3, where the complete data have `df_complete` degrees of freedom.

    Examples
    --------
    >>> pooled = rubin([[1.0], [2.0], [3.0]], [[0.5], [0.5], [0.5]])
    >>> pooled.estimate, pooled.variance.round(4)
    (array([2.]), array([1.8333]))
    """
    Q = np.asarray(estimates, dtype=np.float64)
    U = np.asarray(variances, dtype=np.float64)
    if Q.ndim != 2 or Q.shape != U.shape or len(Q) < 2:
        raise ValueError(
            f"estimates and variances must both have shape (m, q) with m >= 2, got {Q.shape} and "
            f"{U.shape}"
        )
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence!r}")
    m = len(Q)
    estimate, within = Q.mean(axis=0), U.mean(axis=0)
    between = Q.var(axis=0, ddof=1)
    extra = (1 + 1 / m) * between
    total = within + extra
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, extra / total, 0.0)
        df = (m - 1) / np.square(share)
        if math.isfinite(df_complete):
            observed = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - share)
            df = 1 / (1 / df + 1 / observed)
        r = extra / within
        missing = np.where(within > 0, (r + 2 / (df + 3)) / (r + 1), 1.0)
        error = np.sqrt(total)
        p_value = 2 * student.sf(np.abs(estimate) / error, df)
    half = student.ppf(0.5 + confidence / 2, df) * error
    return Pooled(
        tuple(names) if names is not None else tuple(f"q{k}" for k in range(Q.shape[1])),
        estimate,
        within,
        between,
        total,
        df,
        estimate - half,
        estimate + half,
        p_value,
        missing,
        confidence,
        m,
    )
