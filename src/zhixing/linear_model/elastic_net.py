"""Elastic-net regression, and what its relatives share."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import MultiOutputMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_array

from ..core.estimator import Candidate, Estimator
from ..core.random import generator
from ..core.space import Real
from ..data.check import check_fit
from ..solvers.cd import Fit, cd
from ..solvers.design import as_design
from ..solvers.tasks import tasks
from ..solvers.terms import Terms
from .base import LinearRegressorMixin


def elastic_terms(p: int, alpha: float, l1_ratio: float, positive: bool = False) -> Terms:
    """alpha (r |w|_1 + (1 - r) |w|^2 / 2) for p coefficients, at or above zero if `positive`."""
    return Terms(
        np.full(p, alpha * l1_ratio),
        np.full(p, alpha * (1.0 - l1_ratio)),
        0.0 if positive else -np.inf,
    )


def check_strengths(estimator: Any) -> None:
    """Refuse parameters out of range, by name."""
    if hasattr(estimator, "alpha") and not estimator.alpha >= 0:
        raise ValueError(f"alpha is {estimator.alpha!r}; it must not be negative")
    ratios = np.atleast_1d(np.asarray(getattr(estimator, "l1_ratio", 1.0), dtype=float))
    if not ((ratios >= 0) & (ratios <= 1)).all():
        raise ValueError(f"l1_ratio is {estimator.l1_ratio!r}; it must lie in [0, 1]")
    if estimator.selection not in ("cyclic", "random"):
        raise ValueError(f"selection={estimator.selection!r} is not 'cyclic' or 'random'")
    if estimator.max_iter is not None and not estimator.max_iter >= 1:
        raise ValueError(f"max_iter is {estimator.max_iter!r}; it must be at least 1")
    if not estimator.tol >= 0:
        raise ValueError(f"tol is {estimator.tol!r}; it must not be negative")


def refuse_infinite(estimator: Any, X: Any) -> None:
    """Say what is wrong with X when its products with y are not finite numbers."""
    check_array(X, accept_sparse=True, dtype=None, estimator=estimator, input_name="X")
    raise ValueError("X holds values whose squares overflow; scale the features")


def given_gram(estimator: Any, X: Any, weight: np.ndarray | None) -> np.ndarray | None:
    """The matrix passed as `precompute`, per unit of weight, if it is the one of this X.

    scikit-learn's rules: it must be X'X of the centred X (rows times the root of the weights where
    there are any, these scaled to sum to n); for an X that is not centred it is computed anew.
    """
    G = estimator.precompute
    if isinstance(G, str) or np.ndim(G) == 0 or sparse.issparse(X):
        return None
    G = check_array(G, dtype=np.float64, input_name="precompute")
    n, p = X.shape
    if G.shape != (p, p):
        raise ValueError(f"precompute has shape {G.shape}; X has {p} columns")
    omega = np.full(n, 1.0 / n) if weight is None else weight / weight.sum()
    if estimator.fit_intercept and not np.allclose(omega @ X, 0.0):
        warnings.warn(
            "Gram matrix was provided but X was centered to fit intercept: recomputing Gram matrix.",
            UserWarning,
            stacklevel=3,
        )
        return None
    a, b = 0, p // 2
    expected = n * float((omega * X[:, a]) @ X[:, b])
    if not np.isclose(G[a, b], expected, rtol=1e-4 if X.dtype == np.float32 else 1e-7):
        raise ValueError(
            "Gram matrix passed in via 'precompute' parameter did not pass validation when a single "
            f"element was checked: {G[a, b]:.6g} where X'X has {expected:.6g}; give the Gram matrix of "
            "this X, centred and weighted as fit sees it"
        )
    return np.ascontiguousarray(G) / n


class ElasticNet(MultiOutputMixin, LinearRegressorMixin, Estimator):
    """Least squares with L1 and L2 penalties: selects columns, and keeps groups of correlated ones.

    Minimises over w and the unpenalised b, with s the sum of the weights::

        (1 / 2 s) sum_i weight_i (y_i - x_i w - b)^2  +  alpha (r |w|_1 + (1 - r) |w|^2 / 2),  r = l1_ratio

    Parameters
    ----------
    alpha : strength of the penalty.        l1_ratio : 1 for the lasso, 0 for ridge.
    precompute : True computes X'X once, in one pass (done anyway for up to 128 columns); or the
        matrix itself, X'X of the centred X.
    max_iter : sweeps of coordinate descent.     positive : hold w at or above zero.
    tol : the duality gap at the end is at most tol y'y / s with y centred, as in scikit-learn.
    selection : ``"cyclic"`` or ``"random"`` (seeded by `random_state`) order of coordinates.
    warm_start : start from the last `coef_`.     copy_X : accepted; X is never overwritten.

    Attributes
    ----------
    coef_ : (p,) or (k, p) for y of shape (n, k), each target by itself; sparse_coef_ : the same, sparse.
    intercept_ : float or (k,).      dual_gap_ : duality gap, in units of the objective.
    n_iter_ : sweeps, by target.

    Notes
    -----
    Cost: a few passes over X, O(n p) each, and the products of the columns that matter, O(n m^2);
    neither a copy nor a transposition of X is made.
    Coordinate descent (Friedman et al. 2010) on growing working sets with a duality gap over all
    columns (Massias et al. 2018), ended by Newton steps on the support (`zhixing.solvers.active_set`).
    The gap is checked after every sweep, so fewer are needed than scikit-learn needs to see it.

    Examples
    --------
    >>> X = np.array([[1.0, 1.0], [2.0, 2.1], [3.0, 2.9], [4.0, 4.0]])
    >>> ElasticNet(alpha=0.1, tol=1e-10).fit(X, [1.0, 2.0, 3.0, 4.0]).coef_.round(2)
    array([0.51, 0.44])
    """

    candidate = Candidate(
        tasks=("regression",),
        simplicity=20,
        space={"alpha": Real(1e-4, 1e2, log=True), "l1_ratio": Real(0.05, 0.95)},
        cost=2.0,
    )

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        l1_ratio: float = 0.5,
        fit_intercept: bool = True,
        precompute: Any = False,
        max_iter: int = 1000,
        copy_X: bool = True,
        tol: float = 1e-4,
        warm_start: bool = False,
        positive: bool = False,
        random_state: Any = None,
        selection: str = "cyclic",
    ) -> None:
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.precompute = precompute
        self.max_iter = max_iter
        self.copy_X = copy_X
        self.tol = tol
        self.warm_start = warm_start
        self.positive = positive
        self.random_state = random_state
        self.selection = selection

    def fit(
        self, X: Any, y: Any, sample_weight: Any = None, check_input: bool = True
    ) -> ElasticNet:
        """Fit on X (n, p), dense or sparse, and y (n,) or (n, k); returns self.

        `check_input` is accepted for compatibility; the check costs nothing beside the fit.
        """
        check_strengths(self)
        X, y, weight = check_fit(
            self, X, y, sample_weight,
            multi_output=True, y_numeric=True, ensure_all_finite=sparse.issparse(X),
        )  # fmt: skip
        Y = np.asarray(y, dtype=np.float64).reshape(len(y), -1)
        gram = given_gram(self, X, weight)
        everything = True if self.precompute is True else None
        problems = tasks(
            as_design(X), Y, weight, self.fit_intercept, gram=gram, all_columns=everything
        )
        if not all(np.isfinite(problem.c).all() for problem in problems):
            refuse_infinite(self, X)
        p = X.shape[1]
        terms = elastic_terms(p, float(self.alpha), float(self.l1_ratio), self.positive)
        fits = [
            cd(
                problem,
                terms,
                start=start,
                tol=self.tol,
                max_iter=self.max_iter or 1000,
                random=generator(self.random_state) if self.selection == "random" else None,
            )
            for problem, start in zip(problems, self._starts(len(problems), p))
        ]
        warn_of_gaps(self, fits, [self.tol * problem.yy for problem in problems])
        coef = np.array([fit.w for fit in fits]).astype(X.dtype)
        b = np.array([q.intercept(fit.w) for q, fit in zip(problems, fits)]).astype(X.dtype)
        single = np.ndim(y) == 1 or Y.shape[1] == 1
        self.coef_ = coef[0] if single else coef
        self.intercept_ = b[0] if np.ndim(y) == 1 else b
        self.n_iter_ = fits[0].sweeps if single else [fit.sweeps for fit in fits]
        self.dual_gap_ = fits[0].gap if single else np.array([fit.gap for fit in fits])
        return self

    def _starts(self, k: int, p: int) -> list[np.ndarray | None]:
        coef = np.atleast_2d(getattr(self, "coef_", np.empty((0, 0))))
        if not self.warm_start or coef.shape != (k, p):
            return [None] * k
        return list(np.ascontiguousarray(coef, dtype=np.float64))

    @property
    def sparse_coef_(self) -> Any:
        """`coef_` as a sparse array of shape (1, p) or (k, p)."""
        return sparse.csr_array(np.atleast_2d(self.coef_))


def warn_of_gaps(estimator: Any, fits: list[Fit], targets: list[float]) -> None:
    """Say that the sweeps ran out, as scikit-learn's ConvergenceWarning."""
    worst = max(zip(fits, targets), key=lambda pair: pair[0].gap - pair[1])
    if worst[0].gap <= worst[1] * (1.0 + 1e-12) + 1e-14 * worst[1]:
        return
    warnings.warn(
        f"{type(estimator).__name__} did not converge in {worst[0].sweeps} sweeps: duality gap "
        f"{worst[0].gap:.3e}, tolerance {worst[1]:.3e}; raise max_iter, scale the features, or raise "
        "alpha or tol",
        ConvergenceWarning,
        stacklevel=3,
    )
