"""What the estimators trained by stochastic gradient descent share."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning

from ..core.estimator import Estimator
from ..core.history import History
from ..core.random import generator
from ..kernels.sgd_step import AVERAGE_FROM, ETA, T
from ..solvers.sgd import DIVERGED, RULES, Descent, Rows, Settings, shuffled

NO_INFERENCE = (
    "stochastic gradient descent stops near the optimum, not at it; fit LogisticRegression(C=inf) or "
    "LinearRegression for a table"
)


@dataclass(frozen=True)
class Schedule:
    """When passes end: after `max_iter`, or when nothing improved by `tol` for `patience` of them.

    With `smooth`, one more pass follows whose steps are averaged.
    """

    max_iter: int
    tol: float | None
    patience: int
    shuffle: bool
    adaptive: bool
    smooth: bool = False


def train(
    descent: Descent,
    rows: Rows,
    y: np.ndarray,
    weight: np.ndarray,
    schedule: Schedule,
    *,
    seed: int,
    held_out: np.ndarray | None = None,
    score: Callable[[np.ndarray, float], float] | None = None,
) -> tuple[int, bool, History]:
    """Pass over the rows until done; return passes, whether it ended by itself, and the history.

    `held_out` lists groups of rows kept for `score`, which then decides when to stop, and whose best
    coefficients are kept.
    """
    rng = np.random.default_rng(seed)
    groups = np.arange(len(rows.first))
    if held_out is not None:
        groups = np.setdiff1d(groups, held_out)
    history = History()
    best, best_at, waited, total = np.inf, None, 0, 0.0
    eta = float(descent.options[ETA])
    plain = rows.order if not schedule.shuffle else None
    for epoch in range(schedule.max_iter):
        order = shuffled(rows, rng, groups) if plain is None else np.sort(plain)
        if not len(order):
            raise ValueError("no rows are left to train on; lower validation_fraction")
        if not total:
            total = float(weight[order].sum())
        met = descent.visit(rows, y, weight, order) / total
        facts = {"loss": met}
        if score is not None:
            facts["score"] = score(*descent.coefficients())
        history.record(epoch, **facts)
        now = met if score is None else -facts["score"]
        waited = waited + 1 if schedule.tol is not None and now > best - schedule.tol else 0
        if now < best:
            best = now
            if score is not None:
                best_at = descent.coefficients()
        if waited >= schedule.patience:
            if schedule.adaptive and eta > 1e-6:
                eta /= 5.0
                descent.options[ETA] = eta
                waited = 0
                continue
            break
    else:
        if schedule.tol is not None:
            return schedule.max_iter, False, history
    if met > 1e24:  # errors beyond those whose slope is followed
        warnings.warn(DIVERGED, ConvergenceWarning, stacklevel=5)
    if best_at is not None:
        keep(descent, best_at)
    elif schedule.smooth:
        descent.options[AVERAGE_FROM] = 0.0
        order = shuffled(rows, rng, groups) if plain is None else np.sort(plain)
        descent.visit(rows, y, weight, order)
        keep(descent, descent.coefficients())
        epoch += 1
    return epoch + 1, True, history


def keep(descent: Descent, at: tuple[np.ndarray, float]) -> None:
    """Go on from given coefficients at the step reached, and forget averages."""
    steps = descent.steps
    fresh = Descent(descent.settings._replace(average_from=-1.0), descent.p)
    fresh.start(*at)
    fresh.state[T] = steps
    descent.v, descent.r, descent.state = fresh.v, fresh.r, fresh.state


class Stochastic(Estimator):
    """Parameters in common, checked; state between calls of `partial_fit`."""

    loss: str
    penalty: str | None
    alpha: float
    l1_ratio: float
    fit_intercept: bool
    max_iter: int
    tol: float | None
    shuffle: bool
    epsilon: float
    random_state: Any
    learning_rate: str
    eta0: float
    power_t: float
    early_stopping: bool
    validation_fraction: float
    n_iter_no_change: int
    warm_start: bool
    average: bool | int
    coef_: np.ndarray
    intercept_: Any
    #: Lower bound of the coefficients.
    _floor = -np.inf

    def _losses(self) -> dict[str, Any]:
        """The parts by name."""
        raise NotImplementedError

    def _loss(self) -> Any:
        losses = self._losses()
        if self.loss not in losses:
            raise ValueError(f"loss={self.loss!r} is not one of {sorted(losses)}")
        return losses[self.loss]

    def _check_parameters(self, *, once: bool = False) -> None:
        if self.penalty not in ("l2", "l1", "elasticnet", None):
            raise ValueError(f"penalty={self.penalty!r} is not 'l2', 'l1', 'elasticnet' or None")
        if self.learning_rate not in RULES:
            raise ValueError(f"learning_rate={self.learning_rate!r} is not one of {sorted(RULES)}")
        if not self.alpha >= 0:
            raise ValueError(f"alpha is {self.alpha!r}; it must not be negative")
        if not 0 <= self.l1_ratio <= 1:
            raise ValueError(f"l1_ratio is {self.l1_ratio!r}; it must lie in [0, 1]")
        if self.learning_rate == "optimal" and self.alpha == 0:
            raise ValueError("alpha must be positive with learning_rate='optimal', which uses it")
        if not self.eta0 > 0:
            raise ValueError(f"eta0 is {self.eta0!r}; it must be positive")
        if self.max_iter < 1:
            raise ValueError(f"max_iter is {self.max_iter!r}; it must be at least 1")
        if not 0 < self.validation_fraction < 1:
            raise ValueError(
                f"validation_fraction is {self.validation_fraction!r}; it must lie between 0 and 1"
            )
        if once and self.early_stopping:
            raise ValueError("early_stopping needs passes over the data; use fit, not partial_fit")

    def _settings(self) -> Settings:
        ratio = {"l2": 0.0, "l1": 1.0}.get(self.penalty or "l2", self.l1_ratio)
        passive = self.learning_rate in ("pa1", "pa2")
        since = -1.0
        if self.average:
            since = 0.0 if self.average is True else float(self.average)
        return Settings(
            loss=self._loss(),
            alpha=0.0 if self.penalty is None else self.alpha,
            l1_ratio=ratio,
            fit_intercept=self.fit_intercept,
            rule=self.learning_rate,
            eta0=self.eta0,
            power=self.power_t,
            limit=self.eta0 if passive else 1.0,
            average_from=since,
            floor=self._floor,
        )

    def _schedule(self) -> Schedule:
        return Schedule(
            self.max_iter,
            self.tol,
            self.n_iter_no_change,
            self.shuffle,
            self.learning_rate == "adaptive",
            smooth=not self.average and self.penalty in ("l2", None),
        )

    def _descents(self, count: int, p: int, share: float) -> list[Descent]:
        """Fresh ones, or those of the last call; the rules of the first batch hold for all."""
        settings = self._settings()
        step = 0.01 if share < 0.1 else 1.0
        held = getattr(self, "_memory", None)
        if held is None or held.shape != (count, 3, p):
            return [Descent(settings, p, step) for _ in range(count)]
        made = []
        for memory, scalars in zip(held, self._scalars):
            one = Descent(settings, p, float(scalars[-1]))
            one.v, one.r, one.q = (np.ascontiguousarray(row) for row in memory.copy())
            one.state = scalars[:-1].copy()
            made.append(one)
        return made

    def _remember(self, descents: list[Descent], dtype: Any) -> None:
        self._memory = np.stack([np.stack([d.v, d.r, d.q]) for d in descents])
        self._scalars = np.stack([np.append(d.state, d.intercept_step) for d in descents])
        found = [d.coefficients() for d in descents]
        self._coef = np.stack([w for w, _ in found]).astype(dtype)
        self._intercept = np.array([b for _, b in found]).astype(dtype)
        self.t_ = descents[0].steps

    def _restart(self, descents: list[Descent]) -> None:
        """Coefficients of the last fit for a warm start."""
        if not self.warm_start or not hasattr(self, "coef_"):
            return
        coef = np.atleast_2d(self.coef_)
        if coef.shape == (len(descents), descents[0].p):
            for one, w, b in zip(descents, coef, np.atleast_1d(self.intercept_)):
                one.start(w, float(b))

    def _finish(self, ended: list[tuple[int, bool, History]]) -> None:
        self.n_iter_ = max(n for n, _, _ in ended)
        self.history_ = ended[0][2]
        if not all(done for _, done, _ in ended):
            warnings.warn(
                f"{type(self).__name__} still improved after max_iter={self.max_iter} passes; raise "
                "max_iter, or loosen tol",
                ConvergenceWarning,
                stacklevel=3,
            )

    def _seed(self) -> int:
        return int(generator(self.random_state).integers(2**31))

    def _held_out(self, rows: Rows, label: np.ndarray, seed: int) -> np.ndarray | None:
        """Groups of equal rows for validation: a share of each class, the same for any row order."""
        if not self.early_stopping:
            return None
        rng = np.random.default_rng(seed)
        of_group = label[rows.order[rows.first]]
        chosen = []
        for value in np.unique(of_group):
            groups = rng.permutation(np.flatnonzero(of_group == value))
            chosen.append(groups[: int(np.ceil(self.validation_fraction * len(groups)))])
        held = np.sort(np.concatenate(chosen))
        if len(held) == len(rows.first):
            raise ValueError(
                "validation_fraction leaves no rows to train on; lower it or set "
                "early_stopping=False"
            )
        return held


def even_weights(weight: np.ndarray | None, n: int) -> np.ndarray:
    """Weights for repetition.  A total below the number of rows is raised to it, for step sizes' sake."""
    if weight is None:
        return np.ones(n)
    rows = np.count_nonzero(weight)
    return weight * max(1.0, rows / weight.sum())


def take(X: Any, rows: Rows, groups: np.ndarray) -> tuple[Any, np.ndarray]:
    """The rows of some groups, for scoring."""
    size = np.diff(np.append(rows.first, rows.n))
    begin = rows.first.tolist()
    at = np.concatenate([np.arange(begin[g], begin[g] + int(size[g])) for g in groups])
    index = rows.order[at]
    return (X.tocsr() if sparse.issparse(X) else X)[index], index
