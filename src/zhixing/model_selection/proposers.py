"""Who says where to look next: at random, by Parzen estimators, or by a Gaussian process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias

import numpy as np

from ..core.quiet import quiet
from .axes import Axis, ChoiceAxis, Coordinate, WholeAxis

Point: TypeAlias = tuple[Coordinate, ...]


class Proposer(Protocol):
    """Proposes the next point; is told what every point was worth (larger is better)."""

    def ask(self) -> Point: ...

    def tell(self, point: Point, value: float) -> None: ...


class RandomProposer:
    """Independent draws, uniform on every axis: Bergstra and Bengio (2012)."""

    def __init__(self, axes: list[Axis], seed: int, n_startup: int = 0) -> None:
        self.axes, self.rng = axes, np.random.default_rng(seed)

    def ask(self) -> Point:
        return tuple(
            axis.from_unit(u) for axis, u in zip(self.axes, self.rng.random(len(self.axes)))
        )

    def tell(self, point: Point, value: float) -> None:
        """Random search does not learn."""


@contextlib.contextmanager
def _quiet_optuna() -> Iterator[None]:
    # Optuna announces every study on stderr and calls its multivariate estimator experimental in
    # some releases; neither is news to the caller.
    import optuna

    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with quiet(optuna.exceptions.ExperimentalWarning):
            yield
    finally:
        optuna.logging.set_verbosity(before)


class TreeParzenProposer:
    """Optuna's multivariate tree-structured Parzen estimator, asked and told one point at a time.

    Bergstra, Bardenet, Bengio and Kegl (2011), section 4: densities of the good and of the other
    points seen; the next point maximises their ratio.  The first `n_startup` points are random.
    """

    def __init__(self, axes: list[Axis], seed: int, n_startup: int = 10) -> None:
        import optuna
        from optuna.distributions import (
            CategoricalDistribution,
            FloatDistribution,
            IntDistribution,
        )

        def distribution(axis: Axis) -> object:
            if isinstance(axis, ChoiceAxis):
                return CategoricalDistribution(range(int(axis.size)))
            if isinstance(axis, WholeAxis):
                return IntDistribution(axis.range.low, axis.range.high, log=axis.range.log)
            return FloatDistribution(0.0, 1.0)

        self.distributions = {str(i): distribution(axis) for i, axis in enumerate(axes)}
        with _quiet_optuna():
            sampler = optuna.samplers.TPESampler(
                seed=seed, multivariate=True, n_startup_trials=n_startup
            )
            self.study = optuna.create_study(direction="maximize", sampler=sampler)
        self.asked: dict[Point, list[object]] = {}

    def ask(self) -> Point:
        with _quiet_optuna():
            trial = self.study.ask(self.distributions)  # type: ignore[arg-type]
        point = tuple(trial.params[name] for name in self.distributions)
        self.asked.setdefault(point, []).append(trial)
        return point

    def tell(self, point: Point, value: float) -> None:
        from optuna.trial import create_trial

        with _quiet_optuna():
            if waiting := self.asked.get(point):
                self.study.tell(waiting.pop(), value)  # type: ignore[arg-type]
            else:  # a point of the caller's own
                params = dict(zip(self.distributions, point))
                self.study.add_trial(
                    create_trial(params=params, distributions=self.distributions, value=value)  # type: ignore[arg-type]
                )


def _gaussian_process(axes: list[Axis], seed: int, n_startup: int) -> Proposer:
    from .surrogate import GaussianProcessProposer  # scikit-learn's GP is slow to import

    return GaussianProcessProposer(axes, seed, n_startup)


#: By the name a caller gives.
PROPOSERS: dict[str, Callable[[list[Axis], int, int], Proposer]] = {
    "gp": _gaussian_process,
    "random": RandomProposer,
    "tpe": TreeParzenProposer,
}
