"""A table to a matrix, each kind of column in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse
from sklearn.base import TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ...core.estimator import Estimator
from ...core.random import seed
from .block import Block, Feature
from .dates import Dates
from .levels import Levels, Means
from .native import Codes, Directions, Plain
from .numbers import Numbers
from .texts import Texts


class Preparation(TransformerMixin, Estimator):
    """Columns of a table to the columns of a matrix, learned from the rows given to `fit` alone.

    numeric, boolean: imputed and flagged, scaled, power transformed beside it where skewed;
    categorical: one-hot up to `one_hot` levels, above it the out-of-fold mean of the target;
    datetime: days elapsed and places in the year, week and day; text: TF-IDF.  What occurs only
    once or never among the rows learned from is left out.  With `native`, for trees: numbers as they
    are, categories as codes, texts along their leading directions.

    Parameters
    ----------
    kinds : mapping of column to kind
        ``numeric, boolean, categorical, datetime, text``; other kinds are not used.  The columns
        are those of `zhixing.data.Table.X`, one dtype per kind.
    one_hot : int, default=60
        The most levels that get a column each.
    skewed : float, default=1.0
        Absolute skewness above which a power transform is tried.
    knots : int, default=0
        Knots of a linear spline of every number, beside the number itself.
    text_features : int, default=30000
        The most terms kept of one text column.
    native : bool, default=False
    target_type : {"auto", "continuous", "binary", "multiclass"}
        Of the mean encoding.
    random_state : int or None

    Attributes
    ----------
    blocks_ : list of Block
    is_sparse_ : bool
        CSR output: with texts, and where more than 1,000 columns are mostly zeros.
    left_out_ : dict of column to reason

    Notes
    -----
    ``fit_transform(frame, y)`` is not ``fit(frame, y).transform(frame)`` where categories are
    encoded by means: the first uses statistics that do not contain the row's own target.
    Memory: the matrix, and one column at a time.

    >>> frame = pl.DataFrame({"size": [1.0, 2.0, None, 4.0], "town": ["A", "B", "A", "B"]})
    >>> made = Preparation({"size": "numeric", "town": "categorical"}).fit(frame, [0, 1, 0, 1])
    >>> made.get_feature_names_out().tolist()
    ['size', 'size missing', 'town = B']
    """

    def __init__(
        self,
        kinds: Mapping[str, str] | None = None,
        *,
        one_hot: int = 60,
        skewed: float = 1.0,
        knots: int = 0,
        text_features: int = 30_000,
        native: bool = False,
        target_type: str = "auto",
        random_state: int | None = 0,
    ) -> None:
        self.kinds = kinds
        self.one_hot = one_hot
        self.skewed = skewed
        self.knots = knots
        self.text_features = text_features
        self.native = native
        self.target_type = target_type
        self.random_state = random_state

    def fit(self, frame: pl.DataFrame, y: Any, sample_weight: Any = None) -> Preparation:
        """Learn from these rows."""
        self._learn(frame, y, sample_weight)
        return self

    def fit_transform(self, frame: pl.DataFrame, y: Any, sample_weight: Any = None) -> Any:  # type: ignore[override]
        """Learn from these rows and return them as a model should see them."""
        return self._learn(frame, y, sample_weight)

    def _learn(self, frame: pl.DataFrame, y: Any, weight: Any) -> Any:
        self.left_out_: dict[str, str] = {}
        by_block = self._sort(frame)
        self.blocks_ = self._blocks(by_block)
        made = [block.learn(frame, y, weight) for block in self.blocks_]
        width = sum(part.shape[1] for part in made)
        levels = sum(
            part.shape[1] for block, part in zip(self.blocks_, made) if isinstance(block, Levels)
        )
        self.is_sparse_ = any(sparse.issparse(part) for part in made) or (
            width > 1000 and levels > 0.95 * width
        )
        for block in self.blocks_:
            if isinstance(block, Levels):
                block.encoder_.sparse_output = self.is_sparse_
        self.n_features_in_ = len(self.kinds or {})
        return self._join(made)

    def _sort(self, frame: pl.DataFrame) -> dict[str, list[str]]:
        """Columns by the block that takes them; those with nothing to learn are left out."""
        sorted_: dict[str, list[str]] = {}
        kinds = self.kinds or {}
        counts = frame.select(pl.col(list(kinds)).n_unique()).row(0) if kinds else ()
        gaps = frame.select(pl.col(list(kinds)).null_count()).row(0) if kinds else ()
        for (name, kind), distinct, missing in zip(kinds.items(), counts, gaps):
            if distinct < 2 or (distinct == 2 and missing and kind == "text"):
                self.left_out_[name] = "constant"
                continue
            if kind == "categorical":
                kind = "levels" if distinct <= self.one_hot else "means"
            elif kind in ("numeric", "boolean"):
                kind = "numbers"
            sorted_.setdefault(kind, []).append(name)
        return sorted_

    def _blocks(self, columns: dict[str, list[str]]) -> list[Block]:
        made: list[Block] = []
        if names := columns.get("numbers"):
            made.append(Plain(names) if self.native else Numbers(names, self.skewed, self.knots))
        if names := columns.get("datetime"):
            made.append(Dates(names))
        if names := columns.get("levels"):
            made.append(Codes(names) if self.native else Levels(names))
        if names := columns.get("means"):
            made.append(Means(names, self.target_type, seed(self.random_state)))
        if names := columns.get("text"):
            made.append((Directions if self.native else Texts)(names, self.text_features))
        return made

    def _join(self, parts: list[Any]) -> Any:
        if self.is_sparse_:
            return sparse.hstack([sparse.csr_array(part) for part in parts], format="csr")
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return np.empty((0, 0))
        return np.hstack(parts)

    def transform(self, frame: pl.DataFrame) -> Any:
        """The rows as a matrix, float64, dense or CSR."""
        check_is_fitted(self, "blocks_")
        return self._join([block.apply(frame) for block in self.blocks_])

    def features(self) -> list[Feature]:
        """Name and origin of every column of the matrix."""
        return [feature for block in self.blocks_ for feature in block.features()]

    def categorical(self) -> np.ndarray:
        """Which columns of the matrix are codes of categories."""
        kinds = [np.full(len(b.features()), isinstance(b, Codes)) for b in self.blocks_]
        return np.concatenate(kinds) if kinds else np.zeros(0, bool)

    def blocks_columns(self) -> list[str]:
        """Columns that enter the matrix."""
        return [name for block in self.blocks_ for name in block.columns or []]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Names of the matrix's columns."""
        check_is_fitted(self, "blocks_")
        return np.array([feature.name for feature in self.features()], dtype=object)

    def words(self) -> dict[str, str]:
        """What is done to every column, in a few words."""
        said = {name: words for block in self.blocks_ for name, words in block.words().items()}
        return said | {name: f"left out: {why}" for name, why in self.left_out_.items()}
