"""Data of the benchmarks: synthetic, seeded, and real text where it is at hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import scipy.sparse as sp

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def features(n: int, p: int, seed: int = 0) -> np.ndarray:
    """Columns of different scale and mean, mildly correlated."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    X[:, 1:] += 0.3 * X[:, :-1]
    return X * rng.uniform(0.5, 2.0, p) + rng.normal(size=p)


def classes(X: np.ndarray, k: int, seed: int = 1) -> np.ndarray:
    """Labels drawn from a softmax model of X."""
    rng = np.random.default_rng(seed)
    Z = (X - X.mean(axis=0)) @ rng.normal(size=(X.shape[1], k)) * 0.3
    return np.argmax(Z + rng.gumbel(size=Z.shape), axis=1)


@cache
def text() -> tuple[sp.csr_matrix, np.ndarray, str]:
    """TF-IDF of the 20-newsgroups training posts, or Zipf-distributed words where they are absent."""
    file = SHARED / "newsgroups20.parquet"
    if file.exists():
        import polars as pl
        from sklearn.feature_extraction.text import TfidfVectorizer

        frame = pl.read_parquet(file).filter(pl.col("split") == "train")
        X = TfidfVectorizer().fit_transform(frame["text"].to_list())
        y = np.unique(frame["target"].to_list(), return_inverse=True)[1]
        return sp.csr_matrix(X), y, "20 newsgroups"
    rng = np.random.default_rng(0)
    n, p, k = 11_314, 100_000, 20
    y = rng.integers(k, size=n)
    words = np.minimum(
        rng.zipf(1.3, size=(n, 160)) + 37 * y[:, None] * (rng.random((n, 160)) < 0.1), p
    )
    rows = np.repeat(np.arange(n), 160)
    X = sp.csr_matrix((np.ones(rows.size), (rows, words.ravel() - 1)), shape=(n, p))
    norms = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags_array(1 / norms) @ X), y, "synthetic words"
