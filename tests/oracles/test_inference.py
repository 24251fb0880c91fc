"""Coefficient tables against statsmodels, and refusals where theory gives none."""

from __future__ import annotations

import json

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import sparse

from zhixing.core.errors import InputError
from zhixing.linear_model import (
    GammaRegressor,
    GeneralizedLinearModel,
    LinearRegression,
    LogisticRegression,
    NoInference,
    PoissonRegressor,
    Ridge,
    TweedieRegressor,
    simple_slopes,
)

N, P = 300, 3


@pytest.fixture
def data(rng):
    X = rng.normal(size=(N, P)) * [1.0, 10.0, 0.1] + [0.0, 5.0, 0.0]
    y = X @ [1.0, -0.1, 3.0] + rng.normal(size=N) * (1 + np.abs(X[:, 0]))
    return X, y


def with_constant(X):
    return np.column_stack([X, np.ones(len(X))])


def agrees(table, result, rtol=1e-7):
    """Same coefficients, errors, tests, intervals and fit as a statsmodels result."""
    np.testing.assert_allclose(table.coef, result.params, rtol=rtol, atol=1e-9)
    np.testing.assert_allclose(table.std_error, result.bse, rtol=rtol)
    np.testing.assert_allclose(table.statistic, result.tvalues, rtol=10 * rtol, atol=1e-7)
    np.testing.assert_allclose(table.p_value, result.pvalues, rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(table.interval, result.conf_int(), rtol=10 * rtol, atol=1e-7)
    assert table.log_likelihood == pytest.approx(result.llf, rel=1e-8)
    assert table.aic == pytest.approx(result.aic, rel=1e-8)


@pytest.mark.parametrize("intercept", [True, False])
def test_ols(data, intercept):
    X, y = data
    model = LinearRegression(fit_intercept=intercept).fit(X, y)
    result = sm.OLS(y, with_constant(X) if intercept else X).fit()
    table = model.summary(X, y)
    agrees(table, result)
    assert table.fit["R2"] == pytest.approx(result.rsquared, rel=1e-10)
    assert table.fit["adjusted R2"] == pytest.approx(result.rsquared_adj, rel=1e-10)
    assert table.fit["F"] == pytest.approx(result.fvalue, rel=1e-9)
    assert table.fit["F p-value"] == pytest.approx(result.f_pvalue, rel=1e-6)
    assert table.bic == pytest.approx(result.bic, rel=1e-10)
    assert table.scale == pytest.approx(result.scale, rel=1e-10)


def test_ols_is_the_gaussian_maximum_likelihood_fit(data):
    X, y = data
    table = LinearRegression().fit(X, y).summary(X, y)
    glm = GeneralizedLinearModel("gaussian").fit(X, y).summary(X, y)
    np.testing.assert_allclose(table.coef, glm.coef, rtol=1e-10)
    assert table.log_likelihood == pytest.approx(glm.log_likelihood)
    residual = y - with_constant(X) @ table.coef
    variance = float(residual @ residual) / N  # the maximum-likelihood one, without correction
    assert table.scale == pytest.approx(variance * N / (N - P - 1))
    best = -0.5 * N * (np.log(2 * np.pi * variance) + 1)
    assert table.log_likelihood == pytest.approx(best)


@pytest.mark.parametrize("kind", ["HC0", "HC1", "HC2", "HC3"])
def test_robust(data, kind):
    X, y = data
    table = LinearRegression().fit(X, y).summary(X, y, covariance=kind)
    agrees(table, sm.OLS(y, with_constant(X)).fit(cov_type=kind, use_t=True))
    wald = sm.OLS(y, with_constant(X)).fit(cov_type=kind, use_t=True).fvalue
    assert table.fit["F"] == pytest.approx(wald, rel=1e-8)


def test_clustered(data, rng):
    X, y = data
    groups = rng.integers(0, 25, N)
    table = LinearRegression().fit(X, y).summary(X, y, covariance="cluster", groups=groups)
    result = sm.OLS(y, with_constant(X)).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, use_t=True
    )
    agrees(table, result)


def test_precision_weights(data, rng):
    X, y = data
    weight = rng.uniform(0.2, 5.0, N)
    model = LinearRegression().fit(X, y, weight)
    result = sm.WLS(y, with_constant(X), weights=weight).fit()
    agrees(model.summary(X, y, weight, weights="precision"), result)
    for kind in ("HC0", "HC1", "HC2", "HC3"):
        table = model.summary(X, y, weight, weights="precision", covariance=kind)
        result = sm.WLS(y, with_constant(X), weights=weight).fit(cov_type=kind, use_t=True)
        np.testing.assert_allclose(table.std_error, result.bse, rtol=1e-8)


