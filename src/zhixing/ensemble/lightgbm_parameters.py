"""LightGBM's parameters as a choice of parts."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from ..growth.newton_tree import NewtonTree
from .aliases import (
    BINS,
    CHANCE,
    COUNT,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    Aliased,
    check_ranges,
    one_of,
)
from .boosted_trees import BoostedTrees
from .combining import Adding, Averaging, Combining, Dropping
from .linear_leaves import LinearLeaves
from .plan import Plan
from .sampling import ALL_ROWS, Fraction, Goss, Sampling
from .watched_fit import WatchedFit
from .watching import Stopping

_RULES = {
    "boosting_type": one_of("gbdt", "gbrt", "dart", "goss", "rf", "random_forest"),
    "data_sample_strategy": one_of("bagging", "goss"),
    "importance_type": one_of("split", "gain"),
    "num_leaves": ("a whole number of at least 2", lambda v: v >= 2 and int(v) == v),
    "max_depth": ("a whole number; 0 and less mean no limit", lambda v: int(v) == v),
    "n_estimators": COUNT,
    "max_bin": BINS,
    "subsample_freq": ("a whole number, not negative", lambda v: v >= 0 and int(v) == v),
    "min_child_samples": NOT_NEGATIVE,
    "learning_rate": POSITIVE,
    "scale_pos_weight": POSITIVE,
    **dict.fromkeys(("subsample", "colsample_bytree", "feature_fraction_bynode"), SHARE),
    **dict.fromkeys(("top_rate", "other_rate", "drop_rate", "skip_drop"), CHANCE),
    **dict.fromkeys(
        ("reg_alpha", "reg_lambda", "min_split_gain", "min_child_weight", "max_delta_step", "cat_l2",
         "cat_smooth", "linear_lambda", "min_data_per_group", "max_drop"),
        NOT_NEGATIVE,
    ),
    **dict.fromkeys(("max_cat_threshold", "max_cat_to_onehot"), COUNT),
}  # fmt: skip


class LightGBM(Aliased, WatchedFit, BoostedTrees):
    """LightGBM's parameters as a plan."""

    _aliases: ClassVar[dict[str, str]] = {
        "boosting": "boosting_type",
        "num_iterations": "n_estimators",
        "bagging_fraction": "subsample",
        "bagging_freq": "subsample_freq",
        "feature_fraction": "colsample_bytree",
        "lambda_l1": "reg_alpha",
        "lambda_l2": "reg_lambda",
        "min_data_in_leaf": "min_child_samples",
        "min_sum_hessian_in_leaf": "min_child_weight",
        "min_gain_to_split": "min_split_gain",
    }
    _set_name = "valid_{}"

    def __init__(
        self,
        *,
        boosting_type: str = "gbdt",
        num_leaves: int = 31,
        max_depth: int = -1,
        learning_rate: float = 0.1,
        n_estimators: int = 100,
        objective: Any = None,
        class_weight: Any = None,
        min_split_gain: float = 0.0,
        min_child_weight: float = 1e-3,
        min_child_samples: int = 20,
        subsample: float = 1.0,
        subsample_freq: int = 0,
        colsample_bytree: float = 1.0,
        reg_alpha: float = 0.0,
        reg_lambda: float = 0.0,
        random_state: Any = None,
        n_jobs: int | None = None,
        importance_type: str = "split",
        max_bin: int = 255,
        feature_fraction_bynode: float = 1.0,
        max_delta_step: float = 0.0,
        scale_pos_weight: float = 1.0,
        boost_from_average: bool = True,
        data_sample_strategy: str = "bagging",
        top_rate: float = 0.2,
        other_rate: float = 0.1,
        drop_rate: float = 0.1,
        max_drop: int = 50,
        skip_drop: float = 0.5,
        uniform_drop: bool = False,
        xgboost_dart_mode: bool = False,
        linear_tree: bool = False,
        linear_lambda: float = 0.0,
        monotone_constraints: Any = None,
        interaction_constraints: Any = None,
        cat_smooth: float = 10.0,
        cat_l2: float = 10.0,
        max_cat_threshold: int = 32,
        max_cat_to_onehot: int = 4,
        min_data_per_group: int = 100,
        alpha: float = 0.9,
        poisson_max_delta_step: float = 0.7,
        tweedie_variance_power: float = 1.5,
        early_stopping_rounds: int | None = None,
        metric: Any = None,
        verbose: int = -1,
        boosting: str | None = None,
        num_iterations: int | None = None,
        bagging_fraction: float | None = None,
        bagging_freq: int | None = None,
        feature_fraction: float | None = None,
        lambda_l1: float | None = None,
        lambda_l2: float | None = None,
        min_data_in_leaf: int | None = None,
        min_sum_hessian_in_leaf: float | None = None,
        min_gain_to_split: float | None = None,
    ) -> None:
        self.boosting_type = boosting_type
        self.num_leaves = num_leaves
        self.max_depth = max_depth
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
        self.objective = objective
        self.class_weight = class_weight
        self.min_split_gain = min_split_gain
        self.min_child_weight = min_child_weight
        self.min_child_samples = min_child_samples
        self.subsample = subsample
        self.subsample_freq = subsample_freq
        self.colsample_bytree = colsample_bytree
        self.reg_alpha = reg_alpha
        self.reg_lambda = reg_lambda
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.importance_type = importance_type
        self.max_bin = max_bin
        self.feature_fraction_bynode = feature_fraction_bynode
        self.max_delta_step = max_delta_step
        self.scale_pos_weight = scale_pos_weight
        self.boost_from_average = boost_from_average
        self.data_sample_strategy = data_sample_strategy
        self.top_rate = top_rate
        self.other_rate = other_rate
        self.drop_rate = drop_rate
        self.max_drop = max_drop
        self.skip_drop = skip_drop
        self.uniform_drop = uniform_drop
        self.xgboost_dart_mode = xgboost_dart_mode
        self.linear_tree = linear_tree
        self.linear_lambda = linear_lambda
        self.monotone_constraints = monotone_constraints
        self.interaction_constraints = interaction_constraints
        self.cat_smooth = cat_smooth
        self.cat_l2 = cat_l2
        self.max_cat_threshold = max_cat_threshold
        self.max_cat_to_onehot = max_cat_to_onehot
        self.min_data_per_group = min_data_per_group
        self.alpha = alpha
        self.poisson_max_delta_step = poisson_max_delta_step
        self.tweedie_variance_power = tweedie_variance_power
        self.early_stopping_rounds = early_stopping_rounds
        self.metric = metric
        self.verbose = verbose
        self.boosting = boosting
        self.num_iterations = num_iterations
        self.bagging_fraction = bagging_fraction
        self.bagging_freq = bagging_freq
        self.feature_fraction = feature_fraction
        self.lambda_l1 = lambda_l1
        self.lambda_l2 = lambda_l2
        self.min_data_in_leaf = min_data_in_leaf
        self.min_sum_hessian_in_leaf = min_sum_hessian_in_leaf
        self.min_gain_to_split = min_gain_to_split

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        s = self._settings()
        check_ranges(s, _RULES)
        loss, curvature = self._lightgbm_loss(s, outputs)
        user = not hasattr(loss, "is_part")
        rounds = s.early_stopping_rounds
        if s.linear_tree and getattr(loss, "curvature", "") == "none":
            raise ValueError(f"linear_tree does not go with objective={s.objective!r}")
        if rounds and s.boosting_type == "dart":
            raise ValueError("early_stopping_rounds does not go with boosting_type='dart', whose later "
                             "rounds change the earlier ones")  # fmt: skip
        return Plan(
            loss=loss,
            curvature=curvature,
            rounds=s.n_estimators,
            combining=_combining(s),
            sampling=_sampling(s),
            features_per_tree=s.colsample_bytree,
            leaves=LinearLeaves(s.linear_lambda) if s.linear_tree else None,
            start="best" if s.boost_from_average and not user else 0.0,
            max_bins=s.max_bin,
            tree=NewtonTree(
                max_leaves=s.num_leaves,
                max_depth=s.max_depth if s.max_depth > 0 else None,
                lam=s.reg_lambda,
                alpha=s.reg_alpha,
                min_gain=s.min_split_gain / 2.0,
                min_hessian=s.min_child_weight,
                min_count=s.min_child_samples,
                max_value=s.max_delta_step,
                features_per_node=s.feature_fraction_bynode,
                category_smooth=s.cat_smooth,
                category_lam=s.cat_l2,
                max_categories=s.max_cat_threshold,
                category_single=s.max_cat_to_onehot,
                category_group=s.min_data_per_group,
                category_rows=round(s.cat_smooth),
            ),
            stopping=Stopping(rounds, best=True) if rounds else None,
            metrics=self._asked_metrics(s.metric),
            monotone=s.monotone_constraints,
            interaction=s.interaction_constraints,
        )

    def _lightgbm_loss(self, s: Any, outputs: int) -> tuple[Any, float]:
        raise NotImplementedError

    @property
    def feature_importances_(self) -> np.ndarray:
        """Number of splits by feature, or their total gain (`importance_type`)."""
        kind = "weight" if self.importance_type == "split" else "total_gain"
        return self.importances(kind)

    @property
    def evals_result_(self) -> dict[str, dict[str, list[float]]]:
        """{set: {metric: value by round}}."""
        return self._told()

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        init_score: Any = None,
        eval_set: Any = None,
        eval_names: Any = None,
        eval_sample_weight: Any = None,
        eval_metric: Any = None,
        categorical_feature: Any = "auto",
    ) -> Any:
        """Fit on X (n, p) and y (n,); returns self.

        init_score (n,) or (n, classes): scores to start from, which predictions then lack.  eval_set:
        (X, y) pairs judged each round by `eval_metric` (default: the loss), named `eval_names`.
        categorical_feature: places or names of features; "auto": those a frame holds as such.
        """
        self._asked_features = categorical_feature
        held = self._named_sets(eval_set, eval_names, eval_sample_weight)
        self._fit_watched(X, y, sample_weight, held, init_score, eval_metric)
        return self

    def _asked_categories(self) -> Any:
        asked = getattr(self, "_asked_features", "auto")
        return "from_dtype" if isinstance(asked, str) and asked == "auto" else asked


def _combining(s: Any) -> Combining:
    if s.boosting_type in ("rf", "random_forest"):
        rows = s.subsample_freq > 0 and s.subsample < 1.0
        if not rows and s.colsample_bytree >= 1.0:
            raise ValueError("boosting_type='rf' needs subsample < 1 with subsample_freq > 0, or "
                             "colsample_bytree < 1")  # fmt: skip
        return Averaging()
    if s.boosting_type == "dart":
        return Dropping(
            s.learning_rate, s.drop_rate, int(s.max_drop), s.skip_drop,
            weighted=not s.uniform_drop, by_rate=s.xgboost_dart_mode,
        )  # fmt: skip
    return Adding(s.learning_rate)


def _sampling(s: Any) -> Sampling:
    if s.boosting_type == "goss" or s.data_sample_strategy == "goss":
        if s.top_rate + s.other_rate > 1.0 or not s.top_rate or not s.other_rate:
            raise ValueError("top_rate and other_rate must be positive and at most 1 together")
        return Goss(s.top_rate, s.other_rate, int(1.0 / s.learning_rate))
    if s.subsample_freq > 0 and s.subsample < 1.0:
        return Fraction(s.subsample, int(s.subsample_freq))
    return ALL_ROWS
