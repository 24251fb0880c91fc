"""Search spaces of ensembles: every parameter exists, and both ends of its range can be fitted."""

from __future__ import annotations

import numpy as np
import pytest

from zhixing import ensemble
from zhixing.core.errors import InputError
from zhixing.ensemble.search_spaces import SPACES, search_space

CLASSES = {
    "random_forest": "RandomForest",
    "extra_trees": "ExtraTrees",
    "ada_boost": "AdaBoost",
    "gradient_boosting": "GradientBoosting",
    "hist_gradient_boosting": "HistGradientBoosting",
    "xgboost": "XGB",
    "lightgbm": "LGBM",
    "catboost": "CatBoost",
}
#: Rounds at both ends are left to the searches: they cost, and are whole numbers like any other.
ROUNDS = ("n_estimators", "max_iter", "iterations")


def test_every_space_has_its_ensemble() -> None:
    assert CLASSES.keys() == SPACES.keys()


@pytest.mark.parametrize("kind", ["Classifier", "Regressor"])
@pytest.mark.parametrize("name", sorted(CLASSES))
def test_both_ends_fit(name: str, kind: str) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 4))
    y = (X[:, 0] > 0).astype(int) if kind == "Classifier" else X[:, 0]
    cls = getattr(ensemble, CLASSES[name] + kind)
    space = search_space(name)
    rounds = next(p for p in ROUNDS if p in space)
    for end in ("low", "high"):
        chosen = {p: getattr(t.range, end) for p, t in space.items()} | {rounds: 5}
        if "bootstrap" in cls().get_params():
            chosen["bootstrap"] = True
        model = cls(**chosen).fit(X, y)
        assert np.isfinite(model.predict(X)).all()
        assert model.get_params()[rounds] == 5


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(InputError, match="no search space 'svm'; one of ada_boost"):
        search_space("svm")
