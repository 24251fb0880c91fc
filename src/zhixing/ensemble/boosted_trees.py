"""What every booster of trees shares as an estimator: data in, one plan, predictions out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import is_classifier
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.parallel import single_threaded_blas, threads
from ..core.random import seed
from ..growth.bins import Bins
from ..growth.explained import ExplainedTrees
from ..growth.rows_in import rows_for_fit, rows_for_predict
from ..growth.tree_sum import TreeSum
from .boosting import Boosted, boost
from .constraints import group_bits, monotone_signs
from .gblinear import LinearBoosted, boost_linear
from .judges import Judge, judge
from .objective import objective_for
from .plan import Plan
from .watching import Stopping, Watched


class Held(NamedTuple):
    """Rows that are watched but not trained on."""

    name: str
    X: np.ndarray
    y: np.ndarray
    weight: np.ndarray


class BoostedTrees(ExplainedTrees, Estimator):
    """A sum of trees, each grown to the derivatives of the loss at the sum so far."""

    _boosted: Boosted
    _outputs: int
    is_categorical_: np.ndarray | None

    def _plan(self, n: int, p: int, outputs: int) -> Plan:
        raise NotImplementedError

    def _objective(self, plan: Plan, y: np.ndarray, weight: np.ndarray) -> Any:
        outputs = self._outputs if y.ndim == 1 else 1
        return objective_for(plan.loss, y, weight, curvature=plan.curvature, outputs=outputs)

    def _mean_of(self, scores: np.ndarray) -> np.ndarray:
        """Predictions in units of y, or probabilities, from scores (n, outputs)."""
        raise NotImplementedError

    def _rows_fit(self, X: Any, y: Any, **options: Any) -> tuple[np.ndarray, Any]:
        return rows_for_fit(self, X, y, self._asked_categories(), **options)

    def _rows(self, X: Any) -> np.ndarray:
        return rows_for_predict(self, X)

    def _asked_categories(self) -> Any:
        return getattr(self, "categorical_features", "from_dtype")

    def _train(
        self,
        X: np.ndarray,
        y: np.ndarray,
        weight: np.ndarray | None,
        plan: Plan,
        held: list[Held] | None = None,
        margin: np.ndarray | None = None,
    ) -> None:
        random = seed(getattr(self, "random_state", None))
        held = list(held or [])
        if not held and plan.stopping is not None and plan.validation_fraction is not None:
            X, y, weight, kept = self._hold_out(X, y, weight, plan.validation_fraction, random)
            held = [kept]
        if weight is not None and not weight.all():  # a row of weight 0 is no row
            rows = weight > 0
            X, y, weight = X[rows], y[rows], weight[rows]
            margin = None if margin is None else margin[:, rows]
        w = np.ones(len(y)) if weight is None else weight
        before = self._boosted if plan.warm and hasattr(self, "_boosted") else None
        p = X.shape[1]
        names = list(getattr(self, "feature_names_in_", []))
        tree = replace(
            plan.tree,
            monotone=monotone_signs(plan.monotone, p, names, self.is_categorical_, self._outputs),
            groups=group_bits(plan.interaction, p, names),
        )
        bins = self._bins(X, plan, random) if before is None else before.bins
        objective = self._objective(plan, y, w)
        if margin is not None and margin.shape[0] != objective.outputs:
            raise ValueError(f"a start needs {objective.outputs} scores a row, not {len(margin)}")
        start, scores = _start(plan, objective, margin), margin
        if before is not None:
            start, scores = before.start, np.ascontiguousarray(before.scores(X).T)
        watched, stopping = [], plan.stopping
        if plan.watch_training:
            watched.append(Watched("train", None, {"score": objective.value}))
        judges = self._judges(plan)
        for h in held:
            other = self._objective(plan, h.y, h.weight)
            watched.append(
                Watched(
                    h.name,
                    _table(tree, h.X, bins, plan),
                    self._metrics(judges, other, h),
                    None if before is None else np.ascontiguousarray(before.scores(h.X).T),
                )
            )
        if stopping is not None and judges:
            stopping = replace(stopping, larger=judges[0].larger)
        first = 0 if before is None else before.rounds
        with self._threads():
            boosted, _ = boost(
                _table(tree, X, bins, plan),
                bins,
                objective,
                rounds=max(plan.rounds - first, 0),
                combining=plan.combining,
                tree=tree,
                sampling=plan.sampling,
                features_per_tree=plan.features_per_tree,
                leaves=plan.leaves,
                start=start,
                scores=scores,
                watched=watched,
                stopping=stopping,
                seed=random,
                first=first,
                progress=self._progress(),
            )
        self._boosted = boosted if before is None else Boosted.join(before, boosted)
        self.n_iter_ = self._boosted.rounds

    def _train_linear(
        self,
        X: np.ndarray,
        y: np.ndarray,
        weight: np.ndarray | None,
        plan: Plan,
        held: list[Held] | None,
        margin: np.ndarray | None,
    ) -> LinearBoosted:
        """The plan with linear models in the place of trees."""
        w = np.ones(len(y)) if weight is None else weight
        objective = self._objective(plan, y, w)
        judges, stopping = self._judges(plan), plan.stopping
        watched = [
            Watched(h.name, h.X, self._metrics(judges, self._objective(plan, h.y, h.weight), h))
            for h in held or []
        ]
        if stopping is not None and judges:
            stopping = replace(stopping, larger=judges[0].larger)
        if not np.isfinite(np.nan_to_num(X, posinf=np.inf, neginf=-np.inf)).all():
            raise ValueError("a linear model takes no infinite values")
        with self._threads(), single_threaded_blas():
            return boost_linear(
                X, objective, rounds=plan.rounds, rate=plan.combining.rate, lam=plan.tree.lam,
                alpha=plan.tree.alpha, start=_start(plan, objective, margin), scores=margin,
                watched=watched, stopping=stopping, progress=self._progress(),
            )  # fmt: skip

    def _bins(self, X: np.ndarray, plan: Plan, random: int) -> Bins:
        return Bins.fit(X, max_bins=plan.max_bins, categorical=self.is_categorical_, seed=random)

    def _judges(self, plan: Plan) -> list[Judge]:
        asked = plan.metrics
        if asked is None:
            return []
        return [judge(a) for a in (asked if isinstance(asked, (list, tuple)) else [asked])]

    def _metrics(
        self, judges: list[Judge], objective: Any, held: Held
    ) -> dict[str, Callable[[np.ndarray], float]]:
        if not judges:
            return {"score": objective.value}

        def by(j: Judge) -> Callable[[np.ndarray], float]:
            return lambda z: j.of(held.y, self._mean_of(z.T), held.weight)

        return {j.name: by(j) for j in judges}

    def _threads(self) -> Any:
        jobs = getattr(self, "n_jobs", None)
        return threads(jobs) if jobs is not None and jobs > 0 else contextlib.nullcontext()

    def _check_loaded(self) -> None:
        """Refuse attributes from a model file that do not fit one another."""
        if "_boosted" not in vars(self):
            return
        held, p = self._boosted, self.n_features_in_
        held.bins.check(p)
        held.forest.check(p)
        if held.linear is not None:
            held.linear.check(len(held.forest.feature), p)
        k = len(held.start)
        if held.start.shape != (self._outputs,) or held.start.dtype != np.float64:
            raise InputError(f"the start of a score is not {self._outputs} numbers")
        if held.outputs.shape != held.forest.roots.shape or held.outputs.dtype.kind != "i":
            raise InputError("the outputs of the trees are not one number a tree")
        if len(held.outputs) and (held.outputs.min() < 0 or held.outputs.max() >= k):
            raise InputError(f"a tree adds to an output that is not one of {k}")

    def _progress(self) -> Any:
        if not getattr(self, "verbose", 0) or getattr(self, "verbose", 0) < 0:
            return None

        def tell(t: int, told: dict[str, float]) -> None:
            said = "".join(f", {name} {value:.5g}" for name, value in told.items())
            print(f"round {t + 1}{said}")

        return tell

    def _hold_out(
        self, X: np.ndarray, y: np.ndarray, weight: Any, share: float, random: int
    ) -> tuple[Any, Any, Any, Held]:
        stratify = y if is_classifier(self) and np.bincount(y.astype(int)).min() > 1 else None
        w = np.ones(len(y)) if weight is None else weight
        X, X_held, y, y_held, w, w_held = train_test_split(
            X, y, w, test_size=share, stratify=stratify, random_state=random % 2**31
        )
        return X, y, w, Held("", X_held, y_held, w_held)

    @property
    def validation_score_(self) -> np.ndarray:
        """The loss early stopping watched, round by round; empty where there was none."""
        return np.array(self._boosted.history["score"])

    @property
    def feature_importances_(self) -> np.ndarray:
        """Share of each feature in the total gain."""
        gains = self.importances("total_gain")
        total = gains.sum()
        return gains / total if total > 0 else gains

    def importances(self, kind: str = "gain") -> np.ndarray:
        """By feature: splits (``weight``), ``total_gain``, ``total_cover``; ``gain``, ``cover`` a split.

        A gain is twice the fall of the objective, a cover the sum of second derivatives in the node.
        """
        check_is_fitted(self, "_boosted")
        return self._boosted.importances(kind, self.n_features_in_)

    def apply(self, X: Any) -> np.ndarray:
        """The leaf in which each row ends, (n, trees): the node's number within its tree."""
        check_is_fitted(self, "_boosted")
        return self._boosted.forest.apply(self._rows(X), self._boosted.bins)

    def _tree_sum(self) -> TreeSum:
        check_is_fitted(self)
        held = getattr(self, "_boosted", None)
        if held is None:
            raise InputError("a linear booster has no trees")
        if held.linear is not None:
            raise InputError("leaves that hold linear functions cannot be explained leaf by leaf")
        return TreeSum(held.forest, held.bins, held.start, held.outputs)

    def _scores(self, X: Any) -> np.ndarray:
        check_is_fitted(self, "_boosted")
        return self._boosted.scores(self._rows(X))

    def _staged_scores(self, X: Any) -> Iterator[np.ndarray]:
        check_is_fitted(self, "_boosted")
        for found in self._boosted.stages(self._rows(X)):
            yield found.copy()

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _start(plan: Plan, objective: Any, margin: np.ndarray | None) -> np.ndarray | None:
    if margin is not None:  # what is given by row is not part of the model
        return np.zeros(objective.outputs)
    if isinstance(plan.start, str):
        return None if plan.start == "best" else _newton_step(objective)
    return np.broadcast_to(np.asarray(plan.start, float), objective.outputs).copy()


def _newton_step(objective: Any) -> np.ndarray:
    z = np.zeros((objective.outputs, len(objective.weight)))
    g, h = np.empty_like(z), np.empty_like(z)
    objective.derivatives(z, g, h)
    return -g.sum(axis=1) / np.maximum(h.sum(axis=1), 1e-300)


def _table(tree: Any, X: np.ndarray, bins: Bins, plan: Plan) -> Any:
    table = tree.table(X, bins)
    if plan.leaves is not None:
        table.values = rows_contiguous(X)
    return table


def weights(sample_weight: Any, X: np.ndarray) -> np.ndarray | None:
    """(n,) weights, checked, or None."""
    if sample_weight is None:
        return None
    weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    if not weight.any():
        raise ValueError("sample_weight is zero for every row; give some row a weight")
    return weight


def stopping_needs_rows(stopping: Stopping | None, held: list[Held]) -> None:
    """Refuse early stopping without anything to watch."""
    if stopping is not None and not held:
        raise ValueError("early_stopping_rounds needs an eval_set to watch")
