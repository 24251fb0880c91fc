"""What the regressors of a generalised linear model share."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import InputError
from ..data.blocks import Blocks, from_arrays
from ..losses import Squared, check_domain
from ..losses.family import Family
from ..losses.family_loss import FamilyLoss
from ..penalties import L2
from ..solvers import SOLVERS, Problem, solve
from ..solvers.statistics import scores
from .generalized import GeneralizedLinear
from .inference import Likelihood, NoInference

#: scikit-learn's names for two of our solvers.
SKLEARN_SOLVERS = {"newton-cholesky": "newton", "newton-cg": "newton_cg"}


class GLMRegressor(GeneralizedLinear):
    """Minimises  (1 / s) sum_i weight_i l(y_i, x_i w + b) + alpha |w|^2 / 2,  s = sum_i weight_i.

    l is half the unit deviance of a family up to terms in y alone, so this is scikit-learn's
    objective.  A member says which loss, which family, and what its parameters are.
    """

    alpha: float

    def _family(self) -> Family:
        """The family, for the deviance and for inference."""
        raise NotImplementedError

    def _solver(self) -> str:
        return SKLEARN_SOLVERS.get(self.solver, self.solver)

    def _link(self) -> str:
        """The name of the link."""
        return "log"

    def _likelihood(self, y: np.ndarray) -> Likelihood:
        if self.alpha > 0:
            raise NoInference(
                f"alpha={self.alpha:g} shrinks the coefficients, so Wald tests are not valid; "
                "fit with alpha=0"
            )
        return Likelihood(self._family(), self._link(), "y", np.asarray(y, dtype=np.float64))

    def _penalty(self) -> Any:
        return L2(self.alpha)

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit on X (n, p), dense or sparse, and y (n,); returns self."""
        if not self.alpha >= 0:
            raise ValueError(f"alpha is {self.alpha!r}; it must not be negative")
        if self.solver not in ("auto", *SOLVERS, *SKLEARN_SOLVERS):
            raise ValueError(f"solver={self.solver!r} is not known; see zhixing.solvers.SOLVERS")
        return super().fit(X, y, sample_weight)

    def _start(self, problem: Problem) -> tuple[np.ndarray, Any] | None:
        start = super()._start(problem)
        if start is None and isinstance(problem.loss, FamilyLoss):
            return feasible_start(problem)
        return start

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """D^2, the share of the deviance explained: 1 - deviance / deviance of the mean of y."""
        y = np.asarray(y, dtype=np.float64).ravel()
        mean = np.asarray(self.predict(X), dtype=np.float64)
        family = self._family()
        check_domain(family, y)
        flat = np.full_like(y, np.average(y, weights=sample_weight))
        with np.errstate(all="ignore"):
            got = np.average(family.deviance(y, mean), weights=sample_weight)
            null = np.average(family.deviance(y, flat), weights=sample_weight)
        if null <= 0.0:
            return 1.0 if got <= 0.0 else 0.0
        return float(1.0 - got / null)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        try:
            tags.target_tags.positive_only = self._loss().domain != "real"
        except ValueError:  # a parameter that `fit` will refuse
            tags.target_tags.positive_only = False
        return tags


def feasible_start(problem: Problem) -> tuple[np.ndarray, Any]:
    """Coefficients at which every row has a mean: the best constant, or least squares on link(y).

    Without an intercept z = 0 may be no mean of the family; the usual start of reweighted least
    squares, the targets drawn half way to their mean and put through the link, is tried then.
    """
    theta = problem.constant()
    if np.isfinite(_worst(problem, theta)):
        return problem.split(theta)
    kept = []
    for block in problem.blocks:
        drawn = 0.5 * (block.y + np.average(block.y, weights=block.weight))
        kept.append(from_arrays(block.X, problem.loss.link.link(drawn), block.weight))
    blocks = Blocks(lambda: (b for part in kept for b in part), problem.blocks.n_features, True)
    linear = Problem(blocks, Squared(), L2(1e-8), problem.fit_intercept)
    found = solve(linear, "lbfgs", tol=1e-3)
    if not np.isfinite(_worst(problem, problem.join(found.w, found.b))):
        raise InputError(
            "no start was found at which every row has a mean under this link",
            do="use link='log', or fit an intercept",
        )
    return found.w, found.b


def _worst(problem: Problem, theta: np.ndarray) -> float:
    w, b = problem.split(theta)
    return max(float(problem.loss.value(k.y, scores(k, w, b)).max()) for k in problem.blocks)
