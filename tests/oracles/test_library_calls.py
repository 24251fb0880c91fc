"""Rows of the canon that a call of NumPy, SciPy, scikit-learn or polars already does exactly."""

from __future__ import annotations

import itertools
import math

import numpy as np
import polars as pl
import pytest
import scipy.linalg
import scipy.optimize
import scipy.sparse.linalg
import scipy.special
from scipy import signal, sparse, stats
from sklearn.base import BaseEstimator, clone, is_classifier, is_regressor
from sklearn.covariance import empirical_covariance, ledoit_wolf
from sklearn.datasets import make_blobs
from sklearn.feature_selection import SelectFromModel, SequentialFeatureSelector
from sklearn.metrics.pairwise import cosine_similarity, linear_kernel, polynomial_kernel
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, train_test_split
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.extmath import svd_flip
from sklearn.utils.multiclass import type_of_target

from zhixing.catalogue import estimators
from zhixing.linear_model import Lasso, LinearRegression, LogisticRegression, RidgeClassifier
from zhixing.model_selection import OneStandardError, validation_curve
from zhixing.naive_bayes import GaussianNB
from zhixing.solvers.design import DenseDesign
from zhixing.solvers.moments import moments

# --- data, splits, search ---------------------------------------------------------------------


def test_blobs_are_seeded_and_gaussian() -> None:
    X, y = make_blobs(3000, centers=[[0, 0], [9, 9]], cluster_std=0.5, random_state=4)
    again, labels = make_blobs(3000, centers=[[0, 0], [9, 9]], cluster_std=0.5, random_state=4)
    np.testing.assert_array_equal(X, again)
    np.testing.assert_array_equal(y, labels)
    for k, centre in enumerate((0.0, 9.0)):
        assert stats.kstest((X[y == k] - centre).ravel() / 0.5, "norm").pvalue > 0.001


def test_three_way_split_is_stratified_and_seeded(rng: np.random.Generator) -> None:
    y = rng.random(1000) < 0.1
    rows = np.arange(1000)
    rest, test = train_test_split(rows, test_size=0.2, stratify=y, random_state=0)
    train, valid = train_test_split(rest, test_size=0.25, stratify=y[rest], random_state=0)
    assert sorted([*train, *valid, *test]) == list(rows)
    shares = [y[part].mean() for part in (train, valid, test)]
    np.testing.assert_allclose(shares, y.mean(), atol=0.005)
    again = train_test_split(rows, test_size=0.2, stratify=y, random_state=0)[1]
    np.testing.assert_array_equal(test, again)


class Peak(BaseEstimator):
    """Scores by one of its two parameters."""

    def __init__(self, matters: float = 0.0, idle: float = 0.0) -> None:
        self.matters = matters
        self.idle = idle

    def fit(self, X: np.ndarray, y: np.ndarray) -> Peak:
        return self

    def score(self, X: np.ndarray, y: np.ndarray) -> float:
        return -((self.matters - 0.37) ** 2)


def test_grid_search_tries_all_and_refits(rng: np.random.Generator) -> None:
    X = rng.normal(size=(120, 3))
    y = X[:, 0] + rng.normal(size=120) > 0
    space = {"C": [0.01, 1.0, 100.0], "fit_intercept": [True, False]}
    found = GridSearchCV(LogisticRegression(), space, cv=3, n_jobs=1).fit(X, y)
    assert len(found.cv_results_["params"]) == 6
    assert found.best_score_ == max(found.cv_results_["mean_test_score"])
    alone = LogisticRegression(**found.best_params_).fit(X, y)
    np.testing.assert_array_equal(found.best_estimator_.coef_, alone.coef_)


