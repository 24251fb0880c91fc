"""The loss of any exponential family under any link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .family import Family
from .link import Link


@dataclass(frozen=True)
class FamilyLoss:
    """Half the deviance, l = d(y, m) / 2 with m = mean(z), vectorised rather than compiled.

    g = (m - y) m' / V(m), and h = m'^2 / V(m) is the expected second derivative, so that Newton's
    method with it is Fisher scoring, also called iteratively reweighted least squares (McCullagh and
    Nelder 1989, section 2.5).  Where z has no mean (a negative one of a count, say) l is infinite,
    and the line search turns back.
    """

    family: Family
    link: Link

    curvature = "fisher"
    smoothness = np.inf

    @property
    def domain(self) -> str:
        return self.family.domain

    def value(self, y: Any, z: Any, xp: Any = np) -> Any:
        with np.errstate(all="ignore"):
            m = self.link.mean(z)
            return np.where(self.family.valid(m), 0.5 * self.family.deviance(y, m), np.inf)

    def derivatives_of_rows(self, y: Any, z: Any) -> tuple[Any, Any]:
        """g and h of every row."""
        with np.errstate(all="ignore"):
            m, slope = self.link.mean(z), self.link.slope(z)
            pull = slope / np.maximum(self.family.variance(m), 1e-300)
            good = self.family.valid(m)
            return np.where(good, (m - y) * pull, 0.0), np.where(good, slope * pull, 0.0)

    def mean(self, z: Any, xp: Any = np) -> Any:
        with np.errstate(all="ignore"):
            return self.link.mean(z)

    def start(self, y: Any, weight: Any) -> float:
        m = np.average(y, weights=weight)
        if self.domain == "binary":
            m = min(max(m, 1e-15), 1.0 - 1e-15)
        elif self.domain != "real" or not self.family.valid(m):
            m = max(m, 1e-15)
        return float(self.link.link(np.float64(m)))
