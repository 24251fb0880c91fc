"""Stochastic gradient descent: its plain definition, scikit-learn's objectives, and its promises."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.linear_model as sk
from scipy import sparse

from zhixing.core.parallel import threads
from zhixing.linear_model import (
    LogisticRegression,
    PassiveAggressiveClassifier,
    PassiveAggressiveRegressor,
    Perceptron,
    Ridge,
    SGDClassifier,
    SGDRegressor,
)
from zhixing.losses import EpsilonInsensitive, Hinge, Huber, Logistic, ModifiedHuber, Squared
from zhixing.solvers.sgd import Descent, Settings, first_step, prepare, shuffled


def plain(settings, X, y, weight, order):
    """The definition: one row at a time, w as it is, averages as sums, L1 as Tsuruoka et al. write it."""
    n, p = X.shape
    w, b, q, u, t = np.zeros(p), 0.0, np.zeros(p), 0.0, 1.0
    total_w, total_b, seen, met = np.zeros(p), 0.0, 0.0, 0.0
    l1 = settings.alpha * settings.l1_ratio
    l2 = settings.alpha * (1 - settings.l1_ratio)
    passive = settings.rule in ("pa1", "pa2")
    for i in order:
        visits = max(int(np.ceil(weight[i])), 1)
        part = weight[i] / visits
        for _ in range(visits):
            z = float(X[i] @ w) + b
            met += part * float(settings.loss.value(y[i], z))
            g = settings.loss.derivatives(y[i], z)[0]
            if settings.rule == "optimal":
                eta = 1 / (settings.alpha * (first_step(settings.loss, settings.alpha) - 1 + t))
            elif settings.rule == "invscaling":
                eta = settings.eta0 / t**settings.power
            else:
                eta = settings.eta0
            move = -part * eta * g
            if passive:
                norm, loss = float(X[i] @ X[i]), float(settings.loss.value(y[i], z))
                pa1 = min(settings.limit, loss / norm)
                size = pa1 if settings.rule == "pa1" else loss / (norm + 0.5 / settings.limit)
                move = -np.sign(g) * size * min(part, 1.0)
            else:
                w = w * max(1 - part * eta * l2, 0.0)
            w = np.maximum(w + move * X[i], settings.floor)
            b += move * settings.fit_intercept
            if l1 and not passive:
                u += part * eta * l1
                down, up = np.maximum(0, w - (u + q)), np.minimum(0, w + (u - q))
                new = np.where(w > 0, down, up)
                q, w = q + new - w, new
            t += part
            if settings.average_from >= 0 and t > settings.average_from:
                total_w, total_b, seen = total_w + part * w, total_b + part * b, seen + part
    return (total_w / seen, total_b / seen, met) if seen else (w, b, met)


SETTINGS = [
    Settings(Logistic(), alpha=1e-2),
    Settings(Logistic(), alpha=1e-2, l1_ratio=1.0),
    Settings(Hinge(), alpha=1e-3, l1_ratio=0.3, average_from=0.0),
    Settings(Squared(), alpha=1e-2, rule="invscaling", power=0.25, average_from=20.0),
    Settings(Huber(0.5), alpha=0.0, rule="constant", eta0=0.1, fit_intercept=False),
    Settings(ModifiedHuber(), alpha=2.0, rule="constant", eta0=0.9),
    Settings(Hinge(0.0), alpha=0.0, rule="constant", eta0=1.0, floor=0.0),
    Settings(Hinge(), alpha=0.0, rule="pa1", limit=0.3),
    Settings(EpsilonInsensitive(0.1), alpha=0.0, rule="pa2", limit=0.5),
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("compressed", [False, True])
def test_kernels_are_their_definition(settings, compressed, rng):
    X = rng.normal(size=(60, 5)) * (rng.random((60, 5)) < 0.7)
    X[:, 0] += 0.1  # no row is empty
    if settings.loss.domain == "real":
        y = X @ rng.normal(size=5) + rng.normal(size=60)
    else:
        y = (X @ rng.normal(size=5) + rng.normal(size=60) > 0).astype(float)
    weight = rng.choice([0.0, 0.5, 1.0, 3.0], 60)
    rows = prepare(sparse.csr_array(X) if compressed else X, y, weight)
    order = shuffled(rows, np.random.default_rng(0), np.arange(len(rows.first)))
    descent = Descent(settings, 5)
    met = descent.visit(rows, y, weight, order)
    w, b = descent.coefficients()
    plain_w, plain_b, plain_met = plain(settings, X, y, weight, order)
    if compressed and settings.l1_ratio:
        # Compressed rows pay the L1 penalty of a weight when its column next appears.
        np.testing.assert_allclose(w, plain_w, atol=0.05)
        return
    np.testing.assert_allclose(w, plain_w, rtol=1e-9, atol=1e-12)
    assert b == pytest.approx(plain_b, rel=1e-9, abs=1e-12)
    assert met == pytest.approx(plain_met, rel=1e-9)


def test_rescaling_the_weights_changes_nothing(rng):
    """So strong a penalty that scale falls below its limit again and again."""
    settings = Settings(Logistic(), alpha=0.9, rule="constant", eta0=0.9, average_from=0.0)
    X, y = rng.normal(size=(200, 3)), (rng.random(200) > 0.5).astype(float)
    rows = prepare(X, y, np.ones(200))
    order = shuffled(rows, np.random.default_rng(0), np.arange(200))
    descent = Descent(settings, 3)
    descent.visit(rows, y, np.ones(200), order)
    w, b, _ = plain(settings, X, y, np.ones(200), order)
    np.testing.assert_allclose(descent.coefficients()[0], w, rtol=1e-9)


@pytest.fixture
def classes(rng):
    X = rng.normal(size=(3000, 8))
    z = X @ (rng.normal(size=8) * (rng.random(8) < 0.6)) + 0.5
    return X, (z + rng.logistic(size=3000) > 0).astype(int), z + rng.normal(size=3000)


def objective(model, X, y, penalty):
    w, b = model.coef_.ravel(), float(np.ravel(model.intercept_)[0])
    z, s = X @ w + b, 2 * y - 1
    value = {
        "hinge": lambda: np.maximum(0, 1 - s * z),
        "log_loss": lambda: np.logaddexp(0, -s * z),
        "squared_error": lambda: 0.5 * (y - z) ** 2,
        "huber": lambda: Huber(0.1).value(y, z),
        "epsilon_insensitive": lambda: np.maximum(0, np.abs(y - z) - 0.1),
    }[model.loss]()
    r = {"l2": 0.0, "l1": 1.0, "elasticnet": 0.15}[penalty]
    size = r * np.abs(w).sum() + (1 - r) * 0.5 * w @ w
    return float(value.mean() + model.alpha * size)


@pytest.mark.parametrize("loss", ["hinge", "log_loss"])
@pytest.mark.parametrize("penalty", ["l2", "l1", "elasticnet"])
def test_classifier_is_no_worse_than_scikit_learns(loss, penalty, classes):
    X, y, _ = classes
    options = {"loss": loss, "penalty": penalty, "alpha": 1e-3}
    ours = [
        objective(SGDClassifier(**options, random_state=s).fit(X, y), X, y, penalty)
        for s in range(3)
    ]
    theirs = [
        objective(sk.SGDClassifier(**options, random_state=s).fit(X, y), X, y, penalty)
        for s in range(3)
    ]
    assert np.mean(ours) <= np.mean(theirs) + 0.003


@pytest.mark.parametrize("loss", ["squared_error", "huber", "epsilon_insensitive"])
@pytest.mark.parametrize("rule", ["invscaling", "constant", "adaptive", "optimal"])
def test_regressor_is_no_worse_than_scikit_learns(loss, rule, classes):
    X, _, y = classes
    options = {"loss": loss, "learning_rate": rule, "alpha": 1e-3, "random_state": 0}
    ours = objective(SGDRegressor(**options).fit(X, y), X, y, "l2")
    theirs = objective(sk.SGDRegressor(**options).fit(X, y), X, y, "l2")
    assert ours <= theirs + 0.003


def test_l1_sets_weights_to_zero(classes):
    X, y, _ = classes
    model = SGDClassifier(loss="log_loss", penalty="l1", alpha=0.02, random_state=0).fit(X, y)
    assert (model.coef_ == 0).any() and (model.coef_ != 0).any()


def test_a_stream_approaches_the_batch_solution(classes):
    X, y, target = classes
    best = LogisticRegression(C=1 / (1e-3 * 3000)).fit(X, y)
    model = SGDClassifier(loss="log_loss", alpha=1e-3, average=30_000, random_state=0)
    distance = []
    for _ in range(20):
        for s in range(0, 3000, 100):
            model.partial_fit(X[s : s + 100], y[s : s + 100], classes=[0, 1])
        distance.append(float(np.abs(model.coef_ - best.coef_).max()))
    assert distance[-1] < 0.03 and distance[-1] < distance[0]
    assert model.t_ == 20 * 3000 + 1
    ridge = Ridge(alpha=1e-3 * 3000).fit(X, target)
    regressor = SGDRegressor(alpha=1e-3, average=True, random_state=0)
    for _ in range(20):
        regressor.partial_fit(X, target)
    np.testing.assert_allclose(regressor.coef_, ridge.coef_, atol=0.02)
    one_by_one = SGDClassifier(loss="log_loss", alpha=1e-2, random_state=0)
    for i in range(300):
        one_by_one.partial_fit(X[i : i + 1], y[i : i + 1], classes=[0, 1])
    assert one_by_one.score(X, y) > 0.6


MODELS = [
    SGDClassifier(loss="log_loss", random_state=0),
    SGDClassifier(penalty="elasticnet", average=True, random_state=0),
    SGDRegressor(random_state=0),
    Perceptron(),
    PassiveAggressiveClassifier(random_state=0),
    PassiveAggressiveRegressor(random_state=0),
    SGDClassifier(early_stopping=True, random_state=0),
]


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_weights_are_repetition_and_order_does_not_matter(model, classes, rng):
    X, y, target = classes
    X, y = X[:400], (target if "Regressor" in type(model).__name__ else y)[:400]
    weight = rng.integers(0, 4, 400)
    a = model.fit(X, y, weight).coef_.copy()
    rows = rng.permutation(np.repeat(np.arange(400), weight))
    b = model.fit(X[rows], y[rows]).coef_.copy()
    np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_threads_do_not_matter_and_sparse_is_dense(model, classes):
    X, _, target = classes
    X = X * (np.abs(X) > 0.3)
    three = np.digitize(target, [-0.5, 1.0])
    y = target if "Regressor" in type(model).__name__ else three
    with threads(1):
        one = model.fit(X, y).coef_.copy()
    with threads(2):
        two = model.fit(X, y).coef_.copy()
    np.testing.assert_array_equal(one, two)
    if model.penalty != "elasticnet":
        thin = model.fit(sparse.csr_array(X), y).coef_
        np.testing.assert_allclose(thin, one, rtol=1e-6, atol=1e-9)


def test_early_stopping_keeps_the_best_pass(classes):
    X, y, target = classes
    model = SGDClassifier(early_stopping=True, random_state=0).fit(X, y)
    scores = model.history_["score"]
    assert model.n_iter_ == len(scores) < 1000
    assert max(scores[-5:]) <= max(scores) + 1e-3
    SGDRegressor(early_stopping=True, random_state=0).fit(X, target)
    with pytest.raises(ValueError, match="use fit"):
        model.partial_fit(X, y)


def test_perceptron_converges_on_separable_data_and_keeps_signs(rng):
    X = rng.normal(size=(400, 3))
    y = (X @ [1.0, 2.0, 0.5] > 0.0).astype(int)
    keep = np.abs(X @ [1.0, 2.0, 0.5]) > 0.3
    model = Perceptron(tol=None, max_iter=200).fit(X[keep], y[keep])
    assert model.score(X[keep], y[keep]) == 1.0
    held = Perceptron(nonneg=True).fit(X[keep], y[keep])
    assert (held.coef_ >= 0).all() and held.score(X[keep], y[keep]) > 0.95
    against = Perceptron(nonneg=True).fit(X[keep], 1 - y[keep])
    assert (against.coef_ >= 0).all()


def test_passive_aggressive_step_is_the_papers():
    """From zero weights the first step makes the margin of the row exactly 1, or C |x|^2 of it."""
    X, y = np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([1, 0])
    options = {"max_iter": 1, "tol": None, "fit_intercept": False, "average": True}
    model = PassiveAggressiveClassifier(C=1.0, **options).fit(X[:1].repeat(2, 0), y[[0, 0]] * 0 + y)
    assert np.isfinite(model.coef_).all()
    row = prepare(X[:1], np.array([1.0]), np.ones(1))
    for limit, expected in [(1.0, 1.0), (0.01, 0.25)]:
        descent = Descent(Settings(Hinge(), 0.0, rule="pa1", limit=limit, fit_intercept=False), 2)
        descent.visit(row, np.array([1.0]), np.ones(1), np.array([0]))
        assert descent.coefficients()[0] @ X[0] == pytest.approx(expected)


def test_probabilities(classes):
    X, y, target = classes
    three = np.digitize(target, [-0.5, 1.0])
    for loss in ("log_loss", "modified_huber"):
        model = SGDClassifier(loss=loss, alpha=1e-2, random_state=0).fit(X, three)
        p = model.predict_proba(X)
        np.testing.assert_allclose(p.sum(axis=1), 1.0)
        assert (p >= 0).all() and (p.argmax(axis=1) == model.predict(X)).mean() > 0.95
    assert not hasattr(SGDClassifier(), "predict_proba")


def test_bad_input_is_refused_in_one_line(classes):
    X, y, target = classes
    for options, message in [
        ({"loss": "log"}, "is not one of"),
        ({"penalty": "l3"}, "is not 'l2'"),
        ({"learning_rate": "fast"}, "is not one of"),
        ({"alpha": -1.0}, "negative"),
        ({"alpha": 0.0}, "must be positive"),
        ({"eta0": 0.0}, "eta0"),
        ({"l1_ratio": 2.0}, "l1_ratio"),
        ({"max_iter": 0}, "max_iter"),
        ({"validation_fraction": 1.0}, "validation_fraction"),
    ]:
        with pytest.raises(ValueError, match=message):
            SGDClassifier(**options).fit(X, y)
    with pytest.raises(ValueError, match="classes must be given"):
        SGDClassifier().partial_fit(X, y)
    with pytest.raises(ValueError, match="not among"):
        SGDClassifier().partial_fit(X, y + 1, classes=[0, 1])
    with pytest.raises(ValueError, match="balanced"):
        SGDClassifier(class_weight="balanced").partial_fit(X, y, classes=[0, 1])
    with pytest.warns(UserWarning, match="diverged"):
        SGDRegressor(eta0=10.0, learning_rate="constant").fit(1e6 * X, target)
    with pytest.raises(ValueError, match="diverged"), np.errstate(all="ignore"):
        SGDRegressor(eta0=1e200, learning_rate="constant").fit(X, target)
    with pytest.warns(UserWarning, match="still improved"):
        SGDClassifier(max_iter=1).fit(X, y)


def test_small_fractional_weights_still_learn(classes):
    X, y, _ = classes
    plain = SGDClassifier(loss="log_loss", random_state=0).fit(X, y)
    tiny = SGDClassifier(loss="log_loss", random_state=0).fit(X, y, np.full(3000, 1e-6))
    np.testing.assert_allclose(tiny.coef_, plain.coef_, rtol=1e-6)
