"""Ensembles of any estimator against scikit-learn, closed forms and plain definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import check_grad
from sklearn import ensemble as sk
from sklearn.datasets import load_breast_cancer, load_iris, make_classification
from sklearn.ensemble._iforest import _average_path_length
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier as SkTree

from zhixing.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    AveragingClassifier,
    AveragingRegressor,
    BaggingClassifier,
    BaggingRegressor,
    IsolationForest,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
    combine,
)
from zhixing.ensemble.isolation_trees import Planes, average_path_length
from zhixing.ensemble.simplex import (
    arithmetic_log_loss,
    best_weights,
    brier,
    by_part,
    geometric_log_loss,
    squared,
)
from zhixing.kernels.best_stump import best_stump
from zhixing.kernels.class_histogram import class_histogram
from zhixing.linear_model import LinearRegression, LogisticRegression, Ridge
from zhixing.losses import Absolute, Huber, Squared
from zhixing.naive_bayes import GaussianNB
from zhixing.tree import export_text

TINY = np.finfo(np.float64).tiny


def signal(n: int, k: int = 2, p: int = 6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = np.round(rng.normal(size=(n, p)), 1)
    z = X[:, 0] + X[:, 1] * X[:, 2] + 0.5 * rng.normal(size=n)
    return X, np.digitize(z, np.quantile(z, np.arange(1, k) / k))


# AdaBoost


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("rate", [1.0, 0.3])
@pytest.mark.parametrize("weighted", [False, True])
def test_stumps_boost_as_scikit_learns_trees_of_depth_one(k: int, rate: float, weighted: bool):
    """Where a feature has at most 255 values the bins lose nothing: the same stumps, weights, errors."""
    X, y = signal(600, k)
    weight = np.random.default_rng(1).random(600) if weighted else None
    ours = AdaBoostClassifier(n_estimators=25, learning_rate=rate).fit(X, y, weight)
    peer = sk.AdaBoostClassifier(n_estimators=25, learning_rate=rate, random_state=0).fit(
        X, y, weight
    )
    assert [s.feature for s in ours.estimators_] == [t.tree_.feature[0] for t in peer.estimators_]
    assert np.allclose(
        [s.threshold for s in ours.estimators_], [t.tree_.threshold[0] for t in peer.estimators_]
    )
    assert np.allclose(ours.estimator_weights_, peer.estimator_weights_, rtol=1e-9)
    assert np.allclose(ours.estimator_errors_, peer.estimator_errors_, rtol=1e-9)
    assert np.allclose(ours.feature_importances_, peer.feature_importances_, rtol=1e-9)
    for a, b in zip(ours.staged_decision_function(X), peer.staged_decision_function(X)):
        assert np.allclose(a, b, atol=1e-9)
    assert np.allclose(ours.predict_proba(X), peer.predict_proba(X), atol=1e-9)
    assert list(ours.staged_score(X, y)) == pytest.approx(list(peer.staged_score(X, y)))


def test_any_member_is_boosted_as_by_scikit_learn():
    X, y = signal(300, 3)
    member = SkTree(max_depth=2, random_state=0)
    ours = AdaBoostClassifier(member, n_estimators=8).fit(X, y)
    peer = sk.AdaBoostClassifier(member, n_estimators=8).fit(X, y)
    assert np.allclose(ours.estimator_weights_, peer.estimator_weights_)
    assert (ours.predict(X) == peer.predict(X)).all()
    assert np.allclose(ours.feature_importances_, peer.feature_importances_)


@pytest.mark.parametrize("k", [2, 4])
def test_real_samme_by_its_definition(k: int):
    """Zhu et al. (2009), algorithm 4, written out, from the stumps that were chosen."""
    X, y = signal(400, k)
    model = AdaBoostClassifier(n_estimators=12, algorithm="SAMME.R", learning_rate=0.7).fit(X, y)
    w, total = np.full(400, 1 / 400), np.zeros((400, k))
    coded = np.where(y[:, None] == np.arange(k), 1.0, -1.0 / (k - 1))
    for stump in model.estimators_:
        left = X[:, stump.feature] <= stump.threshold
        p = np.empty((400, k))
        for side in (left, ~left):
            p[side] = np.bincount(y[side], w[side], k) / w[side].sum()
        logs = np.log(np.maximum(p, np.finfo(float).eps))
        total += (k - 1) * (logs - logs.mean(axis=1, keepdims=True))
        w *= np.exp(-0.7 * (k - 1) / k * (coded * logs).sum(axis=1))
        w = np.maximum(w, np.finfo(float).eps * w.sum()) / w.sum()
    total /= 12
    wanted = total[:, 1] - total[:, 0] if k == 2 else total
    assert np.allclose(model.decision_function(X), wanted, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("missing", [False, True])
def test_a_stump_is_the_best_of_all_cuts(k: int, missing: bool):
    """The compiled search against all cuts of all features, missing values on either side."""
    rng = np.random.default_rng(k)
    n, p, bins = 80, 4, 6
    columns = rng.integers(0, bins - 1 if missing else bins, (p, n)).astype(np.uint8)
    if missing:
        columns[rng.random((p, n)) < 0.2] = bins - 1
    codes, weight = rng.integers(0, k, n).astype(np.int32), rng.random(n)
    sums = np.zeros((p, bins, k))
    class_histogram(columns, np.arange(n, dtype=np.int32), codes, weight, sums)
    for j in range(p):
        for b in range(bins):
            here = columns[j] == b
            assert np.allclose(sums[j, b], np.bincount(codes[here], weight[here], k))
    found, sides = np.empty(3, np.int64), np.zeros((2, k))
    gain = best_stump(sums, np.full(p, bins), np.full(p, missing, np.uint8), found, sides)

    def purity(side: np.ndarray) -> float:
        counts = np.bincount(codes[side], weight[side], k)
        return float((counts**2).sum() / counts.sum()) if counts.sum() > 0 else 0.0

    best = (-np.inf, None)
    known = bins - missing
    for j in range(p):
        for b in range(known):
            for with_missing in (False, True) if missing else (False,):
                left = columns[j] <= b
                if missing:
                    left = (left & (columns[j] != bins - 1)) | (
                        with_missing & (columns[j] == bins - 1)
                    )
                if left.any() and not left.all():
                    score = purity(left) + purity(~left)
                    if score > best[0] + 1e-9:
                        best = (score, left)
    assert gain == pytest.approx(best[0] - purity(np.ones(n, bool)), rel=1e-9)
    left = best[1]
    assert np.allclose(sides[0], np.bincount(codes[left], weight[left], k))


@pytest.mark.parametrize("loss", ["linear", "square", "exponential"])
def test_rounds_of_r2_by_their_definition(loss: str):
    """Drucker (1997), from the members that were fitted: errors, weights and the weighted median."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 4))
    y = X[:, 0] + np.sin(2 * X[:, 1]) + 0.1 * rng.normal(size=200)
    weight = rng.integers(1, 4, 200).astype(float)
    model = AdaBoostRegressor(n_estimators=10, loss=loss, learning_rate=0.8, random_state=0)
    model.fit(X, y, weight)
    chance = weight / weight.sum()
    for t, member in enumerate(model.estimators_):
        lost = np.abs(member.predict(X) - y)
        lost /= lost.max()
        lost = {"linear": lost, "square": lost**2, "exponential": 1 - np.exp(-lost)}[loss]
        error = float(chance @ lost)
        beta = error / (1 - error)
        assert model.estimator_errors_[t] == pytest.approx(error)
        assert model.estimator_weights_[t] == pytest.approx(0.8 * np.log(1 / beta))
        chance = chance * beta ** (0.8 * (1 - lost))
        chance /= chance.sum()
    answers = np.array([m.predict(X) for m in model.estimators_])
    alphas = model.estimator_weights_[: len(answers)]
    for row, z in zip(answers.T[:20], model.predict(X[:20])):
        below, above = alphas[row < z].sum(), alphas[row > z].sum()
        assert below < 0.5 * alphas.sum() and above <= 0.5 * alphas.sum()
    *_, last = model.staged_predict(X)
    assert np.array_equal(last, model.predict(X))


