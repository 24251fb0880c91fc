"""Poisson regression."""

from __future__ import annotations

from typing import Any

from ..core.estimator import Candidate
from ..core.space import Real
from ..losses import Poisson
from ..losses.family import Poisson as PoissonFamily
from .glm import GLMRegressor


class PoissonRegressor(GLMRegressor):
    """Counts whose logarithm of the mean is linear:  E y = e^(x w + b),  y >= 0.

    Minimises  mean of weight (e^z - y z) + alpha |w|^2 / 2  with z = x w + b.

    Parameters
    ----------
    alpha : strength of the L2 penalty; 0 for the maximum-likelihood fit.
    solver : ``"auto"`` or a name of `zhixing.solvers.SOLVERS`; scikit-learn's ``"newton-cholesky"``
        too.
    tol : largest entry of the gradient at the end.
    max_iter, fit_intercept, warm_start, verbose : as in scikit-learn.

    Attributes
    ----------
    coef_ : (p,); one more unit of x_j multiplies the mean by ``exp(coef_[j])``.
    intercept_ : float.     n_iter_, objective_, solver_, history_.

    Notes
    -----
    Cost: Newton rounds of O(n p^2), or passes of O(n p) for many features or sparse X.
    Differences from scikit-learn: the solver is chosen by the data, `tol` is 1e-6, a target that is
    not a count is named by its row.  Source: McCullagh and Nelder (1989), chapter 6.

    Examples
    --------
    >>> model = PoissonRegressor(alpha=0.0).fit([[0.0], [1.0], [2.0]], [1.0, 2.0, 4.0])
    >>> model.predict([[3.0]]).round(4)
    array([8.])
    """

    candidate = Candidate(
        tasks=("count",), simplicity=11, space={"alpha": Real(1e-6, 1e2, log=True)}, cost=3.0
    )

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
        return Poisson()

    def _family(self) -> Any:
        return PoissonFamily()
