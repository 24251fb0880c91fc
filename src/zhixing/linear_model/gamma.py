"""Gamma regression."""

from __future__ import annotations

from typing import Any

from ..losses import Gamma
from ..losses.family import Gamma as GammaFamily
from .glm import GLMRegressor


class GammaRegressor(GLMRegressor):
    """Positive, right-skewed targets:  E y = e^(x w + b), standard deviation proportional to it.

    Minimises  mean of weight (z + y e^-z) + alpha |w|^2 / 2  with z = x w + b and y > 0.  Parameters,
    attributes and cost are those of `PoissonRegressor`.  McCullagh and Nelder (1989), chapter 8,
    with a log link.

    Examples
    --------
    >>> model = GammaRegressor(alpha=0.0).fit([[0.0], [1.0], [2.0]], [1.0, 2.0, 4.0])
    >>> model.predict([[3.0]]).round(4)
    array([8.])
    """

    def __init__(
        self,
        *,
        alpha: float = 1.0,
        fit_intercept: bool = True,
        solver: str = "auto",
        max_iter: int = 1000,
        tol: float = 1e-6,
        warm_start: bool = False,
        verbose: int = 0,
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.solver = solver
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.verbose = verbose

    def _loss(self) -> Any:
        return Gamma()

    def _family(self) -> Any:
        return GammaFamily()