def test_margins_are_shares_of_votes():
    X, y = load_iris(return_X_y=True)
    model = AdaBoostClassifier(SkTree(max_depth=2, random_state=0), n_estimators=20).fit(X, y)
    votes = np.zeros((150, 3))
    for alpha, member in zip(model.estimator_weights_, model.estimators_):
        votes[np.arange(150), member.predict(X)] += alpha
    votes /= model.estimator_weights_.sum()
    own = votes[np.arange(150), y]
    votes[np.arange(150), y] = -1
    assert np.allclose(model.margins(X, y), own - votes.max(axis=1))


def test_margins_grow_after_the_last_error_and_wrong_labels_undo_it():
    """Schapire et al. (1998): why test error may fall on; and that it does not with noise in the labels."""
    X, y = load_breast_cancer(return_X_y=True)
    train, test = slice(None, None, 2), slice(1, None, 2)
    model = AdaBoostClassifier(n_estimators=300).fit(X[train], y[train])
    staged = list(model.staged_margins(X[train], y[train]))
    unseen = [float((m <= 0).mean()) for m in model.staged_margins(X[test], y[test])]
    first = next(t for t, m in enumerate(staged) if (m > 0).all())
    assert first < 30
    assert staged[-1].min() > staged[first].min() + 0.1
    assert unseen[-1] <= unseen[first]
    flip = np.random.default_rng(0).random(len(y)) < 0.2
    noisy = AdaBoostClassifier(n_estimators=600).fit(X[train], np.where(flip, 1 - y, y)[train])
    unseen = [float((m <= 0).mean()) for m in noisy.staged_margins(X[test], y[test])]
    assert unseen[-1] > min(unseen) + 0.04


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("algorithm", ["SAMME", "SAMME.R"])
def test_decisions_of_stumps_are_explained(k: int, algorithm: str):
    """Shapley values of a sum of stumps: each stump belongs to one feature, so they are plain means."""
    X, y = signal(200, k)
    weight = np.random.default_rng(0).integers(1, 4, 200).astype(float)
    X[::9, 1] = np.nan
    model = AdaBoostClassifier(n_estimators=12, algorithm=algorithm).fit(X, y, weight)
    values, base = model.shap_values(X), model.shap_base_value()
    decision = model.decision_function(X)
    assert np.allclose(values.sum(axis=1) + base, decision)
    assert np.allclose(weight @ decision / weight.sum(), base)
    used = np.unique([s.feature for s in model.estimators_])
    unused = np.setdiff1d(np.arange(6), used)
    assert (values[:, unused] == 0).all()
    assert np.allclose(np.einsum("n,np...->p...", weight, values), 0.0, atol=1e-9)
    assert export_text(model).startswith("|---")