def test_random_search_beats_a_grid_where_one_parameter_matters() -> None:
    X, y = np.zeros((12, 1)), np.zeros(12)
    side = [0.0, 0.5, 1.0]
    grid = GridSearchCV(Peak(), {"matters": side, "idle": side}, cv=2).fit(X, y)
    uniform = {"matters": stats.uniform(0, 1), "idle": stats.uniform(0, 1)}
    wins = [
        RandomizedSearchCV(Peak(), uniform, n_iter=9, cv=2, random_state=s).fit(X, y).best_score_
        > grid.best_score_
        for s in range(20)
    ]
    assert sum(wins) >= 16  # the chance of all nine draws missing (0.24, 0.5) is 7 %


# --- many classes, kinds of targets -----------------------------------------------------------


def test_one_against_rest_and_one_against_one(rng: np.random.Generator) -> None:
    X, y = make_blobs(300, centers=4, random_state=1)
    rest = OneVsRestClassifier(LogisticRegression()).fit(X, y)
    assert len(rest.estimators_) == 4
    each = np.column_stack([e.decision_function(X) for e in rest.estimators_])
    np.testing.assert_array_equal(rest.predict(X), each.argmax(axis=1))
    pairs = OneVsOneClassifier(LogisticRegression()).fit(X, y)
    assert len(pairs.estimators_) == 6
    votes = np.zeros((300, 4))
    for e, (i, j) in zip(pairs.estimators_, itertools.combinations(range(4), 2)):
        won = e.predict(X)
        votes[np.arange(300), np.where(won == 1, j, i)] += 1
    decided = np.sort(votes, axis=1)
    clear = decided[:, -1] > decided[:, -2]
    np.testing.assert_array_equal(pairs.predict(X)[clear], votes.argmax(axis=1)[clear])


def test_tasks_are_tagged_and_a_continuous_target_is_refused(rng: np.random.Generator) -> None:
    assert type_of_target([0.5, 1.2, 3.0]) == "continuous"
    assert type_of_target(["a", "b"]) == "binary"
    for name, cls in estimators().items():
        if name.endswith("Classifier"):
            assert getattr(cls, "_estimator_type", None) or "ClassifierMixin" in str(cls.__mro__)
    assert is_classifier(LogisticRegression()) and not is_regressor(LogisticRegression())
    with pytest.raises(ValueError, match=r"continuous|Unknown label type"):
        LogisticRegression().fit(rng.normal(size=(20, 2)), rng.normal(size=20))


# --- distributions and information ------------------------------------------------------------


def test_gaussian(rng: np.random.Generator) -> None:
    x = rng.normal(3.0, 2.0, 500)
    assert stats.norm.fit(x) == pytest.approx((x.mean(), x.std()))
    assert stats.norm(3, 2).pdf(4) == pytest.approx(math.exp(-1 / 8) / (2 * math.sqrt(2 * math.pi)))
    assert stats.norm.cdf(1.0) == pytest.approx(0.5 * (1 + math.erf(1 / math.sqrt(2))))
    X = rng.normal(size=(400, 3)) @ rng.normal(size=(3, 3))
    mean, covariance = stats.multivariate_normal.fit(X)
    np.testing.assert_allclose(mean, X.mean(axis=0))
    np.testing.assert_allclose(covariance, np.cov(X.T, bias=True))
    drawn = stats.multivariate_normal(mean, covariance).rvs(20_000, random_state=0)
    np.testing.assert_allclose(np.cov(drawn.T), covariance, atol=0.05 * np.abs(covariance).max())


def test_laplace_is_fitted_by_median_and_mean_deviation(rng: np.random.Generator) -> None:
    x = rng.laplace(1.0, 2.0, 501)
    place, scale = stats.laplace.fit(x)
    assert place == np.median(x)
    assert scale == pytest.approx(np.abs(x - place).mean())
    assert stats.laplace.pdf(2.0, 1.0, 2.0) == pytest.approx(math.exp(-0.5) / 4)
    assert (
        stats.kstest(stats.laplace.rvs(1, 2, 2000, random_state=1), "laplace", (1, 2)).pvalue
        > 0.001
    )


