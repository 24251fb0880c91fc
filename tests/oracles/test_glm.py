"""Generalised linear and robust regressions against scikit-learn, statsmodels and optimality."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import sklearn.linear_model as sk
import statsmodels.api as sm
from scipy import sparse
from scipy.optimize import linprog, minimize

from zhixing.core.errors import InputError
from zhixing.core.parallel import threads
from zhixing.linear_model import (
    ARDRegression,
    BayesianRidge,
    GammaRegressor,
    GeneralizedLinear,
    GeneralizedLinearModel,
    HeteroscedasticRegression,
    HuberRegressor,
    LADLasso,
    LogisticRegression,
    PoissonRegressor,
    QuantileRegressor,
    RANSACRegressor,
    TheilSenRegressor,
    TweedieRegressor,
)
from zhixing.losses import NegativeBinomial, Softmax
from zhixing.losses.family import Tweedie as TweedieFamily
from zhixing.losses.family import tweedie
from zhixing.losses.link import LINKS
from zhixing.solvers.huber_scale import best_scale
from zhixing.solvers.interior_point import Deviations, interior_point
from zhixing.solvers.least_deviations import least_deviations


@pytest.fixture
def data(rng):
    X = rng.normal(size=(300, 5))
    z = X @ [0.5, -0.3, 0.0, 0.2, 0.1]
    return X, z, rng.integers(0, 3, 300).astype(float)


def test_poisson_gamma_and_tweedie_are_scikit_learns(data, rng):
    X, z, weight = data
    y = rng.poisson(np.exp(z)).astype(float)
    exact = {"tol": 1e-10, "max_iter": 10_000, "solver": "newton-cholesky"}
    for alpha in (0.0, 0.1, 10.0):
        ours = PoissonRegressor(alpha=alpha, tol=1e-9).fit(X, y, weight)
        theirs = sk.PoissonRegressor(alpha=alpha, **exact).fit(X, y, weight)
        np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6, atol=1e-8)
        assert ours.score(X, y, weight) == pytest.approx(theirs.score(X, y, weight), rel=1e-8)
    ours = GammaRegressor(alpha=0.1, tol=1e-9).fit(X, y + 0.5, weight)
    theirs = sk.GammaRegressor(alpha=0.1, **exact).fit(X, y + 0.5, weight)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6)
    for power, link in [(0, "auto"), (1.5, "log"), (3, "log"), (1.5, "identity"), (2, "identity")]:
        target = y + 0.5
        ours = TweedieRegressor(power=power, link=link, alpha=0.1, tol=1e-9).fit(X, target, weight)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scikit-learn's Newton falls back to L-BFGS
            theirs = sk.TweedieRegressor(power=power, link=link, alpha=0.1, **exact)
            theirs.fit(X, target, weight)
        # With an identity link scikit-learn may stay at its start.
        assert ours.score(X, target, weight) >= theirs.score(X, target, weight) - 1e-7
        if link == "log":
            np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-4, atol=1e-5)


FAMILIES = {
    "bernoulli": (sm.families.Binomial, ["logit", "probit", "cloglog", "cauchit"]),
    "poisson": (sm.families.Poisson, ["log", "sqrt"]),
    "gamma": (sm.families.Gamma, ["inverse", "log", "identity"]),
    "inverse_gaussian": (sm.families.InverseGaussian, ["log"]),
    "gaussian": (sm.families.Gaussian, ["identity", "log", "inverse"]),
}
SM_LINKS = {
    "logit": "Logit",
    "probit": "Probit",
    "cloglog": "CLogLog",
    "cauchit": "Cauchy",
    "log": "Log",
    "sqrt": "Sqrt",
    "inverse": "InversePower",
    "identity": "Identity",
}


@pytest.mark.parametrize("family, link", [(f, k) for f, (_, ks) in FAMILIES.items() for k in ks])
def test_any_family_and_link(family, link, data, rng):
    X, z, weight = data
    mean = 2.0 + np.tanh(z)  # a mean every link can reach
    y = {
        "bernoulli": lambda: (rng.random(300) < mean / 4).astype(float),
        "poisson": lambda: rng.poisson(mean).astype(float),
    }.get(family, lambda: mean * rng.gamma(20.0, 1 / 20, 300))()
    ours = GeneralizedLinearModel(family, link, tol=1e-9).fit(X, y, weight)
    make = FAMILIES[family][0](getattr(sm.families.links, SM_LINKS[link])())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels dislikes some pairs
        model = sm.GLM(y, sm.add_constant(X), family=make, freq_weights=weight)
        theirs = model.fit(maxiter=500, tol=1e-14)
    np.testing.assert_allclose(
        np.append(ours.intercept_, ours.coef_), theirs.params, rtol=1e-5, atol=1e-6
    )
    held = weight > 0
    deviance = weight @ np.where(held, ours._family().deviance(y, ours.predict(X)), 0.0)
    assert deviance == pytest.approx(theirs.deviance, rel=1e-9)


def test_the_line_search_keeps_means_positive(data, rng):
    X, z, _ = data
    y = rng.poisson(np.maximum(2.5 + z, 0.5)).astype(float)
    model = GeneralizedLinearModel("poisson", "identity", alpha=1e-3).fit(X, y)
    assert (model.predict(X) > 0).all() and np.isfinite(model.objective_)
    no_intercept = GeneralizedLinearModel("gamma", "identity", fit_intercept=False)
    assert (no_intercept.fit(np.abs(X), np.abs(X).sum(axis=1)).predict(np.abs(X)) > 0).all()
    with pytest.raises(InputError, match="no start"):
        no_intercept.fit(np.vstack([X, -X]), np.ones(600))


def test_negative_binomial_and_powers(data, rng):
    X, z, _ = data
    y = rng.negative_binomial(2, 2 / (2 + np.exp(z))).astype(float)
    ours = GeneralizedLinear(NegativeBinomial(0.5), tol=1e-9).fit(X, y)
    theirs = sm.GLM(y, sm.add_constant(X), family=sm.families.NegativeBinomial(alpha=0.5)).fit()
    np.testing.assert_allclose(ours.coef_, theirs.params[1:], rtol=1e-5, atol=1e-7)
    m = np.exp(z)
    for power in (0.0, 1.0, 2.0, 3.0):
        known = tweedie(power)
        near = TweedieFamily(power + 1e-6)
        np.testing.assert_allclose(known.variance(m), near.variance(m), rtol=1e-4)
        if power:
            np.testing.assert_allclose(known.deviance(m + 1, m), near.deviance(m + 1, m), rtol=1e-3)
    with pytest.raises(ValueError, match="no distribution"):
        TweedieRegressor(power=0.5).fit(X, y)


@pytest.mark.parametrize("name", sorted(LINKS))
def test_links_are_inverse_and_slopes_true(name):
    link = LINKS[name]
    m = np.linspace(0.05, 0.95, 19)
    z = link.link(m)
    np.testing.assert_allclose(link.mean(z), m, rtol=1e-10)
    step = 1e-6
    slope = (link.mean(z + step) - link.mean(z - step)) / (2 * step)
    np.testing.assert_allclose(link.slope(z), slope, rtol=1e-6)


def test_targets_out_of_the_domain_are_named(data):
    X, z, _ = data
    for model, message in [
        (PoissonRegressor(), r"not below 0, but y\[0\]"),
        (GammaRegressor(), "above 0"),
        (GeneralizedLinearModel("bernoulli"), r"\[0, 1\]"),
    ]:
        with pytest.raises(ValueError, match=message):
            model.fit(X, -np.abs(z) - 0.1)
    with pytest.raises(ValueError, match="alpha"):
        PoissonRegressor(alpha=-1).fit(X, np.abs(z))
    with pytest.raises(ValueError, match="solver"):
        PoissonRegressor(solver="best").fit(X, np.abs(z))
    with pytest.raises(ValueError, match="family"):
        GeneralizedLinearModel("cauchy").fit(X, z)
    with pytest.raises(ValueError, match="link"):
        GeneralizedLinearModel("poisson", "logistic").fit(X, np.abs(z))


def huber_objective(model, X, y, weight):
    u = (y - X @ model.coef_ - model.intercept_) / model.scale_
    e = model.epsilon
    H = np.where(np.abs(u) <= e, u * u, 2 * e * np.abs(u) - e * e)
    penalty = model.alpha * float(model.coef_ @ model.coef_)
    return float(weight @ (model.scale_ * (1 + H))) + penalty


@pytest.mark.parametrize("alpha, epsilon", [(1e-4, 1.35), (10.0, 1.05), (0.0, 3.0)])
def test_huber_is_scikit_learns_or_better(alpha, epsilon, data, rng):
    X, z, weight = data
    y = z + rng.standard_t(2, 300)
    y[:30] += 20.0
    ours = HuberRegressor(alpha=alpha, epsilon=epsilon).fit(X, y, weight)
    theirs = sk.HuberRegressor(alpha=alpha, epsilon=epsilon, max_iter=2000, tol=1e-8)
    theirs.fit(X, y, weight)
    a, b = (huber_objective(m, X, y, weight) for m in (ours, theirs))
    assert a <= b * (1 + 1e-12)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-3)
    assert ours.scale_ == pytest.approx(theirs.scale_, rel=1e-3)
    assert ours.history_["optimality"][-1] < 1e-8
    # No direction descends: the optimum, not just a better point.
    for _ in range(20):
        moved = HuberRegressor(alpha=alpha, epsilon=epsilon)
        moved.coef_ = ours.coef_ + 1e-3 * rng.normal(size=5)
        moved.intercept_ = ours.intercept_ + 1e-3 * rng.normal()
        moved.scale_ = ours.scale_ * np.exp(1e-3 * rng.normal())
        assert huber_objective(moved, X, y, weight) >= a


def test_huber_scale_by_sorting_and_by_guess(rng):
    size, weight = np.abs(rng.standard_t(1, 500)), rng.random(500)
    for guess in (1e-9, 1.0, 1e9):
        s = best_scale(size, weight, 1.5, guess)
        assert weight @ np.minimum(size / s, 1.5) ** 2 == pytest.approx(weight.sum(), rel=1e-9)
    assert best_scale(np.zeros(5), np.ones(5), 1.35, 1.0) == 0.0


def test_huber_sparse_large_and_exact(rng):
    S = sparse.random(500, 60, 0.1, random_state=0, format="csr")
    y = S @ rng.normal(size=60) + rng.standard_t(2, 500)
    np.testing.assert_allclose(
        HuberRegressor().fit(S, y).coef_, HuberRegressor().fit(S.toarray(), y).coef_, atol=1e-7
    )
    X = rng.normal(size=(40_000, 3))
    y = X @ [1.0, 2.0, 3.0] + rng.standard_t(2, 40_000)
    model = HuberRegressor().fit(X, y)
    assert model.history_["optimality"][-1] < 1e-7 and model.n_iter_ <= 6
    line = X[:50] @ [1.0, 2.0, 3.0] + 4.0
    exact = HuberRegressor(alpha=0.0).fit(X[:50], line)
    np.testing.assert_allclose(exact.coef_, [1.0, 2.0, 3.0], atol=1e-8)


def pinball(model, X, y, weight, q, alpha):
    r = y - X @ model.coef_ - model.intercept_
    loss = np.average(np.where(r > 0, q * r, (q - 1) * r), weights=weight)
    return float(loss + alpha * np.abs(model.coef_).sum())


@pytest.mark.parametrize("alpha", [0.0, 0.02, 0.3, 5.0])
@pytest.mark.parametrize("q", [0.02, 0.5, 0.9])
def test_quantile_is_the_linear_programmes_optimum(q, alpha, data, rng):
    X, z, weight = data
    y = z + rng.standard_t(2, 300)
    ours = QuantileRegressor(quantile=q, alpha=alpha).fit(X, y, weight)
    theirs = sk.QuantileRegressor(quantile=q, alpha=alpha).fit(X, y, weight)
    a = pinball(ours, X, y, weight, q, alpha)
    assert a == pytest.approx(pinball(theirs, X, y, weight, q, alpha), rel=1e-10)
    assert a == pytest.approx(ours.objective_, rel=1e-10)
    assert ((ours.coef_ == 0) == (np.abs(theirs.coef_) < 1e-9)).all()
    below = np.average(y < ours.predict(X) - 1e-9, weights=weight)
    at_most = np.average(y <= ours.predict(X) + 1e-9, weights=weight)
    assert below <= q <= at_most  # the defining property, with an intercept


def test_lad_lasso_is_exact(data, rng):
    X, z, weight = data
    y = z + rng.standard_t(1.5, 300)
    model = LADLasso(alpha=0.05).fit(X, y, weight)
    n, p = X.shape
    cost = np.concatenate([np.full(2 * p, 0.05 * weight.sum()), [0, 0], weight, weight])
    A = np.hstack([X, -X, np.ones((n, 1)), -np.ones((n, 1)), np.eye(n), -np.eye(n)])
    solved = linprog(cost, A_eq=A, b_eq=y, method="highs")
    assert model.objective_ * weight.sum() == pytest.approx(solved.fun, rel=1e-10)
    wild = y.copy()
    wild[y > np.quantile(y, 0.9)] += 1e6  # rows above the fit stay above
    np.testing.assert_allclose(LADLasso(alpha=0.05).fit(X, wild, weight).coef_, model.coef_)


@pytest.mark.parametrize("q", [0.1, 0.5])
def test_reduced_rows_give_the_same_fit(q, rng):
    X = rng.normal(size=(25_000, 4))
    y = X @ [1.0, 0.0, -1.0, 2.0] + rng.standard_t(2, 25_000) * (1 + 0.5 * np.abs(X[:, 0]))
    problem = Deviations(
        X, y, np.full(25_000, q), np.full(25_000, 1 - q), np.array([0, 200.0, 0, 0]), True
    )
    reduced, full = least_deviations(problem), interior_point(problem)
    np.testing.assert_allclose(reduced.w, full.w, atol=1e-9)
    assert reduced.objective == pytest.approx(full.objective, rel=1e-12)
    assert reduced.vertex and reduced.converged


def test_evidence_models_are_scikit_learns(data, rng):
    X, z, weight = data
    X = X * [1.0, 10.0, 1.0, 0.1, 1.0] + 5.0
    y = z + 0.5 * rng.normal(size=300)
    options = {"tol": 1e-10, "compute_score": True}
    for w in (None, weight):
        ours, theirs = (
            BayesianRidge(**options).fit(X, y, w),
            sk.BayesianRidge(**options).fit(X, y, w),
        )
        np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-8)
        np.testing.assert_allclose(ours.sigma_, theirs.sigma_, rtol=1e-8, atol=1e-15)
        np.testing.assert_allclose(ours.scores_, theirs.scores_, rtol=1e-8)
        for a, b in zip(ours.predict(X, return_std=True), theirs.predict(X, return_std=True)):
            np.testing.assert_allclose(a, b, rtol=1e-8)
    ours, theirs = ARDRegression(tol=1e-10).fit(X, y), sk.ARDRegression(tol=1e-10).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6, atol=1e-9)
    for a, b in zip(ours.predict(X, return_std=True), theirs.predict(X, return_std=True)):
        np.testing.assert_allclose(a, b, rtol=1e-6)
    scores = ARDRegression(tol=1e-10, compute_score=True).fit(X, y).scores_
    assert (np.diff(scores[1:]) > -1e-2).all()


def test_heteroscedastic_reaches_the_maximum_likelihood(rng):
    X = rng.uniform(0, 2, size=(400, 2))
    s = X @ [1.0, -1.0] - 0.5
    y = X @ [3.0, -1.0] + 2.0 + np.exp(0.5 * s) * rng.normal(size=400)
    model = HeteroscedasticRegression(tol=1e-9).fit(X, y)
    A = np.column_stack([X, np.ones(400)])

    def negative_likelihood(t):
        v = A @ t[3:]
        return np.mean(0.5 * (v + (y - A @ t[:3]) ** 2 * np.exp(-v)))

    best = minimize(negative_likelihood, np.zeros(6), method="BFGS", options={"gtol": 1e-8})
    found = np.concatenate([model.coef_, [model.intercept_]])
    spread = np.concatenate([model.scale_coef_, [model.scale_intercept_]])
    np.testing.assert_allclose(np.concatenate([found, spread]), best.x, atol=1e-4)
    assert model.objective_ == pytest.approx(best.fun, abs=1e-9)
    mean, deviation = model.predict(X, return_std=True)
    inside = np.mean(np.abs(y - mean) < 1.96 * deviation)
    assert abs(inside - 0.95) < 4 * np.sqrt(0.05 * 0.95 / 400)
    assert deviation[s > 1].min() > deviation[s < -1].max()
    thin = HeteroscedasticRegression(tol=1e-9).fit(sparse.csr_array(X), y)
    np.testing.assert_allclose(thin.scale_coef_, model.scale_coef_, atol=1e-5)


def test_robust_regressors_withstand_what_least_squares_does_not(rng):
    X = rng.normal(size=(300, 2))
    truth = np.array([1.0, -2.0])
    y = X @ truth + 3.0 + 0.1 * rng.normal(size=300)
    y[:60] = 50.0 + 10 * X[:60, 0]
    ransac = RANSACRegressor(residual_threshold=0.5, random_state=0).fit(X, y)
    np.testing.assert_allclose(ransac.estimator_.coef_, truth, atol=0.05)
    assert ransac.inlier_mask_[60:].mean() > 0.99 and not ransac.inlier_mask_[:60].any()
    assert ransac.score(X[60:], y[60:]) > 0.99
    theil_sen = TheilSenRegressor(random_state=0).fit(X, y)
    np.testing.assert_allclose(theil_sen.coef_, truth, atol=0.3)
    shuffled = rng.permutation(300)
    again = RANSACRegressor(residual_threshold=0.5, random_state=0).fit(X[shuffled], y[shuffled])
    np.testing.assert_allclose(again.estimator_.coef_, ransac.estimator_.coef_, rtol=1e-9)


def test_theil_sen_without_intercept_is_the_median_of_slopes(rng):
    x = rng.uniform(1, 2, 31)
    y = 2 * x + rng.standard_t(1, 31)
    model = TheilSenRegressor(fit_intercept=False).fit(x[:, None], y)
    assert model.coef_[0] == pytest.approx(np.median(y / x))
    theirs = sk.TheilSenRegressor(tol=1e-10, max_iter=5000).fit(x[:, None], y)
    ours = TheilSenRegressor(tol=1e-10, max_iter=5000).fit(x[:, None], y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6)
    assert ours.breakdown_ == pytest.approx(theirs.breakdown_)


def test_ransac_refuses_in_one_line(rng):
    X, y = rng.normal(size=(20, 2)), rng.normal(size=20)
    with pytest.raises(ValueError, match="min_samples is 30"):
        RANSACRegressor(min_samples=30).fit(X, y)
    with pytest.raises(ValueError, match="give min_samples"):
        RANSACRegressor(sk.Ridge()).fit(X, y)
    with pytest.raises(ValueError, match="raise residual_threshold"):
        RANSACRegressor(min_samples=5, residual_threshold=0.0, random_state=0).fit(X, y)
    model = RANSACRegressor(sk.Ridge(), min_samples=5, random_state=0).fit(X, y)
    assert model.predict(X).shape == (20,)


@pytest.mark.parametrize("solver", ["gd", "sgd", "minibatch", "newton", "dfp", "bfgs", "lbfgs"])
@pytest.mark.parametrize("classes", [2, 3])
def test_every_solver_reaches_the_same_optimum_and_keeps_its_trace(solver, classes, rng):
    X = rng.normal(size=(600, 4))
    score = X @ [1.0, -1.0, 0.5, 0.0] + rng.logistic(size=600)
    y = np.digitize(score, [0.0] if classes == 2 else [-1.0, 1.0])
    best = LogisticRegression(tol=1e-10).fit(X, y)
    model = LogisticRegression(solver=solver).fit(X, y)
    np.testing.assert_allclose(model.coef_, best.coef_, atol=2e-4)
    trace = model.history_["objective"]
    assert model.solver_ == solver and len(trace) >= 2
    assert trace[-1] <= best.objective_ + 1e-8
    with pytest.raises(ValueError, match="cannot set weights to zero"):
        LogisticRegression(solver=solver, l1_ratio=1.0).fit(X, y)
    assert Softmax(3).smoothness == 0.5


@pytest.mark.parametrize(
    "model",
    [
        PoissonRegressor(),
        TweedieRegressor(power=1.5, link="identity", alpha=0.1),
        HuberRegressor(),
        QuantileRegressor(alpha=0.01),
        HeteroscedasticRegression(),
    ],
    ids=str,
)
def test_threads_and_row_order_do_not_matter(model, rng):
    X = rng.normal(size=(3000, 3))
    y = rng.poisson(np.exp(0.3 * X[:, 0])) + 0.5
    with threads(1):
        one = model.fit(X, y).coef_.copy()
    with threads(2):
        two = model.fit(X, y).coef_.copy()
    assert (one == two).all()
    order = rng.permutation(3000)
    np.testing.assert_allclose(model.fit(X[order], y[order]).coef_, one, rtol=1e-5, atol=1e-6)