def test_paths_of_isolation_trees_are_explained():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 4))
    X[0, 2] = 9.0
    model = IsolationForest(n_estimators=30, random_state=0).fit(X)
    values, base = model.shap_values(X), model.shap_base_value()
    scale = float(average_path_length(model.max_samples_))
    assert np.allclose(-(2 ** (-(values.sum(axis=1) + base) / scale)), model.score_samples(X))
    assert values[0].argmin() == 2  # what sets the row apart
    with pytest.raises(ValueError, match="planes use several features"):
        IsolationForest(n_estimators=2, extension_level=1).fit(X).shap_values(X)


# Bagging


def test_out_of_bag_answers_are_those_of_members_that_did_not_see_a_row():
    X, y = load_breast_cancer(return_X_y=True)
    model = BaggingClassifier(GaussianNB(), 25, max_features=0.5, oob_score=True, random_state=0)
    model.fit(X, y)
    total = np.zeros((len(y), 2))
    for member, rows, columns in zip(
        model.estimators_, model.estimators_samples_, model.estimators_features_
    ):
        assert len(rows) == len(y) and len(columns) == 15
        outside = np.setdiff1d(np.arange(len(y)), rows)
        total[outside] += member.predict_proba(X[outside][:, columns])
        again = GaussianNB().fit(X[rows][:, columns], y[rows])
        assert np.allclose(again.theta_, member.theta_)
    wanted = total / total.sum(axis=1, keepdims=True)
    assert np.allclose(model.oob_decision_function_, wanted)
    assert model.oob_score_ == pytest.approx((total.argmax(axis=1) == y).mean())
    pairs = zip(model.estimators_, model.estimators_features_)
    p = np.mean([m.predict_proba(X[:, columns]) for m, columns in pairs], axis=0)
    assert np.allclose(model.predict_proba(X), p)