def test_bernoulli_and_categorical() -> None:
    p = scipy.special.expit(0.4)
    one = stats.bernoulli(p)
    assert one.pmf(1) == pytest.approx(p) and one.pmf(0) == pytest.approx(1 - p)
    drawn = one.rvs(2000, random_state=0)
    found = stats.fit(stats.bernoulli, drawn, {"p": (0, 1)})
    assert found.params.p == pytest.approx(drawn.mean(), abs=1e-4)
    share = np.array([0.2, 0.5, 0.3])
    many = stats.multinomial(1, share)
    np.testing.assert_allclose([many.pmf(row) for row in np.eye(3, dtype=int)], share)
    counts = many.rvs(20_000, random_state=0).sum(axis=0)
    assert stats.chisquare(counts, 20_000 * share).pvalue > 0.001


def test_entropy_and_cross_entropy() -> None:
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.5, 0.25])
    assert stats.entropy(np.full(7, 1 / 7)) == pytest.approx(math.log(7))
    assert stats.entropy([0.0, 1.0]) == 0.0
    assert stats.entropy(p, base=2) == pytest.approx(1.0)

    def cross(p: np.ndarray, q: np.ndarray) -> float:
        return float(-scipy.special.xlogy(p, q).sum())

    assert cross(p, q) == pytest.approx(0.5 * math.log(4) + 0.5 * math.log(2))
    assert cross(p, q) == pytest.approx(stats.entropy(p) + stats.entropy(p, q))
    assert cross(p, p) == pytest.approx(stats.entropy(p))
    with np.errstate(divide="ignore"):
        assert cross(q, p) == math.inf
    np.testing.assert_allclose(scipy.special.rel_entr(p, q).sum(), stats.entropy(p, q))


def test_scores_are_normalised_by_log_sum_exp(rng: np.random.Generator) -> None:
    scores = np.array([1e4, 1e4 - 1.0, -1e4])
    p = np.exp(scores - scipy.special.logsumexp(scores))
    np.testing.assert_allclose(p, [1 / (1 + math.exp(-1)), 1 / (1 + math.e), 0.0])
    # Z of exp(-x^4) from draws of a normal: the mean of exp(-x^4) / density.
    x = rng.normal(size=200_000)
    log_z = scipy.special.logsumexp(-(x**4) - stats.norm.logpdf(x)) - math.log(x.size)
    assert math.exp(log_z) == pytest.approx(2 * math.gamma(1.25), rel=0.01)


@pytest.mark.parametrize("axis", [0, 1])
def test_softmax(rng: np.random.Generator, axis: int) -> None:
    z = rng.normal(size=(4, 5)) * 3
    plain = np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)
    np.testing.assert_allclose(scipy.special.softmax(z, axis=axis), plain)
    np.testing.assert_allclose(scipy.special.softmax(z + 1e4, axis=axis), plain, rtol=1e-9)
    np.testing.assert_allclose(scipy.special.log_softmax(z, axis=axis), np.log(plain))


def test_softplus_and_hard_tanh() -> None:
    x = np.array([-1e4, -2.0, 0.0, 2.0, 1e4])
    np.testing.assert_allclose(
        np.logaddexp(0, x),
        [0, math.log1p(math.exp(-2)), math.log(2), 2 + math.log1p(math.exp(-2)), 1e4],
    )
    np.testing.assert_array_equal(np.clip(x, -1, 1), [-1, -1, 0, 1, 1])


# --- statistics -------------------------------------------------------------------------------


def test_moments(rng: np.random.Generator) -> None:
    x = rng.exponential(size=50)
    z = (x - x.mean()) / x.std()
    n = 50
    assert stats.skew(x) == pytest.approx((z**3).mean()) and stats.skew(x) > 0
    assert stats.skew(x, bias=False) == pytest.approx(
        (z**3).mean() * math.sqrt(n * (n - 1)) / (n - 2)
    )
    assert stats.kurtosis(x, fisher=False) == pytest.approx((z**4).mean())
    assert stats.kurtosis(x) == pytest.approx((z**4).mean() - 3)
    excess = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * ((z**4).mean() - 3) + 6)
    assert stats.kurtosis(x, bias=False) == pytest.approx(excess)
    weight = rng.integers(1, 4, 50)
    assert np.average(x, weights=weight) == pytest.approx(np.repeat(x, weight).mean())
    assert stats.gmean(x) == pytest.approx(math.exp(np.log(x).mean()))
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.isnan(stats.gmean([1.0, -1.0]))


