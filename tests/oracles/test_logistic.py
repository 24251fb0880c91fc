"""Logistic regression: scikit-learn, optimality conditions, and every solver at one optimum."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
import sklearn.linear_model as peers
from numpy.testing import assert_allclose

from zhixing.linear_model import LogisticRegression


def table(rng, n=400, p=6, classes=2):
    X = rng.normal(size=(n, p)) * rng.uniform(0.2, 3, p) + rng.normal(size=p)
    W = rng.normal(size=(p, classes))
    y = np.argmax(X @ W + rng.gumbel(size=(n, classes)), axis=1)
    return X, np.array(["zero", "one", "two", "three"])[y], rng.uniform(0.1, 2.0, n)


def gradient(model, X, y, w):
    """Gradient of the whole objective, sum of rows, at the model's coefficients."""
    codes = np.searchsorted(model.classes_, y)
    P = model.predict_proba(X)
    G = w[:, None] * (P - (codes[:, None] == np.arange(P.shape[1])))
    if P.shape[1] == 2:
        G = G[:, 1:]
    return (X.T @ G + model.coef_.T / model.C) / w.sum(), G.sum(axis=0) / w.sum()


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("C", [1e-2, 1.0, 100.0])
@pytest.mark.parametrize("intercept", [True, False])
def test_equals_scikit_learn(rng, classes, C, intercept) -> None:
    X, y, w = table(rng, classes=classes)
    ours = LogisticRegression(C=C, fit_intercept=intercept, tol=1e-9).fit(X, y, w)
    peer = peers.LogisticRegression(
        C=C, fit_intercept=intercept, solver="newton-cholesky", tol=1e-12, max_iter=1000
    ).fit(X, y, w)
    assert_allclose(ours.predict_proba(X), peer.predict_proba(X), rtol=1e-5, atol=1e-8)
    assert_allclose(ours.coef_, peer.coef_, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("solver", ["newton", "lbfgs", "newton_cg", "newton-cholesky", "saga"])
@pytest.mark.parametrize("sparse", [False, True])
def test_every_solver_reaches_the_optimum(rng, classes, solver, sparse) -> None:
    X, y, w = table(rng, classes=classes)
    X[np.abs(X) < 0.3] = 0.0
    given = sp.csr_matrix(X) if sparse else X
    model = LogisticRegression(C=3.0, solver=solver, tol=1e-8).fit(given, y, w)
    slope, constant = gradient(model, X, y, w)
    assert np.abs(slope).max() < 2e-8
    assert np.abs(constant).max() < 2e-8
    assert model.history_["objective"][-1] <= model.history_["objective"][0]


def test_many_rows_use_the_sampled_start(rng) -> None:
    X, y, w = table(rng, n=40_000, classes=2)
    model = LogisticRegression().fit(X, y, w)
    slope, constant = gradient(model, X, y, w)
    assert max(np.abs(slope).max(), np.abs(constant).max()) < 1e-6
    assert model.n_iter_[0] <= 5  # full passes: the sample has done the rest


def test_separable_data_converge_to_the_penalised_optimum() -> None:
    X = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    y = [0, 0, 1, 1]
    ours = LogisticRegression(C=1e4, tol=1e-10).fit(X, y)
    peer = peers.LogisticRegression(C=1e4, solver="newton-cholesky", tol=1e-12).fit(X, y)
    assert_allclose(ours.coef_, peer.coef_, rtol=1e-4)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("ratio", [0.5, 1.0])
def test_sparse_penalties_meet_their_conditions(rng, classes, ratio) -> None:
    X, y, w = table(rng, classes=classes)
    model = LogisticRegression(C=0.05, l1_ratio=ratio, tol=1e-8).fit(X, y, w)
    codes = np.searchsorted(model.classes_, y)
    P = model.predict_proba(X)
    G = w[:, None] * (P - (codes[:, None] == np.arange(P.shape[1])))
    G = G[:, 1:] if classes == 2 else G
    alpha = 1 / (model.C * w.sum())
    slope = X.T @ G / w.sum() + alpha * (1 - ratio) * model.coef_.T
    coef = model.coef_.T
    zero = coef == 0
    assert zero.any() and not zero.all()
    assert (np.abs(slope[zero]) <= alpha * ratio + 1e-7).all()
    assert_allclose(slope[~zero], -alpha * ratio * np.sign(coef[~zero]), atol=1e-7)


def test_threshold_moves_the_decision(rng) -> None:
    X, y, w = table(rng)
    low = LogisticRegression(threshold=0.1).fit(X, y)
    high = LogisticRegression(threshold=0.9).fit(X, y)
    positive = low.classes_[1]
    assert (low.predict(X) == positive).sum() > (high.predict(X) == positive).sum()
    assert ((low.predict_proba(X)[:, 1] >= 0.1) == (low.predict(X) == positive)).all()


def test_log_probabilities_do_not_underflow(rng) -> None:
    X, y, _ = table(rng, classes=3)
    model = LogisticRegression().fit(X, y)
    far = X[:3] * 1e4
    assert np.isfinite(model.predict_log_proba(far)).all()
    assert_allclose(np.exp(model.predict_log_proba(X)), model.predict_proba(X), atol=1e-12)


def test_warm_start_continues(rng) -> None:
    X, y, _ = table(rng, n=3000)
    model = LogisticRegression(warm_start=True, solver="lbfgs").fit(X, y)
    again = model.fit(X, y).n_iter_[0]
    assert again == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"C": -1.0}, "C is -1.0; it must be positive"),
        ({"l1_ratio": 2.0}, r"l1_ratio is 2.0; it must lie in \[0, 1\]"),
        ({"solver": "magic"}, "solver='magic' is not known"),
        ({"threshold": 3.0}, "threshold is 3.0"),
        ({"penalty": "l1", "solver": "lbfgs"}, "cannot set weights to zero"),
    ],
)
def test_bad_options_are_named(rng, options, message) -> None:
    X, y, _ = table(rng)
    with pytest.raises(ValueError, match=message):
        LogisticRegression(**options).fit(X, y)


def test_values_given_in_parts_count_as_their_sum(rng) -> None:
    X, y, _ = table(rng, n=60)
    coo = sp.coo_array(X)
    halves = sp.coo_array(
        (np.tile(coo.data / 2, 2), (np.tile(coo.row, 2), np.tile(coo.col, 2))), shape=X.shape
    )
    parts = sp.csr_array(
        (halves.data[np.argsort(halves.row, kind="stable")],
         halves.col[np.argsort(halves.row, kind="stable")],
         np.concatenate([[0], np.cumsum(np.bincount(halves.row, minlength=60))])),
        shape=X.shape,
    )  # fmt: skip
    assert not parts.has_canonical_format
    for options in ({}, {"l1_ratio": 1.0, "C": 0.1}):
        found = LogisticRegression(tol=1e-8, **options).fit(parts, y)
        assert_allclose(
            found.coef_, LogisticRegression(tol=1e-8, **options).fit(X, y).coef_, atol=1e-6
        )
