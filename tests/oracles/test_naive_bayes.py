"""Naive Bayes agrees with scikit-learn's, with SciPy's densities and with counting by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse, stats
from sklearn import naive_bayes as theirs

from zhixing import naive_bayes as ours
from zhixing.densities import Bernoulli, Gaussian

NAMES = ("BernoulliNB", "CategoricalNB", "ComplementNB", "GaussianNB", "MultinomialNB")
METHODS = ("predict", "predict_proba", "predict_log_proba", "predict_joint_log_proba")


def rows(name: str, rng: np.random.Generator, n: int = 300, p: int = 7) -> np.ndarray:
    if name == "GaussianNB":
        return rng.normal(size=(n, p)) * rng.lognormal(size=p) + rng.normal(size=p) * 50
    if name == "BernoulliNB":
        return rng.normal(size=(n, p))
    return rng.poisson(1.5, size=(n, p))


def pair(name: str, **parameters: Any) -> tuple[Any, Any]:
    return getattr(ours, name)(**parameters), getattr(theirs, name)(**parameters)


def agree(mine: Any, other: Any, X: Any, rtol: float = 1e-9) -> None:
    for method in METHODS:
        a, b = getattr(mine, method)(X), getattr(other, method)(X)
        if method == "predict":
            assert (a == b).all() and a.dtype == b.dtype
        else:
            np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-11)
    for attribute in vars(other):
        if not attribute.endswith("_") or attribute == "classes_":
            continue
        a, b = getattr(mine, attribute), getattr(other, attribute)
        if isinstance(b, list):
            for one, two in zip(a, b):
                np.testing.assert_allclose(one, two, rtol=1e-9)
        elif np.asarray(b).dtype.kind in "fi":
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize("name", NAMES)
def test_scikit_learn(name: str, k: int, rng: np.random.Generator) -> None:
    X = rows(name, rng)
    y = np.array(list("edcba"))[rng.integers(k, size=len(X))]
    mine, other = pair(name)
    agree(mine.fit(X, y), other.fit(X, y), X)
    assert (mine.classes_ == other.classes_).all()


@pytest.mark.parametrize("name", NAMES)
def test_weights(name: str, rng: np.random.Generator) -> None:
    X, y = rows(name, rng), rng.integers(3, size=300)
    weight = rng.integers(0, 4, size=300).astype(float)
    weight[y == 1] *= 0.5
    # Their epsilon_ ignores weights; without smoothing there is nothing to disagree about.
    mine, other = pair(name, **({"var_smoothing": 0.0} if name == "GaussianNB" else {}))
    agree(mine.fit(X, y, weight), other.fit(X, y, weight), X)


@pytest.mark.parametrize("name", NAMES)
def test_given_priors(name: str, rng: np.random.Generator) -> None:
    X, y = rows(name, rng), rng.integers(3, size=300)
    prior = [0.2, 0.5, 0.3]
    key = "priors" if name == "GaussianNB" else "class_prior"
    mine, other = pair(name, **{key: prior})
    agree(mine.fit(X, y), other.fit(X, y), X)
    if name != "GaussianNB":
        mine, other = pair(name, fit_prior=False)
        agree(mine.fit(X, y), other.fit(X, y), X)


@pytest.mark.parametrize("name", ["BernoulliNB", "ComplementNB", "MultinomialNB"])
@pytest.mark.parametrize("make", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array])
def test_sparse(name: str, make: Any, rng: np.random.Generator) -> None:
    X, y = (
        rows("MultinomialNB", rng, p=40) * (rng.random((300, 40)) < 0.3),
        rng.integers(3, size=300),
    )
    mine, other = pair(name)
    agree(mine.fit(make(X), y), other.fit(X, y), X)
    for method in METHODS:
        stored, dense = getattr(mine, method)(make(X)), getattr(mine, method)(X)
        if method == "predict":
            np.testing.assert_array_equal(stored, dense)
        else:
            np.testing.assert_allclose(stored, dense, rtol=1e-11)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", ["f4", "i4", "u1", "bool"])
def test_dtypes(name: str, dtype: str, rng: np.random.Generator) -> None:
    X = np.abs(rng.integers(0, 3, size=(200, 5))).astype(dtype)
    y = rng.integers(2, size=200)
    mine, other = pair(name)
    single = name == "GaussianNB" and dtype == "f4"
    if single:
        mine.fit(X, y), other.fit(X, y)
        assert mine.theta_.dtype == mine.predict_proba(X).dtype == np.float32
        np.testing.assert_allclose(mine.predict_proba(X), other.predict_proba(X), rtol=2e-4)
    else:
        agree(mine.fit(X, y), other.fit(X, y), X, 1e-8)


@pytest.mark.parametrize("alpha", [1e-3, 0.5, 10.0, [0.5, 1.0, 2.0, 0.1]])
@pytest.mark.parametrize("name", ["BernoulliNB", "ComplementNB", "MultinomialNB"])
def test_smoothing(name: str, alpha: Any, rng: np.random.Generator) -> None:
    X, y = rng.poisson(1.0, size=(80, 4)), rng.integers(2, size=80)
    mine, other = pair(name, alpha=alpha)
    if name == "BernoulliNB" and isinstance(alpha, list):
        # scikit-learn adds an array of alphas to the counts of classes, which fails.
        mine.fit(X, y)
        for j, one in enumerate(alpha):
            own = theirs.BernoulliNB(alpha=one).fit(X, y).feature_log_prob_[:, j]
            np.testing.assert_allclose(mine.feature_log_prob_[:, j], own)
        return
    agree(mine.fit(X, y), other.fit(X, y), X)


def test_complement_norm(rng: np.random.Generator) -> None:
    X, y = rng.poisson(1.0, size=(80, 4)), rng.integers(3, size=80)
    mine, other = pair("ComplementNB", norm=True)
    agree(mine.fit(X, y), other.fit(X, y), X)


@pytest.mark.parametrize("threshold", [0.0, 0.7, None])
def test_bernoulli_thresholds(threshold: float | None, rng: np.random.Generator) -> None:
    X, y = rng.random((100, 5)), rng.integers(3, size=100)
    X = (X > 0.5).astype(float) if threshold is None else X
    mine, other = pair("BernoulliNB", binarize=threshold)
    agree(mine.fit(X, y), other.fit(X, y), X)
    agree(mine.fit(sparse.csr_array(X), y), other.fit(X, y), X)


@pytest.mark.parametrize("least", [None, 6, [4, 5, 6, 7]])
def test_categories(least: Any, rng: np.random.Generator) -> None:
    X, y = rng.integers(0, [2, 3, 4, 1], size=(100, 4)), rng.integers(3, size=100)
    mine, other = pair("CategoricalNB", min_categories=least)
    agree(mine.fit(X, y), other.fit(X, y), X)


@pytest.mark.parametrize("name", NAMES)
def test_partial_fit(name: str, rng: np.random.Generator) -> None:
    X, y = rows(name, rng), rng.integers(3, size=300)
    if name == "CategoricalNB":
        X[:5] = X.max()  # their n_categories_ is that of the last chunk
        X[-5:] = X.max()
    parameters = {"var_smoothing": 0.0} if name == "GaussianNB" else {}
    mine, other = pair(name, **parameters)
    for cut in (slice(0, 100), slice(100, 101), slice(101, 300)):
        mine.partial_fit(X[cut], y[cut], [0, 1, 2])
        other.partial_fit(X[cut], y[cut], [0, 1, 2])
    agree(mine, other, X)


def test_gaussian_against_scipy(rng: np.random.Generator) -> None:
    X, y = rows("GaussianNB", rng), rng.integers(2, size=300)
    model = ours.GaussianNB(var_smoothing=0.0).fit(X, y)
    for c in (0, 1):
        own = X[y == c]
        density = stats.norm.logpdf(X, own.mean(axis=0), own.std(axis=0)).sum(axis=1)
        joint = density + np.log((y == c).mean())
        np.testing.assert_allclose(model.predict_joint_log_proba(X)[:, c], joint, rtol=1e-10)


def test_gaussian_with_missing_values_against_scipy(rng: np.random.Generator) -> None:
    X, y = rows("GaussianNB", rng), rng.integers(2, size=300)
    X[rng.random(X.shape) < 0.3] = np.nan
    X[y == 1, 0] = np.nan
    model = ours.GaussianNB(var_smoothing=0.0, missing="marginalize").fit(X, y)
    for c in (0, 1):
        known = range(1, 7) if c == 1 else range(7)
        mean, std = np.nanmean(X[y == c][:, known], axis=0), np.nanstd(X[y == c][:, known], axis=0)
        density = np.nansum(stats.norm.logpdf(X[:, known], mean, std), axis=1)
        rows_known = np.isnan(X[:, 0]) | (c == 0)
        joint = model.predict_joint_log_proba(X)[:, c]
        expected = density + np.log((y == c).mean())
        np.testing.assert_allclose(joint[rows_known], expected[rows_known], rtol=1e-9)
    assert np.isfinite(model.predict_proba(X)).all()


def test_categorical_with_missing_values_by_hand() -> None:
    nan = float("nan")
    X = np.array([[0, 1], [0, nan], [1, 1], [nan, 0]])
    model = ours.CategoricalNB(missing="marginalize").fit(X, [0, 0, 1, 1])
    np.testing.assert_allclose(np.exp(model.feature_log_prob_[0]), [[3 / 4, 1 / 4], [1 / 3, 2 / 3]])
    np.testing.assert_allclose(np.exp(model.feature_log_prob_[1]), [[1 / 3, 2 / 3], [2 / 4, 2 / 4]])
    only_second = model.predict_proba([[nan, 1.0]])[0]
    np.testing.assert_allclose(only_second, [(2 / 3) / (2 / 3 + 1 / 2), (1 / 2) / (2 / 3 + 1 / 2)])
    np.testing.assert_allclose(model.predict_proba([[nan, nan]]), [[0.5, 0.5]])


@pytest.mark.parametrize("name", ["BernoulliNB", "CategoricalNB", "GaussianNB", "MultinomialNB"])
def test_a_sample_brings_the_model_back(name: str, rng: np.random.Generator) -> None:
    X, y = rows(name, rng, p=3), rng.integers(2, size=300)
    if name == "MultinomialNB":
        X = rng.multinomial(20, [0.2, 0.3, 0.5], size=300)
    model = getattr(ours, name)().fit(X, y)
    drawn, labels = model.sample(60_000, random_state=0)
    again = getattr(ours, name)().fit(drawn, labels)
    if name == "GaussianNB":
        np.testing.assert_allclose(
            (again.theta_ - model.theta_) / np.sqrt(model.var_), 0, atol=0.03
        )
        np.testing.assert_allclose(again.var_, model.var_, rtol=0.05)
    elif name == "CategoricalNB":
        for a, b in zip(again.feature_log_prob_, model.feature_log_prob_):
            np.testing.assert_allclose(np.exp(a), np.exp(b), atol=0.02)
    else:
        np.testing.assert_allclose(
            np.exp(again.feature_log_prob_), np.exp(model.feature_log_prob_), atol=0.02
        )
    np.testing.assert_allclose((labels == 1).mean(), y.mean(), atol=0.02)
    given, same = model.sample(y=[1, 1, 0], random_state=0)
    assert given.shape == (3, 3) and same.tolist() == [1, 1, 0]


def test_bayes_classifier_is_the_named_ones(rng: np.random.Generator) -> None:
    X, y = rows("GaussianNB", rng), rng.integers(3, size=300)
    X[rng.random(X.shape) < 0.1] = np.nan
    named = ours.GaussianNB(var_smoothing=0.0, missing="marginalize").fit(X, y)
    general = ours.BayesClassifier(Gaussian(), missing="marginalize").fit(X, y)
    np.testing.assert_allclose(general.theta_[..., 0], named.theta_, rtol=1e-10)
    np.testing.assert_allclose(general.theta_[..., 1], named.var_, rtol=1e-9)
    np.testing.assert_allclose(
        general.predict_joint_log_proba(X), named.predict_joint_log_proba(X), rtol=1e-9
    )
    events = (rows("BernoulliNB", rng) > 0).astype(float)
    np.testing.assert_allclose(
        ours.BayesClassifier(Bernoulli()).fit(events, y).predict_proba(events),
        theirs.BernoulliNB().fit(events, y).predict_proba(events),
        rtol=1e-10,
    )
