"""Texts: TF-IDF of words and pairs of words."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from ...preprocessing import TextVectorizer
from .block import Block, Feature

#: Longer texts, in characters, go without pairs: they cost time and memory and add little.
LONG = 400


class Texts(Block):
    """One TF-IDF matrix per column: 1 + log(count) times idf, rows of length 1.

    Words and pairs of words; of Chinese, every character is a word and pairs stand for words.
    Terms of a single row are dropped, the `size` most frequent are kept.
    """

    def __init__(self, columns: list[str] | None = None, size: int = 30_000) -> None:
        super().__init__(columns)
        self.size = size

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> Any:
        self.vectorizers_, made = [], []
        for name in self.columns or []:
            texts = frame[name].fill_null("")
            long = float(texts.str.len_chars().mean() or 0.0) > LONG  # type: ignore[arg-type]
            vectorizer = TextVectorizer(
                ngram_range=(1, 1) if long else (1, 2),
                min_df=2 if texts.len() > 50 else 1,
                max_features=self.size,
                sublinear_tf=True,
            )
            made.append(vectorizer.fit_transform(texts.to_frame()))
            self.vectorizers_.append(vectorizer)
        return sparse.hstack(made, format="csr") if len(made) > 1 else made[0]

    def apply(self, frame: pl.DataFrame) -> Any:
        made = [
            vectorizer.transform(frame[name].fill_null("").to_frame())
            for name, vectorizer in zip(self.columns or [], self.vectorizers_)
        ]
        return sparse.hstack(made, format="csr") if len(made) > 1 else made[0]

    def features(self) -> list[Feature]:
        return [
            Feature(f"{name}: {term}", name)
            for name, vectorizer in zip(self.columns or [], self.vectorizers_)
            for term in vectorizer.tokens_[0]
        ]

    def words(self) -> dict[str, str]:
        said = {}
        for column, vectorizer in zip(self.columns or [], self.vectorizers_):
            pairs = " and pairs" if vectorizer.ngram_range[1] > 1 else ""
            said[column] = f"TF-IDF of {len(vectorizer.tokens_[0]):,} words{pairs}"
        return said
