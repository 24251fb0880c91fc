"""The numbers in the findings against SciPy, statsmodels and scikit-learn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import r2_score, roc_auc_score
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.outliers_influence import variance_inflation_factor

from zhixing.data import read
from zhixing.workbench.profile import View
from zhixing.workbench.profile.associated_categories import cramers_v
from zhixing.workbench.profile.domain_classifier import domain_auc
from zhixing.workbench.profile.integer_codes import _gain
from zhixing.workbench.profile.multicollinearity import check as multicollinearity
from zhixing.workbench.profile.repeated_groups import _icc
from zhixing.workbench.profile.single import FOLDS, PRIOR, _bins, scores
from zhixing.workbench.profile.train_test_difference import _ks, _shares
from zhixing.workbench.profile.train_test_difference import check as difference


def view_of(columns, **options) -> View:
    return View(read(columns, **options))


def test_moments_are_scipys(rng):
    X = np.exp(rng.normal(size=(300, 4)))
    X[rng.random(X.shape) < 0.1] = np.nan
    view = view_of(X)
    for made, plain in (
        (view.moments.mean, np.nanmean),
        (view.moments.std, np.nanstd),
        (view.moments.skewness, lambda x: stats.skew(x, nan_policy="omit")),
        (view.moments.kurtosis, lambda x: stats.kurtosis(x, nan_policy="omit")),
    ):
        np.testing.assert_allclose(made, [plain(x) for x in X.T], rtol=1e-10)


@pytest.mark.parametrize("q", [0.0, 0.25, 0.5, 0.9, 1.0])
def test_quantiles_are_numpys(rng, q):
    X = rng.normal(size=(101, 3))
    X[::7, 1] = np.nan
    expected = [np.quantile(x[~np.isnan(x)], q, method="lower") for x in X.T]
    np.testing.assert_array_equal(view_of(X).quantile(q), expected)


def test_variance_inflation_is_statsmodels(rng):
    x, z, u = rng.normal(size=(3, 500))
    X = np.column_stack([x, z, x + z + 0.2 * u, rng.normal(size=500)])
    (finding,) = [f for f in multicollinearity(view_of(X)) if f.code == "multicollinearity"]
    with_mean = np.column_stack([np.ones(500), X])
    for name, vif in finding.evidence["vif"].items():
        expected = variance_inflation_factor(with_mean, int(name[1:]) + 1)
        assert vif == pytest.approx(expected, rel=1e-6)


def test_exact_dependence_is_told(rng):
    X = rng.normal(size=(200, 3))
    X = np.column_stack([X, X.sum(axis=1)])
    (finding,) = [f for f in multicollinearity(view_of(X)) if f.code == "multicollinearity"]
    assert set(finding.evidence["exact"]) == {"x0", "x1", "x2", "x3"}


def test_correlated_pairs_are_all_found(rng):
    """Also where columns are compared in blocks."""
    base = rng.normal(size=(60, 1100))
    X = np.column_stack([base, base[:, ::10] + 0.05 * rng.normal(size=(60, 110))])
    (finding,) = multicollinearity(view_of(X))
    R = np.abs(np.corrcoef(X.T))
    assert finding.evidence["n"] == int((np.triu(R, 1) >= 0.95).sum())


def test_cramers_v_before_correction_is_scipys(rng):
    """The bias correction is removed by hand: V2 = (phi2 - bias) / min(r', c' - 1)."""
    a, b = rng.integers(0, 4, 2000), rng.integers(0, 3, 2000)
    b = np.where(rng.random(2000) < 0.5, a % 3, b)
    n, (r, c) = len(a), (4, 3)
    v = stats.contingency.association(pd.crosstab(a, b).to_numpy(), method="cramer")
    phi2 = v**2 * 2 - (r - 1) * (c - 1) / (n - 1)
    r_, c_ = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    assert cramers_v(a, b) == pytest.approx(np.sqrt(phi2 / (min(r_, c_) - 1)), rel=1e-12)
    assert cramers_v(rng.permutation(a), b) < 0.05
    assert cramers_v(np.where(rng.random(2000) < 0.1, -1, a), b) == pytest.approx(
        cramers_v(a, b), abs=0.05
    )


def _out_of_fold(bins, y, fold, start):
    """The definition of `single`: for each row the smoothed mean of its bin in the other folds."""
    made = np.empty(len(y))
    for k in range(FOLDS):
        rest = fold != k
        mean = y[rest].mean() if start is None else start
        for b in np.unique(bins):
            here = rest & (bins == b)
            made[(bins == b) & (fold == k)] = (y[here].sum() + PRIOR * mean) / (here.sum() + PRIOR)
    return made


def test_scores_of_single_columns_are_their_definition(rng):
    n = 400
    x = rng.normal(size=n)
    x[::9] = np.nan
    word = rng.choice(["a", "b", "c"], n)
    fold = np.random.default_rng(0).permutation(n) % FOLDS
    number = np.nan_to_num(x) ** 2 + (word == "a") + rng.normal(size=n)
    columns = {"x": x, "word": word}
    view = view_of(columns | {"y": number}, target="y")
    standard = (number - number.mean()) / number.std()
    for score in scores(view):
        predicted = _out_of_fold(_bins(view, score.name), standard, fold, None)
        assert score.score == pytest.approx(r2_score(standard, predicted), abs=1e-10)
    view = view_of(columns | {"y": number > 1}, target="y")
    for score in scores(view):
        predicted = _out_of_fold(_bins(view, score.name), (number > 1).astype(float), fold, None)
        aucs = [roc_auc_score(number[fold == k] > 1, predicted[fold == k]) for k in range(FOLDS)]
        assert score.score == pytest.approx(np.mean(aucs), abs=1e-10)


@pytest.mark.parametrize("kind", ["two", "three", "numbers"])
def test_the_test_of_chance_keeps_its_level(rng, kind):
    """Of 2,000 columns without meaning about 5 % lie below 0.05, within binomial 99.9 % bounds."""
    n, p = 300, 2000
    X: dict = {f"x{j}": rng.normal(size=n) for j in range(p // 2)}
    X |= {f"w{j}": rng.choice(list("abcde"), n) for j in range(p // 2)}
    y = {"two": rng.random(n) < 0.4, "three": rng.integers(0, 3, n), "numbers": rng.normal(size=n)}
    p_values = np.array([s.p_value for s in scores(view_of(X, target=y[kind]))])
    low, high = stats.binom.interval(0.999, p, 0.05)
    assert low <= (p_values < 0.05).sum() <= high


def test_kolmogorov_smirnov_is_scipys(rng):
    a, b = rng.normal(size=300).round(1), rng.normal(0.2, 1, 200).round(1)
    distance, p = _ks(a, b)
    expected = stats.ks_2samp(a, b, method="asymp")
    assert distance == pytest.approx(expected.statistic, abs=1e-12)
    assert p == pytest.approx(expected.pvalue, rel=0.15)


def test_shares_are_scipys_chi_square(rng):
    a = view_of({"w": rng.choice(["p", "q", "r"], 300), "x": rng.normal(size=300)})
    b = view_of({"w": rng.choice(["p", "q", "r"], 200, p=[0.5, 0.3, 0.2]), "x": np.ones(200)})
    distance, p = _shares(a, b, "w")
    counts = np.array([v.table.frame["w"].value_counts().sort("w")["count"] for v in (a, b)])
    assert p == pytest.approx(stats.chi2_contingency(counts, correction=False).pvalue)
    shares = counts / counts.sum(axis=1, keepdims=True)
    assert distance == pytest.approx(np.abs(shares[0] - shares[1]).sum() / 2)


def test_the_adjusted_p_values_are_scipys(rng):
    X, Z = rng.normal(size=(400, 6)), rng.normal(size=(300, 6))
    Z += [0.3, 0, 0.5, 0, 0, 1.0]
    (finding, *_) = difference(View(read(X), View(read(Z))))
    p = [_ks(x, z)[1] for x, z in zip(X.T, Z.T)]
    adjusted = stats.false_discovery_control(p)
    for name, facts in finding.evidence["columns"].items():
        assert facts["p_adjusted"] == pytest.approx(adjusted[int(name[1:])])
    assert set(finding.evidence["columns"]) >= {"x2", "x5"}


def test_the_domain_auc_covers_one_half(rng):
    """Alike tables: the lower 99.5 % bound lies above 0.5 in 0.5 % of draws or fewer."""
    above = 0
    for _ in range(200):
        X = rng.normal(size=(250, 3))
        above += domain_auc(View(read(X[:150])), View(read(X[150:])))[1] > 0.5
    assert above <= stats.binom.isf(0.001, 200, 0.005)


def test_the_domain_auc_knows_the_normal_shift(rng):
    """Two normals a distance d apart are told apart with AUC Phi(d / sqrt 2)."""
    a, b = rng.normal(size=(3000, 1)), rng.normal(1.0, 1, size=(3000, 1))
    auc, _ = domain_auc(View(read(a)), View(read(b)))
    assert auc == pytest.approx(stats.norm.cdf(1 / np.sqrt(2)), abs=0.02)


def test_lack_of_fit_is_the_f_test_of_nested_models(rng):
    codes = rng.integers(0, 5, 400)
    values = np.array([1.0, 2.0, 3.0, 5.0, 8.0])
    y = np.array([0.0, 1.0, 0.0, 1.0, 0.5])[codes] + rng.normal(size=400)
    gain, p, line, means = _gain(values, codes, y)
    small = OLS(y, np.column_stack([np.ones(400), values[codes]])).fit()
    large = OLS(y, np.eye(5)[codes]).fit()
    assert line == pytest.approx(small.rsquared)
    assert p == pytest.approx(large.compare_f_test(small)[1])
    np.testing.assert_allclose(means, large.params)
    pure = large.mse_resid / y.var() / 400
    assert gain == pytest.approx(large.rsquared - small.rsquared - 3 * pure)


def test_intraclass_correlation_of_a_known_model(rng):
    """y = group + noise of equal variance: the correlation is one half."""
    group = np.repeat(np.arange(400), 5)
    y = rng.normal(size=400)[group] + rng.normal(size=2000)
    assert _icc(y, group) == pytest.approx(0.5, abs=0.06)
    assert _icc(rng.normal(size=2000), group) == pytest.approx(0.0, abs=0.04)
