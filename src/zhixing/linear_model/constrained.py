"""A loss minimised inside a ball or a box of coefficients, with the penalty that does the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..core.parallel import single_threaded_blas
from ..data.blocks import from_arrays
from ..data.check import check_fit, check_rows
from ..losses import Squared, check_domain
from ..penalties import L1, L2
from ..penalties.feasible import Box, L1Ball, L2Ball
from ..solvers import Problem, Solution, solve
from ..solvers.design import as_design
from ..solvers.moments import moments
from ..solvers.statistics import statistics
from .base import scores, warn_unless_converged
from .inference import Inference

#: Beyond this many columns squares are not brought to their products first.
WIDEST = 2048


class ConstrainedRegression(Inference, RegressorMixin, Estimator):
    """Minimises the mean loss over coefficients held inside a set; the intercept is free.

    ::

        min over w, b of  L(w, b) = (1 / s) sum_i weight_i l(y_i, x_i w + b)   subject to  w in K

    with s the sum of the weights.  At the minimum w is the point of K that is furthest against the
    gradient g = dL/dw, and  g'w + max over u in K of -g'u  bounds how far L is from its minimum.  Where K
    is a ball that binds, the solution is that of a penalty: with m the radius and f the multiplier,
    f = -dL/dm (Boyd and Vandenberghe 2004, 5.5.3 and 5.6.2)::

        |w|_1 <= m  :  L + f |w|_1            (f = max |g_j|;  `Lasso` with alpha = f)
        |w|   <= m  :  L + (f / m) |w|^2 / 2  (f = |g|;        `Ridge` with alpha = s f / m)

    Parameters
    ----------
    loss : a member of `zhixing.losses` with a slope everywhere, by default `Squared`.
    norm : 1, 2 or ``inf`` for the ball of that norm; None for the box between `low` and `high`.
    radius : m.    low, high : bounds of every coefficient, ``low=0`` for nonnegative ones (norm=None).
    tol : largest violation of the optimality conditions, in units of the gradient.   max_iter : rounds.

    Attributes
    ----------
    coef_ : (p,).    intercept_ : float.
    multiplier_ : f, 0 where the ball does not bind; for a box (p,), -g at the bounds and 0 elsewhere.
    active_ : whether the constraint binds.    penalty_ : the part of `zhixing.penalties` with the same
    solution, None for the max norm and boxes.    gap_ : the bound above (inf for an unbounded box
    that is not at its minimum).    objective_ : L.     n_iter_, solver_.

    Notes
    -----
    Balls by accelerated projected gradients (`zhixing.solvers.fista`), boxes by projected Newton steps.
    With more rows than columns, and up to 2048 of these, squares are brought to products first, so a
    round costs O(p^2); otherwise one pass over X.  The projections are in `zhixing.penalties.feasible`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(50, 3)); y = X @ [2.0, 0.0, -1.0] + 0.1 * rng.normal(size=50)
    >>> model = ConstrainedRegression(norm=1, radius=1.5).fit(X, y)
    >>> round(float(np.abs(model.coef_).sum()), 6), model.active_, type(model.penalty_).__name__
    (1.5, True, 'L1')
    """

    _no_inference = (
        "its coefficients were held inside a set, and tests that forget this are too optimistic; fit "
        "without the constraint, or bootstrap the rows"
    )

    def __init__(
        self,
        loss: Any = None,
        *,
        norm: Any = 2,
        radius: float = 1.0,
        low: float = -np.inf,
        high: float = np.inf,
        fit_intercept: bool = True,
        max_iter: int = 10_000,
        tol: float = 1e-8,
    ) -> None:
        self.loss = loss
        self.norm = norm
        self.radius = radius
        self.low = low
        self.high = high
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> ConstrainedRegression:
        """Fit on X (n, p), dense or sparse, and y (n,) in the loss's domain; returns self."""
        feasible = self._set()
        X, y, weight = check_fit(self, X, y, sample_weight, y_numeric=True)
        loss = self._loss()
        if hasattr(loss, "n_outputs"):
            raise ValueError(f"{type(loss).__name__} has several scores a row; give a loss of one")
        check_domain(loss, y)
        blocks = from_arrays(X, y, weight)
        problem = Problem(blocks, loss, feasible, self.fit_intercept)
        n, p = X.shape
        if type(loss) is Squared and p <= WIDEST and n > p:
            solution = self._squares(X, np.asarray(y, dtype=np.float64), weight, feasible)
        else:
            solution = self._solve(problem)
        warn_unless_converged(self, solution, self.max_iter)
        self._keep(problem, solution)
        self.coef_ = solution.w.astype(X.dtype)
        self.intercept_ = X.dtype.type(solution.b)
        return self

    def _loss(self) -> Any:
        return Squared() if self.loss is None else self.loss

    def _set(self) -> Any:
        """The part that keeps coefficients inside."""
        if self.norm not in (None, 1, 2, np.inf):
            raise ValueError(f"norm is {self.norm!r}; it must be 1, 2, inf, or None for a box")
        if self.norm is None:
            if not self.low <= self.high:
                raise ValueError(f"low={self.low!r} is above high={self.high!r}")
            return Box(self.low, self.high)
        if self.low != -np.inf or self.high != np.inf:
            raise ValueError("low and high are for norm=None; a ball has its radius")
        if not self.radius > 0:
            raise ValueError(f"radius is {self.radius!r}; it must be positive")
        if self.norm == np.inf:
            return Box(-self.radius, self.radius)
        return L1Ball(self.radius) if self.norm == 1 else L2Ball(self.radius)

    def _solve(self, problem: Problem) -> Solution:
        boxed = isinstance(problem.penalty, Box)
        start = None
        if boxed:  # the solver starts from coefficients that are allowed
            w, b = problem.split(problem.constant())
            start = problem.penalty.prox(w, 1.0), b
        solver = "auto" if boxed else "fista"
        return solve(problem, solver, start=start, max_iter=self.max_iter, tol=self.tol)

    def _squares(self, X: Any, y: np.ndarray, weight: np.ndarray | None, feasible: Any) -> Solution:
        """The same problem on p rows with the same products: G = A'A / p and c = A'u / p."""
        p = X.shape[1]
        sums = moments(as_design(X), y[:, None], weight, center=self.fit_intercept)
        if self.fit_intercept:
            mean, S = sums.about_mean()
        else:
            mean, S = np.zeros(p + 1), sums.about_zero()
        with single_threaded_blas():
            d, V = scipy.linalg.eigh(S[:p, :p])
        keep = d > 1e-15 * max(float(d[-1]), 0.0)
        root = np.sqrt(p * d[keep])
        A, u = np.zeros((p, p)), np.zeros(p)
        A[: len(root)] = root[:, None] * V[:, keep].T
        u[: len(root)] = p * (V[:, keep].T @ S[:p, p]) / root
        small = Problem(from_arrays(A, u), Squared(), feasible, False)
        found = self._solve(small)
        b = float(mean[p] - mean[:p] @ found.w) if self.fit_intercept else 0.0
        return Solution(
            found.w, b, found.objective, found.n_iter, found.converged, found.optimality,
            solver=found.solver,
        )  # fmt: skip

    def _keep(self, problem: Problem, solution: Solution) -> None:
        """Multipliers and the gap, from the gradient at the solution."""
        theta = problem.join(solution.w, solution.b)
        block = problem.blocks.one()
        sums = statistics(problem.loss, block, theta, self.fit_intercept)
        w = solution.w
        g = sums.gradient[: len(w)] / sums.weight
        self.objective_ = sums.value / sums.weight
        self.n_iter_, self.solver_ = solution.n_iter, solution.solver
        self.penalty_ = None
        if self.norm is None:
            held = (w <= self.low) & (g > 0.0) | (w >= self.high) & (g < 0.0)
            self.multiplier_ = np.where(held, -g, 0.0)
            self.active_ = bool(held.any())
            far = np.where(g > 0.0, self.low, self.high)
            moved = np.abs(g) > self.tol
            self.gap_ = float((np.where(moved, g, 0.0) * np.where(moved, w - far, 0.0)).sum())
            return
        dual = {1: np.abs(g).max(initial=0.0), 2: np.linalg.norm(g), np.inf: np.abs(g).sum()}
        size = {1: np.abs(w).sum(), 2: np.linalg.norm(w), np.inf: np.abs(w).max(initial=0.0)}
        force = float(dual[self.norm])
        bound = np.isfinite(self.radius)
        self.active_ = bool(
            bound and size[self.norm] >= self.radius * (1 - 1e-9) and force > self.tol
        )
        self.multiplier_ = force if self.active_ else 0.0
        self.gap_ = max(float(g @ w + self.radius * force), 0.0) if bound else float(abs(g @ w))
        if self.norm == 1:
            self.penalty_ = L1(self.multiplier_)
        elif self.norm == 2:
            self.penalty_ = L2(self.multiplier_ / self.radius)

    def linear_predictor(self, X: Any) -> np.ndarray:
        """Raw predictions z = X w + b, (n,)."""
        check_is_fitted(self)
        return scores(check_rows(self, X), self.coef_, self.intercept_)

    def predict(self, X: Any) -> np.ndarray:
        """Predictions in the units of y, ``loss.mean(z)``."""
        return self._loss().mean(self.linear_predictor(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.regressor_tags.poor_score = True  # a small set may hold no good fit
        return tags