def test_quantiles_with_weights(rng: np.random.Generator) -> None:
    x, weight = rng.normal(size=40), rng.integers(1, 5, 40)
    repeated = np.repeat(x, weight)
    for q in (0.25, 0.5, 0.9):
        ours = np.quantile(x, q, weights=weight, method="inverted_cdf")
        assert ours == np.quantile(repeated, q, method="inverted_cdf")
    assert stats.iqr(x) == pytest.approx(np.subtract(*np.quantile(x, [0.75, 0.25])))


def test_covariances(rng: np.random.Generator) -> None:
    X, weight = rng.normal(size=(60, 4)) * [1, 1, 2, 3], rng.integers(1, 4, 60)
    Z = X - X.mean(axis=0)
    np.testing.assert_allclose(np.cov(X.T), Z.T @ Z / 59)
    np.testing.assert_allclose(empirical_covariance(X), Z.T @ Z / 60)
    np.testing.assert_allclose(np.cov(X.T, fweights=weight), np.cov(np.repeat(X, weight, axis=0).T))
    halves = [
        moments(DenseDesign(X[part]), np.empty((30, 0)), shift=np.zeros(4))
        for part in (slice(0, 30), slice(30, 60))
    ]
    np.testing.assert_allclose((halves[0] + halves[1]).about_mean()[1], Z.T @ Z / 60)
    shrunk, share = ledoit_wolf(X)
    target = np.eye(4) * np.trace(Z.T @ Z / 60) / 4
    np.testing.assert_allclose(shrunk, (1 - share) * Z.T @ Z / 60 + share * target)
    assert 0 < share < 1


def test_correlations(rng: np.random.Generator) -> None:
    X = rng.normal(size=(80, 3))
    X[:, 1] += X[:, 0]
    r, p = stats.pearsonr(X[:, :, None], X[:, None, :], axis=0)
    np.testing.assert_allclose(r, np.corrcoef(X.T))
    assert p[0, 1] < 1e-4 < p[0, 2]
    rank = stats.spearmanr(X)
    np.testing.assert_allclose(rank.statistic, np.corrcoef(stats.rankdata(X, axis=0).T))
    signs = np.sign(X[:, None] - X[None])[np.triu_indices(80, 1)]
    assert stats.kendalltau(X[:, 0], X[:, 1]).statistic == pytest.approx(
        (signs[:, 0] * signs[:, 1]).mean()
    )


def test_chi_square_of_a_table() -> None:
    table = np.array([[10, 20, 30], [6, 9, 17]])
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    found = stats.chi2_contingency(table)
    statistic = ((table - expected) ** 2 / expected).sum()
    assert found.statistic == pytest.approx(statistic) and found.dof == 2
    assert found.pvalue == pytest.approx(math.exp(-statistic / 2))


def test_bootstrap_interval(rng: np.random.Generator) -> None:
    x = rng.normal(size=200)
    for method in ("percentile", "BCa"):
        found = stats.bootstrap((x,), np.mean, n_resamples=2000, method=method, rng=1)
        assert found.standard_error == pytest.approx(x.std() / math.sqrt(200), rel=0.06)
        exact = stats.norm(x.mean(), x.std() / math.sqrt(200)).interval(0.95)
        np.testing.assert_allclose(found.confidence_interval, exact, atol=0.02)


