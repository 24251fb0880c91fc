"""What a growing L1 penalty does to the coefficients of any loss: the path, and where it ends."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import _check_sample_weight, check_array, check_consistent_length

from ..core.errors import InputError
from ..data.blocks import Block, Blocks, from_arrays
from ..losses import MARGIN_LOSSES, Gamma, Huber, Logistic, Poisson, Softmax, Squared, check_domain
from ..penalties import L1, ElasticNet
from ..solvers import Problem, solve
from ..solvers.design import design
from ..solvers.path import path
from ..solvers.statistics import row_gradients
from ..solvers.tasks import alpha_grid, tasks
from .elastic_net import elastic_terms

#: Losses by name; any part of `zhixing.losses` may be given instead.
LOSSES: dict[str, Any] = {
    **MARGIN_LOSSES,
    "gamma": Gamma(),
    "huber": Huber(),
    "log": Logistic(),
    "logistic": Logistic(),
    "poisson": Poisson(),
    "squared": Squared(),
}


class L1Path(NamedTuple):
    """Solutions for falling alpha: m strengths, p columns, and k outputs for a loss of several scores."""

    alphas: np.ndarray  # (m,)
    coefs: np.ndarray  # (p, m) or (k, p, m)
    intercepts: np.ndarray  # (m,) or (k, m)
    objectives: np.ndarray  # (m,)
    n_iters: np.ndarray  # (m,)

    @property
    def n_nonzero(self) -> np.ndarray:
        """Columns in use at each strength, (m,)."""
        used = self.coefs != 0.0
        return np.count_nonzero(used.any(axis=0) if used.ndim == 3 else used, axis=0)


def l1_max_alpha(
    X: Any,
    y: Any,
    *,
    loss: Any = "squared",
    l1_ratio: float = 1.0,
    fit_intercept: bool = True,
    sample_weight: Any = None,
) -> float:
    """The smallest alpha at which every coefficient is zero.

    For  (1 / s) sum_i weight_i l(y_i, x_i w + b) + alpha (r |w|_1 + (1 - r) |w|^2 / 2),  r = `l1_ratio`,
    this is the largest entry of the gradient in w at w = 0 and the best b, divided by r.  Where the loss
    has a kink, rows on it may take any slope between those of its two sides, and the alpha is the least
    that some choice with slopes summing to zero allows (a linear program over these rows).

    Parameters
    ----------
    loss : ``"squared"``, ``"log"`` (softmax for more than two classes), ``"poisson"``, ``"gamma"``,
        ``"huber"``, ``"hinge"`` and the other margin losses, or a part of `zhixing.losses`.
    X may be sparse; classes may have any labels.    Cost: one pass over X.

    Examples
    --------
    >>> X, y = np.array([[0.0], [1.0], [2.0]]), np.array([0.0, 1.0, 2.0])
    >>> round(l1_max_alpha(X, y), 6)
    0.666667
    >>> round(l1_max_alpha(X, [0, 0, 1], loss="log"), 6)
    0.333333
    """
    if not 0.0 < l1_ratio <= 1.0:
        raise ValueError(f"l1_ratio is {l1_ratio!r}; it must lie in (0, 1]")
    blocks, part = _read(X, y, loss, sample_weight)
    return _largest(blocks, part, fit_intercept) / l1_ratio


def l1_path(
    X: Any,
    y: Any,
    *,
    loss: Any = "squared",
    alphas: Any = 100,
    eps: float = 1e-3,
    l1_ratio: float = 1.0,
    fit_intercept: bool = True,
    sample_weight: Any = None,
    max_iter: int = 1000,
    tol: float = 1e-6,
) -> L1Path:
    """Solutions from the alpha where all coefficients are zero down to eps times it, each starting the next.

    Parameters
    ----------
    loss, l1_ratio : see `l1_max_alpha`; the loss must have a slope everywhere.
    alphas : the strengths, or their number.      eps : the last divided by the first.
    tol : largest violation of the optimality conditions, relative to the gradient at zero coefficients
        where that is below one; for the squared loss, the duality gap divided by y'y of centred y.
    max_iter : rounds (sweeps, for the squared loss) at each alpha.

    Returns
    -------
    L1Path of alphas, coefs (p, m) or (k, p, m), intercepts, objectives, n_iters; and `n_nonzero`.

    Notes
    -----
    An alpha here is per unit of weight: for `LogisticRegression` C = 1 / (alpha s), s the total weight.
    Cost: a few passes over X an alpha; see `zhixing.solvers`.  Park and Hastie (2007) follow the same path
    by its derivative.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(100, 4)); y = X[:, 0] + 0.5 * X[:, 1] > 0.1
    >>> found = l1_path(X, y, loss="log", alphas=5)
    >>> found.n_nonzero[:3], found.coefs.shape
    (array([0, 2, 2]), (4, 5))
    """
    if not 0.0 < l1_ratio <= 1.0:
        raise ValueError(f"l1_ratio is {l1_ratio!r}; it must lie in (0, 1]")
    blocks, part = _read(X, y, loss, sample_weight)
    if np.ndim(alphas):
        grid = np.sort(np.asarray(alphas, dtype=np.float64))[::-1]
        if not len(grid) or not (grid >= 0).all():
            raise ValueError(f"alphas is {alphas!r}; give at least one, none negative")
    else:
        if not (int(alphas) >= 1 and eps > 0):
            raise ValueError(f"{alphas!r} alphas with eps={eps!r}: both must be positive")
        grid = alpha_grid(_largest(blocks, part, fit_intercept) / l1_ratio, eps, int(alphas))
    follow = _least_squares if type(part) is Squared else _any_loss
    return follow(blocks, part, grid, l1_ratio, fit_intercept, max_iter, tol)


def _read(X: Any, y: Any, loss: Any, sample_weight: Any) -> tuple[Blocks, Any]:
    """Rows as one block, and the loss as a part; labels become codes."""
    X = check_array(X, accept_sparse=("csr", "csc"), dtype=[np.float64, np.float32], input_name="X")
    check_consistent_length(X, y)
    weight = None
    if sample_weight is not None:
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        if not weight.any():
            raise ValueError("sample_weight is zero for every row; give some row a weight")
    part: Any = loss
    if isinstance(loss, str):
        if loss not in LOSSES:
            raise ValueError(f"loss={loss!r} is not one of {sorted(LOSSES)} or a part")
        part = LOSSES[loss]
    if part.domain in ("sign", "classes") or (isinstance(loss, str) and part.domain == "binary"):
        labels, y = np.unique(np.asarray(y), return_inverse=True)
        if len(labels) < 2:
            raise InputError(f"y holds one class only, {labels[0]!r}")
        if isinstance(part, Logistic) and len(labels) > 2:
            part = Softmax(len(labels))
        most = getattr(part, "n_outputs", 2) if part.domain == "classes" else 2
        if len(labels) > most:
            raise InputError(f"y has {len(labels)} classes; {type(part).__name__} takes {most}")
    y = check_array(y, ensure_2d=False, dtype=np.float64, input_name="y")
    check_domain(part, y)
    return from_arrays(X, y, weight), part


def _largest(blocks: Blocks, loss: Any, fit_intercept: bool) -> float:
    """The largest entry of the gradient of the mean loss at no coefficients."""
    block = blocks.one()
    outputs = (loss.n_outputs,) if hasattr(loss, "n_outputs") else ()
    b: Any = loss.start(block.y, block.weight) if fit_intercept else np.zeros(outputs)
    total = float(block.weight.sum())
    if loss.curvature == "none":
        if outputs:
            raise TypeError(
                f"{type(loss).__name__} has kinks between outputs, where the alpha is not known; the "
                "Softmax loss would do"
            )
        return _at_kinks(block, loss, float(b), fit_intercept) / total
    g, _ = row_gradients(loss, block, np.full((block.n, *outputs), b))
    return float(np.abs(design(block).transpose_dot(g)).max(initial=0.0)) / total


def _at_kinks(block: Block, loss: Any, b: float, fit_intercept: bool) -> float:
    """The least over slopes g of the rows of max_j |x_j' g|, with g summing to zero."""
    z = np.full(block.n, b)
    near = 1e-9 * np.maximum(np.maximum(abs(b), np.abs(block.y)), 1e-3)
    low, _ = row_gradients(loss, block, z - near)
    high, _ = row_gradients(loss, block, z + near)
    free = np.flatnonzero(high - low > 1e-6 * block.weight * np.abs(high - low).max(initial=0.0))
    X = design(block)
    c = X.transpose_dot(low)
    rows = block.X[free]
    A = np.asarray(rows.toarray() if hasattr(rows, "toarray") else rows, dtype=np.float64).T
    if not len(free):
        return float(np.abs(c).max(initial=0.0))
    p, k = A.shape
    # Least t with -t <= c + A u <= t, 0 <= u <= high - low.
    ones = np.ones((p, 1))
    constraints = np.block([[A, -ones], [-A, -ones]])
    width = (high - low)[free]
    sums = {}
    if fit_intercept:
        sums = {"A_eq": np.append(np.ones(k), 0.0)[None], "b_eq": [-low.sum()]}
    found = linprog(
        np.append(np.zeros(k), 1.0),
        A_ub=constraints,
        b_ub=np.concatenate([-c, c]),
        bounds=[(0.0, w) for w in width] + [(0.0, None)],
        **sums,
    )
    if found.status != 0:
        raise InputError(
            f"no slopes at the kinks of {type(loss).__name__} were found", do="scale y"
        )
    return float(found.fun)


