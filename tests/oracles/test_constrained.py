"""Priors and constraints in place of penalties: the same solutions as Ridge and Lasso, and optimality."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import sklearn.linear_model as sk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import lsq_linear, minimize

from zhixing.linear_model import (
    ConstrainedRegression,
    GeneralizedLinear,
    Lasso,
    LogisticRegression,
    MAPRegression,
    NoInference,
    Ridge,
)
from zhixing.losses import Absolute, Huber, Logistic, Poisson, Softmax
from zhixing.penalties.feasible import Box, L1Ball, L2Ball


def table(seed: int, n: int, p: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * rng.uniform(0.5, 2.0, p) + rng.normal(size=p)
    return X, X @ (rng.normal(size=p) * (rng.random(p) < 0.6)) + rng.normal(size=n) + 2.0


# priors


@pytest.mark.parametrize("shape", [(60, 6), (30, 50)])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("fit_intercept", [False, True])
def test_a_gaussian_prior_is_ridge_and_a_laplace_prior_the_lasso(shape, weighted, fit_intercept):
    X, y = table(0, *shape)
    n = len(y)
    weight = np.random.default_rng(1).uniform(0.2, 2.0, n) if weighted else None
    total = n if weight is None else weight.sum()
    v, t = 1.7, 0.4
    for layout in (X, sparse.csr_array(X)):
        options = dict(scale=t, noise_variance=v, fit_intercept=fit_intercept)
        ours = MAPRegression("gaussian", **options).fit(layout, y, weight)
        ridge = sk.Ridge(v / t**2, fit_intercept=fit_intercept).fit(X, y, weight)
        assert ours.alpha_ == pytest.approx(v / t**2)
        np.testing.assert_allclose(ours.coef_, ridge.coef_, atol=1e-8)
        np.testing.assert_allclose(ours.intercept_, ridge.intercept_, atol=1e-8)
        ours = MAPRegression("laplace", tol=1e-13, **options).fit(layout, y, weight)
        lasso = sk.Lasso(
            v / (t * total), fit_intercept=fit_intercept, tol=1e-13, max_iter=1_000_000
        ).fit(X, y, weight)
        assert ours.alpha_ == pytest.approx(v / (t * total))
        np.testing.assert_allclose(ours.coef_, lasso.coef_, atol=1e-5)
        np.testing.assert_allclose(ours.intercept_, lasso.intercept_, atol=1e-5)


@pytest.mark.parametrize("prior", ["gaussian", "laplace"])
def test_nothing_is_more_probable(prior):
    X, y = table(2, 40, 4)
    v, t = 0.9, 0.3
    model = MAPRegression(prior, scale=t, noise_variance=v, tol=1e-12).fit(X, y)

    def negative_log_posterior(theta):
        r = y - X @ theta[:4] - theta[4]
        size = (
            theta[:4] @ theta[:4] / (2 * t * t)
            if prior == "gaussian"
            else np.abs(theta[:4]).sum() / t
        )
        return r @ r / (2 * v) + size

    at = np.append(model.coef_, model.intercept_)
    np.testing.assert_allclose(model.objective_, negative_log_posterior(at))
    found = minimize(
        negative_log_posterior, at + 0.01, method="Nelder-Mead", options={"maxiter": 4000}
    )
    assert model.objective_ <= found.fun + 1e-7


def test_the_posterior_is_that_of_the_joint_gaussian():
    """With a prior of huge variance on the intercept, from the covariance of all observations."""
    X, y = table(3, 30, 3)
    v, t = 0.8, 0.5
    weight = np.random.default_rng(4).integers(1, 4, 30).astype(float)
    model = MAPRegression(scale=t, noise_variance=v).fit(X, y, weight)
    A = np.column_stack([X, np.ones(30)])
    precision = A.T @ (A * (weight / v)[:, None]) + np.diag([1 / t**2] * 3 + [0.0])
    C = np.linalg.inv(precision)
    mean = C @ (A.T @ (weight / v * y))
    np.testing.assert_allclose(model.coef_, mean[:3], atol=1e-10)
    np.testing.assert_allclose(model.covariance_, C[:3, :3], atol=1e-10)
    new = np.random.default_rng(5).normal(size=(7, 3))
    B = np.column_stack([new, np.ones(7)])
    _, deviation = model.predict(new, return_std=True)
    np.testing.assert_allclose(deviation**2, v + np.einsum("ij,jk,ik->i", B, C, B), rtol=1e-8)
    low, high = model.credible_interval(0.9).T
    np.testing.assert_allclose(high - low, 2 * 1.6448536 * np.sqrt(np.diag(C)[:3]), rtol=1e-6)


def test_credible_intervals_cover_what_the_prior_draws():
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(300):
        w = 0.7 * rng.normal(size=3)
        X = rng.normal(size=(15, 3))
        model = MAPRegression(scale=0.7, noise_variance=1.0).fit(X, X @ w + rng.normal(size=15))
        low, high = model.credible_interval(0.8).T
        inside += ((low <= w) & (w <= high)).sum()
    assert abs(inside / 900 - 0.8) < 4 * np.sqrt(0.8 * 0.2 / 900)


def test_noise_of_least_squares_and_refusals():
    X, y = table(7, 50, 5)
    r = y - sk.LinearRegression().fit(X, y).predict(X)
    model = MAPRegression("laplace").fit(X, y)
    assert model.noise_variance_ == pytest.approx(r @ r / (50 - 5 - 1))
    with pytest.raises(NoInference, match="no closed form"):
        model.predict(X, return_std=True)
    with pytest.raises(NoInference, match="credible_interval"):
        model.summary(X, y)
    with pytest.raises(NoInference, match="covariance=False"):
        MAPRegression(covariance=False).fit(X, y).credible_interval()
    flat = MAPRegression(scale=np.inf).fit(X, y)
    np.testing.assert_allclose(flat.coef_, sk.LinearRegression().fit(X, y).coef_, atol=1e-9)
    for options, message in (
        ({"prior": "cauchy"}, "prior"),
        ({"scale": 0.0}, "scale"),
        ({"noise_variance": -1.0}, "noise_variance"),
    ):
        with pytest.raises(ValueError, match=message):
            MAPRegression(**options).fit(X, y)
    with pytest.raises(ValueError, match="give noise_variance"):
        MAPRegression().fit(X[:4], y[:4])
    with pytest.raises(ValueError, match="flat prior"):
        MAPRegression(scale=np.inf).fit(np.column_stack([X, X[:, 0]]), y)


# constraints


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000), radius=st.floats(1e-3, 10.0), n=st.integers(1, 12))
def test_projections_are_nearest(seed, radius, n):
    rng = np.random.default_rng(seed)
    v = rng.normal(size=n) * rng.choice([0.1, 1.0, 100.0])
    for ball in (L1Ball(radius), L2Ball(radius), Box(-radius, radius), Box(0.0), Box(-1.0, 0.5)):
        u = ball.prox(v, 1.0)
        assert ball.value(u) == 0.0
        np.testing.assert_allclose(ball.prox(u, 1.0), u, rtol=1e-12, atol=1e-15)
        for _ in range(20):  # u is nearest when v - u points away from all that is allowed
            other = ball.prox(v + rng.normal(size=n), 1.0)
            assert (v - u) @ (other - u) <= 1e-9 * max(1.0, float(v @ v))


@pytest.mark.parametrize("shape", [(80, 8), (30, 50)])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("fit_intercept", [False, True])
def test_balls_are_lasso_and_ridge_at_the_multiplier(shape, weighted, fit_intercept):
    X, y = table(8, *shape)
    weight = np.random.default_rng(1).uniform(0.2, 2.0, len(y)) if weighted else None
    total = len(y) if weight is None else weight.sum()
    options = dict(fit_intercept=fit_intercept, tol=1e-9, max_iter=100_000)
    ball = ConstrainedRegression(norm=1, radius=1.5, **options).fit(X, y, weight)
    assert ball.active_ and np.abs(ball.coef_).sum() == pytest.approx(1.5)
    lasso = Lasso(ball.multiplier_, fit_intercept=fit_intercept, tol=1e-14, max_iter=1_000_000).fit(
        X, y, weight
    )
    np.testing.assert_allclose(ball.coef_, lasso.coef_, atol=1e-5)
    np.testing.assert_allclose(ball.intercept_, lasso.intercept_, atol=1e-5)
    ball = ConstrainedRegression(norm=2, radius=0.8, **options).fit(X, y, weight)
    assert ball.active_ and np.linalg.norm(ball.coef_) == pytest.approx(0.8)
    ridge = Ridge(total * ball.multiplier_ / 0.8, fit_intercept=fit_intercept).fit(X, y, weight)
    np.testing.assert_allclose(ball.coef_, ridge.coef_, atol=1e-7)
    np.testing.assert_allclose(ball.intercept_, ridge.intercept_, atol=1e-6)


@pytest.mark.parametrize("loss", [Logistic(), Poisson(), Huber(1.0)])
@pytest.mark.parametrize("norm", [1, 2])
def test_any_loss_in_a_ball_is_that_loss_with_the_penalty_found(loss, norm):
    X, z = table(9, 150, 6)
    X -= X.mean(axis=0)
    rng = np.random.default_rng(0)
    z = z - z.mean()
    y = {
        "Logistic": (z > 0).astype(float),
        "Poisson": rng.poisson(np.exp(0.5 * np.clip(z, -4, 4))),
        "Huber": z,
    }[type(loss).__name__]
    for layout in (X, sparse.csr_array(X)):
        ball = ConstrainedRegression(loss, norm=norm, radius=0.5, tol=1e-9).fit(layout, y)
        same = GeneralizedLinear(loss, ball.penalty_, tol=1e-10).fit(X, y)
        assert ball.active_
        np.testing.assert_allclose(ball.coef_, same.coef_, atol=1e-6)
        np.testing.assert_allclose(ball.intercept_, same.intercept_, atol=1e-6)
        assert 0.0 <= ball.gap_ < 1e-7
    if isinstance(loss, Logistic) and norm == 2:
        C = 0.5 / (ball.multiplier_ * len(y))
        theirs = LogisticRegression(C=C, tol=1e-10).fit(X, y)
        np.testing.assert_allclose(ball.coef_, theirs.coef_[0], atol=1e-6)


@pytest.mark.parametrize("norm", [1, 2, np.inf])
def test_the_multiplier_is_how_fast_the_loss_falls_with_the_radius(norm):
    X, y = table(10, 80, 5)
    fit = {
        m: ConstrainedRegression(norm=norm, radius=m, tol=1e-11, max_iter=100_000).fit(X, y)
        for m in (0.499, 0.5, 0.501)
    }
    slope = (fit[0.499].objective_ - fit[0.501].objective_) / 0.002
    np.testing.assert_allclose(fit[0.5].multiplier_, slope, rtol=1e-4)


def test_a_ball_that_does_not_bind_is_left_alone():
    X, y = table(11, 60, 4)
    free = sk.LinearRegression().fit(X, y)
    for norm in (1, 2, np.inf):
        for radius in (100.0, np.inf):
            ball = ConstrainedRegression(norm=norm, radius=radius, tol=1e-10).fit(X, y)
            assert not ball.active_ and ball.multiplier_ == 0.0
            np.testing.assert_allclose(ball.coef_, free.coef_, atol=1e-7)


@pytest.mark.parametrize("shape", [(60, 8), (20, 30)])
@pytest.mark.parametrize("bounds", [(0.0, np.inf), (-0.3, 0.3), (0.1, 0.5)])
def test_boxes_like_scipy(shape, bounds):
    X, y = table(12, *shape)
    low, high = bounds
    box = ConstrainedRegression(norm=None, low=low, high=high, tol=1e-10).fit(X, y)
    centred, target = X - X.mean(axis=0), y - y.mean()
    best = lsq_linear(centred, target, (low, high), tol=1e-14, max_iter=10_000)
    assert ((box.coef_ >= low) & (box.coef_ <= high)).all()
    r = target - centred @ box.coef_
    assert r @ r / 2 <= best.cost * (1 + 1e-8) + 1e-10
    g = -centred.T @ r / len(y)
    inside = (box.coef_ > low) & (box.coef_ < high)
    np.testing.assert_allclose(g[inside], 0.0, atol=1e-7)
    assert (g[box.coef_ == low] >= -1e-7).all() and (g[box.coef_ == high] <= 1e-7).all()
    np.testing.assert_allclose(box.multiplier_, np.where(inside, 0.0, -g), atol=1e-7)
    assert box.gap_ < 1e-6
    if np.isfinite(high) and low == -high:
        ball = ConstrainedRegression(norm=np.inf, radius=high, tol=1e-10).fit(X, y)
        np.testing.assert_allclose(ball.coef_, box.coef_, atol=1e-8)
        assert ball.multiplier_ == pytest.approx(np.abs(box.multiplier_).sum(), abs=1e-6)


def test_a_logistic_loss_in_a_box_like_scipy():
    X, z = table(13, 100, 5)
    y = (z > np.median(z)).astype(float)

    def mean_loss(theta):
        s = X @ theta[:5] + theta[5]
        return np.mean(np.logaddexp(0.0, s) - y * s)

    box = ConstrainedRegression(Logistic(), norm=None, low=0.0, high=0.4, tol=1e-9).fit(X, y)
    best = minimize(
        mean_loss, np.append(np.full(5, 0.1), 0.0), method="L-BFGS-B",
        bounds=[(0.0, 0.4)] * 5 + [(None, None)], options={"ftol": 1e-15, "gtol": 1e-10},
    )  # fmt: skip
    np.testing.assert_allclose(box.objective_, best.fun, rtol=1e-8)
    np.testing.assert_allclose(box.coef_, best.x[:5], atol=1e-4)
    assert ((box.predict(X) > 0) & (box.predict(X) < 1)).all()


def test_products_or_rows_do_not_matter(monkeypatch):
    X, y = table(14, 80, 6)
    X[:, 5] = X[:, 0] + X[:, 1]
    from zhixing.linear_model import constrained

    for options in ({"norm": 1}, {"norm": 2}, {"norm": None, "low": 0.0}):
        model = ConstrainedRegression(tol=1e-10, max_iter=100_000, **options)
        first = model.fit(X, y).predict(X)
        with monkeypatch.context() as patch:
            patch.setattr(constrained, "WIDEST", 0)
            np.testing.assert_allclose(model.fit(X, y).predict(X), first, atol=1e-7)
        np.testing.assert_allclose(model.fit(sparse.csr_array(X), y).predict(X), first, atol=1e-7)


def test_bad_input_is_named():
    X, y = table(15, 30, 3)
    for options, message in (
        ({"norm": 3}, "norm"),
        ({"radius": 0.0}, "radius"),
        ({"norm": 1, "low": 0.0}, "norm=None"),
        ({"norm": None, "low": 1.0, "high": 0.0}, "above high"),
        ({"loss": Softmax(3)}, "several scores"),
        ({"loss": Poisson()}, "not below 0"),
    ):
        with pytest.raises(ValueError, match=message):
            ConstrainedRegression(**options).fit(X, -np.abs(y))
    with pytest.raises(TypeError, match="kink"):
        ConstrainedRegression(Absolute()).fit(X, y)
    with pytest.warns(Warning, match="max_iter"), warnings.catch_warnings():
        ConstrainedRegression(Huber(), norm=1, max_iter=2).fit(X, y)