def test_exponentially_weighted_means(rng: np.random.Generator) -> None:
    x, a = rng.normal(size=30), 0.3
    v, decayed, velocity = [], 0.0, []
    total = 0.0
    for value in x:
        decayed = (1 - a) * decayed + a * value  # v = beta v + (1 - beta) g
        v.append(decayed)
        total = (1 - a) * total + value  # v = gamma v + g
        velocity.append(total)
    np.testing.assert_allclose(signal.lfilter([a], [1, a - 1], x), v)
    np.testing.assert_allclose(signal.lfilter([1], [1, a - 1], x), velocity)
    corrected = np.array(v) / (1 - (1 - a) ** np.arange(1, 31))
    np.testing.assert_allclose(pl.Series(x).ewm_mean(alpha=a, adjust=True).to_numpy(), corrected)
    started = [x[0]]
    for value in x[1:]:
        started.append((1 - a) * started[-1] + a * value)
    np.testing.assert_allclose(pl.Series(x).ewm_mean(alpha=a, adjust=False).to_numpy(), started)


def test_maximum_likelihood_with_standard_errors(rng: np.random.Generator) -> None:
    from statsmodels.base.model import GenericLikelihoodModel

    x = rng.gamma(3.0, 2.0, 800)
    shape, _, scale = stats.gamma.fit(x, floc=0)

    class Gamma(GenericLikelihoodModel):
        def nloglikeobs(self, params: np.ndarray) -> np.ndarray:
            return -stats.gamma.logpdf(self.endog, params[0], scale=params[1])

    model = Gamma(x, np.ones_like(x), extra_params_names=["scale"])
    found = model.fit(start_params=[1.5, 3.0], method="bfgs", disp=0)
    np.testing.assert_allclose(found.params, [shape, scale], rtol=1e-4)
    information = 800 * np.array(
        [[scipy.special.polygamma(1, shape), 1 / scale], [1 / scale, shape / scale**2]]
    )
    exact = np.sqrt(np.diag(np.linalg.inv(information)))
    np.testing.assert_allclose(found.bse, exact, rtol=1e-3)


def test_compensated_summation() -> None:
    many = np.full(1_000_000, 0.1, dtype=np.float32)
    exact = math.fsum(many.tolist())
    running = float(np.cumsum(many)[-1])  # one after the other, in float32
    assert abs(running - exact) > 100.0
    assert float(np.sum(many, dtype=np.float64)) == pytest.approx(exact, rel=1e-12)
    assert math.fsum([1e100, 1.0, -1e100]) == 1.0


# --- linear algebra ---------------------------------------------------------------------------


def test_norms(rng: np.random.Generator) -> None:
    x = rng.normal(size=9)
    for p, value in {
        1: np.abs(x).sum(),
        2: math.sqrt((x * x).sum()),
        3: (np.abs(x) ** 3).sum() ** (1 / 3),
        np.inf: np.abs(x).max(),
    }.items():
        assert np.linalg.norm(x, p) == pytest.approx(value)
    assert np.linalg.norm(x.reshape(3, 3), "fro") == pytest.approx(math.sqrt((x * x).sum()))


def test_eigenvalues_and_singular_values(rng: np.random.Generator) -> None:
    A = rng.normal(size=(6, 4))
    values, vectors = np.linalg.eigh(A.T @ A)
    assert (np.diff(values) >= 0).all()
    np.testing.assert_allclose(vectors * values @ vectors.T, A.T @ A, atol=1e-12)
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    np.testing.assert_allclose(U * s @ Vt, A, atol=1e-13)
    np.testing.assert_allclose(s**2, values[::-1])
    np.testing.assert_allclose(s**2, np.linalg.eigvalsh(A @ A.T)[::-1][:4])
    # With signs fixed both ways give the same factors.
    U, Vt = svd_flip(U, Vt)
    V = vectors[:, ::-1]
    other = svd_flip(A @ V / s, V.T)
    np.testing.assert_allclose(U, other[0], atol=1e-12)
    np.testing.assert_allclose(Vt, other[1], atol=1e-12)