def test_bagging_is_worth_what_scikit_learns_is():
    X, y = make_classification(2000, 20, n_informative=8, random_state=0)
    ours = [
        BaggingClassifier(random_state=s).fit(X[:1000], y[:1000]).score(X[1000:], y[1000:])
        for s in range(8)
    ]
    peer = [
        sk.BaggingClassifier(random_state=s).fit(X[:1000], y[:1000]).score(X[1000:], y[1000:])
        for s in range(8)
    ]
    noise = np.sqrt((np.var(ours) + np.var(peer)) / 7)
    assert abs(np.mean(ours) - np.mean(peer)) < 4 * noise
    one = [
        SkTree(random_state=s).fit(X[:1000], y[:1000]).score(X[1000:], y[1000:]) for s in range(4)
    ]
    assert np.mean(ours) > np.mean(one) + 0.02


def test_bagging_of_numbers_several_outputs_and_out_of_bag():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 3))
    Y = X @ rng.normal(size=(3, 2)) + 0.1 * rng.normal(size=(120, 2))
    model = BaggingRegressor(Ridge(), 40, oob_score=True, random_state=1).fit(X, Y)
    assert model.predict(X).shape == model.oob_prediction_.shape == (120, 2)
    assert np.allclose(model.predict(X), np.mean([m.predict(X) for m in model.estimators_], 0))
    assert 0.9 < model.oob_score_ < model.score(X, Y)


# Members of different kinds


MEMBERS = [
    ("line", LogisticRegression()),
    ("bayes", GaussianNB()),
    ("tree", SkTree(random_state=0)),
]


@pytest.mark.parametrize("voting", ["hard", "soft"])
@pytest.mark.parametrize("weights", [None, [3, 1, 1]])
def test_votes_are_scikit_learns(voting: str, weights):
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versi", "virgi"])[y]
    ours = VotingClassifier(MEMBERS, voting=voting, weights=weights).fit(X[::2], names[::2])
    peer = sk.VotingClassifier(MEMBERS, voting=voting, weights=weights).fit(X[::2], names[::2])
    assert (ours.predict(X) == peer.predict(X)).all()
    assert np.allclose(ours.transform(X), peer.transform(X))
    assert list(ours.get_feature_names_out()) == list(peer.get_feature_names_out())
    if voting == "soft":
        assert np.allclose(ours.predict_proba(X), peer.predict_proba(X))
        ours.set_params(flatten_transform=False)
        assert ours.transform(X).shape == (3, 150, 3)
    else:
        assert not hasattr(ours, "predict_proba")


def test_means_of_numbers_are_scikit_learns():
    X, y = load_breast_cancer(return_X_y=True)
    members = [("a", Ridge()), ("b", Ridge(alpha=100.0)), ("c", LinearRegression())]
    for weights in (None, [1, 2, 5]):
        ours = VotingRegressor(members, weights=weights).fit(X, X[:, 0])
        peer = sk.VotingRegressor(members, weights=weights).fit(X, X[:, 0])
        assert np.allclose(ours.predict(X), peer.predict(X))
        assert np.allclose(ours.transform(X), peer.transform(X))


