"""Columns for trees, nearly as they are: gaps stay gaps, categories are codes, nothing is scaled."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from sklearn.utils.extmath import randomized_svd

from ...preprocessing import OrdinalEncoder
from .block import Block, Feature, matrix
from .levels import words_of
from .texts import Texts

#: Directions kept of one text column.
DIRECTIONS = 30


class Plain(Block):
    """Numbers and booleans, missing ones as NaN: a tree learns on which side they belong."""

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> np.ndarray:
        return self.apply(frame)

    def apply(self, frame: pl.DataFrame) -> np.ndarray:
        return matrix(frame, self.columns or [])

    def encode(self, X: np.ndarray) -> np.ndarray:
        """`apply` for rows that are a matrix already."""
        return X

    def features(self) -> list[Feature]:
        return [Feature(c, c) for c in self.columns or []]

    def words(self) -> dict[str, str]:
        return dict.fromkeys(self.columns or [], "as it is")


class Codes(Block):
    """Categories as numbers without a meaning, which trees split into sets.

    A missing cell is a category; those of fewer than `rare` rows (never less than 2) share a code, and a
    category that was never seen is NaN.
    """

    def __init__(self, columns: list[str] | None = None, rare: int | None = None) -> None:
        super().__init__(columns)
        self.rare = rare

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> np.ndarray:
        rare = max(2, frame.height // 2000) if self.rare is None else self.rare
        self.encoder_ = OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=np.nan, min_frequency=rare
        )
        return self.encoder_.fit_transform(words_of(frame, self.columns or []))

    def apply(self, frame: pl.DataFrame) -> np.ndarray:
        return self.encoder_.transform(words_of(frame, self.columns or []))

    def features(self) -> list[Feature]:
        return [Feature(c, c) for c in self.columns or []]

    def words(self) -> dict[str, str]:
        counts = map(len, self.encoder_.categories_)
        return {
            c: f"a code for each of {n:,} categories" for c, n in zip(self.columns or [], counts)
        }


class Directions(Block):
    """A text's place along the leading directions of all texts: latent semantic analysis.

    TF-IDF as `Texts` makes it, times its first right singular vectors (Deerwester et al. 1990).
    """

    def __init__(self, columns: list[str] | None = None, size: int = 30_000) -> None:
        super().__init__(columns)
        self.size = size

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> np.ndarray:
        self.texts_ = [Texts([name], self.size) for name in self.columns or []]
        self.directions_, made = [], []
        for texts in self.texts_:
            terms = texts.learn(frame, y, weight)
            k = min(DIRECTIONS, min(terms.shape) - 1)
            if k < 1:
                axes = np.zeros((0, terms.shape[1]), np.float32)
            else:
                axes = randomized_svd(terms, k, n_iter=3, random_state=0)[2].astype(np.float32)
            self.directions_.append(axes)
            made.append(terms @ axes.T)
        return np.hstack(made)

    def apply(self, frame: pl.DataFrame) -> np.ndarray:
        parts = zip(self.texts_, self.directions_)
        return np.hstack([texts.apply(frame) @ axes.T for texts, axes in parts])

    def features(self) -> list[Feature]:
        return [
            Feature(f"{name}: direction {i + 1}", name)
            for name, axes in zip(self.columns or [], self.directions_)
            for i in range(len(axes))
        ]

    def words(self) -> dict[str, str]:
        return {
            name: f"{len(axes)} directions of its TF-IDF"
            for name, axes in zip(self.columns or [], self.directions_)
        }