def test_definiteness_and_the_nearest_definite_matrix(rng: np.random.Generator) -> None:
    A = rng.normal(size=(5, 5))
    np.linalg.cholesky(A @ A.T + 0.1 * np.eye(5))
    M = (A + A.T) / 2
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.cholesky(M)
    values, vectors = np.linalg.eigh(M)
    assert values[0] < 0
    near = vectors * np.maximum(values, 1e-9) @ vectors.T  # Higham (1988), theorem 2.1
    np.linalg.cholesky(near)
    for _ in range(50):
        B = near + 0.1 * rng.normal(size=(5, 5))
        other = B @ B.T
        assert np.linalg.norm(M - other) >= np.linalg.norm(M - near)
        mixed = 0.99 * near + 0.01 * other
        assert np.linalg.norm(M - mixed) >= np.linalg.norm(M - near) - 1e-8


def test_krylov_methods_need_products_only(rng: np.random.Generator) -> None:
    B = rng.normal(size=(60, 60))
    H = B @ B.T / 60 + np.eye(60)
    calls = 0

    def product(v: np.ndarray) -> np.ndarray:
        nonlocal calls
        calls += 1
        return H @ v

    operator = scipy.sparse.linalg.LinearOperator((60, 60), matvec=product, dtype=np.float64)
    b = rng.normal(size=60)
    for solver in (scipy.sparse.linalg.cg, scipy.sparse.linalg.gmres):
        x, failed = solver(operator, b, rtol=1e-10)
        assert not failed
        np.testing.assert_allclose(H @ x, b, atol=1e-7)
    ends = np.linalg.eigvalsh(H)[[0, -1]]
    both = scipy.sparse.linalg.eigsh(operator, k=2, which="BE", return_eigenvectors=False)
    np.testing.assert_allclose(np.sort(both), ends, rtol=1e-8)  # Lanczos
    top = scipy.sparse.linalg.eigs(operator, k=1, which="LM", return_eigenvectors=False)
    np.testing.assert_allclose(top.real, ends[1], rtol=1e-8)  # Arnoldi
    assert calls > 0


def test_similarities(rng: np.random.Generator) -> None:
    X, Z = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
    X[0] = 0.0
    plain = X @ Z.T
    lengths = np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(Z, axis=1)
    lengths[0] = 1.0
    np.testing.assert_allclose(cosine_similarity(X, Z), plain / lengths)
    np.testing.assert_allclose(cosine_similarity(sparse.csr_array(X), Z), plain / lengths)
    np.testing.assert_allclose(linear_kernel(X, Z), plain)
    gram = polynomial_kernel(X, Z, degree=3, gamma=1.0, coef0=2.0)
    np.testing.assert_allclose(gram, (plain + 2.0) ** 3)


# --- classes of unlike size, chosen columns, sizes of models ---


def test_class_weights_are_repetitions(rng: np.random.Generator) -> None:
    X = rng.normal(size=(120, 2))
    y = np.repeat([0, 1], [90, 30])
    X[y == 1] += 1.0
    repeated = np.concatenate([np.arange(90), np.tile(np.arange(90, 120), 3)])
    weight = compute_sample_weight("balanced", y)
    np.testing.assert_allclose(weight[y == 1] / weight[0], 3.0)
    for model in (LogisticRegression(C=1e6), RidgeClassifier(alpha=0.0)):
        twin = clone(model).fit(X[repeated], y[repeated])
        for made in (
            clone(model).fit(X, y, weight),
            clone(model).set_params(class_weight="balanced").fit(X, y),
        ):
            np.testing.assert_allclose(made.coef_, twin.coef_, rtol=1e-3)
    blind = GaussianNB().fit(X, y, weight)
    np.testing.assert_allclose(blind.theta_, GaussianNB().fit(X[repeated], y[repeated]).theta_)
    np.testing.assert_allclose(blind.class_prior_, 0.5)