@pytest.mark.parametrize("passthrough", [False, True])
@pytest.mark.parametrize("method", ["auto", "predict"])
@pytest.mark.parametrize("two", [False, True])
def test_stacks_are_scikit_learns(passthrough: bool, method: str, two: bool):
    X, y = load_iris(return_X_y=True)
    if two:
        X, y = X[y > 0], y[y > 0]
    cv = StratifiedKFold(4, shuffle=True, random_state=0)
    given = dict(cv=cv, passthrough=passthrough, stack_method=method)
    last = LogisticRegression(tol=1e-10)
    ours = StackingClassifier(MEMBERS, last, **given).fit(X, y)
    peer = sk.StackingClassifier(MEMBERS, last, **given).fit(X, y)
    assert ours.stack_method_ == peer.stack_method_
    assert np.allclose(ours.transform(X), peer.transform(X))
    assert np.allclose(ours.predict_proba(X), peer.predict_proba(X), atol=1e-6)
    assert (ours.predict(X) == peer.predict(X)).all()
    assert list(ours.get_feature_names_out()) == list(peer.get_feature_names_out())


def test_stacks_of_numbers_and_of_fitted_members_are_scikit_learns():
    X, y = load_breast_cancer(return_X_y=True)
    X, y = X[:, 1:6], X[:, 0]
    members = [("a", Ridge()), ("b", Ridge(alpha=1e4))]
    both = (StackingRegressor, sk.StackingRegressor)
    ours, peer = (c(members, Ridge(), cv=3).fit(X, y) for c in both)
    assert np.allclose(ours.predict(X), peer.predict(X))
    fitted = [(name, m.fit(X[:200], y[:200])) for name, m in members]
    ours, peer = (c(fitted, Ridge(), cv="prefit").fit(X, y) for c in both)
    assert np.allclose(ours.predict(X), peer.predict(X))
    assert ours.estimators_[0] is fitted[0][1]


def test_several_labels_a_row_are_stacked():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 4))
    Y = np.column_stack([X[:, 0] > 0, X[:, 1] > 0.3]).astype(int)
    members = [
        ("t", SkTree(max_depth=3, random_state=0)),
        ("u", SkTree(max_depth=2, random_state=1)),
    ]
    last = SkTree(max_depth=3, random_state=0)
    ours = StackingClassifier(members, last).fit(X, Y)
    peer = sk.StackingClassifier(members, last).fit(X, Y)
    assert (ours.predict(X) == peer.predict(X)).all()
    # The chance that a label is there; scikit-learn gives that of its absence.
    assert np.allclose(ours.predict_proba(X), 1 - peer.predict_proba(X))


# Weights of models


def test_combinations_by_their_formulas():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(4), size=(3, 50))
    w = np.array([0.5, 0.3, 0.2])
    assert np.allclose(combine(p), p.mean(axis=0))
    assert np.allclose(combine(list(p), weights=10 * w), np.einsum("m,mnk->nk", w, p))
    product = np.prod(p ** w[:, None, None], axis=0)
    assert np.allclose(combine(p, "geometric", w), product / product.sum(axis=1, keepdims=True))
    same = np.broadcast_to(p[0], p.shape)
    assert np.allclose(combine(same, "geometric"), p[0])
    impossible = combine([[[1.0, 0.0]], [[0.5, 0.5]]], "geometric")
    assert impossible[0, 1] < 1e-100 and np.isfinite(impossible).all()


def objectives(seed: int = 0):
    """Every objective of weights, on data where some models are of no use."""
    rng = np.random.default_rng(seed)
    n, k, m = 300, 3, 5
    y = rng.integers(0, k, n)
    sharp = np.array([3.0, 1.0, 0.0, 0.5, -1.0])
    z = sharp[:, None, None] * (y[:, None] == np.arange(k)) + rng.normal(size=(m, n, k))
    p = np.exp(z) / np.exp(z).sum(axis=2, keepdims=True)
    weight = rng.random(n) / n
    own = np.ascontiguousarray(p[:, np.arange(n), y].T)
    target = rng.normal(size=n)
    error = np.array([0.3, 0.5, 1, 2, 5]) * rng.normal(size=(n, m))
    error[:, 4] += 20 * error[:, 0]  # it errs as the best does, and more
    answers = np.ascontiguousarray(target[:, None] + error)
    return {
        "arithmetic": arithmetic_log_loss(own, weight),
        "geometric": geometric_log_loss(np.log(p), y, weight),
        "brier": brier(p, y, weight),
        "squared": squared(answers - target[:, None], weight),
        "huber": by_part(Huber(0.5), target, answers, weight),
    }