MODELS = [
    (LinearRegression(), "real"),
    (LogisticRegression(C=np.inf, tol=1e-10), "binary"),
    (PoissonRegressor(alpha=0, tol=1e-10), "count"),
    (GammaRegressor(alpha=0, tol=1e-10), "positive"),
    (TweedieRegressor(power=1.5, alpha=0, tol=1e-10), "count"),
    (GeneralizedLinearModel("bernoulli", "probit", tol=1e-10), "binary"),
    (GeneralizedLinearModel("poisson", "sqrt", tol=1e-10), "count"),
    (GeneralizedLinearModel("inverse_gaussian", "log", tol=1e-10), "positive"),
    (LogisticRegression(C=np.inf, tol=1e-10), "three"),
]


def target(kind, z, rng):
    return {
        "real": z + rng.normal(size=len(z)),
        "binary": (z + rng.logistic(size=len(z)) > 0).astype(int),
        "count": rng.poisson(np.exp(0.3 * z)).astype(float),
        "positive": np.exp(0.3 * z) * rng.gamma(3.0, 1 / 3, size=len(z)),
        "three": np.digitize(z + rng.logistic(size=len(z)), [-1.0, 1.0]),
    }[kind]


@pytest.mark.parametrize("model, kind", MODELS, ids=str)
def test_weights_are_repetition_and_sparse_is_dense(model, kind, rng):
    X = rng.normal(size=(N, P))
    y = target(kind, X @ [1.0, -0.5, 0.2], rng)
    weight = rng.integers(0, 3, N)
    rows = np.repeat(np.arange(N), weight)
    groups = rng.integers(0, 20, N)
    kinds = ["model", "HC0", "HC1", "cluster"] + ["HC2", "HC3"] * (kind != "three")
    for covariance in kinds:
        extra = {"groups": groups} if covariance == "cluster" else {}
        weighted = model.fit(X, y, weight).summary(X, y, weight, covariance=covariance, **extra)
        extra = {"groups": groups[rows]} if covariance == "cluster" else {}
        repeated = model.fit(X[rows], y[rows]).summary(
            X[rows], y[rows], covariance=covariance, **extra
        )
        np.testing.assert_allclose(weighted.covariance, repeated.covariance, rtol=1e-6, atol=1e-9)
        a, b = weighted.to_dict(), repeated.to_dict()
        for name in ("n", "df_resid", "aic", "bic", "log_likelihood", *weighted.fit):
            if a[name] is None:  # a Tweedie density has no closed form
                assert b[name] is None and model.power == 1.5
            else:
                assert a[name] == pytest.approx(b[name], rel=1e-6, abs=1e-12), name
    S = sparse.csr_array(X)
    table = model.fit(S, y).summary(S, y)
    dense = model.fit(X, y).summary(X, y)
    np.testing.assert_allclose(table.covariance, dense.covariance, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize(
    "model, kind, family",
    [
        (LogisticRegression(C=np.inf, tol=1e-10), "binary", sm.families.Binomial()),
        (PoissonRegressor(alpha=0, tol=1e-10), "count", sm.families.Poisson()),
        (
            GammaRegressor(alpha=0, tol=1e-10),
            "positive",
            sm.families.Gamma(sm.families.links.Log()),
        ),
        (
            GeneralizedLinearModel("inverse_gaussian", "log", tol=1e-10),
            "positive",
            sm.families.InverseGaussian(sm.families.links.Log()),
        ),
        (
            GeneralizedLinearModel("bernoulli", "cloglog", tol=1e-10),
            "binary",
            sm.families.Binomial(sm.families.links.CLogLog()),
        ),
        (
            GeneralizedLinearModel("negative_binomial", "log", tol=1e-10),
            "count",
            sm.families.NegativeBinomial(alpha=1.0),
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, sm.families.Family) else str(value),
)
def test_glm(model, kind, family, rng):
    X = rng.normal(size=(N, P))
    y = target(kind, X @ [1.0, -0.5, 0.2], rng)
    table = model.fit(X, y).summary(X, y)
    glm = sm.GLM(y, with_constant(X), family=family)
    result = glm.fit(tol=1e-14, maxiter=500, use_t=not np.isinf(table.df))
    agrees(table, result, rtol=1e-5)
    assert table.fit["deviance"] == pytest.approx(result.deviance, rel=1e-8)
    assert table.fit["null deviance"] == pytest.approx(result.null_deviance, rel=1e-8)
    robust = model.summary(X, y, covariance="HC0")
    truly_canonical = {"Binomial": "logit", "Poisson": "log"}
    if truly_canonical.get(type(family).__name__) == table.link:
        np.testing.assert_allclose(robust.std_error, glm.fit(cov_type="HC0").bse, rtol=1e-5)
    # Without a canonical link statsmodels takes the observed information as bread; ours is expected.
    A, V = with_constant(X), family.variance(result.mu)
    slope = 1 / family.link.deriv(result.mu)
    bread = np.linalg.inv(A.T @ (A * (slope**2 / V)[:, None]))
    S = A * ((y - result.mu) * slope / V)[:, None]
    by_hand = np.sqrt(np.diag(bread @ S.T @ S @ bread))
    np.testing.assert_allclose(robust.std_error, by_hand, rtol=1e-5)


def test_multinomial(rng):
    X = rng.normal(size=(N, P))
    y = np.array(["low", "mid", "top"])[target("three", X @ [1.0, -0.5, 0.2], rng)]
    model = LogisticRegression(C=np.inf, tol=1e-10).fit(X, y)
    table = model.summary(X, y)
    codes = np.searchsorted(["low", "mid", "top"], y)
    result = sm.MNLogit(codes, with_constant(X)).fit(disp=0, method="newton")
    np.testing.assert_allclose(table.coef.reshape(2, -1).T, result.params, rtol=1e-5)
    np.testing.assert_allclose(table.std_error.reshape(2, -1).T, result.bse, rtol=1e-6)
    np.testing.assert_allclose(table.p_value.reshape(2, -1).T, result.pvalues, rtol=1e-4)
    assert table.log_likelihood == pytest.approx(result.llf)
    assert table.fit["chi2"] == pytest.approx(result.llr, rel=1e-7)
    assert table.fit["chi2 p-value"] == pytest.approx(result.llr_pvalue, rel=1e-6)
    robust = model.summary(X, y, covariance="HC0")
    sandwich = sm.MNLogit(codes, with_constant(X)).fit(disp=0, method="newton", cov_type="HC0")
    np.testing.assert_allclose(robust.std_error.reshape(2, -1).T, sandwich.bse, rtol=1e-5)
    assert table.outcomes == ("mid",) * 4 + ("top",) * 4
    assert len(table.sentences()) == 6 and "top: x0" in str(table)


def test_coverage_of_intervals_is_nominal(rng):
    hits, rounds = 0, 400
    for _ in range(rounds):
        X = rng.normal(size=(30, 2))
        y = X @ [0.5, 0.0] + rng.normal(size=30)
        low, high = LinearRegression().fit(X, y).summary(X, y, confidence=0.9).interval[0]
        hits += low <= 0.5 <= high
    # Four standard errors of a binomial share around 0.9.
    assert abs(hits / rounds - 0.9) < 4 * np.sqrt(0.09 / rounds)


def test_ridge_gives_effective_parameters_and_no_tests(data):
    X, y = data
    table = Ridge(alpha=30.0).fit(X, y).summary(X, y)
    Z = X - X.mean(axis=0)
    values = np.linalg.eigvalsh(Z.T @ Z)
    assert table.fit["effective parameters"] == pytest.approx(1 + (values / (values + 30)).sum())
    assert np.isnan(table.p_value).all() and np.isnan(table.interval).all()
    assert "biased" in table.notes[0]
    plain = LinearRegression().fit(X, y).summary(X, y)
    assert (
        table.std_error[:3] / np.sqrt(table.scale) < plain.std_error[:3] / np.sqrt(plain.scale)
    ).all()
    exact = Ridge(alpha=0.0).fit(X, y).summary(X, y)
    np.testing.assert_allclose(exact.p_value, plain.p_value, rtol=1e-8)
    # The covariance is that of the estimator: check by simulation at a fixed truth.
    rng = np.random.default_rng(0)
    truth = with_constant(X) @ table.coef
    draws = [Ridge(alpha=30.0).fit(X, truth + rng.normal(size=N)).coef_ for _ in range(400)]
    spread = np.std(draws, axis=0)
    np.testing.assert_allclose(spread, table.std_error[:3] / np.sqrt(table.scale), rtol=0.15)


def test_table_reads_and_writes(data):
    import pandas as pd

    X, y = data
    frame = pd.DataFrame(X, columns=["age", "income", "rate"])
    table = LinearRegression().fit(frame, y).summary(frame, y)
    held = json.loads(json.dumps(table.to_dict()))
    assert [row["name"] for row in held["coefficients"]] == ["age", "income", "rate", "(intercept)"]
    assert held["coefficients"][0]["p_value"] == table.p_value[0]
    shown = str(table)
    assert "R2" in shown and "income" in shown and "<0.0001" in shown
    said = table.sentences()[1]
    assert said.startswith("one more unit of income, the others held, changes y by -0.0")
    odds = LogisticRegression(C=np.inf).fit(frame, y > 0).summary(frame, y > 0)
    assert "multiplies the odds of class True by" in odds.sentences()[0]


def test_refusals(data, rng):
    X, y = data
    label = (y > 0).astype(int)
    with pytest.raises(NoInference, match="fit with C=inf"):
        LogisticRegression().fit(X, label).summary(X, label)
    with pytest.raises(NoInference, match="fit with alpha=0"):
        PoissonRegressor().fit(X, label).summary(X, label)
    twin = np.column_stack([X, X[:, 0] * 2])
    with pytest.raises(NoInference, match="x0, x3 are linearly dependent"):
        LinearRegression().fit(twin, y).summary(twin, y)
    apart = np.sign(X[:, 0])
    with pytest.raises(NoInference, match="separated"):
        model = LogisticRegression(C=np.inf).fit(X[:, :1], apart)
        model.summary(X[:, :1], apart)
    with pytest.raises(InputError, match="not the rows"):
        LinearRegression().fit(X, y).summary(X, y[::-1])
    with pytest.raises(NoInference, match="one target at a time"):
        LinearRegression().fit(X, np.column_stack([y, y])).summary(X, np.column_stack([y, y]))
    with pytest.raises(NoInference, match="cannot carry"):
        LinearRegression().fit(X[:3], y[:3]).summary(X[:3], y[:3])
    with pytest.raises(ValueError, match="belong together"):
        LinearRegression().fit(X, y).summary(X, y, covariance="cluster")
    with pytest.raises(ValueError, match="is not one of"):
        LinearRegression().fit(X, y).summary(X, y, covariance="HC9")
    constant = np.column_stack([X, np.zeros(N)])
    with pytest.raises(NoInference, match="x3: no information"):
        LinearRegression().fit(constant, y).summary(constant, y)


def test_simple_slopes_are_contrasts_of_the_interaction_model(rng):
    import pandas as pd

    a, b = rng.normal(size=N), rng.normal(2.0, 3.0, size=N)
    y = 1 + 2 * a - b + 0.5 * a * b + 0.3 * a**2 + rng.normal(size=N)
    frame = pd.DataFrame({"a": a, "b": b, "a^2": a**2, "a b": a * b})
    table = LinearRegression().fit(frame, y).summary(frame, y)
    found = simple_slopes(table, "a", at={"b": [0.0, 4.0], "a": 1.0})
    result = sm.OLS(y, with_constant(frame)).fit()
    for slope in found:
        c = np.array([1.0, 0.0, 2.0 * slope.at["a"], slope.at["b"], 0.0])
        test = result.t_test(c)
        assert slope.slope == pytest.approx(float(test.effect[0]))
        assert slope.std_error == pytest.approx(float(np.ravel(test.sd)[0]))
        assert slope.p_value == pytest.approx(float(test.pvalue), abs=1e-12)
    usual = simple_slopes(table, "b")
    assert [round(s.at["a"], 3) for s in usual] == [
        round(a.mean() + k * a.std(ddof=1), 3) for k in (-1, 0, 1)
    ]
    assert "slope of b at a =" in str(usual[0])
    with pytest.raises(ValueError, match="none of the columns"):
        simple_slopes(table, "c")
    with pytest.raises(ValueError, match="at names"):
        simple_slopes(table, "a", at={"z": 1})


def test_estimators_without_a_likelihood_say_why(data):
    from zhixing import linear_model as lm

    X, y = data
    for model, word in [
        (lm.Lasso(), "selection"),
        (lm.ElasticNet(), "selection"),
        (lm.HuberRegressor(), "bootstrap"),
        (lm.QuantileRegressor(), "bootstrap"),
        (lm.TheilSenRegressor(max_subpopulation=50, random_state=0), "bootstrap"),
        (lm.BayesianRidge(), "sigma_"),
        (lm.HeteroscedasticRegression(), "HC3"),
        (lm.SGDRegressor(random_state=0), "near the optimum"),
        (lm.GeneralizedLinear(), "GeneralizedLinearModel"),
    ]:
        with pytest.raises(NoInference, match=word):
            model.fit((X - X.mean(axis=0)) / X.std(axis=0), y).summary(X, y)
