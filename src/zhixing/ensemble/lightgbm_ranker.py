"""LightGBM for ranking."""

from __future__ import annotations

import inspect
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from .boosted_models import held_rows
from .lightgbm_parameters import LightGBM
from .objective import Objective
from .plan import Plan
from .ranking_objective import RankObjective


class LGBMRanker(LightGBM):
    """LambdaRank on LightGBM's trees: rows of a query are put in order; see `LGBMClassifier`.

    Each round grows a tree to the pushes between rows of a query, weighed by what changing their
    places would do to NDCG.  y holds grades, whole numbers from 0 (gain 2^grade - 1).

    Parameters
    ----------
    lambdarank_truncation_level : only pairs with a row among so many highest scores push.
    lambdarank_norm : pushes are normalised by query and by distance of scores, as LightGBM.
    eval_at : the k of the NDCG@k that are watched.

    The other parameters are `LGBMClassifier`'s.  ``fit(X, y, group=...)`` takes the number of rows
    of each query, in order; without it all rows are one query.  `predict` gives scores.  There are
    no weights: two copies of a row in a query are not a row that counts twice.

    Notes
    -----
    Cost: O(truncation level x rows) a query and round, beside the tree's.  LightGBM reads the sigmoid
    from a table of a million entries, so that derivatives differ in the sixth digit.
    Source: Burges (2010), "From RankNet to LambdaRank to LambdaMART", section 7.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(400, 3)); y = np.digitize(X[:, 0], [0.0, 1.0])
    >>> ranker = LGBMRanker(n_estimators=20).fit(X, y, group=[20] * 20)
    >>> bool(ranker.ndcg(X, y, group=[20] * 20, at=5) > 0.95)
    True
    """

    def __init__(
        self,
        *,
        boosting_type: str = "gbdt",
        num_leaves: int = 31,
        max_depth: int = -1,
        learning_rate: float = 0.1,
        n_estimators: int = 100,
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
        max_delta_step: float = 0.0,
        top_rate: float = 0.2,
        other_rate: float = 0.1,
        data_sample_strategy: str = "bagging",
        early_stopping_rounds: int | None = None,
        lambdarank_truncation_level: int = 30,
        lambdarank_norm: bool = True,
        eval_at: Any = (1, 2, 3, 4, 5),
        verbose: int = -1,
    ) -> None:
        self.boosting_type = boosting_type
        self.num_leaves = num_leaves
        self.max_depth = max_depth
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
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
        self.max_delta_step = max_delta_step
        self.top_rate = top_rate
        self.other_rate = other_rate
        self.data_sample_strategy = data_sample_strategy
        self.early_stopping_rounds = early_stopping_rounds
        self.lambdarank_truncation_level = lambdarank_truncation_level
        self.lambdarank_norm = lambdarank_norm
        self.eval_at = eval_at
        self.verbose = verbose

    def _settings(self) -> Any:
        return _with_defaults(self)

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        plan = super()._plan(n, p, outputs)
        if plan.stopping is None:
            return plan
        return replace(plan, stopping=replace(plan.stopping, larger=True))

    def _lightgbm_loss(self, s: Any, outputs: int) -> tuple[Any, float]:
        return "lambdarank", 1.0

    def fit(  # type: ignore[override]
        self,
        X: Any,
        y: Any,
        *,
        group: Any = None,
        eval_set: Any = None,
        eval_group: Any = None,
        eval_names: Any = None,
        categorical_feature: Any = "auto",
    ) -> LGBMRanker:
        """Fit on rows of queries side by side; returns self."""
        self._asked_features = categorical_feature
        self._fit_metric = None
        X, y = self._rows_fit(X, y, y_numeric=True)
        y = _grades(y)
        self._outputs = 1
        sizes = [_sizes(group, len(y))]
        given = self._named_sets(eval_set, eval_names, None)
        held = held_rows(self, given, _grades)
        groups = [None] * len(held) if eval_group is None else list(eval_group)
        sizes += [_sizes(g, len(h.y)) for g, h in zip(groups, held, strict=True)]
        if self.early_stopping_rounds and not held:
            raise ValueError("early_stopping_rounds needs an eval_set to watch")
        self._group_of = iter(sizes)
        try:
            self._train(X, y, None, self._plan(len(y), X.shape[1], 1), held)
        finally:
            del self._group_of
        self._note_best()
        return self

    def _objective(self, plan: Plan, y: np.ndarray, weight: np.ndarray) -> Objective:
        # Asked once for the training rows and then for each watched set, in order.
        sizes = next(self._group_of)
        s = self._settings()
        return RankObjective(y, weight, sizes, s.lambdarank_truncation_level, s.lambdarank_norm)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.target_tags.positive_only = True
        return tags

    def _metrics(self, judges: Any, objective: Any, held: Any) -> Any:
        return {f"ndcg@{k}": _ndcg_of(objective, k) for k in self.eval_at}

    def predict(self, X: Any) -> np.ndarray:
        """Scores (n,): rows of a query in falling order."""
        check_is_fitted(self, "_boosted")
        return self._scores(X)[:, 0]

    def ndcg(self, X: Any, y: Any, group: Any = None, at: int = 10) -> float:
        """Mean NDCG of the first `at` rows of each query."""
        y = _grades(y)
        sizes = _sizes(group, len(y))
        return RankObjective(y, np.ones(len(y)), sizes).ndcg(self.predict(X), at)


def _ndcg_of(objective: RankObjective, k: int) -> Any:
    return lambda z: objective.ndcg(z[0], k)


def _with_defaults(model: Any) -> Any:
    """Its parameters beside the defaults of those of LightGBM that ranking has no use for."""
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(LightGBM.__init__).parameters.items()
        if name != "self"
    }
    return SimpleNamespace(**defaults | model.get_params(deep=False))


def _grades(y: Any) -> np.ndarray:
    y = np.asarray(y, dtype=np.float64)
    if not np.isfinite(y).all() or (y < 0).any() or (y > 60).any():
        raise ValueError("grades must be numbers from 0 to 60; their gains are 2^grade - 1")
    return y


def _sizes(group: Any, n: int) -> np.ndarray:
    sizes = np.array([n]) if group is None else np.asarray(group, dtype=np.int64)
    if sizes.ndim != 1 or (sizes < 1).any() or sizes.sum() != n:
        raise ValueError(f"group must be the positive sizes of the queries, {n} rows in sum")
    return sizes
