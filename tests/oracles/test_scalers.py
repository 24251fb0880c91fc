"""Scalers and transformers of numbers agree with scikit-learn."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
import sklearn.preprocessing as reference
from scipy import stats

from zhixing import preprocessing


def data(rng: np.random.Generator, kind: str) -> np.ndarray:
    X = rng.normal(size=(400, 5)) * [1e-3, 1.0, 50.0, 1e4, 1.0] + [0.0, 3.0, -20.0, 1e6, 0.0]
    X[:, 4] = 7.0
    if kind == "missing":
        X[rng.random(X.shape) < 0.2] = np.nan
        X[:, 4] = 7.0
    return X


SCALERS = {
    "StandardScaler": [{}, {"with_mean": False}, {"with_std": False}],
    "MinMaxScaler": [{}, {"feature_range": (-1, 1), "clip": True}],
    "MaxAbsScaler": [{}],
    "RobustScaler": [
        {},
        {"with_centering": False},
        {"quantile_range": (10.0, 80.0), "unit_variance": True},
    ],
}
CASES = [(name, options) for name, all_ in SCALERS.items() for options in all_]


@pytest.mark.parametrize("kind", ["whole", "missing"])
@pytest.mark.parametrize("order", ["C", "F", "strided"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_scalers(
    rng: np.random.Generator, name: str, options: dict, order: str, dtype: Any, kind: str
) -> None:
    X = data(rng, kind).astype(dtype)
    X = np.repeat(X, 2, axis=0)[::2] if order == "strided" else np.asarray(X, order=order)
    ours = getattr(preprocessing, name)(**options).fit(X)
    theirs = getattr(reference, name)(**options).fit(X)
    new = X[::3] * 1.5 + 1
    made, wanted = ours.transform(new), theirs.transform(new)
    assert made.dtype == wanted.dtype == dtype
    # scikit-learn takes float32 statistics in float32; ours are float64.
    tolerance = (
        {"rtol": 1e-10, "atol": 1e-10} if dtype == np.float64 else {"rtol": 2e-3, "atol": 0.2}
    )
    np.testing.assert_allclose(made, wanted, **tolerance)
    if dtype == np.float64:
        np.testing.assert_allclose(ours.inverse_transform(made), theirs.inverse_transform(wanted))


@pytest.mark.parametrize("container", [sp.csr_matrix, sp.csc_matrix, sp.csr_array, sp.csc_array])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("StandardScaler", {"with_mean": False}),
        ("MaxAbsScaler", {}),
        ("RobustScaler", {"with_centering": False}),
        ("Normalizer", {"norm": "l1"}),
        ("Normalizer", {"norm": "l2"}),
        ("Normalizer", {"norm": "max"}),
        ("Binarizer", {"threshold": 0.3}),
        ("PolynomialFeatures", {}),
        ("QuantileTransformer", {"n_quantiles": 20}),
        ("QuantileTransformer", {"n_quantiles": 20, "ignore_implicit_zeros": True}),
    ],
    ids=str,
)
def test_sparse_equals_scikit_learn_and_stays_sparse(
    rng: np.random.Generator, container: Any, name: str, options: dict
) -> None:
    dense = np.abs(rng.normal(size=(60, 6))) * (rng.random((60, 6)) < 0.5)
    X = container(dense)
    before = X.toarray()
    ours = getattr(preprocessing, name)(**options).fit(X).transform(X)
    theirs = getattr(reference, name)(**options).fit(X).transform(X)
    assert sp.issparse(ours) and ours.shape == theirs.shape
    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(X.toarray(), before)


def test_sparse_moments_with_missing_values_and_weights(rng: np.random.Generator) -> None:
    dense = rng.normal(size=(80, 5)) * (rng.random((80, 5)) < 0.6)
    dense[(rng.random(dense.shape) < 0.1) & (dense != 0)] = np.nan
    weight = rng.integers(0, 4, 80).astype(float)
    wanted = reference.StandardScaler().fit(dense, sample_weight=weight)
    for container in (sp.csr_matrix, sp.csc_matrix):
        ours = preprocessing.StandardScaler(with_mean=False)
        ours.fit(container(dense), sample_weight=weight)
        np.testing.assert_allclose(ours.mean_, wanted.mean_)
        np.testing.assert_allclose(ours.var_, wanted.var_)


def test_standard_scaler_weights_equal_scikit_learn(rng: np.random.Generator) -> None:
    X, weight = data(rng, "missing"), rng.random(400)
    ours = preprocessing.StandardScaler().fit(X, sample_weight=weight)
    theirs = reference.StandardScaler().fit(X, sample_weight=weight)
    np.testing.assert_allclose(ours.mean_, theirs.mean_)
    np.testing.assert_allclose(ours.var_, theirs.var_, rtol=1e-9)
    np.testing.assert_allclose(ours.n_samples_seen_, theirs.n_samples_seen_)


def test_variance_of_a_column_far_from_zero() -> None:
    """The one-pass sums lose nothing where naive sums of squares lose all digits."""
    x = 1e9 + np.array([4.0, 7.0, 13.0, 16.0] * 1000)
    scaler = preprocessing.StandardScaler().fit(x[:, None])
    assert scaler.var_[0] == pytest.approx(22.5, rel=1e-12)


@pytest.mark.parametrize("norm", ["l1", "l2", "max"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_normalizer_and_binarizer(rng: np.random.Generator, norm: str, dtype: Any) -> None:
    X = rng.normal(size=(50, 4)).astype(dtype)
    X[3] = 0
    made = preprocessing.Normalizer(norm).fit_transform(X)
    wanted = reference.Normalizer(norm=norm).fit_transform(X)
    assert made.dtype == dtype
    np.testing.assert_allclose(made, wanted, rtol=1e-6)
    np.testing.assert_array_equal(
        preprocessing.Binarizer(threshold=0.2).fit_transform(X),
        reference.Binarizer(threshold=0.2).fit_transform(X),
    )


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("method", ["yeo-johnson", "box-cox"])
def test_power_transformer(rng: np.random.Generator, method: str, standardize: bool) -> None:
    X = np.column_stack(
        [rng.lognormal(size=300), rng.gamma(2.0, size=300), rng.normal(size=300) ** 3]
    )
    if method == "box-cox":
        X = np.abs(X) + 0.01
    X[::17, 0] = np.nan
    ours = preprocessing.PowerTransformer(method, standardize=standardize).fit(X)
    theirs = reference.PowerTransformer(method, standardize=standardize).fit(X)
    np.testing.assert_allclose(ours.lambdas_, theirs.lambdas_, rtol=1e-4, atol=1e-6)
    made = ours.transform(X)
    np.testing.assert_allclose(made, theirs.transform(X), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(ours.inverse_transform(made), X, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("method", ["yeo-johnson", "box-cox"])
def test_power_exponent_maximises_the_likelihood(rng: np.random.Generator, method: str) -> None:
    x = rng.lognormal(size=500)
    at = preprocessing.PowerTransformer(method).fit(x[:, None]).lambdas_[0]
    likelihood = stats.yeojohnson_llf if method == "yeo-johnson" else stats.boxcox_llf
    best = likelihood(at, x)
    assert all(best >= likelihood(at + step, x) for step in (-1e-2, -1e-3, 1e-3, 1e-2))


def test_power_exponent_of_many_rows_is_polished_on_all(rng: np.random.Generator) -> None:
    x = rng.lognormal(size=120_000)
    at = preprocessing.PowerTransformer("box-cox").fit(x[:, None]).lambdas_[0]
    best = stats.boxcox_llf(at, x)
    assert best >= max(stats.boxcox_llf(at + step, x) for step in (-1e-4, 1e-4))


@pytest.mark.parametrize("x", [[2003.0, 1950, 1997, 2000, 2009, 2009, 1980, 1999, 2007, 1991]])
def test_power_transformer_does_not_overflow(x: list[float]) -> None:
    """Columns whose exponent is in the hundreds: no warning, mean 0, deviation 1, invertible."""
    X = np.array(x)[:, None]
    for method in ("yeo-johnson", "box-cox"):
        transformer = preprocessing.PowerTransformer(method)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            made = transformer.fit_transform(X)
        assert abs(transformer.lambdas_[0]) > 50
        np.testing.assert_allclose([made.mean(), made.std()], [0, 1], atol=1e-9)
        assert (np.argsort(made[:, 0], kind="stable") == np.argsort(X[:, 0], kind="stable")).all()
        np.testing.assert_allclose(transformer.inverse_transform(made), X)


def test_power_transformer_beyond_the_sign_of_the_fit(rng: np.random.Generator) -> None:
    """A column fitted around its own centre transforms values of the other sign correctly."""
    X = rng.lognormal(size=(300, 1))
    new = np.linspace(-5, 5, 21)[:, None]
    for sign in (1.0, -1.0):
        ours = preprocessing.PowerTransformer().fit(sign * X)
        theirs = reference.PowerTransformer().fit(sign * X)
        np.testing.assert_allclose(ours.transform(new), theirs.transform(new), rtol=1e-4)
        np.testing.assert_allclose(ours.inverse_transform(ours.transform(new)), new, atol=1e-8)


@pytest.mark.parametrize("output", ["uniform", "normal"])
def test_quantile_transformer(rng: np.random.Generator, output: str) -> None:
    X = np.column_stack([rng.normal(size=500), rng.integers(0, 5, 500), rng.exponential(size=500)])
    X[::13, 0] = np.nan
    options = {"n_quantiles": 100, "output_distribution": output}
    ours = preprocessing.QuantileTransformer(**options).fit(X)
    theirs = reference.QuantileTransformer(**options).fit(X)
    new = X * 1.1
    np.testing.assert_allclose(ours.quantiles_, theirs.quantiles_)
    made = ours.transform(new)
    np.testing.assert_allclose(made, theirs.transform(new), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.inverse_transform(made), theirs.inverse_transform(made))


@pytest.mark.parametrize("encode", ["onehot", "onehot-dense", "ordinal"])
@pytest.mark.parametrize("strategy", ["uniform", "quantile"])
@pytest.mark.parametrize("weighted", [False, True])
def test_k_bins(rng: np.random.Generator, encode: str, strategy: str, weighted: bool) -> None:
    X = rng.normal(size=(301, 3)) * [1, 10, 100]
    weight = rng.integers(1, 4, 301).astype(float) if weighted else None
    options = {"n_bins": [3, 5, 8], "encode": encode, "strategy": strategy}
    ours = preprocessing.KBinsDiscretizer(**options).fit(X, sample_weight=weight)
    theirs = reference.KBinsDiscretizer(**options).fit(X, sample_weight=weight)
    for a, b in zip(ours.bin_edges_, theirs.bin_edges_):
        np.testing.assert_allclose(a, b)
    made, wanted = ours.transform(X * 2), theirs.transform(X * 2)
    assert sp.issparse(made) == sp.issparse(wanted)
    np.testing.assert_array_equal(_dense(made), _dense(wanted))
    np.testing.assert_allclose(ours.inverse_transform(made), theirs.inverse_transform(wanted))
    assert list(ours.get_feature_names_out()) == list(theirs.get_feature_names_out())


def test_k_means_bins_are_not_worse_than_scikit_learns(rng: np.random.Generator) -> None:
    x = np.concatenate([rng.normal(m, 0.5, 200) for m in (0, 5, 6, 20)])[:, None]

    def spread(bins: Any) -> float:
        at = bins.fit_transform(x)[:, 0]
        return sum(float(x[at == k].var() * (at == k).sum()) for k in np.unique(at))

    for k in (2, 3, 4, 5, 9):
        options = {"n_bins": k, "strategy": "kmeans", "encode": "ordinal"}
        ours = spread(preprocessing.KBinsDiscretizer(**options))
        assert ours <= spread(reference.KBinsDiscretizer(**options)) * (1 + 1e-9)


def test_k_means_bins_are_optimal(rng: np.random.Generator) -> None:
    """Against every partition of a few values."""
    from itertools import combinations

    from zhixing.preprocessing.cut_points import kmeans_edges

    for _ in range(20):
        x, w = np.sort(rng.normal(size=8)), rng.integers(1, 4, 8).astype(float)

        def cost(cuts: tuple[int, ...], x: np.ndarray = x, w: np.ndarray = w) -> float:
            ends = zip((0, *cuts), (*cuts, 8))
            parts = [(x[a:b], w[a:b]) for a, b in ends]
            return sum(float(v @ np.square(u - np.average(u, weights=v))) for u, v in parts)

        best = min(cost(cuts) for cuts in combinations(range(1, 8), 2))
        edges = kmeans_edges(x, w, 3)
        found = cost(tuple(np.searchsorted(x, edges[1:-1]).tolist()))
        assert found <= best * (1 + 1e-9)


def test_supervised_bins_are_the_leaves_of_a_regression_tree(rng: np.random.Generator) -> None:
    from sklearn.tree import DecisionTreeRegressor

    x = rng.uniform(0, 10, 500)[:, None]
    y = np.sin(x[:, 0]) + 0.1 * rng.normal(size=500)
    bins = preprocessing.KBinsDiscretizer(6, strategy="supervised", encode="ordinal").fit(x, y)
    tree = DecisionTreeRegressor(max_leaf_nodes=6, min_samples_leaf=3, random_state=0).fit(x, y)
    cuts = np.sort(tree.tree_.threshold[tree.tree_.feature >= 0])
    np.testing.assert_allclose(bins.bin_edges_[0][1:-1], cuts)


@pytest.mark.parametrize("degree", [2, 3, (2, 3), (0, 1)])
@pytest.mark.parametrize("interaction_only", [True, False])
@pytest.mark.parametrize("include_bias", [True, False])
def test_polynomial_features(
    rng: np.random.Generator, degree: Any, interaction_only: bool, include_bias: bool
) -> None:
    options = {"interaction_only": interaction_only, "include_bias": include_bias}
    ours = preprocessing.PolynomialFeatures(degree, **options)
    theirs = reference.PolynomialFeatures(degree, **options)
    X = rng.normal(size=(40, 5))
    np.testing.assert_allclose(ours.fit_transform(X), theirs.fit_transform(X), rtol=1e-12)
    np.testing.assert_array_equal(ours.powers_, theirs.powers_)
    assert list(ours.get_feature_names_out()) == list(theirs.get_feature_names_out())
    M = sp.random(30, 5, 0.5, format="csr", random_state=0)
    np.testing.assert_allclose(
        ours.fit_transform(M).toarray(), theirs.fit_transform(M).toarray(), rtol=1e-12
    )


def test_sparse_polynomials_of_any_degree_equal_dense(rng: np.random.Generator) -> None:
    M = sp.random(25, 7, 0.4, format="csr", random_state=1)
    for degree in (1, 4, 5, (3, 4)):
        for only in (False, True):
            made = preprocessing.PolynomialFeatures(degree, interaction_only=only)
            np.testing.assert_allclose(
                made.fit_transform(M).toarray(), made.fit_transform(M.toarray()), atol=1e-15
            )


def _dense(X: Any) -> np.ndarray:
    return X.toarray() if sp.issparse(X) else X
