"""Recipes do what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from zhixing.linear_model import LogisticRegression
from zhixing.recipes import BinnedLogisticRegression


def test_bins_follow_what_a_line_cannot(rng):
    X = rng.uniform(-3, 3, size=(2000, 3))
    y = (np.abs(X[:, 0]) > 1.5) ^ (rng.random(2000) < 0.05)
    train, test = slice(0, 1500), slice(1500, None)
    raw = LogisticRegression().fit(X[train], y[train]).score(X[test], y[test])
    model = BinnedLogisticRegression(C=0.1).fit(X[train], y[train])
    assert model.score(X[test], y[test]) > raw + 0.25
    coefficients = model.pipeline_["model"].coef_[0]
    assert (coefficients[10:] == 0).mean() > 0.4  # most bins of the columns that do not matter
    X[0, 0] = 1e9  # falls in the outermost bin
    np.testing.assert_allclose(model.predict_proba(X[:1]).sum(), 1.0)


def test_crosses_follow_what_a_sum_of_columns_cannot(rng):
    X = rng.uniform(-1, 1, size=(3000, 2))
    y = X[:, 0] * X[:, 1] > 0
    train, test = slice(0, 2000), slice(2000, None)
    alone = BinnedLogisticRegression(n_bins=6).fit(X[train], y[train])
    crossed = BinnedLogisticRegression(n_bins=6, cross=True).fit(X[train], y[train])
    assert alone.score(X[test], y[test]) < 0.6 < 0.9 < crossed.score(X[test], y[test])
    chosen = BinnedLogisticRegression(n_bins=6, cross=[(0, 1)]).fit(X[train], y[train])
    np.testing.assert_allclose(
        chosen.predict_proba(X[test]), crossed.predict_proba(X[test]), atol=1e-6
    )
    with pytest.raises(ValueError, match="C is"):
        BinnedLogisticRegression(C=-1.0).fit(X, y)
