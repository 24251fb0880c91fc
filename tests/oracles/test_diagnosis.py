"""Diagnosis of linear models against statsmodels, and under the null."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import sparse, stats
from statsmodels.stats import diagnostic, outliers_influence, stattools

from zhixing.diagnosis import (
    breusch_pagan,
    check_data,
    check_ols,
    check_probability,
    durbin_watson,
    influence,
    jarque_bera,
    multicollinearity,
    reset,
    vif,
    white,
)
from zhixing.linear_model import LinearRegression, LogisticRegression
from zhixing.losses import Gamma


@pytest.fixture
def fit(rng):
    X = rng.normal(size=(150, 4)) * [1.0, 100.0, 0.1, 1.0] + [0.0, 50.0, 0.0, 3.0]
    y = X @ [1.0, 0.01, 2.0, 0.0] + rng.standard_t(4, size=150)
    A = np.column_stack([X, np.ones(150)])
    result = sm.OLS(y, A).fit()
    return A, y, np.asarray(result.fittedvalues), np.asarray(result.resid), result


def test_residual_tests(fit):
    A, y, fitted, e, result = fit
    theirs = diagnostic.linear_reset(result, power=3, test_type="fitted", use_f=True)
    ours = reset(A, y, fitted)
    assert ours.statistic == pytest.approx(float(theirs.statistic), rel=1e-6)
    assert ours.p_value == pytest.approx(float(theirs.pvalue), rel=1e-6)
    assert durbin_watson(A, e).statistic == pytest.approx(stattools.durbin_watson(e))
    value, p, skew, kurtosis = stattools.jarque_bera(e)
    assert jarque_bera(e).statistic == pytest.approx(value)
    assert jarque_bera(e).p_value == pytest.approx(p)
    lm, p, _, _ = diagnostic.het_breuschpagan(e, A)
    assert breusch_pagan(A, e).statistic == pytest.approx(lm)
    assert breusch_pagan(A, e).p_value == pytest.approx(p)
    lm, p, _, _ = diagnostic.het_white(e, A)
    assert white(A, e, fitted).statistic == pytest.approx(lm, rel=1e-6)
    assert white(A, e, fitted).p_value == pytest.approx(p, rel=1e-6)


def test_influence(fit):
    A, _, _, e, result = fit
    theirs = outliers_influence.OLSInfluence(result)
    ours = influence(A, e)
    np.testing.assert_allclose(ours.leverage, theirs.hat_matrix_diag, rtol=1e-9)
    np.testing.assert_allclose(ours.studentized, theirs.resid_studentized_external, rtol=1e-9)
    np.testing.assert_allclose(ours.cooks_distance, theirs.cooks_distance[0], rtol=1e-9)


def test_vif(fit, rng):
    A = fit[0]
    theirs = [outliers_influence.variance_inflation_factor(A, j) for j in range(4)]
    np.testing.assert_allclose(vif(A[:, :4]), theirs, rtol=1e-9)
    weight = rng.integers(0, 4, len(A))
    repeated = np.repeat(A[:, :4], weight, axis=0)
    np.testing.assert_allclose(vif(A[:, :4], weight), vif(repeated), rtol=1e-9)
    twin = np.column_stack([A[:, :3], A[:, 0] - 2 * A[:, 1], np.ones(150)])
    found = vif(twin)
    assert np.isinf(found[[0, 1, 3]]).all() and np.isnan(found[4])
    assert found[2] == pytest.approx(vif(A[:, :3])[2])


TESTS = {
    "RESET": lambda A, y, fitted, e: reset(A, y, fitted),
    "Durbin-Watson": lambda A, y, fitted, e: durbin_watson(A, e),
    "Jarque-Bera": lambda A, y, fitted, e: jarque_bera(e),
    "Breusch-Pagan": lambda A, y, fitted, e: breusch_pagan(A, e),
    "White": lambda A, y, fitted, e: white(A, e, fitted),
}


@pytest.mark.parametrize("test", sorted(TESTS))
def test_false_alarms_are_as_rare_as_promised(test, rng):
    """Under the null the share of p-values below 5 % is within four binomial errors of 5 %."""
    rounds, hits = 400, 0
    for _ in range(rounds):
        A = np.column_stack([rng.normal(size=(200, 2)), np.ones(200)])
        y = A @ [1.0, -1.0, 0.5] + rng.normal(size=200)
        w = np.linalg.lstsq(A, y, rcond=None)[0]
        fitted = A @ w
        e = y - fitted
        hits += TESTS[test](A, y, fitted, e).p_value < 0.05
    slack = 4 * np.sqrt(0.05 * 0.95 / rounds)
    # Jarque-Bera is known to reject too rarely at moderate n.
    low = 0.05 - slack - (0.02 if test == "Jarque-Bera" else 0.0)
    assert low <= hits / rounds <= 0.05 + slack


def codes(findings, severity="warning"):
    return {f.code for f in findings if f.severity == severity}


def test_check_ols_names_what_was_planted(rng):
    n = 400
    X = rng.normal(size=(n, 3))
    clean = X @ [1.0, -1.0, 0.5] + rng.normal(size=n)

    def warned(X, y, **options):
        return codes(check_ols(LinearRegression().fit(X, y), X, y, **options))

    assert warned(X, clean) == set()
    assert "nonlinear-mean" in warned(X, np.exp(X @ [0.6, -0.6, 0.3]) + 0.3 * rng.normal(size=n))
    noisy = X[:, 0] + rng.normal(size=n) * np.exp(0.7 * X[:, 1])
    assert "unequal-variance" in warned(X, noisy)
    drift = np.cumsum(rng.normal(size=n)) * 0.3 + X[:, 0]
    assert "dependent-errors" in warned(X, drift)
    shuffled = rng.permutation(n)
    assert "dependent-errors" not in warned(X[shuffled], drift[shuffled])
    assert "dependent-errors" in warned(X[shuffled], drift[shuffled], order=shuffled)
    skewed = X[:, 0] + rng.exponential(size=n) ** 1.5
    assert "non-normal-errors" in warned(X, skewed)
    twin = np.column_stack([X, X[:, 0] + 0.01 * rng.normal(size=n)])
    assert {"correlated-columns", "variance-inflation"} <= warned(twin, clean)
    wild = clean.copy()
    wild[17] += 30.0
    found = [f for f in check_ols(LinearRegression().fit(X, wild), X, wild)]
    row = next(f for f in found if f.code == "influential-rows")
    assert row.severity == "warning" and row.evidence["rows"][0] == 17
    with pytest.raises(ValueError, match="too few"):
        check_ols(LinearRegression().fit(X[:5], clean[:5]), X[:5], clean[:5])


def test_small_departures_of_many_rows_are_no_warning(rng):
    n = 200_000
    X = rng.normal(size=(n, 1))
    y = X[:, 0] + 0.01 * X[:, 0] ** 2 + rng.normal(size=n)
    found = check_ols(LinearRegression().fit(X, y), X, y)
    bend = next(f for f in found if f.code == "nonlinear-mean")
    assert bend.evidence["p_value"] < 0.01 and bend.severity == "info"
    assert "small" in bend.title


def test_multicollinearity_finds_and_drops(rng):
    import pandas as pd

    n = 300
    frame = pd.DataFrame(rng.normal(size=(n, 4)), columns=["a", "b", "c", "d"])
    assert codes(multicollinearity(frame), "warning") == set()
    frame["sum"] = frame.a + frame.b + frame.c + 0.01 * rng.normal(size=n)
    found = multicollinearity(frame, frame.a + rng.normal(size=n))
    assert codes(found) == {"variance-inflation", "near-dependence"}
    inflation = next(f for f in found if f.code == "variance-inflation")
    kept = inflation.apply(frame)
    assert kept.shape[1] == 4 and (vif(kept) < 10).all()
    axis = next(f for f in found if f.code == "near-dependence")
    assert {"a", "b", "c", "sum"} == set(axis.where.split(", "))
    remedies = next(f for f in found if f.code == "collinearity-remedies")
    assert set(remedies.evidence["r2"]) >= {"dropping", "ridge", "lasso", "principal components"}
    spread = remedies.evidence["coefficient_spread"]
    assert spread["ridge"] < spread["least squares"]


def test_common_factors_are_those_behind_the_columns(rng):
    import pandas as pd

    behind = rng.normal(size=(500, 2))
    frame = pd.DataFrame(
        {name: behind[:, i // 3] + 0.2 * rng.normal(size=500) for i, name in enumerate("abcdef")}
    )
    found = next(f for f in multicollinearity(frame) if f.code == "common-factors")
    assert sorted(map(sorted, found.evidence["groups"])) == [["a", "b", "c"], ["d", "e", "f"]]
    for share in found.evidence["communality"].values():
        assert share == pytest.approx(1 / 1.04, abs=0.03)


def test_check_probability(rng):
    n = 4000
    X = rng.normal(size=(n, 3))
    z = X @ [1.0, -0.5, 0.0]
    y = rng.random(n) < 1 / (1 + np.exp(-z))
    model = LogisticRegression(C=np.inf).fit(X, y)
    assert codes(check_probability(model, X, y)) == set()
    bent = rng.random(n) < 1 / (1 + np.exp(-(z + X[:, 2] ** 2 - 1)))
    found = check_probability(LogisticRegression(C=np.inf).fit(X, bent), X, bent)
    assert next(f for f in found if f.code == "nonlinear-log-odds").where.startswith("x2")
    shrunk = LogisticRegression(C=1e-3).fit(X, y)
    assert {"calibration", "bernoulli-outcome"} <= codes(check_probability(shrunk, X, y))
    # The score test of a column is the one statsmodels computes.
    glm = sm.GLM(y.astype(float), sm.add_constant(X), family=sm.families.Binomial())
    result = glm.fit(tol=1e-14)
    statistic, p, _ = glm.score_test(
        result.params, exog_extra=((X[:, 0] - X[:, 0].mean()) / X[:, 0].std()) ** 2
    )
    ours = check_probability(model, X, y)[2].evidence["squares"]["x0"]
    assert ours["chi2"] == pytest.approx(float(np.squeeze(statistic)), rel=1e-4)
    assert ours["p_value"] == pytest.approx(float(np.squeeze(p)), rel=1e-3)


def test_score_test_holds_its_level(rng):
    rounds, hits = 300, 0
    for _ in range(rounds):
        X = rng.normal(size=(300, 1))
        y = rng.random(300) < 1 / (1 + np.exp(-X[:, 0]))
        model = LogisticRegression(C=np.inf).fit(X, y)
        evidence = check_probability(model, X, y)[2].evidence
        hits += evidence["squares"]["x0"]["p_value"] < 0.05
    assert abs(hits / rounds - 0.05) < 4 * np.sqrt(0.05 * 0.95 / rounds)


def test_check_data(rng):
    X = rng.normal(size=(100, 3)) * [1.0, 5000.0, 1.0]
    X[3, 0], X[5, 1], X[7, 2] = np.nan, np.inf, 1e4
    found = {f.code: f for f in check_data(X, bounds={"x2": (-10.0, 10.0)})}
    assert set(found) == {
        "missing-values",
        "infinite-values",
        "out-of-domain",
        "extreme-values",
        "unscaled-columns",
    }
    assert found["missing-values"].evidence["rows"] == [3]
    assert found["infinite-values"].severity == "error"
    assert found["out-of-domain"].evidence == {"rows": [7], "values": [1e4]}
    clipped = found["extreme-values"].apply(X)
    assert np.nanmax(np.abs(clipped[:, 2])) < 30
    assert check_data(rng.normal(size=(50, 2))) == []
    assert check_data(sparse.random(50, 3, 0.9, random_state=0)) == []
    y = np.array([1.0, 0.0, np.nan])
    assert codes(check_data(np.ones((3, 1)), y, loss=Gamma()), "error") == {
        "missing-values",
        "target-out-of-domain",
    }
    with pytest.raises(ValueError, match="not columns"):
        check_data(X, bounds={"age": (0, 1)})
    with pytest.raises(ValueError, match="reads numbers"):
        check_data(np.array([["a"]]))


def test_durbin_watson_moments_are_exact(rng):
    A = np.column_stack([rng.normal(size=(12, 2)), np.ones(12)])
    M = np.eye(12) - A @ np.linalg.pinv(A)
    D = np.diff(np.eye(12), axis=0)
    MD = M @ D.T @ D
    df = 9
    mean = np.trace(MD) / df
    variance = 2 * (np.trace(MD @ MD) - np.trace(MD) * mean) / (df * (df + 2))
    e = M @ rng.normal(size=12)
    found = durbin_watson(A, e)
    expected = 2 * stats.norm.sf(abs(found.statistic - mean) / np.sqrt(variance))
    assert found.p_value == pytest.approx(expected)


def test_residuals_of_least_squares_are_drawn(rng):
    import json

    import vl_convert

    from zhixing.workbench.evaluate_numbers import residuals
    from zhixing.workbench.report.plots_regression import residual_bands, residual_histogram

    X = rng.normal(size=(400, 2))
    y = X @ [1.0, -1.0] + rng.normal(size=400)
    facts = residuals(y, LinearRegression().fit(X, y).predict(X), None)["residuals"]
    for spec in (residual_bands(facts["bands"]), residual_histogram(facts["histogram"])):
        text = json.dumps(spec)
        for token in ("@paper", "@wash", "@accent", "@faint", "@ink", "@second"):
            text = text.replace(token, "#246")
        drawn = vl_convert.vegalite_to_svg(text)
        assert drawn.startswith("<svg") and "actual minus predicted" in drawn
