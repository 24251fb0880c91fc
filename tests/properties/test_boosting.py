"""The loop of boosting: what it adds to scores is what the model predicts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from zhixing.ensemble import HistGradientBoostingRegressor
from zhixing.ensemble.boosting import boost
from zhixing.ensemble.objective import objective_for
from zhixing.ensemble.sampling import Fraction
from zhixing.growth.bins import Bins
from zhixing.growth.newton_tree import NewtonTree
from zhixing.losses import (
    Absolute,
    AbsolutePercentage,
    EpsilonInsensitive,
    Hinge,
    Logistic,
    Quantile,
    Softmax,
    Squared,
)


@pytest.mark.parametrize("loss", [Squared(), Logistic(), Softmax(3), Quantile(0.7)])
@pytest.mark.parametrize("share", [1.0, 0.4])
@pytest.mark.parametrize("features", [1.0, 0.5])
def test_training_scores_are_the_models(loss, share, features) -> None:
    """Also those of rows that a round did not draw, by bins and by values."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 6))
    X[rng.random(X.shape) < 0.1] = np.nan
    z = np.nan_to_num(X[:, 0]) + rng.normal(size=3000)
    y = {"binary": z > 0, "classes": np.digitize(z, [-0.5, 0.5])}.get(loss.domain, z) * 1.0
    bins = Bins.fit(X)
    objective = objective_for(loss, y, np.ones(3000))
    model, scores = boost(
        bins.transform(X), bins, objective, rounds=8, tree=NewtonTree(max_leaves=8),
        sampling=Fraction(share), features_per_tree=features,
    )  # fmt: skip
    assert np.allclose(model.scores(X).T, scores, rtol=1e-12, atol=1e-12)
    assert np.allclose(model.scores(X[:40]).T, scores[:, :40], rtol=1e-12, atol=1e-12)
    *_, last = model.stages(X)
    assert np.allclose(last.T, scores, rtol=1e-12, atol=1e-12)
    start = np.repeat(np.atleast_1d(objective.start())[:, None], 3000, axis=1)
    assert objective.value(scores) < objective.value(start)


@pytest.mark.parametrize(
    "loss", [Absolute(), Quantile(0.8), EpsilonInsensitive(0.3), AbsolutePercentage()]
)
def test_a_shift_is_the_best_constant_to_add(loss) -> None:
    rng = np.random.default_rng(0)
    y, z, weight = rng.normal(size=201) + 3, rng.normal(size=201), rng.random(201)

    def total(c: float) -> float:
        return float(weight @ loss.value(y, z + c))

    found = minimize_scalar(total, bounds=(-5, 10), method="bounded", options={"xatol": 1e-10})
    assert total(loss.shift(y, z, weight)) <= found.fun * (1 + 1e-9)


def test_percentages_are_minimised_as_percentages() -> None:
    rng = np.random.default_rng(0)
    X = rng.integers(0, 4, (4000, 1)) * 1.0
    y = np.exp(X[:, 0] + rng.normal(size=4000))
    fit = HistGradientBoostingRegressor(loss=AbsolutePercentage(), learning_rate=1.0, max_iter=3)
    p = fit.fit(X, y).predict([[0.0], [1.0], [2.0], [3.0]])
    best = [AbsolutePercentage().start(y[X[:, 0] == k], np.ones((X == k).sum())) for k in range(4)]
    assert np.allclose(p, best)


def test_a_loss_without_curvature_or_shift_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="boosting needs `shift`, which Hinge does not have"):
        objective_for(Hinge(), np.ones(3), np.ones(3))
