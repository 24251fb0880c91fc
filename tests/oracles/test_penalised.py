"""Penalised fits against optimality conditions, closed forms, scikit-learn, skglm and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import sparse
from scipy.optimize import LinearConstraint, minimize, nnls
from sklearn import linear_model as sk

from zhixing.data.blocks import from_arrays
from zhixing.linear_model import GeneralizedLinear, GeneralizedLinearModel, Lasso
from zhixing.linear_model.inference import NoInference
from zhixing.losses import Hinge, Huber, Logistic, Poisson, Softmax, Squared
from zhixing.penalties import (
    L0,
    L1,
    MCP,
    SCAD,
    Box,
    ElasticNet,
    FusedL1,
    GroupL2,
    L1Ball,
    L2Ball,
    Lp,
    MaxNorm,
    Slope,
    SparseGroupL2,
    WeightedElasticNet,
    WeightedL1,
    adaptive_l1,
    oscar,
)
from zhixing.penalties.fused_l1 import taut_string
from zhixing.solvers import Problem, choose, solve
from zhixing.solvers.statistics import statistics

P = 12
PENALTIES = [
    WeightedL1(0.05, np.linspace(0.0, 2.0, P)),
    WeightedElasticNet(0.05, 0.4, np.linspace(0.0, 2.0, P)),
    GroupL2(0.04, 3),
    GroupL2(0.04, [[0, 11], [1, 2, 3, 4], [5, 6, 10], [7], [8, 9]], [1.0, 2.0, 0.0, 1.0, 1.0]),
    SparseGroupL2(0.04, 0.5, 4),
    Slope(0.03),
    oscar(0.01, 0.005, P),
    FusedL1(0.03, 0.3),
    FusedL1(0.03, 0.0),
    L1Ball(0.5),
    L2Ball(0.3),
    MaxNorm(0.3),
    Box(-0.1, 0.2),
    Lp(0.05, 1.3),
    Lp(0.1, 3.0),
    Lp(0.1, 4.0),
    MCP(0.05, 6.0),
    SCAD(0.05, 8.0),
    Lp(0.02, 0.5),
    L0(0.002),
]
LOSSES = [Squared(), Logistic(), Poisson(), Huber(), Softmax(3)]


def table(loss, n=400, p=P, seed=0):
    """Columns far from centred, of unequal scale and correlated; weights with zeros."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * rng.uniform(0.5, 2.0, p) + rng.normal(size=p)
    X[:, 1:] += 0.5 * X[:, :-1]
    z = ((X - X.mean(0)) / X.std(0)) @ np.where(np.arange(p) % 3, 0.0, rng.normal(size=p))
    if isinstance(loss, Softmax):
        y = np.digitize(z + rng.normal(size=n), [-0.5, 0.5]).astype(float)
    elif isinstance(loss, Poisson):
        y = rng.poisson(np.exp(0.5 * z)).astype(float)
    elif isinstance(loss, Logistic):
        y = (rng.random(n) < 1.0 / (1.0 + np.exp(-z))).astype(float)
    else:
        y = z + rng.normal(size=n)
    return X, y, rng.integers(0, 3, n).astype(float)


def residual(problem, found, step=1e-3):
    """How far a small proximal gradient step moves, in units of the gradient: 0 at a stationary point."""
    p = problem.blocks.n_features
    theta = np.asarray(problem.join(found.w, found.b))
    sums = statistics(problem.loss, problem.blocks.one(), theta, problem.fit_intercept)
    g = sums.gradient / sums.weight
    moved = problem.penalty.prox(found.w - step * g[:p], step)
    return max(
        np.abs(moved - found.w).max() / step,
        np.abs(g[p:]).max(initial=0.0),
        np.abs(problem.penalty.violation(found.w, g[:p])).max(),
    )