def test_columns_added_removed_and_zeroed(rng: np.random.Generator) -> None:
    X = rng.normal(size=(200, 8))
    y = X[:, [1, 4]] @ [3.0, -2.0] + rng.normal(size=200)
    for direction, tol in (("forward", 0.01), ("backward", -0.01)):
        chosen = SequentialFeatureSelector(
            LinearRegression(), n_features_to_select="auto", tol=tol, direction=direction, cv=5
        ).fit(X, y)
        np.testing.assert_array_equal(chosen.get_support(indices=True), [1, 4])
    zeroed = SelectFromModel(Lasso(alpha=0.3), threshold=1e-12).fit(X, y)
    np.testing.assert_array_equal(zeroed.get_support(indices=True), [1, 4])


def test_smaller_models_by_validation_curve(rng: np.random.Generator) -> None:
    X = rng.uniform(-2, 2, size=(300, 3))
    y = (X[:, 0] > 0) ^ (rng.random(300) < 0.2)
    tree = DecisionTreeClassifier(random_state=0)
    curve = validation_curve(tree, X, y, name="max_depth", values=[1, 3, 12], cv=5)
    train, valid = curve.train_scores.mean(axis=1), curve.test_scores.mean(axis=1)
    assert (np.diff(train) > 0).all() and (np.diff(valid) < 0).all()
    rule = OneStandardError("max_depth", "smallest")
    grid = {"max_depth": [1, 3, 12]}
    found = GridSearchCV(tree, grid, cv=5, refit=rule, return_train_score=False).fit(X, y)
    assert found.best_params_ == {"max_depth": 1}


# --- optimisation -----------------------------------------------------------------------------


def test_multipliers_of_a_constrained_minimum() -> None:
    """min (x - 3)^2 + (y - 1)^2 with x + y = 4 and x <= 2: at (2, 2), multipliers -2 and 4."""
    line = scipy.optimize.LinearConstraint([[1.0, 1.0]], 4.0, 4.0)
    limit = scipy.optimize.LinearConstraint([[1.0, 0.0]], -np.inf, 2.0)
    found = scipy.optimize.minimize(
        lambda w: (w[0] - 3) ** 2 + (w[1] - 1) ** 2,
        [0.0, 0.0],
        jac=lambda w: 2 * (w - [3.0, 1.0]),
        hess=lambda w: 2 * np.eye(2),
        constraints=[line, limit],
        method="trust-constr",
        options={"gtol": 1e-10, "xtol": 1e-14, "barrier_tol": 1e-12},
    )
    np.testing.assert_allclose(found.x, [2.0, 2.0], atol=2e-4)
    np.testing.assert_allclose([v[0] for v in found.v], [-2.0, 4.0], atol=1e-3)
    residual = found.grad + found.v[0] * np.ones(2) + found.v[1] * np.array([1.0, 0.0])
    assert np.abs(residual).max() < 1e-6 and found.constr_violation < 1e-6
    assert found.optimality < 1e-6


def test_bfgs_on_the_rosenbrock_function() -> None:
    found = scipy.optimize.minimize(
        scipy.optimize.rosen, np.full(10, -1.0), jac=scipy.optimize.rosen_der, method="BFGS"
    )
    np.testing.assert_allclose(found.x, 1.0, atol=1e-4)
    assert np.linalg.eigvalsh(found.hess_inv)[0] > 0


def test_random_weights_break_symmetry() -> None:
    drawn = np.random.default_rng(3).normal(0.0, 0.02, size=(400, 50))
    np.testing.assert_array_equal(drawn, np.random.default_rng(3).normal(0.0, 0.02, size=(400, 50)))
    assert stats.kstest(drawn.ravel() / 0.02, "norm").pvalue > 0.001
    even = np.random.default_rng(3).uniform(-0.1, 0.1, size=(400, 50))
    assert stats.kstest(even.ravel(), "uniform", (-0.1, 0.2)).pvalue > 0.001
    assert len(np.unique(drawn.T, axis=0)) == 50  # no two units alike
