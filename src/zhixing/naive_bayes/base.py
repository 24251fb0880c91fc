"""What every naive Bayes classifier does with the joint log probability of rows and classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.random import RandomState, generator
from .classes import known_codes


class NaiveBayes(ClassifierMixin, Estimator):
    """Decides by P(c | x) proportional to P(c) P(x | c), features independent within a class.

    A member gives `_checked(X)`, the rows as it reads them, `_joint(X)`, log P(c) + log P(x | c) of
    shape (n, k), and `_draw(codes, rng)`, rows drawn from the classes.
    """

    classes_: np.ndarray
    n_features_in_: int

    def _checked(self, X: Any) -> Any:
        raise NotImplementedError

    def _joint(self, X: Any) -> np.ndarray:
        raise NotImplementedError

    def _draw(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        raise NotImplementedError

    def _class_probabilities(self) -> np.ndarray:
        raise NotImplementedError

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the fitted arrays that compiled loops read without checking."""
        raise NotImplementedError

    def _check_loaded(self) -> None:
        """Refuse attributes from a model file that do not fit one another."""
        if "classes_" not in vars(self):
            return
        for name, shape in self._shapes().items():
            held = getattr(self, name)
            if np.shape(held) != shape or np.asarray(held).dtype.kind not in "fi":
                raise InputError(f"{type(self).__name__}.{name} is not an array of shape {shape}")

    def predict_joint_log_proba(self, X: Any) -> np.ndarray:
        """log P(c) + log P(x | c), of shape (n, k) in the order of `classes_`."""
        check_is_fitted(self)
        return self._joint(self._checked(X))

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Logarithms of `predict_proba`, without underflow."""
        joint = self.predict_joint_log_proba(X)
        return joint - np.logaddexp.reduce(joint, axis=1, keepdims=True)

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of every class, (n, k) in the order of `classes_`."""
        joint = self.predict_joint_log_proba(X)
        joint -= joint.max(axis=1, keepdims=True)
        np.exp(joint, out=joint)
        joint /= joint.sum(axis=1, keepdims=True)
        return joint

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class of every row."""
        best = self.predict_joint_log_proba(X).argmax(axis=1)
        return self.classes_[best]

    def sample(
        self, n_samples: int = 1, y: Any = None, random_state: RandomState = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rows drawn from the fitted model, with their classes.

        Parameters
        ----------
        n_samples : int
            How many; ignored where `y` is given.
        y : array of labels, optional
            The class of every row to draw; without it classes are drawn from the prior.
        random_state : seed, optional

        Returns
        -------
        X of shape (n_samples, n_features), y of shape (n_samples,).
        """
        check_is_fitted(self)
        rng = generator(random_state)
        if y is None:
            prior = self._class_probabilities()
            codes = rng.choice(len(self.classes_), size=n_samples, p=prior / prior.sum())
        else:
            codes = known_codes(np.asarray(y), self.classes_)
        return self._draw(codes, rng), self.classes_[codes]
