"""Imputers against scikit-learn, statsmodels, closed forms and what they promise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sklearn.impute as peers
import statsmodels.api as sm
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from statsmodels.imputation.mice import MICE, MICEData

from zhixing.impute import (
    AutoImputer,
    DropMissing,
    ForestImputer,
    KNNImputer,
    MultipleImputer,
    RegressionImputer,
    SimpleImputer,
    missing_report,
    rubin,
)
from zhixing.linear_model import LinearRegression


def holed(rng: np.random.Generator, n: int = 300, rate: float = 0.2) -> tuple[np.ndarray, ...]:
    """Correlated columns, complete and with holes."""
    full = rng.normal(size=(n, 1)) + 0.4 * rng.normal(size=(n, 4)) + [0, 1, 2, 3]
    X = full.copy()
    X[rng.random(X.shape) < rate] = np.nan
    return full, X


def error(full: np.ndarray, X: np.ndarray, made: np.ndarray) -> float:
    hole = np.isnan(X)
    return float(np.sqrt(np.mean((full - made)[hole] ** 2)))


def test_dropped_rows_stay_aligned(rng: np.random.Generator) -> None:
    _, X = holed(rng)
    y, weight = np.arange(300), rng.random(300)
    whole = np.flatnonzero(~np.isnan(X).any(axis=1))
    dropper = DropMissing().fit(X)
    left = dropper.drop(X, y, weight)
    np.testing.assert_array_equal(left.X, X[whole])
    np.testing.assert_array_equal(left.y, whole)
    np.testing.assert_array_equal(left.sample_weight, weight[whole])
    assert dropper.n_dropped_ == 300 - len(whole)
    frame = pd.DataFrame(X, columns=list("abcd"))
    frame["e"] = np.where(np.arange(300) < 200, np.nan, 1.0)
    columns = DropMissing(axis="columns", max_rate=0.5).fit(frame)
    assert list(columns.transform(frame).columns) == list("abcd") and columns.n_dropped_ == 1


@pytest.mark.parametrize("strategy", ["mean", "median", "most_frequent", "constant"])
@pytest.mark.parametrize("indicator", [False, True])
def test_statistics_are_scikit_learns(
    rng: np.random.Generator, strategy: str, indicator: bool
) -> None:
    X = np.round(holed(rng)[1], 1)
    X[:, 2] = np.round(rng.normal(size=300), 1)  # complete
    options = dict(strategy=strategy, add_indicator=indicator, fill_value=7.0)
    if strategy != "constant":
        del options["fill_value"]
    ours, theirs = (kind(**options).fit(X[:200]) for kind in (SimpleImputer, peers.SimpleImputer))
    np.testing.assert_allclose(ours.transform(X[200:]), theirs.transform(X[200:]))
    words = np.array([["a"], ["b"], ["b"], [None]], dtype=object)
    filled = SimpleImputer(strategy="most_frequent", missing_values=None).fit_transform(words)
    assert filled[3, 0] == "b"


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("k", [1, 5])
def test_neighbours_are_scikit_learns(rng: np.random.Generator, weights: str, k: int) -> None:
    full, X = holed(rng)
    options = dict(n_neighbors=k, weights=weights)
    ours = KNNImputer(**options).fit(X[:200]).transform(X)
    theirs = peers.KNNImputer(**options).fit(X[:200]).transform(X)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-8)
    assert error(full, X, ours) < error(full, X, SimpleImputer().fit_transform(X))


def test_regression_is_least_squares_and_beats_the_mean(rng: np.random.Generator) -> None:
    full, X = holed(rng)
    one = full.copy()
    one[:60, 1] = np.nan
    made = RegressionImputer().fit_transform(one)
    others = np.delete(full, 1, axis=1)
    fitted = sm.OLS(full[60:, 1], sm.add_constant(others[60:])).fit()
    np.testing.assert_allclose(made[:60, 1], fitted.predict(sm.add_constant(others[:60])))
    assert error(full, X, RegressionImputer().fit_transform(X)) < 0.75 * error(
        full, X, SimpleImputer().fit_transform(X)
    )
    noisy = RegressionImputer(noise="normal", random_state=0).fit(one)
    assert noisy.noise_std_[1] == pytest.approx(np.sqrt(fitted.scale))
    # With noise the spread of the column is kept, without it shrinks.
    spread = [imputed[:60, 1].std() for imputed in (made, noisy.transform(one), full)]
    assert spread[0] < spread[2] and abs(spread[1] - spread[2]) < abs(spread[0] - spread[2])


def test_rubins_rules_are_statsmodels(rng: np.random.Generator) -> None:
    _, X = holed(rng, rate=0.15)
    data = MICEData(pd.DataFrame(X, columns=list("abcd")))
    np.random.seed(0)  # statsmodels draws from the global state
    theirs = MICE("a ~ b + c + d", sm.OLS, data).fit(2, 8)
    runs = theirs.model.results_list
    pooled = rubin([r.params for r in runs], [np.diag(r.cov_params()) for r in runs])
    np.testing.assert_allclose(pooled.estimate, theirs.params)
    np.testing.assert_allclose(pooled.std_error, theirs.bse)


def test_pooled_intervals_widen_with_the_missing_rate(rng: np.random.Generator) -> None:
    full = rng.normal(size=(400, 2)) @ [[1.0, 0.6], [0.0, 0.8]]
    y = full @ [1.0, 2.0] + rng.normal(size=400)
    widths, truth = [], sm.OLS(y, sm.add_constant(full)).fit().params[2]
    for rate in (0.05, 0.3, 0.6):
        X = full.copy()
        X[rng.random(400) < rate, 1] = np.nan
        found = MultipleImputer(m=10, random_state=1).pool(LinearRegression(), X, y)["x1"]
        widths.append(found.high - found.low)
        assert found.low < truth < found.high
    assert widths == sorted(widths)


def test_forests_fill_numbers_and_categories(rng: np.random.Generator) -> None:
    n = 240
    x = rng.uniform(-2, 2, n)
    full = pd.DataFrame({"x": x, "bend": x**2, "sign": np.where(x > 0, "up", "down")})
    holes = full.copy()
    holes.loc[rng.random(n) < 0.2, "bend"] = np.nan
    holes.loc[rng.random(n) < 0.2, "sign"] = None
    made = ForestImputer(n_estimators=25, random_state=0).fit_transform(holes)
    made = pd.DataFrame(made, columns=full.columns)
    gone = holes["bend"].isna()
    rough = np.sqrt(np.mean((full["bend"] - holes["bend"].mean())[gone] ** 2))
    assert np.sqrt(np.mean((full["bend"] - made["bend"].astype(float))[gone] ** 2)) < 0.2 * rough
    gone = holes["sign"].isna()
    assert (made["sign"][gone] == full["sign"][gone]).mean() > 0.95


def test_the_missing_rate_decides_the_strategy(rng: np.random.Generator) -> None:
    full, _ = holed(rng, n=500)
    X = np.column_stack([full, full[:, 0]])
    for j, rate in enumerate([0.0, 0.03, 0.2, 0.5, 0.9]):
        X[: int(500 * rate), j] = np.nan
        X[:, j] = rng.permuted(X[:, j]) if j == 4 else X[:, j]
    report = missing_report(X)
    assert [round(c.rate, 2) for c in report.columns] == [0.0, 0.03, 0.2, 0.5, 0.9]
    strategies = [c.strategy for c in report.columns]
    assert len(set(strategies[1:])) == 4 and strategies[2] == "regression"
    imputer = AutoImputer(random_state=0).fit(X)
    made = imputer.transform(X)
    assert not np.isnan(made).any()
    np.testing.assert_array_equal(imputer.columns_, [0, 1, 2, 3])  # the last one goes
    assert made.shape[1] == 5  # an indicator beside the column half of which is missing
    np.testing.assert_array_equal(made[:, 4], np.isnan(X[:, 3]))