@pytest.mark.parametrize("name", ["arithmetic", "geometric", "brier", "squared", "huber"])
def test_fitted_weights_are_optimal(name: str):
    """The slopes agree with differences; at the optimum no weight can move to a model of steeper fall."""
    objective = objectives()[name]
    rng = np.random.default_rng(1)
    at = rng.dirichlet(np.ones(5))
    assert check_grad(lambda w: objective(w)[0], lambda w: objective(w)[1], at) < 1e-4
    w = best_weights(objective, 5)
    assert w.sum() == pytest.approx(1.0) and (w >= 0).all() and (w == 0).any()
    value, slope = objective(w)
    scale = np.abs(slope).max()
    level = slope[w > 1e-6]
    assert np.ptp(level) < 1e-4 * scale
    assert (slope >= level.min() - 1e-4 * scale).all()
    for other in rng.dirichlet(np.ones(5), 200):
        assert objective(other)[0] >= value - 1e-9


def test_averages_use_answers_out_of_fold():
    X, y = load_iris(return_X_y=True)
    cv = StratifiedKFold(5, shuffle=True, random_state=0)
    model = AveragingClassifier(MEMBERS, cv=cv).fit(X, y)
    held = [cross_val_predict(m, X, y, cv=cv, method="predict_proba") for _, m in MEMBERS]
    losses = [-np.mean(np.log(np.maximum(p[np.arange(150), y], TINY))) for p in held]
    assert np.allclose(model.member_losses_, losses)
    mixed = combine(held, weights=model.weights_)
    assert model.loss_ == pytest.approx(-np.mean(np.log(mixed[np.arange(150), y])))
    assert model.loss_ <= min(losses)
    answers = [m.predict_proba(X) for m in model.estimators_]
    assert np.allclose(model.predict_proba(X), combine(answers, weights=model.weights_))
    equal = AveragingClassifier(MEMBERS, weights="equal").fit(X, y)
    soft = sk.VotingClassifier(MEMBERS, voting="soft").fit(X, y)
    assert np.allclose(equal.predict_proba(X), soft.predict_proba(X))


def test_averages_of_numbers():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 5))
    y = X @ np.arange(5.0) + rng.normal(size=200)
    members = [("good", Ridge(alpha=0.1)), ("bad", Ridge(alpha=1e5)), ("fair", Ridge(alpha=50.0))]
    whole = AveragingRegressor(members).fit(X, y)
    half = AveragingRegressor(members, loss=Squared()).fit(X, y)
    assert np.allclose(whole.weights_, half.weights_, atol=1e-6)
    assert whole.loss_ == pytest.approx(2 * half.loss_)
    assert whole.weights_[1] < 0.05 and whole.loss_ <= whole.member_losses_.min() + 1e-12
    robust = AveragingRegressor(members, loss=Huber()).fit(X, y)
    assert robust.weights_.sum() == pytest.approx(1.0)
    with pytest.raises(ValueError, match="kinks"):
        AveragingRegressor(members, loss=Absolute()).fit(X, y)
    fixed = AveragingRegressor(members, weights=[1, 0, 1], cv="prefit")
    fixed.set_params(estimators=[(name, m.fit(X, y)) for name, m in members]).fit(X, y)
    assert np.allclose(fixed.predict(X), (members[0][1].predict(X) + members[2][1].predict(X)) / 2)


# Isolation


def test_average_path_length_is_the_papers():
    n = np.arange(1, 400)
    assert np.allclose(average_path_length(n), _average_path_length(n))
    # Unsuccessful searches in random trees, by their recurrence: c(n) = 1 + mean over cuts.
    exact = np.zeros(200)
    for m in range(2, 200):
        left = np.arange(1, m)
        exact[m] = 1 + np.mean((left * exact[left] + (m - left) * exact[m - left]) / m)
    assert np.allclose(average_path_length(np.arange(50, 200)), exact[50:], rtol=0.35)


