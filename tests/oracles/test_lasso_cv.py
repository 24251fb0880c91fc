"""Cross-validated lasso and elastic net against scikit-learn, and folds against direct fits."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.linear_model as sk
from scipy import sparse
from sklearn.model_selection import GroupKFold, KFold, ShuffleSplit, TimeSeriesSplit

from zhixing.core.errors import InputError
from zhixing.core.parallel import threads
from zhixing.linear_model import ElasticNetCV, Lasso, LassoCV
from zhixing.solvers.folds import Folds

EXACT = dict(tol=1e-13, max_iter=1_000_000)


def table(seed: int, n: int, p: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * rng.uniform(0.3, 3.0, p) + rng.normal(size=p)
    return X, X @ (rng.normal(size=p) * (rng.random(p) < 0.3)) + rng.normal(size=n) + 2.0


@pytest.mark.parametrize("shape", [(150, 12), (40, 60)])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("options", [{}, {"fit_intercept": False}, {"positive": True}])
def test_like_scikit_learn(shape, weighted, options):
    X, y = table(0, *shape)
    weight = np.random.default_rng(1).uniform(0.1, 2.0, len(y)) if weighted else None
    options = dict(l1_ratio=[0.3, 1.0], alphas=15, eps=0.02, cv=4, **EXACT, **options)
    ours = ElasticNetCV(**options).fit(X, y, weight)
    theirs = sk.ElasticNetCV(**options).fit(X, y, weight)
    np.testing.assert_allclose(ours.alphas_, theirs.alphas_)
    np.testing.assert_allclose(ours.mse_path_, theirs.mse_path_, rtol=1e-5)
    np.testing.assert_allclose(ours.alpha_, theirs.alpha_)
    assert ours.l1_ratio_ == theirs.l1_ratio_
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-6)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-5)
    assert ours.dual_gap_ <= 1e-12 * y @ y


@pytest.mark.parametrize("kind", ["csr", "csc", "F", "f4", "products", "rows"])
def test_layout_and_products_do_not_matter(kind):
    X, y = table(2, 120, 20)
    plain = LassoCV(alphas=12, eps=0.01, **EXACT).fit(X, y)
    options, given = {}, X
    if kind in ("csr", "csc"):
        given = sparse.csr_array(X).asformat(kind)
    elif kind == "F":
        given = np.asfortranarray(X)
    elif kind == "f4":
        given = X.astype(np.float32)
    else:
        options = {"precompute": kind == "products"}
    found = LassoCV(alphas=12, eps=0.01, **EXACT, **options).fit(given, y)
    rtol = 1e-4 if kind == "f4" else 1e-8
    np.testing.assert_allclose(found.mse_path_, plain.mse_path_, rtol=rtol)
    np.testing.assert_allclose(found.coef_, plain.coef_, atol=10 * rtol)
    assert found.coef_.dtype == given.dtype


@pytest.mark.parametrize(
    "cv",
    [
        ShuffleSplit(3, train_size=0.2, random_state=0),
        TimeSeriesSplit(3),
        KFold(3, shuffle=True, random_state=0),
        [(np.repeat(np.arange(60), 2), np.arange(60, 120)), (np.arange(40, 120), np.arange(50))],
    ],
)
@pytest.mark.parametrize("products", [True, False])
def test_any_folds_give_the_errors_of_direct_fits(cv, products):
    X, y = table(3, 120, 10)
    alphas = [0.5, 0.05]
    model = LassoCV(alphas=alphas, cv=cv, precompute=products, **EXACT).fit(X, y)
    splits = cv if isinstance(cv, list) else list(cv.split(X))
    for f, (train, test) in enumerate(splits):
        for i, alpha in enumerate(alphas):
            fit = Lasso(alpha, **EXACT).fit(X[train], y[train])
            error = np.mean((y[test] - fit.predict(X[test])) ** 2)
            np.testing.assert_allclose(model.mse_path_[i, f], error, rtol=1e-7)


def test_rows_that_carry_everything_are_not_subtracted():
    """A fold without the one huge row must not keep only the noise of its products."""
    X, y = table(4, 60, 4)
    X[7, 0], y[9] = 1e11, 1e9
    X[:, 3] = np.arange(60) < 12  # constant in the training rows of the first fold
    folds = Folds(X, y[:, None], None, True, products=True)
    for train, test in KFold(5).split(X):
        fold = folds.fold(train, test)
        centred = X[train] - X[train].mean(axis=0)
        k = fold.problem.columns
        truth = centred.T @ centred / len(train)
        scale = np.sqrt(np.outer(truth.diagonal(), truth.diagonal())) + 1e-12
        assert (np.abs(k.G - truth) <= 1e-7 * scale).all()


def test_errors_too_small_for_products_are_computed_from_rows():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(80, 3))
    y = X @ [1.0, -2.0, 3.0]
    model = LassoCV(alphas=[1e-6], tol=1e-14).fit(X, y)
    for (train, test), error in zip(KFold(5).split(X), model.mse_path_):
        centred = X[train] - X[train].mean(axis=0)
        bias = np.linalg.solve(centred.T @ centred / len(train), 1e-6 * np.array([1.0, -1.0, 1.0]))
        left = (X[test] - X[train].mean(axis=0)) @ bias
        np.testing.assert_allclose(error, np.mean(left**2), rtol=1e-3)


def test_weight_zero_is_a_row_left_out_and_empty_folds_are_refused():
    X, y = table(6, 60, 5)
    weight = np.ones(60)
    weight[::7] = 0.0
    splits = list(KFold(3).split(X))
    kept = np.flatnonzero(weight)
    where = np.full(60, -1)
    where[kept] = np.arange(len(kept))
    fewer = [tuple(where[r][where[r] >= 0] for r in split) for split in splits]
    a = LassoCV(cv=splits, **EXACT).fit(X, y, weight)
    b = LassoCV(cv=fewer, **EXACT).fit(X[kept], y[kept])
    np.testing.assert_allclose(a.mse_path_, b.mse_path_, rtol=1e-9)
    weight[:20] = 0.0
    with pytest.raises(InputError, match="no weight in its test rows"):
        LassoCV(cv=splits).fit(X, y, weight)


def test_threads_give_the_same_bits():
    X, y = table(7, 300, 15)
    found = []
    for n in (1, 2):
        with threads(n):
            found.append(LassoCV(alphas=20).fit(X, y))
    assert found[0].mse_path_.tobytes() == found[1].mse_path_.tobytes()
    assert found[0].coef_.tobytes() == found[1].coef_.tobytes()


def test_groups_reach_the_splitter_by_routing():
    import sklearn

    X, y = table(8, 60, 4)
    groups = np.arange(60) // 6
    with sklearn.config_context(enable_metadata_routing=True):
        cv = GroupKFold(3).set_split_request(groups=True)
        routed = LassoCV(cv=cv, alphas=5).fit(X, y, groups=groups)
    plain = LassoCV(cv=list(GroupKFold(3).split(X, y, groups)), alphas=5).fit(X, y)
    np.testing.assert_array_equal(routed.mse_path_, plain.mse_path_)
    with pytest.raises(ValueError, match="enable_metadata_routing"):
        LassoCV(cv=GroupKFold(3)).fit(X, y, groups=groups)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alphas": 0}, "must be positive"),
        ({"alphas": [-1.0]}, "none negative"),
        ({"alphas": []}, "at least one"),
        ({"l1_ratio": 0.0}, "l1_ratio=0"),
        ({"l1_ratio": [0.5, 2.0]}, "lie in"),
        ({"selection": "best"}, "selection"),
    ],
)
def test_bad_parameters_are_named(options, message):
    X, y = table(9, 40, 3)
    with pytest.raises(ValueError, match=message):
        ElasticNetCV(**options).fit(X, y)
