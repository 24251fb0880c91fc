"""CatBoost's parameters as a choice of parts, and its way to train."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from ..core.random import seed
from ..growth.bins import Bins
from ..growth.oblivious_tree import ObliviousTree
from ..growth.paths import Names
from .aliases import BINS, COUNT, NOT_NEGATIVE, POSITIVE, SHARE, Aliased, check_ranges, one_of
from .boosted_trees import BoostedTrees, Held
from .ordered_statistics import OrderedStatistics
from .plan import Plan
from .sampling import ALL_ROWS, Bayesian, Fraction, MinimalVariance, Sampling
from .symmetric_boosted import SymmetricBoosted
from .symmetric_boosting import View, boost_symmetric
from .watched_fit import WatchedFit
from .watching import Stopping, Watched

_RULES = {
    "iterations": COUNT,
    "depth": ("a whole number from 1 to 12", lambda v: 1 <= v <= 12 and int(v) == v),
    "l2_leaf_reg": NOT_NEGATIVE,
    "random_strength": NOT_NEGATIVE,
    "bagging_temperature": NOT_NEGATIVE,
    "border_count": BINS,
    "subsample": SHARE,
    "rsm": SHARE,
    "leaf_estimation_iterations": ("None or at least 1", lambda v: v is None or v >= 1),
    "permutation_count": COUNT,
    "one_hot_max_size": ("at least 1", lambda v: v >= 1),
    "prior_weight": POSITIVE,
    "boosting_type": one_of("Plain", "Ordered"),
    "bootstrap_type": one_of("No", "Bayesian", "Bernoulli", "MVS"),
    "score_function": one_of("Cosine", "L2"),
    "learning_rate": ("None or positive", lambda v: v is None or v > 0),
}

#: (constant, power of rows, power of iterations) of CatBoost's own learning rate, by (loss, use of
#: the best of an eval_set): read off CatBoost 1.2, which has it for these three losses.
_RATES = {
    ("RMSE", False): (1.3287, 0.158, -0.813),
    ("RMSE", True): (0.1517, 0.157, -0.61),
    ("Logloss", False): (-1.1906, 0.427, -0.917),
    ("Logloss", True): (-2.1531, 0.247, -0.435),
    ("MultiClass", False): (2.9481, 0.051, -0.845),
    ("MultiClass", True): (0.2746, 0.02, -0.382),
}


def default_rate(loss: str, best: bool, rows: float, iterations: int) -> float:
    """CatBoost's learning rate where none is given: exp(a) rows^b iterations^c, at most 0.5.

    >>> round(default_rate("RMSE", False, 1000, 1000), 3)
    0.041
    """
    if (loss, best) not in _RATES:
        return 0.03
    a, b, c = _RATES[loss, best]
    return min(math.exp(a + b * math.log(max(rows, 1.0)) + c * math.log(iterations)), 0.5)


class CatBoost(Aliased, WatchedFit, BoostedTrees):
    """CatBoost's parameters as a plan."""

    _aliases: ClassVar[dict[str, str]] = {
        "n_estimators": "iterations",
        "num_boost_round": "iterations",
        "max_depth": "depth",
        "reg_lambda": "l2_leaf_reg",
        "eta": "learning_rate",
        "max_bin": "border_count",
        "colsample_bylevel": "rsm",
        "random_seed": "random_state",
        "objective": "loss_function",
    }
    _set_name = "validation_{}"
    _statistics: OrderedStatistics

    def __init__(
        self,
        *,
        iterations: int = 1000,
        learning_rate: float | None = None,
        depth: int = 6,
        l2_leaf_reg: float = 3.0,
        loss_function: Any = None,
        boosting_type: str = "Plain",
        bootstrap_type: str = "No",
        subsample: float = 0.8,
        bagging_temperature: float = 1.0,
        random_strength: float = 1.0,
        rsm: float = 1.0,
        border_count: int = 254,
        score_function: str = "Cosine",
        leaf_estimation_iterations: int | None = None,
        boost_from_average: bool | None = None,
        cat_features: Any = None,
        one_hot_max_size: int = 2,
        permutation_count: int = 4,
        prior_weight: float = 1.0,
        scale_pos_weight: float = 1.0,
        class_weight: Any = None,
        eval_metric: Any = None,
        early_stopping_rounds: int | None = None,
        use_best_model: bool = True,
        random_state: Any = None,
        n_jobs: int | None = None,
        verbose: int = 0,
        n_estimators: int | None = None,
        num_boost_round: int | None = None,
        max_depth: int | None = None,
        reg_lambda: float | None = None,
        eta: float | None = None,
        max_bin: int | None = None,
        colsample_bylevel: float | None = None,
        random_seed: int | None = None,
        objective: Any = None,
    ) -> None:
        self.iterations = iterations
        self.learning_rate = learning_rate
        self.depth = depth
        self.l2_leaf_reg = l2_leaf_reg
        self.loss_function = loss_function
        self.boosting_type = boosting_type
        self.bootstrap_type = bootstrap_type
        self.subsample = subsample
        self.bagging_temperature = bagging_temperature
        self.random_strength = random_strength
        self.rsm = rsm
        self.border_count = border_count
        self.score_function = score_function
        self.leaf_estimation_iterations = leaf_estimation_iterations
        self.boost_from_average = boost_from_average
        self.cat_features = cat_features
        self.one_hot_max_size = one_hot_max_size
        self.permutation_count = permutation_count
        self.prior_weight = prior_weight
        self.scale_pos_weight = scale_pos_weight
        self.class_weight = class_weight
        self.eval_metric = eval_metric
        self.early_stopping_rounds = early_stopping_rounds
        self.use_best_model = use_best_model
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.n_estimators = n_estimators
        self.num_boost_round = num_boost_round
        self.max_depth = max_depth
        self.reg_lambda = reg_lambda
        self.eta = eta
        self.max_bin = max_bin
        self.colsample_bylevel = colsample_bylevel
        self.random_seed = random_seed
        self.objective = objective

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        s = self._settings()
        check_ranges(s, _RULES)
        loss, name = self._catboost_loss(s, outputs)
        average = s.boost_from_average
        if average is None:
            average = name in ("RMSE", "MAE", "Quantile")
        rounds = s.early_stopping_rounds
        user = not hasattr(loss, "is_part")
        return Plan(
            loss=loss,
            rounds=s.iterations,
            tree=ObliviousTree(s.depth, s.l2_leaf_reg, s.score_function == "Cosine", s.rsm),
            sampling=_sampling(s),
            max_bins=s.border_count,
            start="best" if average and not user else 0.0,
            metrics=s.eval_metric,
            stopping=Stopping(rounds or s.iterations, best=bool(s.use_best_model)),
        )

    def _catboost_loss(self, s: Any, outputs: int) -> tuple[Any, str]:
        raise NotImplementedError

    def _train(
        self,
        X: np.ndarray,
        y: np.ndarray,
        weight: np.ndarray | None,
        plan: Plan,
        held: list[Held] | None = None,
        margin: np.ndarray | None = None,
    ) -> None:
        s = self._settings()
        random = seed(s.random_state)
        if weight is not None and not weight.all():  # a row of weight 0 is no row
            rows = weight > 0
            X, y, weight = X[rows], y[rows], weight[rows]
        w = np.ones(len(y)) if weight is None else weight
        target = np.eye(self._outputs)[y.astype(int)][:, 1:] if self._outputs > 1 else y[:, None]
        self._statistics = statistics = OrderedStatistics.fit(
            X, self.is_categorical_, target, w, s.one_hot_max_size, s.prior_weight
        )
        objective = self._objective(plan, y, w)
        start = np.zeros(objective.outputs) if plan.start != "best" else objective.start()
        ordered = s.boosting_type == "Ordered"
        several = s.permutation_count if ordered or statistics.levels else 1
        orders = [np.random.default_rng([random, r]).permutation(len(y)) for r in range(several)]
        first = statistics.ordered(X, target, w, orders[0])
        # Counts and means of all rows reach further than those so far: cuts serve both.
        bins = Bins.fit(
            np.vstack([first, statistics.transform(X)]) if statistics.levels else first,
            max_bins=plan.max_bins,
            seed=random,
        )
        views = []
        for r, order in enumerate(orders):
            columns = first if r == 0 else statistics.ordered(X, target, w, order)
            table = bins.transform(columns) if statistics.levels or r == 0 else views[0].table
            last = r == several - 1 and several > 1
            if ordered and not last:
                views.append(
                    View.ordered(
                        table, start, order,
                        lambda rows: self._objective(plan, np.ascontiguousarray(y[rows]), w[rows]),
                    )
                )  # fmt: skip
            else:
                views.append(View.plain(table, start))
        watched = [
            Watched(
                h.name,
                bins.transform(statistics.transform(h.X)),
                self._metrics(self._judges(plan), self._objective(plan, h.y, h.weight), h),
            )
            for h in held or []
        ]
        judges = self._judges(plan)
        stopping = plan.stopping if watched else None
        if stopping is not None and judges:
            stopping = Stopping(stopping.rounds, 0.0, judges[0].larger, stopping.best)
        _, name = self._catboost_loss(s, self._outputs)
        rate = s.learning_rate
        if rate is None:
            best = bool(watched) and s.use_best_model
            rate = default_rate(name, best, float(w.sum()), s.iterations)
        steps = s.leaf_estimation_iterations
        self.learning_rate_ = rate
        with self._threads():
            self._boosted = boost_symmetric(
                views, bins, objective, np.asarray(start, dtype=float),
                rounds=plan.rounds, rate=rate, tree=plan.tree, sampling=plan.sampling,
                random_strength=s.random_strength,
                leaf_steps=steps if steps is not None else 10 if name == "Logloss" else 1,
                watched=watched, stopping=stopping, seed=random, progress=self._progress(),
            )  # fmt: skip
        self.n_iter_ = self._boosted.rounds

    def _scores(self, X: Any) -> np.ndarray:
        check_is_fitted(self, "_boosted")
        return self._boosted.scores(self._statistics.transform(self._rows(X)))

    def _staged_scores(self, X: Any) -> Any:
        check_is_fitted(self, "_boosted")
        for found in self._boosted.stages(self._statistics.transform(self._rows(X))):
            yield found.copy()

    def apply(self, X: Any) -> np.ndarray:
        """The leaf in which each row ends, (n, trees)."""
        check_is_fitted(self, "_boosted")
        rows = self._statistics.transform(self._rows(X))
        return self._boosted.forest.apply(rows, self._boosted.bins)

    def _dense_rows(self, X: Any) -> np.ndarray:
        return self._statistics.transform(self._rows(X))

    def _by_feature(self, found: np.ndarray, axis: int) -> np.ndarray:
        """Columns made of one feature added up."""
        sources = self._statistics.sources
        made = np.zeros((*found.shape[:axis], self.n_features_in_, *found.shape[axis + 1 :]))
        np.add.at(np.moveaxis(made, axis, 0), sources, np.moveaxis(found, axis, 0))
        return made

    def shap_values(self, X: Any, background: Any = None, *, shares: Any = "cover") -> np.ndarray:
        """`ExplainedTrees.shap_values`, those of a category's statistics added up."""
        return self._by_feature(super().shap_values(X, background, shares=shares), 1)

    def shap_interaction_values(self, X: Any, *, shares: Any = "cover") -> np.ndarray:
        """`ExplainedTrees.shap_interaction_values`, those of a category's statistics added up."""
        found = super().shap_interaction_values(X, shares=shares)
        return self._by_feature(self._by_feature(found, 1), 2)

    def _names(self, feature_names: Any = None, class_names: Any = None) -> Names:
        made = super()._names(feature_names, class_names)
        return replace(made, features=self._statistics.names(made.features), categories={})

    def importances(self, kind: str = "gain") -> np.ndarray:
        """By feature, over all columns made of it: see `LGBMClassifier.importances`."""
        check_is_fitted(self, "_boosted")
        sources, p = self._statistics.sources, self.n_features_in_
        name = kind.removeprefix("total_")
        total = self._boosted.importances(
            kind if name == "weight" else f"total_{name}", len(sources)
        )
        found = np.bincount(sources, weights=total, minlength=p)
        if kind in ("gain", "cover"):
            splits = np.bincount(
                sources, weights=self._boosted.importances("weight", len(sources)), minlength=p
            )
            found = found / np.maximum(splits, 1)
        return found

    def _check_loaded(self) -> None:
        if "_boosted" not in vars(self):
            return
        self._statistics.check(self.n_features_in_)
        columns = len(self._statistics.sources)
        self._boosted.bins.check(columns)
        self._boosted.forest.check(columns)
        if not isinstance(self._boosted, SymmetricBoosted):
            raise InputError("the model of a CatBoost booster is of another kind")
        self._boosted.check_levels()
        k = len(self._boosted.start)
        outputs = self._boosted.outputs
        if k != self._outputs or outputs.shape != self._boosted.forest.roots.shape:
            raise InputError("the outputs of the trees do not fit the start")
        if len(outputs) and (outputs.min() < 0 or outputs.max() >= k):
            raise InputError(f"a tree adds to an output that is not one of {k}")

    def _asked_categories(self) -> Any:
        return "from_dtype" if self.cat_features is None else self.cat_features

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        eval_set: Any = None,
    ) -> Any:
        """Fit on X (n, p) and y (n,); returns self.  eval_set: (X, y) or a list of pairs to watch."""
        held = self._named_sets(eval_set, None, None)
        self._fit_watched(X, y, sample_weight, held, None)
        return self


def _sampling(s: Any) -> Sampling:
    if s.bootstrap_type == "Bayesian":
        return Bayesian(s.bagging_temperature)
    if s.bootstrap_type == "Bernoulli":
        return Fraction(s.subsample)
    return MinimalVariance(s.subsample) if s.bootstrap_type == "MVS" else ALL_ROWS
