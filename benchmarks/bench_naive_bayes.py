"""Naive Bayes against scikit-learn: fit and predict on the same rows, log loss beside time."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn import naive_bayes as theirs

from zhixing import naive_bayes as ours

from .registry import Contest, benchmark


def contest(name: str, X: Any, y: np.ndarray, **parameters: Any) -> Contest:
    """Fit, then predict the probabilities of all rows; quality is their log loss."""

    def work(package: Any) -> np.ndarray:
        model = getattr(package, name)(**parameters).fit(X, y)
        return model.predict_proba(X)[np.arange(len(y)), np.searchsorted(model.classes_, y)]

    return Contest(
        contestants={"zhixing": lambda: work(ours), "scikit-learn": lambda: work(theirs)},
        quality="log loss",
        evaluate=lambda p: -float(np.mean(np.log(np.maximum(p, 1e-300)))),  # type: ignore[arg-type]
        tolerance=1e-5,
        repeats=4,
    )


def classes(rng: np.random.Generator, n: int, k: int) -> np.ndarray:
    return rng.integers(0, k, n)


@benchmark("GaussianNB, 500k x 40, 2 classes")
def gaussian() -> Contest:
    rng = np.random.default_rng(0)
    y = classes(rng, 500_000, 2)
    return contest("GaussianNB", rng.normal(size=(len(y), 40)) + 0.1 * y[:, None], y)


@benchmark("GaussianNB, 200k x 50 in float32, 10 classes")
def gaussian_many() -> Contest:
    rng = np.random.default_rng(1)
    y = classes(rng, 200_000, 10)
    X = rng.normal(size=(len(y), 50)) + 0.1 * y[:, None]
    return contest("GaussianNB", X.astype(np.float32), y)


@benchmark("MultinomialNB, sparse text 20k x 100k, 20 classes")
def multinomial() -> Contest:
    rng = np.random.default_rng(2)
    n, p, words = 20_000, 100_000, 120
    y = classes(rng, n, 20)
    columns = np.minimum(rng.zipf(1.3, size=(n, words)) + 50 * y[:, None], p) - 1
    rows = np.repeat(np.arange(n), words)
    X = sparse.csr_matrix((np.ones(n * words), (rows, columns.ravel())), shape=(n, p))
    return contest("MultinomialNB", X, y)


@benchmark("BernoulliNB, 300k x 60 with a threshold, 3 classes")
def bernoulli() -> Contest:
    rng = np.random.default_rng(3)
    y = classes(rng, 300_000, 3)
    return contest("BernoulliNB", rng.normal(size=(len(y), 60)) + 0.1 * y[:, None], y)


@benchmark("CategoricalNB, 300k x 30 of 12 categories, 3 classes")
def categorical() -> Contest:
    rng = np.random.default_rng(4)
    y = classes(rng, 300_000, 3)
    X = (rng.integers(0, 10, size=(len(y), 30)) + y[:, None]).astype(np.int64)
    return contest("CategoricalNB", X, y)


@benchmark("ComplementNB, counts 200k x 100, 5 classes")
def complement() -> Contest:
    rng = np.random.default_rng(5)
    y = classes(rng, 200_000, 5)
    return contest("ComplementNB", rng.poisson(1.0 + 0.1 * y[:, None], (len(y), 100)), y)
