"""Instances of estimators that need arguments, to be made or to be judged, for the contract suites."""

from __future__ import annotations

from typing import Any

from zhixing.calibration import (
    CalibratedClassifierCV,
    FixedThresholdClassifier,
    TunedThresholdClassifierCV,
)
from zhixing.core.space import Real
from zhixing.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    AveragingClassifier,
    AveragingRegressor,
    BaggingClassifier,
    BaggingRegressor,
    CatBoostClassifier,
    CatBoostRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    IsolationForest,
    LGBMClassifier,
    LGBMRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
    XGBClassifier,
    XGBRegressor,
)
from zhixing.linear_model import (
    ElasticNetCV,
    LassoCV,
    LassoLarsIC,
    LogisticRegression,
    MAPRegression,
    Ridge,
)
from zhixing.model_selection import (
    BayesSearchCV,
    CoarseToFineSearchCV,
    Hopeless,
    OptunaSearchCV,
)
from zhixing.naive_bayes import GaussianNB

STRENGTH = {"C": Real(0.1, 10.0, log=True)}

CLASSIFIERS = [("line", LogisticRegression(tol=1e-12)), ("bayes", GaussianNB())]
REGRESSORS = [("weak", Ridge()), ("strong", Ridge(alpha=20.0))]

#: By the catalogue's name; several instances where a choice changes the code path.
REQUIRED: dict[str, list[Any]] = {
    # A thousand rounds are its default.
    "ensemble.CatBoostClassifier": [CatBoostClassifier(iterations=30)],
    "ensemble.CatBoostRegressor": [
        CatBoostRegressor(iterations=30),
        CatBoostRegressor(
            iterations=30, learning_rate=0.3, loss_function="MAE", score_function="L2"
        ),
    ],
    "ensemble.GradientBoostingClassifier": [GradientBoostingClassifier(n_estimators=30)],
    "ensemble.GradientBoostingRegressor": [
        GradientBoostingRegressor(n_estimators=30, loss=loss)
        for loss in ("squared_error", "huber", "absolute_error")
    ],
    "ensemble.LGBMClassifier": [
        LGBMClassifier(n_estimators=20),
        LGBMClassifier(n_estimators=5, boosting_type="dart", min_child_samples=2),
    ],
    "ensemble.LGBMRegressor": [
        LGBMRegressor(n_estimators=20),
        LGBMRegressor(n_estimators=5, linear_tree=True, linear_lambda=1.0),
    ],
    "ensemble.XGBClassifier": [
        XGBClassifier(n_estimators=20),
        XGBClassifier(n_estimators=5, tree_method="exact"),
    ],
    "ensemble.XGBRegressor": [
        XGBRegressor(n_estimators=20),
        XGBRegressor(n_estimators=5, booster="gblinear"),
        XGBRegressor(n_estimators=5, tree_method="approx"),
    ],
    "ensemble.AdaBoostClassifier": [
        AdaBoostClassifier(n_estimators=5),
        AdaBoostClassifier(n_estimators=5, algorithm="SAMME.R"),
        AdaBoostClassifier(GaussianNB(), n_estimators=5),
    ],
    "ensemble.AdaBoostRegressor": [
        AdaBoostRegressor(n_estimators=5),
        AdaBoostRegressor(Ridge(), n_estimators=5),
    ],
    "ensemble.BaggingClassifier": [
        BaggingClassifier(n_estimators=5),
        BaggingClassifier(GaussianNB(), n_estimators=5),
    ],
    "ensemble.BaggingRegressor": [
        BaggingRegressor(n_estimators=5),
        BaggingRegressor(Ridge(), n_estimators=5),
    ],
    "ensemble.VotingClassifier": [
        VotingClassifier(CLASSIFIERS),
        VotingClassifier(CLASSIFIERS, voting="soft", weights=[2, 1]),
    ],
    "ensemble.VotingRegressor": [VotingRegressor(REGRESSORS)],
    "ensemble.StackingClassifier": [
        StackingClassifier(CLASSIFIERS, LogisticRegression(tol=1e-12), cv=3),
        StackingClassifier(CLASSIFIERS, LogisticRegression(tol=1e-12), cv=3, passthrough=True),
    ],
    "ensemble.StackingRegressor": [StackingRegressor(REGRESSORS, cv=3)],
    "ensemble.AveragingClassifier": [
        AveragingClassifier(CLASSIFIERS, cv=3),
        AveragingClassifier(CLASSIFIERS, cv=3, how="geometric"),
    ],
    "ensemble.AveragingRegressor": [AveragingRegressor(REGRESSORS, cv=3)],
    "ensemble.IsolationForest": [
        IsolationForest(n_estimators=5),
        IsolationForest(n_estimators=5, contamination=0.1, extension_level=0, bootstrap=True),
    ],
    # The checks compare a fit on weights with one on repeated rows to 1e-7, as no default tolerance
    # promises; scikit-learn checks its own with these tolerances too.
    "linear_model.ElasticNetCV": [ElasticNetCV(tol=1e-13)],
    "linear_model.LassoCV": [LassoCV(tol=1e-13)],
    "linear_model.LogisticRegression": [LogisticRegression(tol=1e-12)],
    "calibration.CalibratedClassifierCV": [
        CalibratedClassifierCV(
            LogisticRegression(tol=1e-12), method=method, cv=3, ensemble=ensemble
        )
        for method, ensemble in (
            ("sigmoid", True),
            ("isotonic", False),
            ("isotonic", True),
            ("temperature", True),
        )
    ],
    "calibration.FixedThresholdClassifier": [FixedThresholdClassifier(LogisticRegression())],
    # The checks ask that a label be the likelier one, so the only threshold offered is one half.
    "calibration.TunedThresholdClassifierCV": [
        TunedThresholdClassifierCV(LogisticRegression(), thresholds=[0.5], cv=3)
    ],
    # The checks of weights have fewer rows than columns, where the noise cannot be estimated.
    "linear_model.LassoLarsIC": [LassoLarsIC(noise_variance=1.0)],
    "linear_model.MAPRegression": [
        MAPRegression(noise_variance=1.0),
        MAPRegression("laplace", noise_variance=1.0),
    ],
    "model_selection.BayesSearchCV": [
        BayesSearchCV(
            LogisticRegression(), STRENGTH, n_iter=2, cv=2, prune=Hopeless(), random_state=0
        )
    ],
    "model_selection.CoarseToFineSearchCV": [
        CoarseToFineSearchCV(
            Ridge(), {"alpha": Real(0.1, 10.0, log=True)}, rounds=1, points=3, cv=2
        )
    ],
    "model_selection.OptunaSearchCV": [
        OptunaSearchCV(LogisticRegression(), STRENGTH, n_iter=2, cv=2, random_state=0),
        OptunaSearchCV(
            Ridge(), {"alpha": Real(0.1, 10.0, log=True)}, n_iter=2, cv=2, random_state=0
        ),
    ],
}