def _least_squares(
    blocks: Blocks,
    loss: Any,
    grid: np.ndarray,
    l1_ratio: float,
    fit_intercept: bool,
    max_iter: int,
    tol: float,
) -> L1Path:
    block = blocks.one()
    n, p = block.X.shape
    (problem,) = tasks(
        design(block),
        block.y[:, None],
        block.weight,
        fit_intercept,
        all_columns=True if n > p and p <= 2048 else None,
    )
    fits = path(
        problem,
        grid,
        lambda alpha: elastic_terms(p, alpha, l1_ratio),
        tol=tol,
        max_iter=max_iter,
    )
    coefs = np.stack([fit.w for fit in fits], axis=1)
    b = np.array([problem.intercept(fit.w) if fit_intercept else 0.0 for fit in fits])
    r = block.y[:, None] - block.X @ coefs - b
    values = 0.5 * (block.weight @ (r * r)) / block.weight.sum()
    values += grid * (
        l1_ratio * np.abs(coefs).sum(axis=0) + 0.5 * (1 - l1_ratio) * (coefs**2).sum(axis=0)
    )
    _warn([fit.gap <= tol * problem.yy * (1 + 1e-12) for fit in fits], max_iter)
    sweeps = np.array([fit.sweeps for fit in fits])
    return L1Path(grid, coefs.astype(block.X.dtype), b, values, sweeps)


def _any_loss(
    blocks: Blocks,
    loss: Any,
    grid: np.ndarray,
    l1_ratio: float,
    fit_intercept: bool,
    max_iter: int,
    tol: float,
) -> L1Path:
    start = None
    found = []
    for alpha in grid:
        penalty = L1(alpha) if l1_ratio == 1.0 else ElasticNet(alpha, l1_ratio)
        problem = Problem(blocks, loss, penalty, fit_intercept)
        found.append(solve(problem, start=start, max_iter=max_iter, tol=tol))
        start = found[-1].w, found[-1].b
    _warn([solution.converged for solution in found], max_iter)
    return L1Path(
        grid,
        np.stack([s.w.T for s in found], axis=-1).astype(blocks.dtype),
        np.stack([np.asarray(s.b) for s in found], axis=-1),
        np.array([s.objective for s in found]),
        np.array([s.n_iter for s in found]),
    )


def _warn(converged: list[bool], max_iter: int) -> None:
    short = len(converged) - sum(converged)
    if short:
        warnings.warn(
            f"l1_path stopped after {max_iter} rounds at {short} of {len(converged)} alphas; raise "
            "max_iter, scale the features, or loosen tol",
            ConvergenceWarning,
            stacklevel=4,
        )