def shaped(penalty, loss):
    """Slope and OSCAR state their weights for (p,) only."""
    if isinstance(penalty, Slope) and penalty.weights is not None and isinstance(loss, Softmax):
        return Slope(0.05, 0.2)
    return penalty


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
def test_optimality_for_every_pair_dense_sparse_weighted(penalty, loss):
    penalty = shaped(penalty, loss)
    X, y, weight = table(loss)
    X = np.where(np.abs(X) > 0.4, X, 0.0)
    for intercept in (True, False):
        problem = Problem(from_arrays(X, y, weight), loss, penalty, intercept)
        found = solve(problem, tol=1e-7, max_iter=5000)
        assert found.converged and found.solver == choose(problem)
        assert residual(problem, found) <= 3e-6
        thin = Problem(from_arrays(sparse.csr_array(X), y, weight), loss, penalty, intercept)
        other = solve(thin, tol=1e-7, max_iter=5000)
        assert other.objective == pytest.approx(found.objective, rel=1e-9, abs=1e-10)
        repeated = from_arrays(
            np.repeat(X, weight.astype(int), 0), np.repeat(y, weight.astype(int))
        )
        again = solve(Problem(repeated, loss, penalty, intercept), tol=1e-7, max_iter=5000)
        assert again.objective == pytest.approx(found.objective, rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("loss", [Squared(), Logistic()], ids=repr)
@pytest.mark.parametrize("penalty", [p for p in PENALTIES if p.convex], ids=repr)
def test_solvers_agree_in_one_block_or_five(penalty, loss):
    X, y, weight = table(loss)
    objectives = [
        solve(
            Problem(from_arrays(X, y, weight, n_blocks=n), loss, penalty),
            s,
            tol=1e-8,
            max_iter=9000,
        ).objective
        for n, s in ((1, "auto"), (5, "auto"), (1, "fista"), (5, "fista"))
    ]
    assert_allclose(objectives, objectives[0], rtol=1e-11)


def orthogonal(n=64, p=16, seed=3):
    """X'X = n I, so the solution is the prox of X'y / n."""
    rng = np.random.default_rng(seed)
    X = np.linalg.qr(rng.normal(size=(n, p)))[0] * np.sqrt(n)
    return X, X @ (rng.normal(size=p) * 1.5) + rng.normal(size=n)


@pytest.mark.parametrize(
    "penalty",
    [
        *(MCP(0.5, g) for g in (1.5, 3.0)),
        SCAD(0.5, 3.7),
        Lp(0.3, 0.5),
        L0(0.3),
        Lp(0.5, 3.0),
        Lp(0.5, 4.0),
        Lp(0.5, 1.5),
        GroupL2(0.5, 4),
        SparseGroupL2(0.5, 0.5, 4),
        Slope(0.5),
        L1Ball(2.0),
        L2Ball(1.0),
        Box(-0.5, 0.5),
    ],
    ids=repr,
)
def test_orthogonal_columns_have_the_closed_form(penalty):
    X, y = orthogonal()
    model = GeneralizedLinear(Squared(), penalty, fit_intercept=False, tol=1e-9).fit(X, y)
    assert_allclose(model.coef_, penalty.prox(X.T @ y / len(y), 1.0), atol=1e-8)


def test_weights_are_scaled_columns():
    X, y, weight = table(Squared())
    factors = np.linspace(0.5, 2.0, P)
    model = GeneralizedLinear(penalty=WeightedL1(0.05, factors), tol=1e-10).fit(X, y, weight)
    lasso = sk.Lasso(0.05, tol=1e-14, max_iter=100_000).fit(X / factors, y, weight)
    assert_allclose(model.coef_, lasso.coef_ / factors, atol=1e-7)
    free = GeneralizedLinear(penalty=WeightedL1(100.0, [0.0] + [1.0] * (P - 1)), tol=1e-10)
    free.fit(X, y, weight)
    alone = sk.LinearRegression().fit(X[:, :1], y, weight)
    assert_allclose(free.coef_, np.append(alone.coef_, np.zeros(P - 1)), atol=1e-8)


def test_adaptive_lasso_drops_what_the_lasso_keeps():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(2000, 20))
    truth = np.where(np.arange(20) < 3, 2.0, 0.0)
    y = X @ truth + rng.normal(size=2000)
    first = sk.LinearRegression().fit(X, y).coef_
    model = GeneralizedLinear(penalty=adaptive_l1(first, 0.02, 1.0)).fit(X, y)
    lasso = Lasso(0.02).fit(X, y)
    assert (model.coef_ != 0.0).tolist() == (truth != 0.0).tolist()
    assert np.count_nonzero(lasso.coef_) > 3
    assert np.abs(model.coef_ - truth).max() < np.abs(lasso.coef_ - truth).max()


def test_multi_task_selection_for_all_classes_at_once():
    """Groups of one feature over k outputs: a feature is out for every class, or in for every class."""
    X, y, weight = table(Softmax(3))
    model = GeneralizedLinear(Softmax(3), GroupL2(0.08), tol=1e-9).fit(X, y, weight)
    zero = model.coef_ == 0.0
    assert (zero.all(0) == zero.any(0)).all() and 0 < zero.all(0).sum() < P


