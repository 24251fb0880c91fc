"""XGBoost's parameters as a choice of parts."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..growth.approximate_tree import ApproximateTree
from ..growth.by_value import by_value, rebinned
from ..growth.exact_tree import ExactTree
from ..growth.newton_tree import NewtonTree
from ..losses import Gamma, Logistic, Poisson, Tweedie
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
from .combining import Adding, Dropping
from .gblinear import LinearBoosted
from .plan import Plan
from .sampling import ALL_ROWS, Fraction, MinimalVariance
from .watched_fit import WatchedFit
from .watching import Stopping

_IMPORTANCES = ("gain", "weight", "cover", "total_gain", "total_cover")
_RULES = {
    "booster": one_of("gbtree", "dart", "gblinear"),
    "tree_method": one_of("auto", "hist", "exact", "approx"),
    "grow_policy": one_of("depthwise", "lossguide"),
    "sampling_method": one_of("uniform", "gradient_based"),
    "sample_type": one_of("uniform", "weighted"),
    "normalize_type": one_of("tree", "forest"),
    "importance_type": one_of(*_IMPORTANCES),
    "max_depth": ("a whole number; 0 means no limit", lambda v: v >= 0 and int(v) == v),
    "max_leaves": ("a whole number; 0 means no limit", lambda v: v >= 0 and int(v) == v and v != 1),
    "n_estimators": COUNT,
    "max_bin": BINS,
    "scale_pos_weight": POSITIVE,
    **dict.fromkeys(
        ("subsample", "colsample_bytree", "colsample_bylevel", "colsample_bynode"), SHARE
    ),
    **dict.fromkeys(("rate_drop", "skip_drop"), CHANCE),
    **dict.fromkeys(("reg_alpha", "gamma", "min_child_weight"), NOT_NEGATIVE),
    **dict.fromkeys(("max_cat_threshold", "max_cat_to_onehot"), COUNT),
}
#: From base_score, in units of y, to a score.
_LINKS = {Logistic: lambda p: math.log(p / (1.0 - p)), Poisson: math.log, Gamma: math.log,
          Tweedie: math.log}  # fmt: skip


class XGBoost(Aliased, WatchedFit, BoostedTrees):
    """XGBoost's parameters as a plan."""

    _aliases: ClassVar[dict[str, str]] = {
        "eta": "learning_rate",
        "alpha": "reg_alpha",
        "min_split_loss": "gamma",
        "num_boost_round": "n_estimators",
    }
    _set_name = "validation_{}"
    _linear: LinearBoosted

    def __init__(
        self,
        *,
        max_depth: int = 6,
        max_leaves: int = 0,
        max_bin: int = 255,
        grow_policy: str = "depthwise",
        learning_rate: float | None = None,
        n_estimators: int = 100,
        objective: Any = None,
        booster: str = "gbtree",
        tree_method: str = "auto",
        n_jobs: int | None = None,
        gamma: float = 0.0,
        min_child_weight: float = 1.0,
        max_delta_step: float | None = None,
        subsample: float = 1.0,
        sampling_method: str = "uniform",
        colsample_bytree: float = 1.0,
        colsample_bylevel: float = 1.0,
        colsample_bynode: float = 1.0,
        reg_alpha: float = 0.0,
        reg_lambda: float | None = None,
        scale_pos_weight: float = 1.0,
        base_score: Any = None,
        random_state: Any = None,
        missing: float = np.nan,
        monotone_constraints: Any = None,
        interaction_constraints: Any = None,
        importance_type: str = "gain",
        enable_categorical: bool = False,
        feature_types: Any = None,
        max_cat_to_onehot: int = 4,
        max_cat_threshold: int = 64,
        eval_metric: Any = None,
        early_stopping_rounds: int | None = None,
        rate_drop: float = 0.0,
        skip_drop: float = 0.0,
        one_drop: bool = False,
        sample_type: str = "uniform",
        normalize_type: str = "tree",
        quantile_alpha: float = 0.5,
        huber_slope: float = 1.0,
        tweedie_variance_power: float = 1.5,
        verbosity: int = 0,
        eta: float | None = None,
        alpha: float | None = None,
        min_split_loss: float | None = None,
        num_boost_round: int | None = None,
    ) -> None:
        self.max_depth = max_depth
        self.max_leaves = max_leaves
        self.max_bin = max_bin
        self.grow_policy = grow_policy
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
        self.objective = objective
        self.booster = booster
        self.tree_method = tree_method
        self.n_jobs = n_jobs
        self.gamma = gamma
        self.min_child_weight = min_child_weight
        self.max_delta_step = max_delta_step
        self.subsample = subsample
        self.sampling_method = sampling_method
        self.colsample_bytree = colsample_bytree
        self.colsample_bylevel = colsample_bylevel
        self.colsample_bynode = colsample_bynode
        self.reg_alpha = reg_alpha
        self.reg_lambda = reg_lambda
        self.scale_pos_weight = scale_pos_weight
        self.base_score = base_score
        self.random_state = random_state
        self.missing = missing
        self.monotone_constraints = monotone_constraints
        self.interaction_constraints = interaction_constraints
        self.importance_type = importance_type
        self.enable_categorical = enable_categorical
        self.feature_types = feature_types
        self.max_cat_to_onehot = max_cat_to_onehot
        self.max_cat_threshold = max_cat_threshold
        self.eval_metric = eval_metric
        self.early_stopping_rounds = early_stopping_rounds
        self.rate_drop = rate_drop
        self.skip_drop = skip_drop
        self.one_drop = one_drop
        self.sample_type = sample_type
        self.normalize_type = normalize_type
        self.quantile_alpha = quantile_alpha
        self.huber_slope = huber_slope
        self.tweedie_variance_power = tweedie_variance_power
        self.verbosity = verbosity
        self.eta = eta
        self.alpha = alpha
        self.min_split_loss = min_split_loss
        self.num_boost_round = num_boost_round

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        s = self._settings()
        check_ranges(s, _RULES)
        linear = s.booster == "gblinear"
        if s.learning_rate is None:
            s.learning_rate = 0.5 if linear else 0.3
        if s.reg_lambda is None:
            s.reg_lambda = 0.0 if linear else 1.0
        check_ranges(s, {"learning_rate": POSITIVE, "reg_lambda": NOT_NEGATIVE})
        loss, curvature = self._xgboost_loss(s, outputs)
        if s.max_delta_step is None:
            s.max_delta_step = 0.7 if s.objective == "count:poisson" else 0.0
        rounds = s.early_stopping_rounds
        if rounds and s.booster == "dart":
            raise ValueError("early_stopping_rounds does not go with booster='dart', whose later rounds "
                             "change the earlier ones")  # fmt: skip
        sampling: Any = ALL_ROWS
        if s.subsample < 1.0:
            uniform = s.sampling_method == "uniform"
            sampling = Fraction(s.subsample) if uniform else MinimalVariance(s.subsample)
        combining: Any = Adding(s.learning_rate)
        if s.booster == "dart":
            combining = Dropping(
                s.learning_rate, s.rate_drop, 0, s.skip_drop, s.sample_type == "weighted",
                bool(s.one_drop), by_rate=True, forest=s.normalize_type == "forest",
            )  # fmt: skip
        return Plan(
            loss=loss,
            curvature=curvature,
            rounds=s.n_estimators,
            combining=combining,
            tree=self._tree(s),
            sampling=sampling,
            features_per_tree=s.colsample_bytree,
            start=_base(s.base_score, loss),
            max_bins=s.max_bin,
            stopping=Stopping(rounds, best=True) if rounds else None,
            metrics=s.eval_metric,
            monotone=s.monotone_constraints,
            interaction=s.interaction_constraints,
        )

    def _tree(self, s: Any) -> Any:
        if s.tree_method == "exact":
            if s.grow_policy != "depthwise" or s.max_leaves:
                raise ValueError(
                    "tree_method='exact' grows level by level: no max_leaves, no lossguide"
                )
            if self.is_categorical_ is not None and self.is_categorical_.any():
                raise ValueError("tree_method='exact' takes no categories; use 'hist'")
            return ExactTree(
                max_depth=s.max_depth or None,
                lam=s.reg_lambda,
                alpha=s.reg_alpha,
                min_gain=s.gamma / 2.0,
                min_hessian=s.min_child_weight,
                max_value=s.max_delta_step,
                features_per_level=s.colsample_bylevel,
                features_per_node=s.colsample_bynode,
            )
        tree = NewtonTree(
            max_leaves=s.max_leaves or None,
            max_depth=s.max_depth or None,
            by_gain=s.grow_policy == "lossguide",
            lam=s.reg_lambda,
            alpha=s.reg_alpha,
            min_gain=s.gamma / 2.0,
            min_hessian=s.min_child_weight,
            min_count=1,
            max_value=s.max_delta_step,
            features_per_level=s.colsample_bylevel,
            features_per_node=s.colsample_bynode,
            category_smooth=s.reg_lambda,
            category_lam=0.0,
            max_categories=s.max_cat_threshold,
            category_single=s.max_cat_to_onehot - 1,
        )
        if s.tree_method == "approx":
            if self.is_categorical_ is not None and self.is_categorical_.any():
                raise ValueError("tree_method='approx' takes no categories here; use 'hist'")
            return ApproximateTree(tree, s.max_bin)
        return tree

    def _xgboost_loss(self, s: Any, outputs: int) -> tuple[Any, float]:
        raise NotImplementedError

    def _bins(self, X: np.ndarray, plan: Plan, random: int) -> Any:
        if isinstance(plan.tree, (ExactTree, ApproximateTree)):
            return by_value(X.shape[1], X.dtype.str)
        return super()._bins(X, plan, random)

    def _train(
        self, X: Any, y: Any, weight: Any, plan: Plan, held: Any = None, margin: Any = None
    ) -> None:
        for name in ("_linear", "_boosted"):
            self.__dict__.pop(name, None)
        if self.booster == "gblinear":
            self._linear = self._train_linear(X, y, weight, plan, held, margin)
            self.n_iter_ = self._linear.rounds
            return
        super()._train(X, y, weight, plan, held, margin)
        boosted = self._boosted
        if boosted.bins.by_value:
            boosted.forest, boosted.bins = rebinned(boosted.forest, X.shape[1], boosted.bins)

    @property
    def _model(self) -> Any:
        check_is_fitted(self, "n_iter_")
        return self._linear if "_linear" in vars(self) else self._boosted

    def _scores(self, X: Any) -> np.ndarray:
        return self._model.scores(self._rows(X))

    def _history(self) -> Any:
        return self._model.history

    def _check_loaded(self) -> None:
        super()._check_loaded()
        if "_linear" in vars(self):
            self._linear.check(self._outputs, self.n_features_in_)

    def _rows_fit(self, X: Any, y: Any, **options: Any) -> tuple[np.ndarray, Any]:
        X, y = super()._rows_fit(X, y, **options)
        return self._with_missing(X), y

    def _rows(self, X: Any) -> np.ndarray:
        return self._with_missing(super()._rows(X))

    def _with_missing(self, X: np.ndarray) -> np.ndarray:
        sign = self.missing
        return X if sign is None or sign != sign else np.where(X == X.dtype.type(sign), np.nan, X)

    def _asked_categories(self) -> Any:
        if self.feature_types is not None:
            return np.array([kind == "c" for kind in self.feature_types])
        return "from_dtype" if self.enable_categorical else None

    @property
    def feature_importances_(self) -> np.ndarray:
        """Share of each feature in the importance of `importance_type`; of |coef_| for gblinear."""
        found = (
            np.abs(self._linear.coef).sum(axis=0)
            if "_linear" in vars(self)
            else self.importances(self.importance_type)
        )
        return found / found.sum() if found.sum() > 0 else found

    def get_score(self, importance_type: str = "gain") -> dict[str, float]:
        """{feature: importance} of the features in use: weight, gain, cover, total_gain, total_cover."""
        values = self.importances(importance_type)
        names = getattr(self, "feature_names_in_", [f"f{j}" for j in range(len(values))])
        return {str(name): float(v) for name, v in zip(names, values) if v > 0}

    def evals_result(self) -> dict[str, dict[str, list[float]]]:
        """{set: {metric: value by round}}."""
        return self._told()

    @property
    def coef_(self) -> np.ndarray:
        """Coefficients of booster="gblinear": (p,), or (classes, p)."""
        check_is_fitted(self, "_linear")
        coef = self._linear.coef
        return coef[0] if len(coef) == 1 else coef

    @property
    def intercept_(self) -> np.ndarray:
        """Intercepts of booster="gblinear", the start included."""
        check_is_fitted(self, "_linear")
        return self._linear.intercept + self._linear.start

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        base_margin: Any = None,
        eval_set: Any = None,
        sample_weight_eval_set: Any = None,
    ) -> Any:
        """Fit on X (n, p) and y (n,); returns self.

        base_margin (n,) or (n, classes): scores to start from.  eval_set: (X, y) pairs judged each
        round by `eval_metric` (default: the loss).
        """
        held = self._named_sets(eval_set, None, sample_weight_eval_set)
        self._fit_watched(X, y, sample_weight, held, base_margin)
        return self


def _base(asked: Any, loss: Any) -> Any:
    if asked is None:
        if not hasattr(loss, "is_part"):
            return 0.0
        # XGBoost 3.2 takes the mean of y, but with scale_pos_weight a step of Newton's.
        return "newton" if getattr(loss, "positive", 1.0) != 1.0 else "best"
    if type(loss) in _LINKS:
        try:
            return _LINKS[type(loss)](float(asked))
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"base_score={asked!r} is no prediction of the objective") from None
    return np.asarray(asked, float)
