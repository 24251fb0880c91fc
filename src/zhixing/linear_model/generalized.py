"""A linear model from its parts: any loss, any penalty, any solver that can do both."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Estimator
from ..data.blocks import Blocks, from_arrays
from ..data.check import check_fit, check_rows
from ..losses import Squared, check_domain
from ..penalties import L2
from ..solvers import Problem, Solution, solve
from .base import scores, warn_unless_converged
from .inference import Inference


class GeneralizedLinear(Inference, RegressorMixin, Estimator):
    """Minimises  (1 / sum weight) sum weight l(y, X w + b) + penalty(w)  for the parts it is given.

    Parameters
    ----------
    loss : a member of `zhixing.losses`, by default `Squared`; predictions are ``loss.mean(X w + b)``.
    penalty : a member of `zhixing.penalties`, by default none; b is never penalised.  Lasso, elastic net
        and weights; groups; sorted and fused L1; powers; MCP and SCAD; balls and boxes.  For those that are
        not convex (MCP, SCAD, L0, Lp with p < 1) the fit is a stationary point.
    solver : ``"auto"`` or a name of `zhixing.solvers.SOLVERS`.    tol : largest gradient entry (or
        violation of the optimality conditions) at the end.

    Attributes
    ----------
    coef_ : (p,), or (k, p) for a loss with k outputs.   intercept_ : float or (k,).
    n_iter_, objective_, solver_, history_.

    The parts are nested parameters: ``set_params(loss__delta=2.0)``.  The strength of the penalty is
    per row of weight, so it does not change with n; estimators with scikit-learn's names translate
    theirs.  `fit_blocks` fits rows that do not fit in memory, with the same result.

    Examples
    --------
    >>> from zhixing.losses import Squared
    >>> model = GeneralizedLinear(Squared(), L2(0.0)).fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> model.coef_.round(6)
    array([2.])
    >>> from zhixing.penalties import MCP
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(100, 4)); y = X @ [2.0, 0.0, 0.0, -1.0] + 0.1 * rng.normal(size=100)
    >>> model = GeneralizedLinear(penalty=MCP(0.2)).fit(X, y)
    >>> model.coef_.round(1) + 0.0, model.solver_
    (array([ 2.,  0.,  0., -1.]), 'reweighted')
    """

    _no_inference = (
        "a loss and a penalty are no likelihood; fit GeneralizedLinearModel(family, link), whose "
        "summary tests the coefficients"
    )

    def __init__(
        self,
        loss: Any = None,
        penalty: Any = None,
        *,
        solver: str = "auto",
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-6,
        warm_start: bool = False,
    ) -> None:
        self.loss = loss
        self.penalty = penalty
        self.solver = solver
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> GeneralizedLinear:
        """Fit on X (n, p), dense or sparse, and y (n,) in the loss's domain; returns self."""
        X, y, weight = check_fit(self, X, y, sample_weight, y_numeric=True)
        loss = self._loss()
        check_domain(loss, y)
        return self._solve(from_arrays(X, y, weight), X.dtype)

    def fit_blocks(self, blocks: Blocks) -> GeneralizedLinear:
        """Fit on rows read block by block, e.g. from `zhixing.data.blocks.from_parquet`."""
        self.n_features_in_ = blocks.n_features
        return self._solve(blocks, np.float64)

    def _solve(self, blocks: Blocks, dtype: Any) -> GeneralizedLinear:
        problem = Problem(blocks, self._loss(), self._penalty(), self.fit_intercept)
        start = self._start(problem)
        solution = solve(problem, self._solver(), start=start, max_iter=self.max_iter, tol=self.tol)
        warn_unless_converged(self, solution, self.max_iter)
        return self._keep(solution, dtype)

    def _loss(self) -> Any:
        return Squared() if self.loss is None else self.loss

    def _solver(self) -> str:
        return self.solver

    def _penalty(self) -> Any:
        return L2(0.0) if self.penalty is None else self.penalty

    def _start(self, problem: Problem) -> tuple[np.ndarray, Any] | None:
        if not self.warm_start or not hasattr(self, "coef_"):
            return None
        w = np.asarray(self.coef_, dtype=np.float64).T.copy()
        outputs = problem.shape[1:]
        if w.shape != (problem.blocks.n_features, *outputs):
            return None  # other columns or outputs than last time
        return w, np.asarray(self.intercept_, dtype=np.float64)

    def _keep(self, solution: Solution, dtype: Any) -> GeneralizedLinear:
        self.coef_ = np.ascontiguousarray(solution.w.T).astype(dtype)
        self.intercept_ = (
            solution.b.astype(dtype) if np.ndim(solution.b) else np.dtype(dtype).type(solution.b)
        )
        self.n_iter_, self.solver_ = solution.n_iter, solution.solver
        self.objective_, self.history_ = solution.objective, solution.history
        return self

    def linear_predictor(self, X: Any) -> np.ndarray:
        """Raw predictions z = X w + b, (n,) or (n, k)."""
        check_is_fitted(self)
        return scores(check_rows(self, X), np.asarray(self.coef_), self.intercept_)

    def predict(self, X: Any) -> np.ndarray:
        """Predictions in the units of y, ``loss.mean(z)``."""
        return self._loss().mean(self.linear_predictor(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