def test_nonnegative_least_squares():
    X, y, _ = table(Squared())
    found, _ = nnls(X, y)
    model = GeneralizedLinear(penalty=Box(0.0), fit_intercept=False, tol=1e-10).fit(X, y)
    assert_allclose(model.coef_, found, atol=1e-7)
    away = GeneralizedLinear(penalty=Box(0.5, 0.9), tol=1e-10).fit(X, y)
    assert (away.coef_ >= 0.5).all() and (away.coef_ <= 0.9).all()


@pytest.mark.parametrize("loss", [Squared(), Logistic()], ids=repr)
def test_norm_balls_against_scipy(loss):
    X, y, _ = table(loss, n=150, p=4)

    def objective(theta):
        return loss.value(y, X @ theta[:4] + theta[4]).mean()

    def slope(theta):
        g = np.array([loss.derivatives(*q)[0] for q in zip(y, X @ theta[:4] + theta[4])]) / len(y)
        return np.append(X.T @ g, g.sum())

    signs = np.array(np.meshgrid(*[[-1.0, 1.0]] * 4)).reshape(4, -1).T
    sets = {
        L1Ball(0.4): LinearConstraint(np.c_[signs, np.zeros(16)], -np.inf, 0.4),
        Box(-0.15, 0.15): LinearConstraint(np.eye(5)[:4], -0.15, 0.15),
    }
    for penalty, limits in sets.items():
        best = minimize(objective, np.zeros(5), jac=slope, constraints=limits, method="SLSQP",
                        options={"ftol": 1e-14, "maxiter": 500})  # fmt: skip
        model = GeneralizedLinear(loss, penalty, tol=1e-9, max_iter=5000).fit(X, y)
        assert model.objective_ <= best.fun + 1e-9
        assert_allclose(model.coef_, best.x[:4], atol=2e-4)


def test_lp_is_the_smooth_minimum():
    X, y, _ = table(Squared())
    for p in (1.5, 3.0, 4.0):
        penalty = Lp(0.2, p)

        def objective(theta, penalty=penalty):
            w = theta[:P]
            r = X @ w + theta[P] - y
            g = np.append(X.T @ r, r.sum()) / len(y)
            g[:P] += np.sign(w) * penalty.slope(w)
            return 0.5 * r @ r / len(y) + penalty.value(w), g

        best = minimize(objective, np.zeros(P + 1), jac=True, method="BFGS", options={"gtol": 1e-9})
        model = GeneralizedLinear(penalty=penalty, tol=1e-9).fit(X, y)
        assert model.objective_ <= best.fun + 1e-10
        assert_allclose(model.coef_, best.x[:P], atol=1e-4)
        assert not (model.coef_ == 0.0).any()


@pytest.mark.parametrize("size", [0.01, 0.5, 3.0, 100.0])
def test_the_taut_string_is_optimal(size):
    """By duality: the running sums of v - u stay within the size, and are at it where u jumps."""
    for seed, n in ((0, 2), (1, 3), (2, 50), (3, 1000)):
        rng = np.random.default_rng(seed)
        for v in (rng.normal(size=n), np.cumsum(rng.normal(size=n)), np.round(rng.normal(size=n))):
            u = taut_string(v, size)
            sums = np.cumsum(v - u)
            assert abs(sums[-1]) <= 1e-9 * n
            assert np.abs(sums[:-1]).max() <= size * (1.0 + 1e-9) + 1e-9
            jumps = np.diff(u)
            k = np.abs(jumps) > 1e-9
            assert_allclose(sums[:-1][k], -size * np.sign(jumps[k]), atol=1e-8)


def test_fused_lasso_finds_the_pieces():
    rng = np.random.default_rng(0)
    truth = np.repeat([0.0, 2.0, 0.0, -1.0, 0.0], 12)
    X = rng.normal(size=(300, 60))
    y = X @ truth + 0.3 * rng.normal(size=300)
    model = GeneralizedLinear(penalty=FusedL1(0.1, 0.3), tol=1e-8).fit(X, y)
    assert (np.flatnonzero(np.abs(np.diff(model.coef_)) > 0.2) == [11, 23, 35, 47]).all()
    # The same as a lasso of the jumps, where only they are penalised.
    jumps = np.tril(np.ones((60, 60)))
    model = GeneralizedLinear(penalty=FusedL1(0.1, 0.0), tol=1e-9).fit(X, y)
    lasso = GeneralizedLinear(penalty=WeightedL1(0.1, np.r_[0.0, np.ones(59)]), tol=1e-9)
    lasso.fit(X @ jumps, y)
    assert_allclose(model.coef_, jumps @ lasso.coef_, atol=1e-6)


