"""Data on which two or more models are equally good by construction, or differ by a known amount."""

from __future__ import annotations

import numpy as np
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin


def flips(rng: np.random.Generator, n: int, rate_a: float, rate_b: float) -> tuple[np.ndarray, ...]:
    """Labels and two classifiers that err independently at the given rates."""
    y = rng.integers(0, 2, n)
    return y, y ^ (rng.random(n) < rate_a), y ^ (rng.random(n) < rate_b)


def binormal(
    rng: np.random.Generator, n: int, share: float, area_a: float, area_b: float, correlation: float
) -> tuple[np.ndarray, ...]:
    """Two correlated scores with known areas under the ROC curve."""
    y = np.zeros(n, dtype=int)
    y[: max(2, round(share * n))] = 1
    common = rng.normal(size=n)
    noise = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * rng.normal(size=(2, n))
    shift = np.sqrt(2) * stats.norm.ppf([area_a, area_b])
    return y, y * shift[0] + noise[0], y * shift[1] + noise[1]


def errors(rng: np.random.Generator, shape: tuple[int, ...], kind: str) -> np.ndarray:
    """Errors of a regression: "normal", or "skewed" (lognormal, all positive)."""
    return rng.normal(size=shape) if kind == "normal" else rng.lognormal(size=shape)


#: Mean absolute error of `errors`.
MEAN_ERROR = {"normal": np.sqrt(2 / np.pi), "skewed": np.exp(0.5)}


def labelled(rng: np.random.Generator, n: int, models: int) -> tuple[np.ndarray, np.ndarray]:
    """Two classes that depend on all of 3 columns per model in the same way.

    A learner that sees only its own three columns is as good as any other: exactly, by symmetry,
    for every size of training set.
    """
    X = rng.normal(size=(n, 3 * models))
    y = (X.sum(axis=1) + rng.normal(size=n) * np.sqrt(3 * models) > 0).astype(int)
    return X, y


class OnColumns(ClassifierMixin, BaseEstimator):
    """Least squares on class codes, seeing the columns of one model only."""

    def __init__(self, model: int = 0) -> None:
        self.model = model

    def _seen(self, X: np.ndarray) -> np.ndarray:
        own = X[:, 3 * self.model : 3 * self.model + 3]
        return np.column_stack([np.ones(len(own)), own])

    def fit(self, X: np.ndarray, y: np.ndarray) -> OnColumns:
        Z = self._seen(X)
        self.classes_ = np.array([0, 1])
        self.coef_ = np.linalg.solve(Z.T @ Z + 1e-9 * np.eye(4), Z.T @ (2.0 * y - 1))
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return (self._seen(X) @ self.coef_ > 0).astype(int)


class NearestRow(OnColumns):
    """The label of the nearest training row: an unstable learner, for contrast."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> NearestRow:
        self.classes_, self.rows_, self.labels_ = np.array([0, 1]), self._seen(X)[:, 1:], y
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        gap = self._seen(X)[:, None, 1:] - self.rows_[None, :, :]
        return self.labels_[np.argmin(np.einsum("ijk,ijk->ij", gap, gap), axis=1)]


Learner = type[OnColumns]


def hit_rate(estimator: OnColumns, X: np.ndarray, y: np.ndarray) -> float:
    """Accuracy, without scikit-learn's checks."""
    return float(np.mean(estimator.predict(X) == y))


def fold_scores(
    rng: np.random.Generator,
    n: int,
    models: int,
    folds: int,
    repeats: int = 1,
    learner: Learner = OnColumns,
) -> np.ndarray:
    """Accuracy by model and fold, (models, repeats * folds), of equally good learners on one data set."""
    X, y = labelled(rng, n, models)
    scores = np.empty((models, repeats * folds))
    for r in range(repeats):
        for f, test in enumerate(np.array_split(rng.permutation(n), folds)):
            train = np.ones(n, dtype=bool)
            train[test] = False
            for m in range(models):
                fitted = learner(m).fit(X[train], y[train])
                scores[m, r * folds + f] = hit_rate(fitted, X[test], y[test])
    return scores


def assumed_scores(
    rng: np.random.Generator, models: int, folds: int, n_train: int, n_test: int
) -> np.ndarray:
    """Scores that correlate between folds exactly as the corrected t-test assumes."""
    shared = n_test / (n_train + n_test)
    own = np.sqrt(shared) * rng.normal(size=(models, 1))
    return own + np.sqrt(1 - shared) * rng.normal(size=(models, folds))
