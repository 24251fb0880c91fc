"""Bayes' rule with any density for every class and feature."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ..core.arrays import rows_contiguous
from ..core.errors import InputError
from ..core.parallel import each
from ..core.part import needs
from ..core.validation import rows
from ..data.check import check_fit
from ..densities import Gaussian, check_domain
from ..kernels.class_densities import class_log_densities, class_statistics
from .base import NaiveBayes
from .classes import class_codes, first_call, known_codes
from .pieces import pieces, steps
from .priors import check_priors


class BayesClassifier(NaiveBayes):
    """The class of greatest posterior, P(c) prod_j p(x_j | theta_cj), for a density p of choice.

    Parameters
    ----------
    density : density, optional
        A part of `zhixing.densities`; `Gaussian` by default.
    priors : array of shape (n_classes,), optional
        P(c); by default the classes' shares of the weight.
    missing : {"error", "marginalize"}, default="error"
        What a NaN means: refused, or a feature not observed, which drops out of sums and products.

    Attributes
    ----------
    theta_ : ndarray of shape (n_classes, n_features, n_params)
        The density's parameters.
    class_count_, class_prior_ : ndarray of shape (n_classes,)
    classes_, n_features_in_, feature_names_in_

    Notes
    -----
    One pass, chunks merged in order: the same bits for any number of threads.  O(n p) to fit, O(n p
    k) to predict.  `GaussianNB` is the choice `Gaussian` with a faster loop and scikit-learn's
    smoothing, `BernoulliNB` the choice `Bernoulli` for sparse data; scikit-learn has no form that
    takes a density.

    Source: Duda, Hart and Stork (2001), "Pattern classification", eq. 2.1.

    Examples
    --------
    >>> from zhixing.densities import Poisson
    >>> model = BayesClassifier(Poisson()).fit([[0, 9], [1, 7], [4, 1], [6, 2]], [0, 0, 1, 1])
    >>> model.theta_[..., 0].round(2)
    array([[0.5, 8. ],
           [5. , 1.5]])
    >>> model.predict([[0, 8], [5, 0]])
    array([0, 1])
    """

    def __init__(
        self,
        density: Any = None,
        *,
        priors: Any = None,
        missing: Literal["error", "marginalize"] = "error",
    ) -> None:
        self.density = density
        self.priors = priors
        self.missing = missing

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> BayesClassifier:
        """Fit on X (n, p) and labels y (n,), with weights that count as repetitions."""
        X, y, weight = self._check_fit(X, y, sample_weight, True)
        self.classes_, codes = class_codes(y)
        self._sums = None
        return self._update(X, codes, weight)

    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> BayesClassifier:
        """Merge one more chunk; `classes` names every class in the first call."""
        first = first_call(self, classes)
        X, y, weight = self._check_fit(X, y, sample_weight, first)
        if first:
            self._sums = None
        return self._update(X, known_codes(y, self.classes_), weight)

    def _density(self) -> Any:
        density = Gaussian() if self.density is None else self.density
        needs(density, "add", "log_density", "estimate", by="BayesClassifier")
        return density

    def _check_fit(self, X: Any, y: Any, sample_weight: Any, first: bool) -> tuple[Any, Any, Any]:
        if self.missing not in ("error", "marginalize"):
            raise InputError(f"missing={self.missing!r} is neither 'error' nor 'marginalize'")
        finite = "allow-nan" if self.missing == "marginalize" else True
        density = self._density()
        X, y, weight = check_fit(
            self, X, y, sample_weight, sparse=False, reset=first, ensure_all_finite=finite
        )
        check_domain(density, X)
        return X, y, np.ones(len(y)) if weight is None else weight

    def _update(self, X: np.ndarray, codes: np.ndarray, weight: np.ndarray) -> BayesClassifier:
        density, k, (n, p) = self._density(), len(self.classes_), X.shape

        def chunk(cut: slice) -> np.ndarray:
            sums = np.zeros((k, p, density.n_stats))
            for s in steps(cut, p):
                held = rows_contiguous(X[s], np.float64)
                class_statistics(density, held, codes[s], weight[s], sums)
            return sums

        parts = each(chunk, pieces(n, n * p, density.n_stats * k * p))
        count = np.bincount(codes, weight, minlength=k)
        if self._sums is None:
            self.class_count_ = count
        else:
            parts.insert(0, self._sums)
            self.class_count_ = self.class_count_ + count
        total = parts[0]
        for other in parts[1:]:
            total = density.merge(total, other)
        self._sums: np.ndarray | None = total
        self.theta_ = density.estimate(total)
        share = self.class_count_ / self.class_count_.sum()
        self.class_prior_ = share if self.priors is None else check_priors(self.priors, k)
        return self

    def _checked(self, X: Any) -> np.ndarray:
        X = rows(self, X, nan=self.missing == "marginalize")
        check_domain(self._density(), X)
        return X

    def _joint(self, X: np.ndarray) -> np.ndarray:
        density, n, k = self._density(), len(X), len(self.classes_)
        with np.errstate(divide="ignore"):
            out = np.tile(np.log(self.class_prior_), (n, 1))

        def chunk(s: slice) -> None:
            held = rows_contiguous(X[s], np.float64)
            class_log_densities(density, held, self.theta_, out[s])

        each(chunk, pieces(n, 16 * k * X.size, 1))
        return out

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        density, k, p = self._density(), len(self.classes_), self.n_features_in_
        return {
            "theta_": (k, p, density.n_params),
            "_sums": (k, p, density.n_stats),
            "class_prior_": (k,),
        }

    def _class_probabilities(self) -> np.ndarray:
        return self.class_prior_

    def _draw(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return self._density().draw(self.theta_[codes], rng)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = self.missing == "marginalize"
        tags.input_tags.positive_only = getattr(self.density, "domain", "real") != "real"
        return tags
