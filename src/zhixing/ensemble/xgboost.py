"""XGBoost by its parameters: regularised Newton trees, level by level or best first, or linear models."""

from __future__ import annotations

import math
from typing import Any

from ..losses import Absolute, Gamma, Huber, Logistic, Poisson, Quantile, Softmax, Squared, Tweedie
from .boosted_models import BoostedClassifier, BoostedRegressor
from .xgboost_parameters import XGBoost

_REGRESSION = (
    "reg:squarederror", "reg:absoluteerror", "reg:quantileerror", "reg:huber", "reg:logistic",
    "count:poisson", "reg:gamma", "reg:tweedie",
)  # fmt: skip


class XGBClassifier(XGBoost, BoostedClassifier):
    """XGBoost for classes: trees of largest regularised Newton gain, or linear models.

    A round adds the tree (times `learning_rate`) that minimises, to second order at the scores so far,

        sum_i [g_i w(x_i) + h_i w(x_i)^2 / 2] + gamma T + reg_lambda sum w^2 / 2 + reg_alpha sum |w|,

    T leaves of values w = -S(G, reg_alpha) / (H + reg_lambda); a missing value goes where it gains more.

    Parameters
    ----------
    max_depth, max_leaves (0: no limit), grow_policy ("depthwise", "lossguide": best first).
    learning_rate ("eta"; None: 0.3, gblinear 0.5), n_estimators ("num_boost_round").
    objective : None, "binary:logistic", "multi:softprob" ("multi:softmax"), or a function
        ``(y, score) -> (g, h)``.
    booster : "gbtree"; "dart" (rate_drop, skip_drop, one_drop, sample_type, normalize_type);
        "gblinear", coordinate descent on coefficients (`coef_`, `intercept_`).
    tree_method : "hist" ("auto"), bins of quantiles; "approx", quantiles weighted by h anew for each
        tree; "exact", all thresholds.     max_bin : at most 255.
    gamma ("min_split_loss"), min_child_weight (of h), max_delta_step, reg_alpha ("alpha"), reg_lambda
        (None: 1, gblinear 0).
    subsample, sampling_method ("uniform", "gradient_based"); colsample_bytree, _bylevel, _bynode.
    scale_pos_weight : weight of the second class.   base_score : where scores start, in units of y.
    missing : what counts as missing, beside NaN.    monotone_constraints, interaction_constraints.
    enable_categorical : columns a frame holds as categories or text are; feature_types: "q" or "c" by
        feature; max_cat_to_onehot, max_cat_threshold.
    importance_type : "gain", "weight", "cover", "total_gain", "total_cover".
    eval_metric, early_stopping_rounds : what judges the last eval_set, and when to stop.
    quantile_alpha, huber_slope, tweedie_variance_power : of the regressor's objectives.

    Attributes
    ----------
    classes_, n_iter_, best_iteration_, best_score_, feature_importances_.

    Notes
    -----
    With "exact", and with "hist" where every feature has at most `max_bin` values, trees equal XGBoost's
    in features, partitions and leaf values (its floats have 32 bits) up to ties of gain.
    Differences: thresholds lie half-way between values ("hist" there: at the upper one); other quantiles
    above `max_bin` values; "exact" makes no split that gains less than gamma (there: prunes them after
    growing); missing values unseen in training go to the larger side; more than 254 categories share
    a bin; after early stopping the rounds behind the best are dropped; other random numbers.  The same
    bits for any number of threads.
    Source: Chen and Guestrin (2016), "XGBoost", eqs. 3 to 7, algorithms 1 to 3.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> model = XGBClassifier(n_estimators=20, max_depth=3).fit(X[::2], y[::2])
    >>> bool(model.score(X[1::2], y[1::2]) > 0.92)
    True
    """

    def _xgboost_loss(self, s: Any, outputs: int) -> tuple[Any, float]:
        known = (None, "binary:logistic", "multi:softprob", "multi:softmax")
        if callable(s.objective):
            return s.objective, 1.0
        if s.objective not in known:
            raise ValueError(f"objective={s.objective!r} is none of {', '.join(map(str, known[1:]))}, or "
                             "a function (y, score) -> (g, h)")  # fmt: skip
        if outputs == 1:
            return Logistic(s.scale_pos_weight), 1.0
        if s.scale_pos_weight != 1.0:
            raise ValueError("scale_pos_weight is for two classes; use sample_weight")
        return Softmax(outputs), 2.0  # h = 2 p (1 - p), as XGBoost has it


class XGBRegressor(XGBoost, BoostedRegressor):
    """XGBoost for numbers; see `XGBClassifier` for the method, its parameters and differences.

    Parameters
    ----------
    objective : None or "reg:squarederror", "reg:absoluteerror", "reg:quantileerror" (`quantile_alpha`),
        "reg:huber" (`huber_slope`), "reg:logistic", "count:poisson", "reg:gamma", "reg:tweedie"
        (`tweedie_variance_power`), a part of `zhixing.losses`, or a function ``(y, score) -> (g, h)``.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0, 6, 300)[:, None]
    >>> model = XGBRegressor(n_estimators=30).fit(X, np.sin(X[:, 0]))
    >>> bool(model.score(X, np.sin(X[:, 0])) > 0.99)
    True
    """

    def _xgboost_loss(self, s: Any, outputs: int) -> tuple[Any, float]:
        if callable(s.objective) or hasattr(s.objective, "is_part"):
            return s.objective, 1.0
        name = _REGRESSION[0] if s.objective is None else s.objective
        if name not in _REGRESSION:
            raise ValueError(f"objective={name!r} is none of {', '.join(_REGRESSION)}, a part of losses, "
                             "or a function (y, score) -> (g, h)")  # fmt: skip
        if name == "reg:quantileerror" and not 0 < s.quantile_alpha < 1:
            raise ValueError(f"quantile_alpha={s.quantile_alpha!r} must be in (0, 1)")
        made = {
            "reg:squarederror": lambda: Squared(),
            "reg:absoluteerror": lambda: Absolute(),
            "reg:quantileerror": lambda: Quantile(s.quantile_alpha),
            "reg:huber": lambda: Huber(s.huber_slope),
            "reg:logistic": lambda: Logistic(),
            "count:poisson": lambda: Poisson(),
            "reg:gamma": lambda: Gamma(),
            "reg:tweedie": lambda: Tweedie(s.tweedie_variance_power),
        }[name]()
        step = 0.7 if s.max_delta_step is None else s.max_delta_step
        factor = {"count:poisson": math.exp(step), "reg:huber": 0.0}.get(name, 1.0)
        return made, factor
