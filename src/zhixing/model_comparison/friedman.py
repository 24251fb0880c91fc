"""Many methods over many data sets: Friedman's test on ranks, and which pairs differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from .comparison import as_json, check_levels
from .multiplicity import holm


@dataclass(frozen=True)
class Friedman:
    """Mean ranks (1 is best), the two omnibus tests, and every pair.

    Attributes
    ----------
    names : tuple of str
        Methods, best mean rank first.
    mean_ranks : dict of float
    statistic, p_value : float
        Iman and Davenport's F and its p-value: the one to use.
    chi2, p_chi2 : float
        Friedman's chi-square, ties corrected, which is conservative.
    critical_difference : float
        Nemenyi: mean ranks further apart than this differ, at familywise level `alpha`.
    pairwise : dict of float
        p-values of all pairs of names by z-tests on mean ranks, Holm-adjusted.
    groups : tuple of tuple of str
        Longest runs of methods that Nemenyi's critical difference does not tell apart.
    kendall_w : float
        Agreement of the data sets' rankings, 0 to 1: the effect size.
    """

    names: tuple[str, ...]
    mean_ranks: dict[str, float]
    statistic: float
    p_value: float
    chi2: float
    p_chi2: float
    critical_difference: float
    pairwise: dict[tuple[str, str], float]
    groups: tuple[tuple[str, ...], ...]
    kendall_w: float
    n: int
    alpha: float

    @property
    def verdict(self) -> str:
        """In words; pairs count only where the omnibus test sees a difference."""
        if self.p_value > self.alpha:
            return "no detectable difference"
        apart = [f"{a} over {b}" for (a, b), p in self.pairwise.items() if p <= self.alpha]
        return "; ".join(apart) or "some differ, but no pair stands out"

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON holds it."""
        pairs = [{"a": a, "b": b, "p": p} for (a, b), p in self.pairwise.items()]
        return as_json(vars(self) | {"pairwise": pairs, "verdict": self.verdict})

    def __str__(self) -> str:
        lines = [
            f"{self.verdict}",
            f"  Iman-Davenport F = {self.statistic:.4g}, p = {self.p_value:.4g} "
            f"({self.n} data sets, Kendall's W = {self.kendall_w:.2f})",
            f"  critical difference of mean ranks {self.critical_difference:.3f}",
        ]
        return "\n".join(lines + [f"  {self.mean_ranks[name]:.2f}  {name}" for name in self.names])


def friedman(
    scores: Mapping[str, ArrayLike] | ArrayLike,
    *,
    greater_is_better: bool = True,
    alpha: float = 0.05,
) -> Friedman:
    """Friedman's test for k methods on N data sets, with Iman and Davenport's F, Nemenyi and Holm.

    Methods are ranked on each data set, ties averaged; ``chi2 = (k - 1) sum_j (R_j - N (k + 1)/2)^2
    / (A - C)`` with R_j the rank sums, A the sum of squared ranks and ``C = N k (k + 1)^2 / 4``;
    ``F = (N - 1) chi2 / (N (k - 1) - chi2)`` with (k - 1, (k - 1)(N - 1)) degrees of freedom.

    Parameters
    ----------
    scores : mapping of name to array of shape (N,), or array of shape (N, k)
        One score per method and data set.
    greater_is_better : bool
        False for losses.
    alpha : float
        Level of the critical difference and of the verdict.

    Returns
    -------
    Friedman

    Notes
    -----
    Source: Friedman (1937); Iman and Davenport (1980); Nemenyi (1963); Demsar (2006),
    section 3.2.2: ``CD = q_alpha sqrt(k (k + 1) / (6 N))``, q the studentized range over
    sqrt(2).  Cost O(N k log k + k^2).

    >>> result = friedman({"a": [.9, .8, .7, .9, .8, .9], "b": [.8, .7, .6, .8, .9, .8],
    ...                    "c": [.7, .6, .5, .7, .7, .6]})
    >>> round(result.p_value, 4), result.verdict
    (0.0001, 'a over c')
    """
    check_levels(alpha, None)
    names, table = _table(scores)
    n, k = table.shape
    ranks = stats.rankdata(-table if greater_is_better else table, axis=1)
    sums = ranks.sum(axis=0)
    spread = float((ranks**2).sum()) - n * k * (k + 1) ** 2 / 4
    if spread <= 0:
        chi2, f = 0.0, 0.0
    else:
        chi2 = (k - 1) * float(((sums - n * (k + 1) / 2) ** 2).sum()) / spread
        rest = n * (k - 1) - chi2
        f = (n - 1) * chi2 / rest if rest > 1e-12 * n else math.inf
    mean = sums / n
    order = np.argsort(mean, kind="stable")
    error = math.sqrt(k * (k + 1) / (6 * n))
    pairs = [(int(i), int(j)) for i, j in combinations(order, 2)]
    p = holm([2 * float(stats.norm.sf(abs(mean[i] - mean[j]) / error)) for i, j in pairs])
    critical = _studentized_range(k, alpha) / math.sqrt(2) * error
    return Friedman(
        names=tuple(names[i] for i in order),
        mean_ranks={names[i]: float(mean[i]) for i in order},
        statistic=f,
        # Nothing is rarer than n equal rankings, which F takes for infinitely rare.
        p_value=max(float(stats.f.sf(f, k - 1, (k - 1) * (n - 1))), math.factorial(k) ** (1.0 - n)),
        chi2=chi2,
        p_chi2=float(stats.chi2.sf(chi2, k - 1)),
        critical_difference=critical,
        pairwise={(names[i], names[j]): float(q) for (i, j), q in zip(pairs, p)},
        groups=_groups([names[i] for i in order], mean[order], critical),
        kendall_w=chi2 / (n * (k - 1)),
        n=n,
        alpha=alpha,
    )


@cache
def _studentized_range(k: int, alpha: float) -> float:
    return float(stats.studentized_range.ppf(1 - alpha, k, np.inf))  # 5 ms of integration


def _table(scores: Mapping[str, ArrayLike] | ArrayLike) -> tuple[list[str], np.ndarray]:
    if isinstance(scores, Mapping):
        names = [str(name) for name in scores]
        columns = [np.asarray(column, dtype=float).ravel() for column in scores.values()]
        if len({column.size for column in columns}) > 1:
            raise ValueError("every method needs a score on every data set")
        table = np.column_stack(columns) if columns else np.empty((0, 0))
    else:
        table = np.asarray(scores, dtype=float)
        if table.ndim != 2:
            raise ValueError("scores have one row per data set and one column per method")
        names = [str(j) for j in range(table.shape[1])]
    n, k = table.shape
    if k < 3 or n < 2:
        raise ValueError(
            f"the Friedman test takes at least 3 methods and 2 data sets, here {k} and {n}; "
            "for two methods use wilcoxon"
        )
    if not np.all(np.isfinite(table)):
        raise ValueError("a score is missing or infinite; leave that data set out for all")
    return names, table


def _groups(names: list[str], ranks: np.ndarray, critical: float) -> tuple[tuple[str, ...], ...]:
    found: list[tuple[int, int]] = []
    for i in range(len(names)):
        j = int(np.searchsorted(ranks, ranks[i] + critical, side="right"))
        if j - i > 1 and (not found or j > found[-1][1]):
            found.append((i, j))
    return tuple(tuple(names[i:j]) for i, j in found)
