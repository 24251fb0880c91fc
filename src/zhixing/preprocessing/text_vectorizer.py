"""Texts as weighted counts of their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from numbers import Integral
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from scipy import sparse as sp
from sklearn.base import TransformerMixin
from sklearn.utils.validation import (
    _check_feature_names_in,
    check_array,
    check_is_fitted,
    validate_data,
)

from ..core.estimator import Estimator
from .grams import Grams, count_grams
from .one_hot_rows import sparse_interface
from .tokens import cut

_FEW_ROWS = 16  # below, plain Python costs less than arrays


class TextVectorizer(TransformerMixin, Estimator):
    """Turn texts into TF-IDF rows: counts of words or characters, rare ones weighted up.

    With tf the count of a token in a text (1 + log count if `sublinear_tf`), df the number of
    texts that hold it and n their number::

        value = tf (1 + log((1 + n) / (1 + df))),   then every row divided by its norm

    Parameters
    ----------
    analyzer : {"word", "char"}, default="word"
        A word has two or more letters, digits or underscores; every Han character is a token by
        itself.  "char" counts characters.
    ngram_range : (int, int), default=(1, 1)
        (1, 2) adds pairs, which for Chinese stand for words.
    lowercase : bool, default=True
    max_features : int or None, default=20_000
        Tokens kept per column, the most frequent ones (the first in order of several).
    min_df, max_df : int or float, default=1 and 1.0
        Fewest and most texts (or share of them) that may hold a token.
    stop_words : iterable of str or None, default=None
    binary, use_idf, smooth_idf, sublinear_tf : bool, default=False, True, True, False
    norm : {"l2", "l1"} or None, default="l2"
        By column of texts.
    dtype : float type, default=float64

    Attributes
    ----------
    tokens_ : list of ndarray of str
        Tokens of every column, sorted.
    idf_ : list of ndarray

    Notes
    -----
    Takes a list or series of texts, or a table of text columns (each has a vocabulary of its own).
    Missing values are empty texts, other values are taken by their ``str``.
    Differs from scikit-learn's ``TfidfVectorizer`` in the cap on features, in Han characters, in
    taking tables, in counting any white space as one space, and in
    storing no dictionary.  Texts are cut and counted as arrays of code
    points; a string is made only of the tokens kept.  O(characters n-gram sizes) time and memory.

    Examples
    --------
    >>> vectorizer = TextVectorizer(ngram_range=(1, 2)).fit(["知行合一", "know and do"])
    >>> vectorizer.tokens_[0].tolist()
    ['and', 'and do', 'do', 'know', 'know and', '一', '合', '合一', '知', '知行', '行', '行合']
    >>> vectorizer.transform(["do know"]).toarray().round(2)[0, :5]
    array([0.  , 0.  , 0.71, 0.71, 0.  ])
    """

    def __init__(
        self,
        *,
        analyzer: str = "word",
        ngram_range: tuple[int, int] = (1, 1),
        lowercase: bool = True,
        max_features: int | None = 20_000,
        min_df: int | float = 1,
        max_df: int | float = 1.0,
        stop_words: Iterable[str] | None = None,
        binary: bool = False,
        use_idf: bool = True,
        smooth_idf: bool = True,
        sublinear_tf: bool = False,
        norm: str | None = "l2",
        dtype: Any = np.float64,
    ) -> None:
        self.analyzer = analyzer
        self.ngram_range = ngram_range
        self.lowercase = lowercase
        self.max_features = max_features
        self.min_df = min_df
        self.max_df = max_df
        self.stop_words = stop_words
        self.binary = binary
        self.use_idf = use_idf
        self.smooth_idf = smooth_idf
        self.sublinear_tf = sublinear_tf
        self.norm = norm
        self.dtype = dtype

    def fit(self, X: Any, y: Any = None) -> TextVectorizer:
        """Learn vocabulary and weights of every column."""
        self._learn(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **params: Any) -> Any:
        """`fit` and `transform` with one cutting of the texts."""
        return self._weighted(self._learn(X))

    def _learn(self, X: Any) -> list[Any]:
        low, high = self.ngram_range
        if self.analyzer not in ("word", "char"):
            raise ValueError(f"analyzer must be 'word' or 'char', got {self.analyzer!r}")
        if not 1 <= low <= high:
            raise ValueError(f"ngram_range must be 1 <= low <= high, got {self.ngram_range!r}")
        if self.norm not in ("l1", "l2", None):
            raise ValueError(f"norm must be 'l1', 'l2' or None, got {self.norm!r}")
        if self.max_features is not None and self.max_features < 1:
            raise ValueError(f"max_features must be None or at least 1, got {self.max_features}")
        for name, limit in (("min_df", self.min_df), ("max_df", self.max_df)):
            if limit < 0 or (not isinstance(limit, Integral) and limit > 1):
                raise ValueError(
                    f"{name} must be a whole number from 0 on or a share from 0 to 1, got {limit}"
                )
        columns = self._texts(X, fitting=True)
        self.tokens_: list[np.ndarray] = []
        self.idf_: list[np.ndarray] = []
        return [self._learn_column(texts) for texts in columns]

    def _learn_column(self, texts: list[str]) -> sp.csr_matrix:
        grams = count_grams(texts, self.analyzer, self._sizes(), self._stop())
        n, counts = len(texts), grams.counts
        width = counts.shape[1]
        df = np.bincount(counts.indices, minlength=width)
        total = np.bincount(counts.indices, weights=counts.data, minlength=width)
        least = self.min_df if isinstance(self.min_df, Integral) else self.min_df * n
        most = self.max_df if isinstance(self.max_df, Integral) else self.max_df * n
        chosen = np.flatnonzero((df >= least) & (df <= most))
        chosen = self._most_frequent(chosen, total, grams)
        spelled = grams.spell(chosen)
        order = np.array(sorted(range(len(spelled)), key=spelled.__getitem__), dtype=np.int64)
        tokens = np.empty(len(order), object)
        tokens[:] = [spelled[k] for k in order]
        self.tokens_.append(tokens)
        chosen = chosen[order]
        extra = 1.0 if self.smooth_idf else 0.0
        idf = (
            np.log((n + extra) / (df[chosen] + extra)) + 1.0
            if self.use_idf
            else np.ones(len(chosen))
        )
        self.idf_.append(idf.astype(self.dtype))
        place = np.full(width, -1, np.int32)
        place[chosen] = np.arange(len(chosen))
        return self._placed(counts, place, len(chosen))

    def _most_frequent(self, chosen: np.ndarray, total: np.ndarray, grams: Grams) -> np.ndarray:
        """At most `max_features` columns; of equally frequent grams the first in order."""
        most = self.max_features
        if most is None or len(chosen) <= most:
            return chosen
        threshold = np.partition(total[chosen], len(chosen) - most)[len(chosen) - most]
        above = chosen[total[chosen] > threshold]
        tied = chosen[total[chosen] == threshold]
        spelled = grams.spell(tied)
        order = sorted(range(len(tied)), key=spelled.__getitem__)[: most - len(above)]
        return np.concatenate([above, tied[np.array(order, dtype=np.int64)]])

    def _placed(self, counts: sp.csr_matrix, place: np.ndarray, width: int) -> sp.csr_matrix:
        """The columns that have a place, in their places."""
        at = place[counts.indices]
        known = at >= 0
        kept = np.concatenate([[0], np.cumsum(known)])
        parts = (counts.data[known].astype(self.dtype), at[known], kept[counts.indptr])
        made = sp.csr_matrix(parts, shape=(counts.shape[0], width))
        made.sort_indices()
        return made

    def _sizes(self) -> tuple[int, int]:
        low, high = self.ngram_range
        return int(low), int(high)

    def _stop(self) -> frozenset[str]:
        return frozenset(self.stop_words or ())

    def _count_many(self, texts: list[str], j: int) -> sp.csr_matrix:
        """Counts over the vocabulary: it is cut as texts of their own in front of the others, so
        that no gram of the new texts is ever spelled."""
        tokens = self.tokens_[j].tolist()
        counts = count_grams([*tokens, *texts], self.analyzer, self._sizes(), self._stop()).counts
        place = np.full(counts.shape[1], -1, np.int32)
        heads = counts.indptr[: len(tokens)]
        if len(tokens):
            # The longest gram of a token's own text is the token.
            place[np.maximum.reduceat(counts.indices[: counts.indptr[len(tokens)]], heads)] = (
                np.arange(len(tokens))
            )
        return self._placed(counts[len(tokens) :], place, len(tokens))

    def transform(self, X: Any) -> Any:
        """TF-IDF rows of new texts; unknown tokens are left out."""
        check_is_fitted(self)
        columns = self._texts(X, fitting=False)
        few = len(columns[0]) <= _FEW_ROWS
        counted = [
            self._count_few(texts, j) if few else self._count_many(texts, j)
            for j, texts in enumerate(columns)
        ]
        return self._weighted(counted)

    def _count_few(self, texts: list[str], j: int) -> sp.csr_matrix:
        known = _tables(self)[j]
        indptr, indices, data = [0], [], []
        stop = self._stop()
        for text in texts:
            grams = cut(text, self.analyzer, self._sizes(), stop)
            counts = Counter(known[gram] for gram in grams if gram in known)
            for at in sorted(counts):
                indices.append(at)
                data.append(counts[at])
            indptr.append(len(indices))
        shape = (len(texts), len(self.tokens_[j]))
        parts = (
            np.array(data, self.dtype),
            np.array(indices, np.int32),
            np.array(indptr, np.int32),
        )
        return sp.csr_matrix(parts, shape=shape)

    def _weighted(self, counted: list[Any]) -> Any:
        for counts, idf in zip(counted, self.idf_):
            data = counts.data
            if self.binary:
                data[:] = 1
            if self.sublinear_tf:
                np.log(data, out=data)
                data += 1
            if self.use_idf:
                data *= idf[counts.indices]
            if self.norm is not None and data.size:
                rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
                size = np.bincount(
                    rows,
                    weights=data * data if self.norm == "l2" else np.abs(data),
                    minlength=counts.shape[0],
                )
                size = np.sqrt(size) if self.norm == "l2" else size
                data /= size[rows].astype(data.dtype)
        out = counted[0] if len(counted) == 1 else sp.hstack(counted, format="csr")
        return out if sparse_interface() == "spmatrix" else sp.csr_array(out)

    def _texts(self, X: Any, *, fitting: bool) -> list[list[str]]:
        if isinstance(X, str):
            raise ValueError("Iterable over raw text documents expected, string object received.")
        columns = _text_columns(X)
        if not columns or not columns[0]:
            raise ValueError(
                f"Found array with {len(columns[0]) if columns else 0} sample(s) and "
                f"{len(columns)} feature(s) while a minimum of 1 is required by TextVectorizer."
            )
        if getattr(X, "ndim", 1) == 2 or hasattr(X, "columns"):
            validate_data(self, X=X, reset=fitting, skip_check_array=True)
        elif fitting:
            self.n_features_in_ = len(columns)
            if hasattr(self, "feature_names_in_"):
                del self.feature_names_in_
        if len(columns) != self.n_features_in_:
            raise ValueError(
                f"X has {len(columns)} features, but TextVectorizer is expecting "
                f"{self.n_features_in_} features as input."
            )
        plain = [["" if _absent(v) else str(v) for v in column] for column in columns]
        return [[v.lower() for v in column] for column in plain] if self.lowercase else plain

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """``name_token``; only the token for a single column without a name."""
        check_is_fitted(self)
        if input_features is None and not hasattr(self, "feature_names_in_"):
            if self.n_features_in_ == 1:
                return self.tokens_[0].copy()
        names = _check_feature_names_in(self, input_features)
        made = [f"{name}_{t}" for name, tokens in zip(names, self.tokens_) for t in tokens]
        return np.array(made, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _text_columns(X: Any) -> list[list[Any]]:
    if hasattr(X, "iloc") and getattr(X, "ndim", 0) == 2:
        return [X.iloc[:, j].tolist() for j in range(X.shape[1])]
    if hasattr(X, "get_columns"):
        return [column.to_list() for column in X.get_columns()]
    if hasattr(X, "to_list"):  # a series
        return [X.to_list()]
    if not hasattr(X, "__array__") and not sp.issparse(X):
        X = list(X)
        if all(isinstance(v, str) or (np.ndim(v) == 0 and _absent(v)) for v in X):
            return [X]
    elif getattr(X, "ndim", 0) == 1 and X.dtype.kind in "OU":
        return [X.tolist()]
    checked = check_array(X, dtype=None if hasattr(X, "dtype") else object, ensure_all_finite=False)
    return [column.tolist() for column in checked.T]


def _absent(value: Any) -> bool:
    if isinstance(value, str):
        return False
    try:
        return value is None or bool(value != value)
    except TypeError:
        return True


# Dictionaries of the tokens, by estimator: made on the first small call, not part of its state.
_TABLES: WeakKeyDictionary[Any, tuple[list[np.ndarray], list[dict[str, int]]]] = WeakKeyDictionary()


def _tables(estimator: TextVectorizer) -> list[dict[str, int]]:
    kept = _TABLES.get(estimator)
    if kept is None or kept[0] is not estimator.tokens_:
        tables = [{token: i for i, token in enumerate(t.tolist())} for t in estimator.tokens_]
        kept = _TABLES[estimator] = (estimator.tokens_, tables)
    return kept[1]
