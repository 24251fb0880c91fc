"""LightGBM by its parameters: best-first trees on histograms, GOSS, DART, sets of categories."""

from __future__ import annotations

import math
from typing import Any

from ..losses import (
    Absolute,
    AbsolutePercentage,
    Gamma,
    Huber,
    Logistic,
    Poisson,
    Quantile,
    Softmax,
    Squared,
    Tweedie,
)
from .boosted_models import BoostedClassifier, BoostedRegressor
from .lightgbm_parameters import LightGBM

_REGRESSION = {
    "regression": "l2", "regression_l2": "l2", "l2": "l2", "mse": "l2", "mean_squared_error": "l2",
    "regression_l1": "l1", "l1": "l1", "mae": "l1", "mean_absolute_error": "l1", "huber": "huber",
    "poisson": "poisson", "quantile": "quantile", "mape": "mape", "gamma": "gamma",
    "tweedie": "tweedie", "mean_absolute_percentage_error": "mape",
}  # fmt: skip


class LGBMClassifier(LightGBM, BoostedClassifier):
    """LightGBM for classes: best-first histogram trees, GOSS, DART, forests, sets of categories.

    A tree's leaves minimise sum g w + h w^2 / 2 + reg_lambda w^2 / 2 + reg_alpha |w|; of all leaves the
    one whose split gains most is split next, until there are `num_leaves`.

    Parameters
    ----------
    boosting_type : "gbdt"; "dart" (drop_rate, max_drop, skip_drop, uniform_drop, xgboost_dart_mode);
        "rf", a forest; "goss", which is also ``data_sample_strategy="goss"`` (top_rate, other_rate).
    num_leaves, max_depth (0 and less: no limit), learning_rate, n_estimators, max_bin (at most 255).
    objective : None, "binary", "multiclass" ("softmax"), "multiclassova" ("ova"), or a function
        ``(y, score) -> (g, h)``.
    class_weight : None, "balanced" or a dict.      scale_pos_weight : weight of the second class.
    min_split_gain, min_child_weight (of h), min_child_samples : what a split and a leaf must have.
    subsample with subsample_freq : share of the rows, drawn anew every so many rounds (0: never).
    colsample_bytree, feature_fraction_bynode : share of the features for a tree and for a node.
    reg_alpha, reg_lambda, max_delta_step (bound of a leaf's value; 0: none).
    cat_smooth, cat_l2, max_cat_threshold, max_cat_to_onehot, min_data_per_group : of sets of categories.
    linear_tree, linear_lambda : leaves hold ridge regressions on the features of their branch.
    monotone_constraints, interaction_constraints : as `HistGradientBoostingClassifier`.
    boost_from_average : start from the best constant rather than 0.
    early_stopping_rounds : stop when the first metric on the last eval_set has not improved for so
        many rounds, and keep the rounds up to the best.    metric : see `fit`.
    importance_type : "split" or "gain".      n_jobs : threads.    verbose : above 0 tells each round.
    alpha, poisson_max_delta_step, tweedie_variance_power : of the regressor's objectives.
    boosting, num_iterations, bagging_fraction, bagging_freq, feature_fraction, lambda_l1, lambda_l2,
    min_data_in_leaf, min_sum_hessian_in_leaf, min_gain_to_split : LightGBM's other names of the above.

    Attributes
    ----------
    classes_, n_iter_, best_iteration_, best_score_, evals_result_, feature_importances_.

    Notes
    -----
    Where every feature has at most `max_bin` values, each in 3 rows or more, trees equal LightGBM's in
    features, partitions and leaf values up to ties of gain.  Differences: a threshold lies half-way
    between values also beside zero (LightGBM: at 1e-35) and of equal gains the lowest wins (LightGBM: the
    highest); other sketches of quantiles above `max_bin` values; missing values unseen in training
    go to the larger side (LightGBM: they are zeros); values of leaves below sets of categories have
    no cat_l2; `scale_pos_weight` counts in the start; a feature that gained nothing in a node is tried
    again below it (there: never, which matters with reg_lambda); DART never drops the start; other
    random numbers; after early stopping the
    rounds behind the best are dropped.  The same bits for any number of threads.
    Source: Ke et al. (2017), "LightGBM"; the LightGBM documentation, "Parameters".

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> model = LGBMClassifier(n_estimators=30, num_leaves=15).fit(X[::2], y[::2])
    >>> bool(model.score(X[1::2], y[1::2]) > 0.92)
    True
    """

    def _against_rest(self) -> bool:
        return isinstance(self.objective, str) and self.objective in ("multiclassova", "ova")

    def _lightgbm_loss(self, s: Any, outputs: int) -> tuple[Any, float]:
        known = (None, "binary", "multiclass", "softmax", "multiclassova", "ova", "cross_entropy")
        if callable(s.objective):
            return s.objective, 1.0
        if s.objective not in known:
            raise ValueError(f"objective={s.objective!r} is none of {', '.join(map(str, known[1:]))}, or "
                             "a function (y, score) -> (g, h)")  # fmt: skip
        if outputs == 1:
            return Logistic(s.scale_pos_weight), 1.0
        if s.scale_pos_weight != 1.0:
            raise ValueError("scale_pos_weight is for two classes; use class_weight")
        if self._against_rest():
            return Logistic(), 1.0
        # A softmax of K scores has one too many; this makes up for it (LightGBM's factor).
        return Softmax(outputs), outputs / (outputs - 1.0)


class LGBMRegressor(LightGBM, BoostedRegressor):
    """LightGBM for numbers; see `LGBMClassifier` for the method, its parameters and differences.

    Parameters
    ----------
    objective : None or "regression" ("l2"), "l1", "huber" (with `alpha`), "poisson"
        (`poisson_max_delta_step`), "quantile" (`alpha`), "mape", "gamma", "tweedie"
        (`tweedie_variance_power`), a part of `zhixing.losses`, or a function ``(y, score) -> (g, h)``.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(0, 6, 400)[:, None]
    >>> model = LGBMRegressor(n_estimators=60, linear_tree=True).fit(X, np.sin(X[:, 0]))
    >>> bool(model.score(X, np.sin(X[:, 0])) > 0.99)
    True
    """

    def _lightgbm_loss(self, s: Any, outputs: int) -> tuple[Any, float]:
        if callable(s.objective) or hasattr(s.objective, "is_part"):
            return s.objective, 1.0
        name = "l2" if s.objective is None else _REGRESSION.get(s.objective)
        if name is None:
            raise ValueError(f"objective={s.objective!r} is none of {', '.join(_REGRESSION)}, a part of "
                             "losses, or a function (y, score) -> (g, h)")  # fmt: skip
        if name == "quantile" and not 0 < s.alpha < 1:
            raise ValueError(f"objective='quantile' needs alpha in (0, 1), not {s.alpha!r}")
        made = {
            "l2": lambda: Squared(),
            "l1": lambda: Absolute(),
            "huber": lambda: Huber(s.alpha),
            "poisson": lambda: Poisson(),
            "quantile": lambda: Quantile(s.alpha),
            "mape": lambda: AbsolutePercentage(1.0),
            "gamma": lambda: Gamma(),
            "tweedie": lambda: Tweedie(s.tweedie_variance_power),
        }
        # LightGBM's Poisson adds to the exponent of h; its Huber takes 1 for it.
        factor = {"poisson": math.exp(s.poisson_max_delta_step), "huber": 0.0}
        return made[name](), factor.get(name, 1.0)
