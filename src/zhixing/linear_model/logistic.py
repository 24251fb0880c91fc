"""Logistic regression: (logistic or softmax) x (none, L2, L1, elastic net) x any solver."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from ..core.estimator import Candidate, Estimator
from ..core.space import OneOf, Real
from ..data.blocks import from_arrays
from ..data.check import check_fit, check_rows
from ..losses import Logistic, Softmax
from ..losses.family import Bernoulli
from ..penalties import L1, L2, ElasticNet
from ..solvers import SOLVERS, Problem, solve
from .base import LinearClassifierMixin, scores, warn_unless_converged
from .coefficient_table import CoefficientTable
from .inference import Likelihood, NoInference
from .multinomial_inference import summarise_multinomial

#: scikit-learn's names; the optimum is the same, so liblinear, sag and saga leave the choice to us.
_SKLEARN_SOLVERS = {
    "lbfgs": "lbfgs",
    "newton-cg": "newton_cg",
    "newton-cholesky": "newton",
    "liblinear": "auto",
    "sag": "auto",
    "saga": "auto",
}


class LogisticRegression(LinearClassifierMixin, Estimator):
    """Probabilities from a linear score: sigmoid for two classes, softmax for more.

    Minimises over w and the unpenalised b::

        (1 / s) sum_i weight_i l(y_i, x_i w + b) + penalty(w),      s = sum_i weight_i
        l1_ratio = 0:  |w|^2 / (2 C s)        l1_ratio = 1:  |w|_1 / (C s)

    with l the binary cross-entropy, or the categorical one for more than two classes (all classes
    jointly).  This is scikit-learn's objective divided by C s.

    Parameters
    ----------
    C : inverse strength of the penalty, in units of rows; ``inf`` for none.
    l1_ratio : 0 for L2, 1 for L1, between them the elastic net.
    penalty : ``"l2"``, ``"l1"``, ``"elasticnet"`` or None; if given it overrides the choice that
        `l1_ratio` and `C` make.
    threshold : probability from which the second of two classes is predicted.
    solver : ``"auto"`` (see `zhixing.solvers.choose`), one of its names (``"gd"``, ``"sgd"``,
        ``"minibatch"``, ``"bfgs"``, ``"dfp"`` are there for comparison), or one of scikit-learn's.
    tol : largest entry of the gradient (or violation of the optimality conditions) at the end.
    class_weight : None, ``"balanced"`` or a dict; multiplies the row weights.

    Attributes
    ----------
    coef_ : (1, p) for two classes, else (k, p).      intercept_ : (1,) or (k,).
    classes_, n_iter_, n_features_in_, feature_names_in_ ; objective_ : the value reached;
    solver_ : the solver used;  history_ : objective and optimality by round.

    Notes
    -----
    Cost: a round is one pass, O(n p k); Newton rounds O(n p^2 k^2), three to eight of them.
    Differences from scikit-learn: the default solver is chosen by the data; `tol` is reached on the
    gradient of the mean loss; the intercept is never penalised, by any solver; `threshold`.
    Source: McCullagh and Nelder (1989), chapter 4; Hastie, Tibshirani and Friedman (2009), 4.4.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = LogisticRegression().fit(X, y)
    >>> model.predict(X[:2]), round(model.score(X, y), 2)
    (array([0, 0]), 0.97)
    """

    candidate = Candidate(
        tasks=("binary", "multiclass"),
        simplicity=11,
        space={"C": Real(1e-4, 1e4, log=True), "l1_ratio": OneOf((0.0, 0.5, 1.0))},
        cost=3.0,
    )

    def __init__(
        self,
        penalty: str | None = "auto",
        *,
        C: float = 1.0,
        l1_ratio: float = 0.0,
        tol: float = 1e-6,
        fit_intercept: bool = True,
        class_weight: Any = None,
        threshold: float = 0.5,
        solver: str = "auto",
        max_iter: int = 1000,
        warm_start: bool = False,
        random_state: Any = None,
        verbose: int = 0,
        n_jobs: int | None = None,
    ) -> None:
        self.penalty = penalty
        self.C = C
        self.l1_ratio = l1_ratio
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.threshold = threshold
        self.solver = solver
        self.max_iter = max_iter
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LogisticRegression:
        """Fit on X (n, p), dense or sparse, and labels y (n,); returns self."""
        self._check_parameters()
        X, y, sample_weight = check_fit(self, X, y, sample_weight)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        k = len(self.classes_)
        if k < 2:
            raise ValueError(
                f"LogisticRegression needs at least two classes in y; there is only one class: "
                f"{self.classes_[0]!r}"
            )
        if self.class_weight is not None:
            by_class = compute_sample_weight(self.class_weight, y)
            sample_weight = by_class if sample_weight is None else by_class * sample_weight
        weight = np.ones(len(y)) if sample_weight is None else sample_weight
        problem = Problem(
            blocks=from_arrays(X, codes, weight),
            loss=Logistic() if k == 2 else Softmax(k),
            penalty=self._penalty(float(weight.sum())),
            fit_intercept=self.fit_intercept,
        )
        solver = _SKLEARN_SOLVERS.get(self.solver, self.solver)
        if not problem.penalty.smooth and solver not in ("auto", "prox_newton", "fista"):
            raise ValueError(
                f"solver={self.solver!r} cannot set weights to zero; with an L1 penalty use "
                "solver='auto', 'prox_newton' or 'fista'"
            )
        solution = solve(
            problem, solver, start=self._start(k), max_iter=self.max_iter, tol=self.tol
        )
        warn_unless_converged(self, solution, self.max_iter)
        self.coef_ = np.atleast_2d(solution.w.T).astype(X.dtype)
        self.intercept_ = np.atleast_1d(solution.b).astype(X.dtype)
        self.n_iter_ = np.array([solution.n_iter])
        self.objective_, self.solver_ = solution.objective, solution.solver
        self.history_ = solution.history
        return self

    def _check_parameters(self) -> None:
        if not self.C > 0:
            raise ValueError(f"C is {self.C!r}; it must be positive (inf for no penalty)")
        if not 0 <= self.l1_ratio <= 1:
            raise ValueError(f"l1_ratio is {self.l1_ratio!r}; it must lie in [0, 1]")
        if self.penalty not in ("auto", "l1", "l2", "elasticnet", None):
            raise ValueError(f"penalty={self.penalty!r} is not 'l1', 'l2', 'elasticnet' or None")
        if self.solver not in ("auto", *SOLVERS, *_SKLEARN_SOLVERS):
            raise ValueError(f"solver={self.solver!r} is not known; see zhixing.solvers.SOLVERS")
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"threshold is {self.threshold!r}; it is a probability")

    def _penalty(self, total: float) -> Any:
        if self.penalty is None or np.isinf(self.C):
            return L2(0.0)
        ratio = {"l2": 0.0, "l1": 1.0}.get(self.penalty, self.l1_ratio)
        alpha = 1.0 / (self.C * total)
        if ratio == 0.0:
            return L2(alpha)
        return L1(alpha) if ratio == 1.0 else ElasticNet(alpha, ratio)

    def _start(self, k: int) -> tuple[np.ndarray, Any] | None:
        if not self.warm_start or not hasattr(self, "coef_"):
            return None
        w = np.asarray(self.coef_, dtype=np.float64).T
        b = np.asarray(self.intercept_, dtype=np.float64)
        if w.shape != (self.n_features_in_, 1 if k == 2 else k):
            return None  # other classes or columns than last time
        return (w[:, 0].copy(), float(b[0])) if k == 2 else (w.copy(), b.copy())

    def _summarise(
        self, X: Any, y: np.ndarray, weight: np.ndarray, **options: Any
    ) -> CoefficientTable:
        unknown = sorted(set(np.unique(y)) - set(self.classes_))
        if unknown:
            raise ValueError(f"class {unknown[0]!r} in y was not there when the model was fitted")
        if self.penalty is not None and not np.isinf(self.C):
            raise NoInference(
                f"the penalty (C={self.C:g}) shrinks the coefficients, so Wald tests are not valid; "
                "fit with C=inf"
            )
        if self.class_weight is not None:
            raise NoInference(
                "class_weight changes the share of the classes the model believes in; fit with "
                "class_weight=None"
            )
        if len(self.classes_) > 2:
            return summarise_multinomial(self, X, y, weight, **options)
        return super()._summarise(X, y, weight, **options)

    def _likelihood(self, y: np.ndarray) -> Likelihood:
        second = self.classes_[1]
        return Likelihood(Bernoulli(), "logit", f"class {second}", (y == second).astype(float))

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of every class, (n, k) in the order of `classes_`."""
        check_is_fitted(self)
        z = scores(check_rows(self, X), self.coef_, self.intercept_)
        if z.shape[1] > 1:
            return Softmax(z.shape[1]).mean(z)
        p = Logistic().mean(z[:, 0])
        return np.column_stack([1.0 - p, p]).astype(z.dtype, copy=False)

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Logarithms of `predict_proba`, without underflow."""
        check_is_fitted(self)
        z = scores(check_rows(self, X), self.coef_, self.intercept_)
        if z.shape[1] == 1:
            return np.column_stack([-np.logaddexp(0.0, z[:, 0]), -np.logaddexp(0.0, -z[:, 0])])
        return z - np.logaddexp.reduce(z, axis=1, keepdims=True)

    def predict(self, X: Any) -> np.ndarray:
        """The class of every row; of two classes the second from probability `threshold` up."""
        if self.threshold == 0.5 or len(self.classes_) > 2:
            return super().predict(X)
        return self.classes_[(self.predict_proba(X)[:, 1] >= self.threshold).astype(np.intp)]
