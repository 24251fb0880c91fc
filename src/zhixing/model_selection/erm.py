"""Empirical risk minimisation: any loss, any differentiable model, one minimiser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy import optimize
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from ..core.estimator import Estimator
from ..core.history import History
from ..core.random import RandomState, generator
from ..kernels.pointwise import pointwise


class Model(Protocol):
    """A function z = f(X; w) and its pullback ``sum_i g_i dz_i/dw``."""

    def start(self, n_features: int, rng: np.random.Generator) -> np.ndarray: ...

    def forward(self, X: np.ndarray, w: np.ndarray) -> np.ndarray: ...

    def pullback(self, X: np.ndarray, w: np.ndarray, g: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Linear:
    """``z = X w + b``: capacity p + 1."""

    def start(self, n_features: int, rng: np.random.Generator) -> np.ndarray:
        return np.zeros(n_features + 1)

    def forward(self, X: np.ndarray, w: np.ndarray) -> np.ndarray:
        return X @ w[1:] + w[0]

    def pullback(self, X: np.ndarray, w: np.ndarray, g: np.ndarray) -> np.ndarray:
        return np.concatenate([[g.sum()], X.T @ g])


@dataclass(frozen=True)
class Network:
    """One hidden layer, ``z = tanh(X A + a) v + b``: capacity grows with `width`."""

    width: int = 50

    def _parts(self, X: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, ...]:
        p, k = X.shape[1], self.width
        A, a, v = w[: p * k].reshape(p, k), w[p * k : p * k + k], w[p * k + k : -1]
        return A, a, v, np.tanh(X @ A + a)

    def start(self, n_features: int, rng: np.random.Generator) -> np.ndarray:
        inward = rng.normal(0.0, 1.0, n_features * self.width) / np.sqrt(n_features)
        outward = rng.normal(0.0, 1.0, self.width) / np.sqrt(self.width)
        return np.concatenate([inward, rng.normal(0.0, 1.0, self.width), outward, [0.0]])

    def forward(self, X: np.ndarray, w: np.ndarray) -> np.ndarray:
        _, _, v, hidden = self._parts(X, w)
        return hidden @ v + w[-1]

    def pullback(self, X: np.ndarray, w: np.ndarray, g: np.ndarray) -> np.ndarray:
        _, _, v, hidden = self._parts(X, w)
        inner = (g[:, None] * v) * (1.0 - hidden**2)  # n k
        return np.concatenate([(X.T @ inner).ravel(), inner.sum(axis=0), hidden.T @ g, [g.sum()]])


class ERM(RegressorMixin, Estimator):
    """Minimise the mean training loss of a model, ``min_w (1/n) sum_i l(y_i, f(x_i; w)) + alpha |w|^2 / 2``.

    Parameters
    ----------
    loss : part of `zhixing.losses`, optional
        Squared by default.  With `Logistic`, y is 0 or 1 and `predict` gives the probability.
    model : Model, optional
        `Linear()` by default, `Network(width)`, or any object with `start`, `forward`, `pullback`.
    alpha : float
        0 is empirical risk minimisation proper; above 0 it is structural.
    max_iter, tol : int, float
        Of L-BFGS; tol bounds the largest entry of the gradient.
    random_state : int, optional
        For the model's starting point.

    Attributes
    ----------
    coef_ : array
        Minimising parameters.
    risk_ : float
        Mean training loss at the minimum, without the penalty.
    history_ : History
        The objective by step.

    Notes
    -----
    Vapnik (1998), section 1.5.  A small training loss proves nothing where capacity is large: a
    wide network fits coin flips (Zhang et al. 2017), as the example shows.  Cost: one pass over X
    per step.

    >>> from zhixing.losses import Logistic
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(60, 5)), rng.integers(0, 2, 60).astype(float)  # nothing to learn
    >>> wide = ERM(Logistic(), Network(100), random_state=0).fit(X, y)
    >>> fresh = rng.normal(size=(2000, 5)), rng.integers(0, 2, 2000)
    >>> bool(np.mean((wide.predict(X) > 0.5) == y) == 1.0)  # memorised
    True
    >>> bool(abs(np.mean((wide.predict(fresh[0]) > 0.5) == fresh[1]) - 0.5) < 0.05)  # worthless
    True
    """

    def __init__(
        self,
        loss: Any = None,
        model: Any = None,
        *,
        alpha: float = 0.0,
        max_iter: int = 1000,
        tol: float = 1e-5,
        random_state: RandomState = None,
    ) -> None:
        self.loss = loss
        self.model = model
        self.alpha = alpha
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> ERM:
        """Minimise the mean loss on these rows; `sample_weight` is how often each occurs."""
        from sklearn.utils.validation import _check_sample_weight

        from ..losses import Squared

        X, y = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        loss = Squared() if self.loss is None else self.loss
        self.model_ = Linear() if self.model is None else self.model
        self.loss_ = loss
        share = np.ascontiguousarray(weight / weight.sum())
        truth = np.ascontiguousarray(y, dtype=np.float64)
        g, h = np.empty(len(y)), np.empty(len(y))
        self.history_ = History()

        def objective(w: np.ndarray) -> tuple[float, np.ndarray]:
            z = np.ascontiguousarray(self.model_.forward(X, w))
            risk, _ = pointwise(loss, truth, z, share, g, h)
            gradient = self.model_.pullback(X, w, g)
            return risk + 0.5 * self.alpha * float(w @ w), gradient + self.alpha * w

        found = optimize.minimize(
            objective,
            self.model_.start(X.shape[1], generator(self.random_state)),
            jac=True,
            method="L-BFGS-B",
            callback=lambda intermediate_result: self.history_.record(
                len(self.history_), objective=intermediate_result.fun
            ),
            options={"maxiter": self.max_iter, "gtol": self.tol, "ftol": 1e-15},
        )
        self.coef_ = found.x
        self.risk_ = float(found.fun - 0.5 * self.alpha * found.x @ found.x)
        self.n_iter_ = int(found.nit)
        return self

    def raw_predict(self, X: Any) -> np.ndarray:
        """The raw prediction z, which the loss compares with y."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return self.model_.forward(X, self.coef_)

    def predict(self, X: Any) -> np.ndarray:
        """The mean of y given z: z itself for squared loss, the probability for logistic."""
        z = self.raw_predict(X)
        return self.loss_.mean(z)
