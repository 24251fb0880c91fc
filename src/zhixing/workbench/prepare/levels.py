"""Categories: zeros and ones where there are few, means of the target where there are many."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import polars as pl

from ...core.quiet import quiet
from ...preprocessing import OneHotEncoder, StandardScaler, TargetEncoder
from ..writing import plural
from .block import Block, Feature

#: What a missing category is called: a level like any other.
MISSING = "(missing)"
#: What rare and unknown levels are called together.
OTHER = "(other)"


def words_of(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The columns with missing cells as a level of their own."""
    return frame.select(pl.col(columns).fill_null(MISSING))


class Levels(Block):
    """One column of zeros and ones per category.

    Categories of fewer than `rare` rows (never less than 2) share one column, which is also where
    a category goes that was never seen; where there are no rare ones, it is all zeros.
    """

    def __init__(
        self, columns: list[str] | None = None, rare: int | None = None, sparse: bool = False
    ) -> None:
        super().__init__(columns)
        self.rare = rare
        self.sparse = sparse

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> Any:
        rare = max(2, frame.height // 2000) if self.rare is None else self.rare
        self.encoder_ = OneHotEncoder(
            handle_unknown="infrequent_if_exist",
            min_frequency=rare,
            sparse_output=self.sparse,
            drop="if_binary",
        )
        return self.encoder_.fit_transform(words_of(frame, self.columns or []))

    def apply(self, frame: pl.DataFrame) -> Any:
        with quiet(UserWarning):
            # The model names unknown categories itself, column by column.
            return self.encoder_.transform(words_of(frame, self.columns or []))

    def features(self) -> list[Feature]:
        encoder, found = self.encoder_, []
        for j, column in enumerate(self.columns or []):
            for level in encoder._output_categories(j, dropped=False):
                name = OTHER if level == "infrequent_sklearn" else level
                found.append(Feature(f"{column} = {name}", column))
        return found

    def words(self) -> dict[str, str]:
        counts = Counter(feature.column for feature in self.features())
        return {c: f"one-hot, {plural(counts[c], 'feature')}" for c in self.columns or []}


class Means(Block):
    """Every category by the smoothed mean of the target, out of fold on the rows learned from."""

    def __init__(
        self, columns: list[str] | None = None, target_type: str = "auto", random_state: int = 0
    ) -> None:
        super().__init__(columns)
        self.target_type = target_type
        self.random_state = random_state

    def learn(self, frame: pl.DataFrame, y: Any, weight: np.ndarray | None) -> np.ndarray:
        self.encoder_ = TargetEncoder(
            target_type=self.target_type, random_state=self.random_state, cv=5
        )
        made = self.encoder_.fit_transform(words_of(frame, self.columns or []), y, weight)
        self.scaler_ = StandardScaler().fit(made, sample_weight=weight)
        return self.scaler_.transform(made)

    def apply(self, frame: pl.DataFrame) -> np.ndarray:
        made = self.encoder_.transform(words_of(frame, self.columns or []))
        return self.scaler_.transform(made)

    def features(self) -> list[Feature]:
        classes = self.encoder_.classes_ if self.encoder_.target_type_ == "multiclass" else None
        if classes is None:
            return [Feature(f"{c}: mean of the target", c) for c in self.columns or []]
        return [Feature(f"{c}: share of class {k}", c) for c in self.columns or [] for k in classes]

    def words(self) -> dict[str, str]:
        said = "mean of the target by category, out of fold, standardised"
        return dict.fromkeys(self.columns or [], said)
