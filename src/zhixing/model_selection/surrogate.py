"""Bayesian optimisation with a Gaussian process: a surrogate, and the point that promises most."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

from ..core.parallel import single_threaded_blas
from ..core.quiet import quiet
from .acquisition import expected_improvement
from .axes import Axis, ChoiceAxis
from .proposers import Point

Acquisition = Callable[[np.ndarray, np.ndarray, float], np.ndarray]


class GaussianProcessProposer:
    """Fits a Gaussian process to what is known and asks where the acquisition is largest.

    Matern 5/2 covariance with a length per axis and noise, fitted by marginal likelihood
    (scikit-learn's ``GaussianProcessRegressor``) on the unit cube; choices are one-hot.  Snoek,
    Larochelle and Adams (2012).  The first `n_startup` points are a Latin hypercube.  The
    acquisition is maximised over `n_candidates` random points, then over smaller and smaller
    neighbourhoods of the best of them.  Cost O(m^3) after m points: meant for up to a few hundred.
    """

    def __init__(
        self,
        axes: list[Axis],
        seed: int,
        n_startup: int = 10,
        acquisition: Acquisition = expected_improvement,
        n_candidates: int = 2000,
    ) -> None:
        self.axes, self.acquisition = axes, acquisition
        self.n_startup, self.n_candidates = n_startup, n_candidates
        self.rng = np.random.default_rng(seed)
        strata = [self.rng.permutation(n_startup) for _ in axes]
        self.design = (np.array(strata).T + self.rng.random((n_startup, len(axes)))) / n_startup
        self.points: list[Point] = []
        self.values: list[float] = []
        self.asked = 0

    def ask(self) -> Point:
        self.asked += 1
        if self.asked <= self.n_startup:
            return self._point(self.design[self.asked - 1])
        if len(self.points) < 2:
            return self._point(self.rng.random(len(self.axes)))
        with single_threaded_blas():
            return self._most_promising()

    def tell(self, point: Point, value: float) -> None:
        self.points.append(point)
        self.values.append(value)

    def _most_promising(self) -> Point:
        surrogate, scaled = self._surrogate()
        best = float(scaled.max())

        def worth(units: np.ndarray) -> np.ndarray:
            mean, std = surrogate.predict(self._features(units), return_std=True)
            return self.acquisition(mean, std, best)

        units = self.rng.random((self.n_candidates, len(self.axes)))
        known = np.array([self._units(self.points[i]) for i in np.argsort(scaled)[-5:]])
        for width in (0.1, 0.03, 0.01):
            centres = np.vstack([units[np.argsort(worth(units))[-5:]], known])
            steps = self.rng.normal(0.0, width, size=(20, *centres.shape))
            near = np.clip(centres + steps, 0.0, 1.0).reshape(-1, len(self.axes))
            units = np.vstack([units[np.argsort(worth(units))[-5:]], near])
        return self._point(units[int(np.argmax(worth(units)))])

    def _surrogate(self) -> tuple[GaussianProcessRegressor, np.ndarray]:
        values = np.array(self.values)
        # A candidate that failed badly would stretch the scale until the good ones look alike.
        lower = np.quantile(values, 0.25)
        if values.max() > lower:
            values = np.maximum(values, lower - 3 * (values.max() - lower))
        scaled = (values - values.mean()) / (values.std() or 1.0)
        X = self._features(np.array([self._units(point) for point in self.points]))
        covariance = ConstantKernel(1.0, (0.05, 20.0)) * Matern(
            np.full(X.shape[1], 0.5), (0.05, 20.0), nu=2.5
        ) + WhiteKernel(1e-3, (1e-8, 1.0))
        surrogate = GaussianProcessRegressor(covariance, random_state=0)
        with quiet(ConvergenceWarning):
            # A length at its bound says that an axis does not matter: an answer, not a fault.
            surrogate.fit(X, scaled)
        return surrogate, scaled

    def _point(self, units: np.ndarray) -> Point:
        return tuple(axis.from_unit(float(u)) for axis, u in zip(self.axes, units))

    def _units(self, point: Point) -> list[float]:
        return [axis.to_unit(c) for axis, c in zip(self.axes, point)]

    def _features(self, units: np.ndarray) -> np.ndarray:
        columns = []
        for j, axis in enumerate(self.axes):
            if isinstance(axis, ChoiceAxis):
                places = np.minimum((units[:, j] * axis.size).astype(int), int(axis.size) - 1)
                columns.append(np.eye(int(axis.size))[places])
            else:
                # Rounded as the point will be, so that the surrogate sees what would be evaluated.
                columns.append(
                    np.array([[axis.to_unit(axis.from_unit(float(u)))] for u in units[:, j]])
                )
        return np.hstack(columns)