def walk(forest, x: np.ndarray) -> float:
    """The path of one row in all trees, one step at a time."""
    total = 0.0
    for root in forest.roots:
        node, depth = int(root), 0
        while forest.left[node] >= 0:
            if isinstance(forest, Planes):
                offset = np.nan_to_num(x[forest.feature[node]] - forest.point[node])
                right = float(forest.slope[node] @ offset) > 0
            else:
                value = x[forest.feature[node]]
                right = value > forest.threshold[node]
                if np.isnan(value):
                    right = not forest.missing_left[node]
            node, depth = int(forest.left[node]) + int(right), depth + 1
        total += depth + float(average_path_length(forest.cover[node]))
    return total


@pytest.mark.parametrize("level", [0, 1, 3])
@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_path_lengths_by_walking(level: int, missing: bool, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 4)).astype(dtype)
    if missing:
        X[rng.random(X.shape) < 0.15] = np.nan
    model = IsolationForest(n_estimators=15, extension_level=level, max_samples=128, random_state=0)
    scores = model.fit(X).score_samples(X)
    scale = 15 * float(average_path_length(128))
    wanted = [-(2 ** (-walk(model.forest_, x.astype(float)) / scale)) for x in X[:150]]
    assert np.allclose(scores[:150], wanted, rtol=1e-12)


def test_isolation_trees_hold_every_row_once_and_isolate():
    X = np.random.default_rng(0).normal(size=(300, 3))
    model = IsolationForest(n_estimators=10, max_samples=64, random_state=0).fit(X)
    forest = model.forest_
    ends = np.append(forest.roots[1:], len(forest.feature))
    for root, end in zip(forest.roots, ends):
        leaf = np.arange(root, end)[forest.feature[root:end] < 0]
        assert forest.cover[root] == 64 == forest.cover[leaf].sum()
        inner = np.arange(root, end)[forest.feature[root:end] >= 0]
        left = forest.left[inner]
        assert np.allclose(forest.cover[inner], forest.cover[left] + forest.cover[left + 1])
        assert (forest.cover[left] > 0).all() and (forest.cover[left + 1] > 0).all()
    deep = IsolationForest(n_estimators=5, max_samples=64, random_state=0)
    deep.fit(np.repeat(X[:2], 100, axis=0))
    assert (deep.forest_.feature >= 0).sum() <= 5


def test_scores_are_scikit_learns_within_the_noise_of_seeds():
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(950, 5)), rng.uniform(-6, 6, size=(50, 5))])
    outlier = np.arange(1000) >= 950
    ours = np.array([IsolationForest(random_state=s).fit(X).score_samples(X) for s in range(6)])
    peer = np.array([sk.IsolationForest(random_state=s).fit(X).score_samples(X) for s in range(6)])
    noise = np.sqrt(ours.var(axis=0, ddof=1) / 6 + peer.var(axis=0, ddof=1) / 6)
    assert np.mean(np.abs(ours.mean(axis=0) - peer.mean(axis=0)) < 3 * noise) > 0.9
    by_seed = np.sqrt(ours.mean(axis=1).var(ddof=1) / 6 + peer.mean(axis=1).var(ddof=1) / 6)
    assert abs(ours.mean() - peer.mean()) < 4 * by_seed
    assert np.corrcoef(ours.mean(axis=0), peer.mean(axis=0))[0, 1] > 0.99
    worst = np.argsort(ours.mean(axis=0))[:50]
    assert outlier[worst].mean() > 0.8
    planes = IsolationForest(extension_level=4, random_state=0).fit(X).score_samples(X)
    assert outlier[np.argsort(planes)[:50]].mean() > 0.8


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_contamination_is_the_share_called_outliers(share: float):
    X = np.random.default_rng(0).normal(size=(1000, 3))
    model = IsolationForest(contamination=share, random_state=0).fit(X)
    assert (model.predict(X) < 0).mean() == pytest.approx(share, abs=0.002)
