"""Isolation forest: what is cut off early is an outlier."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import OutlierMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.random import generator
from ..core.validation import refuse_infinite, rows
from ..growth.by_value import by_value
from ..growth.explained import ExplainedTrees
from ..growth.tree import Forest
from ..growth.tree_sum import TreeSum
from .drawing_rows import units
from .isolation_trees import Planes, add_lengths, average_path_length, grow
from .members import SEEDS, over

#: Trees a task grows.
TREES = 8


class IsolationForest(ExplainedTrees, OutlierMixin, Estimator):
    """Scores rows by how few random cuts set them apart.

    Each tree is grown on `max_samples` rows: a node is cut at a feature that varies in it and a
    threshold uniform between its least and greatest value, down to depth ceil(log2(max_samples)).  With
    h(x) the depth of a row's leaf plus c(rows left in it), c the mean depth of a search tree,

        score(x) = -2^(-mean h(x) / c(max_samples))       in [-1, 0), the lower the more abnormal

    Parameters
    ----------
    n_estimators : trees.      max_samples : rows of a tree: ``"auto"`` (256 or all), a number or a share.
    contamination : ``"auto"`` (threshold -0.5), or the share of the rows of training to call outliers.
    max_features : columns of a tree, a number or a share.   bootstrap : draw rows with replacement.
    extension_level : 0 cuts single features; e > 0 cuts by planes through a random point whose normal
        has e + 1 random features with standard normal coefficients (Hariri et al. 2019).  Scale the
        columns alike first, as planes mix them.
    n_jobs : threads, None and -1 for all of ours.   random_state, verbose (not used), warm_start.

    Attributes
    ----------
    forest_ : the trees, as arrays (`value` is h, `cover` the rows).   max_samples_, offset_,
    estimators_features_, n_features_in_, feature_names_in_.

    Notes
    -----
    `shap_values` says which features make a row's mean path short (negative) or long.
    Cost: O(trees max_samples log max_samples) to fit beside ordering the rows, O(trees log max_samples)
    a row to score.  A row of weight w is w rows, exactly; rows are drawn by content, so their order does
    not matter.  Missing values go to a side drawn at random for each node (with planes, they lie at the
    plane's point).  Sparse rows are made dense a block at a time.
    Differences from scikit-learn: the above, `extension_level`, arrays instead of `estimators_`.
    Source: Liu, Ting and Zhou (2008), algorithms 1 to 3.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(300, 2))
    >>> model = IsolationForest(random_state=0).fit(X)
    >>> model.predict([[0.0, 0.0], [6.0, 6.0]])
    array([ 1, -1])
    """

    def __init__(
        self,
        *,
        n_estimators: int = 100,
        max_samples: Any = "auto",
        contamination: Any = "auto",
        max_features: float = 1.0,
        bootstrap: bool = False,
        extension_level: int = 0,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
        warm_start: bool = False,
    ) -> None:
        self.n_estimators = n_estimators
        self.max_samples = max_samples
        self.contamination = contamination
        self.max_features = max_features
        self.bootstrap = bootstrap
        self.extension_level = extension_level
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.warm_start = warm_start

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> IsolationForest:
        """Grow the trees on X (n, p); returns self."""
        X = rows(self, X, fitting=True, sparse=("csr",), nan=True, finite=False)
        refuse_infinite(self, X)
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
            if not weight.any():
                raise InputError("sample_weight is zero for every row", do="give some row a weight")
        found = units(X, None, weight)
        size, width = self._sizes(found.total, X.shape[1])
        seeds = generator(self.random_state).integers(SEEDS, size=self.n_estimators).tolist()
        held: list[Forest | Planes] = []
        features: list[np.ndarray] = []
        if self.warm_start and hasattr(self, "forest_"):
            if isinstance(self.forest_, Planes) != (self.extension_level > 0):
                raise InputError("a warm start cannot change extension_level")
            held, features = [self.forest_], list(self.estimators_features_)
            if len(features) > self.n_estimators:
                raise InputError(
                    f"n_estimators={self.n_estimators} is less than the {len(features)} trees there are",
                    do="raise it, or set warm_start=False",
                )
            if len(features) == self.n_estimators:
                warnings.warn(
                    "warm_start without more n_estimators fits nothing new",
                    UserWarning,
                    stacklevel=2,
                )
        max_depth = int(np.ceil(np.log2(max(size, 2))))
        p = X.shape[1]

        def some(part: list[int]) -> list[tuple[Forest | Planes, np.ndarray]]:
            made = []
            for seed in part:
                rng = np.random.default_rng(seed)
                columns = np.arange(p)
                if width < p:
                    columns = np.sort(rng.choice(p, width, replace=False, shuffle=False))
                drawn, count = found.by_content(found.draw(rng, size, replace=self.bootstrap))
                sample = X[drawn].toarray() if sparse.issparse(X) else X[drawn]
                sample = sample if width == p else sample[:, columns]
                level = min(int(self.extension_level), width - 1)
                made.append((grow(sample, count, columns, max_depth, seed, level), columns))
            return made

        todo = seeds[len(features) :]
        parts = [todo[i : i + TREES] for i in range(0, len(todo), TREES)]
        for part in over(some, parts, self.n_jobs):
            held += [tree for tree, _ in part]
            features += [columns for _, columns in part]
        kind: Any = type(held[0])
        self.forest_ = kind.join(held)
        self.estimators_features_, self.max_samples_ = features, size
        self.offset_ = -0.5
        if self.contamination != "auto":
            self.offset_ = _percentile(self._scores(X), 100.0 * self.contamination, weight)
        return self

    def _sizes(self, n: int, p: int) -> tuple[int, int]:
        if self.n_estimators < 1:
            raise InputError(f"n_estimators={self.n_estimators!r} must be at least 1")
        if self.contamination != "auto" and not 0 < self.contamination <= 0.5:
            raise InputError(
                f"contamination={self.contamination!r} must be 'auto' or a share in (0, 0.5]"
            )
        if not 0 <= self.extension_level < max(p, 1):
            raise InputError(
                f"extension_level={self.extension_level!r} must be from 0 to {p - 1}, "
                "one less than the features"
            )
        size: Any = self.max_samples
        if isinstance(size, str):
            if size != "auto":
                raise InputError(f"max_samples={size!r} must be 'auto', a number or a share")
            size = min(256, n)
        elif isinstance(size, float):
            if not 0 < size <= 1:
                raise InputError(f"max_samples={size!r} is a share and must be in (0, 1]")
            size = max(1, int(size * n))
        elif size < 1:
            raise InputError(f"max_samples={size!r} must be at least 1")
        if size > n:
            warnings.warn(
                f"max_samples ({size}) is greater than the number of rows ({n}), which is used instead",
                UserWarning,
                stacklevel=3,
            )
            size = n
        width: Any = self.max_features
        if isinstance(width, float):
            if not 0 < width <= 1:
                raise InputError(f"max_features={width!r} is a share and must be in (0, 1]")
            width = max(1, int(width * p))
        elif not 1 <= width <= p:
            raise InputError(f"max_features={width!r} must be from 1 to the {p} features")
        return int(size), int(width)

    def _scores(self, X: Any) -> np.ndarray:
        lengths = np.zeros(X.shape[0])
        if isinstance(self.forest_, Planes):
            self.forest_.add(X, lengths)
        else:
            add_lengths(self.forest_, X, lengths)
        scale = len(self.forest_) * float(average_path_length(self.max_samples_))
        # One row of training is alone at once: its score is that of the mean path.
        return -np.exp2(-lengths / scale) if scale > 0 else np.full(X.shape[0], -1.0)

    def _table(self, X: Any) -> Any:
        check_is_fitted(self)
        X = rows(self, X, sparse=("csr",), nan=True, finite=False)
        refuse_infinite(self, X)
        return X

    def score_samples(self, X: Any) -> np.ndarray:
        """(n,): minus the anomaly score of the paper; -1 is most abnormal, above -0.5 is normal."""
        return self._scores(self._table(X))

    def decision_function(self, X: Any) -> np.ndarray:
        """`score_samples` less `offset_`: negative for outliers."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> np.ndarray:
        """1 for inliers, -1 for outliers."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def _rows(self, X: Any) -> np.ndarray:
        X = self._table(X)
        return X.toarray() if sparse.issparse(X) else X

    def _tree_sum(self) -> TreeSum:
        """What is explained is the mean path length: features that make it short set a row apart."""
        check_is_fitted(self)
        if isinstance(self.forest_, Planes):
            raise InputError(
                "planes use several features at once, so paths have no Shapley values",
                do="set extension_level=0",
            )
        trees = len(self.forest_)
        bins = by_value(self.n_features_in_, "<f8")
        return TreeSum(self.forest_, bins, np.zeros(1), np.zeros(trees, np.int64), 1.0 / trees)

    def _check_loaded(self) -> None:
        if hasattr(self, "forest_"):
            self.forest_.check(self.n_features_in_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = True
        return tags


def _percentile(scores: np.ndarray, q: float, weight: np.ndarray | None) -> float:
    """The percentile of the rows repeated by their weights: linear between whole rows."""
    if weight is None:
        return float(np.percentile(scores, q))
    order = np.argsort(scores, kind="stable")
    order = order[weight[order] > 0]
    held = weight[order]
    if (held != np.rint(held)).any():
        held = held * (len(held) / held.sum())
    ends = np.cumsum(held)
    # Row r of the repeated ones, counted from 0, is the first whose running weight exceeds r.
    place = q / 100.0 * max(ends[-1] - 1.0, 0.0)
    lower = min(int(np.searchsorted(ends, np.floor(place), side="right")), len(order) - 1)
    upper = min(int(np.searchsorted(ends, np.floor(place) + 1.0, side="right")), len(order) - 1)
    a, b = scores[order[lower]], scores[order[upper]]
    return float(a + (place - np.floor(place)) * (b - a))