def wide(seed=0, n=120, p=800):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    X[:, 1:] += 0.5 * X[:, :-1]
    X /= X.std(0)
    w = np.zeros(p)
    w[:20:2] = 2.0
    return X, X @ w + 0.5 * rng.normal(size=n)


@pytest.mark.parametrize("kind", ["mcp", "group"])
def test_not_above_skglm(kind):
    skglm = pytest.importorskip("skglm")
    from skglm import datafits, penalties, solvers
    from skglm.utils.data import grp_converter

    X, y = wide()
    p = X.shape[1]
    members, ends = grp_converter(4, p)
    if kind == "mcp":
        ours, theirs = MCP(0.3, 3.0), penalties.MCPenalty(0.3, 3.0)
        fit, engine = datafits.Quadratic(), solvers.AndersonCD
    else:
        ours = GroupL2(0.2, 4)
        theirs = penalties.WeightedGroupL2(0.2, np.full(p // 4, 2.0), ends, members)
        fit, engine = datafits.QuadraticGroup(ends, members), solvers.GroupBCD
    made = engine(tol=1e-9, max_iter=5000, fit_intercept=False)
    other = skglm.GeneralizedLinearEstimator(fit, theirs, made).fit(X, y)
    model = GeneralizedLinear(penalty=ours, fit_intercept=False, tol=1e-8, max_iter=9000).fit(X, y)
    w = other.coef_.ravel()
    value = 0.5 * ((y - X @ w) ** 2).mean() + ours.value(w)
    assert model.objective_ <= value * (1.0 + 1e-7)
    if ours.convex:
        assert_allclose(model.objective_, value, rtol=1e-5)


def test_concave_penalties_find_the_truth_without_bias():
    X, y = wide(1)
    truth = np.zeros(X.shape[1])
    truth[:20:2] = 2.0
    best = np.linalg.lstsq(np.c_[X[:, truth != 0.0], np.ones(len(y))], y, rcond=None)[0][:-1]
    for penalty in (MCP(0.5, 3.0), SCAD(0.5, 3.7)):
        model = GeneralizedLinear(penalty=penalty, tol=1e-9).fit(X, y)
        assert model.solver_ == "reweighted"
        assert ((model.coef_ != 0.0) == (truth != 0.0)).all()
        assert_allclose(model.coef_[truth != 0.0], best, atol=1e-6)


@pytest.mark.parametrize(
    "penalty", [GroupL2(0.05, 3), MCP(0.05), Lp(0.1, 3.0), L1Ball(0.3)], ids=repr
)
def test_families_take_penalties_too(penalty):
    X, y, weight = table(Poisson())
    model = GeneralizedLinearModel("poisson", penalty=penalty, tol=1e-8).fit(X, y, weight)
    known = GeneralizedLinear(Poisson(), penalty, tol=1e-8).fit(X, y, weight)
    assert_allclose(model.coef_, known.coef_, atol=1e-9)
    rooted = GeneralizedLinearModel("poisson", "sqrt", penalty=penalty, tol=1e-7).fit(X, y, weight)
    assert np.isfinite(rooted.objective_) and rooted.score(X, y, weight) > 0.0
    with pytest.raises(NoInference, match="fit with penalty=None"):
        model.summary(X, y)
    with pytest.raises(ValueError, match="leave it at 0"):
        GeneralizedLinearModel("poisson", penalty=penalty, alpha=0.1).fit(X, y)


@pytest.mark.parametrize("penalty", [GroupL2(0.05, 4), SparseGroupL2(0.05, 0.3, 4)], ids=repr)
@pytest.mark.parametrize("loss", [Squared(), Logistic()], ids=repr)
def test_working_groups_are_as_all_of_them(loss, penalty):
    X, y = wide(2)
    y = (y > 0).astype(float) if loss == Logistic() else y
    for given in (X, sparse.csr_array(np.where(np.abs(X) > 0.7, X, 0.0))):
        problem = Problem(from_arrays(given, y), loss, penalty)
        found = solve(problem, tol=1e-8)
        assert found.solver == "working_groups" and found.converged
        known = solve(problem, "fista", tol=1e-7, max_iter=20_000)
        assert found.objective == pytest.approx(known.objective, rel=1e-9)
        assert found.objective <= known.objective + 1e-12
        assert residual(problem, found) <= 1e-6
        again = solve(problem, start=(found.w, found.b), tol=1e-7)
        assert again.n_iter == 0


@pytest.mark.parametrize(
    ("penalty", "loss", "solver", "says"),
    [
        (L1(0.1), Squared(), "reweighted", "reweighted needs `slope`, which L1 does not have"),
        (Lp(0.1, 0.5), Squared(), "reweighted", "finite slope at zero"),
        (MCP(0.1), Squared(), "prox_newton", "needs a convex penalty, which MCP is not"),
        (MCP(0.1), Hinge(), "auto", "Hinge has a kink"),
        (Slope(0.1), Squared(), "working_groups", "needs `at`, `groups`, which Slope does not"),
        (GroupL2(0.1, 3), Squared(), "newton", "newton needs `gradient`, which GroupL2"),
        (ElasticNet(0.1), Squared(), "lbfgs", "needs `gradient`"),
    ],
    ids=repr,
)
def test_who_cannot_solve_what_is_said(penalty, loss, solver, says):
    X, y, _ = table(Logistic())
    with pytest.raises(TypeError, match=says):
        solve(Problem(from_arrays(X, y), loss, penalty), solver)


def test_parameters_are_checked_by_the_estimator():
    X, y, _ = table(Squared())
    with pytest.raises(ValueError, match="12 coefficients cannot be cut into groups of 5"):
        GeneralizedLinear(penalty=GroupL2(0.1, 5)).fit(X, y)
    model = GeneralizedLinear(penalty=WeightedL1(0.1, [1.0]))
    model.set_params(penalty__weights=np.ones(3))
    with pytest.raises(ValueError, match="weights has 3 numbers for 12 coefficients"):
        model.fit(X, y)


def test_lasso_sets_zeros_and_ridge_does_not():
    """Why: at zero the slope of |w| is not zero, so a gradient up to alpha cannot move a coefficient."""
    X, y = orthogonal()
    c = X.T @ y / len(y)
    lasso = GeneralizedLinear(penalty=L1(0.5), fit_intercept=False, tol=1e-12).fit(X, y).coef_
    ridge = GeneralizedLinear(penalty=Lp(0.5, 2.0), fit_intercept=False, tol=1e-12).fit(X, y).coef_
    assert_allclose(lasso, np.sign(c) * np.maximum(np.abs(c) - 0.5, 0.0), atol=1e-10)
    assert_allclose(ridge, c / 1.5, atol=1e-10)
    assert ((lasso == 0.0) == (np.abs(c) <= 0.5)).all() and (lasso == 0.0).any()
    assert (ridge != 0.0).all()
    # Two equal columns: the ridge shares, the lasso is indifferent and its sum is what counts.
    twice = np.c_[X[:, :1], X[:, :1]]
    shared = GeneralizedLinear(penalty=Lp(0.5, 2.0), fit_intercept=False, tol=1e-12).fit(twice, y)
    assert_allclose(shared.coef_, np.full(2, c[0] / 2.5), atol=1e-10)
    loss, sum_ = Squared(), np.sign(c[0]) * (abs(c[0]) - 0.5)
    ways = [np.array(w) * sum_ for w in ((1.0, 0.0), (0.5, 0.5), (0.2, 0.8), (0.0, 1.0))]
    first, *others = (loss.value(y, twice @ w).mean() + L1(0.5).value(w) for w in ways)
    assert_allclose(others, first, rtol=1e-12)
    found = GeneralizedLinear(penalty=L1(0.5), fit_intercept=False, tol=1e-12).fit(twice, y)
    assert found.objective_ == pytest.approx(first, rel=1e-10)


def test_max_norm_bounds_every_class_by_itself():
    X, y, weight = table(Softmax(3))
    free = GeneralizedLinear(Softmax(3), Lp(1e-3, 2.0), tol=1e-8).fit(X, y, weight)
    model = GeneralizedLinear(Softmax(3), MaxNorm(0.4), tol=1e-8).fit(X, y, weight)
    lengths = np.linalg.norm(model.coef_, axis=1)
    assert (lengths <= 0.4 * (1 + 1e-9)).all() and np.isclose(lengths, 0.4).any()
    assert np.linalg.norm(free.coef_, axis=1).max() > 0.4
