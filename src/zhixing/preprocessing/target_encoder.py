"""Categories as smoothed means of the target, out of fold on the training rows."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import (
    _check_feature_names_in,
    _check_sample_weight,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
)

from ..core.estimator import Estimator
from ..core.parallel import each
from ..core.random import generator
from ..kernels.target_sums import gather, ordered_means, target_sums
from .categories import Recognised, learn_categories, recognise


class TargetEncoder(OneToOneFeatureMixin, TransformerMixin, Estimator):
    """Encode a category by the mean of the target over its rows, shrunk towards the overall mean.

    For category c with weight n_c, mean m_c and mean squared deviation v_c, overall mean m and
    variance v of the target::

        smooth = number s:   (n_c m_c + s m) / (n_c + s)
        smooth = "auto":     lambda m_c + (1 - lambda) m,   lambda = n_c v / (n_c v + v_c)

    `fit_transform` encodes a training row with statistics that do not contain its own target:
    those of the other folds (``scheme="folds"``), or of the rows before it in a random order
    (``scheme="ordered"``).  `transform` uses all training rows.  So
    ``fit_transform(X, y)`` is not ``fit(X, y).transform(X)``, and a random category gains nothing.

    Parameters
    ----------
    categories : "auto" or list of array-like, default="auto"
    target_type : {"auto", "continuous", "binary", "multiclass"}, default="auto"
    smooth : "auto" or float, default="auto"
        Rows' worth of the overall mean; "auto" is empirical Bayes.
    cv : int, splitter or iterable, default=5
        Folds of `fit_transform`: stratified for classes.
    shuffle : bool, default=True
    random_state : int, RandomState, Generator or None, default=None
    scheme : {"folds", "ordered"}, default="folds"
        "ordered" is CatBoost's; its prior counts `smooth` rows (1 for "auto").

    Attributes
    ----------
    encodings_ : list of ndarray
        By feature (and class within feature) the code of every category.
    categories_ : list of ndarray
    target_type_ : str
    target_mean_ : float or ndarray of shape (n_classes,)
        Code of unknown categories.
    classes_ : ndarray or None

    Notes
    -----
    Sums by fold and category are taken in one pass and added over the other folds, so the cost is
    O(n p) whatever `cv`; scikit-learn rescans the rows for every fold.  Multiclass targets give
    one output column per class, features first.  `sample_weight` counts as repetition in `fit`.
    Micci-Barreca (2001), eq. 4 to 7; Prokhorenkova et al. (2018), eq. 5, for "ordered".

    Examples
    --------
    >>> X = np.array([["dog"] * 20 + ["cat"] * 30 + ["snake"] * 38], dtype=object).T
    >>> y = [90.3] * 5 + [80.1] * 15 + [20.4] * 5 + [20.1] * 25 + [21.2] * 8 + [49] * 30
    >>> TargetEncoder(smooth=5000.0).fit(X, y).encodings_[0].round(1)
    array([44.1, 44.4, 44.3])
    >>> TargetEncoder(smooth="auto").fit(X, y).transform([["cat"], ["cow"]]).round(1)
    array([[20.2],
           [44.3]])
    """

    def __init__(
        self,
        categories: Any = "auto",
        target_type: str = "auto",
        smooth: str | float = "auto",
        cv: Any = 5,
        shuffle: bool = True,
        random_state: Any = None,
        scheme: str = "folds",
    ) -> None:
        self.categories = categories
        self.target_type = target_type
        self.smooth = smooth
        self.cv = cv
        self.shuffle = shuffle
        self.random_state = random_state
        self.scheme = scheme

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> TargetEncoder:
        """Learn the code of every category from all rows."""
        self._learn(X, y, sample_weight)
        return self

    def fit_transform(self, X: Any, y: Any, sample_weight: Any = None) -> np.ndarray:
        """Learn the codes, and encode the training rows without their own targets."""
        columns, targets, weight = self._learn(X, y, sample_weight)
        if self.scheme == "ordered":
            return self._ordered(columns, targets, weight)
        fold, n_folds = self._folds(columns[0].codes.size, y)
        return self._out_of_fold(columns, targets, weight, fold, n_folds)

    def _learn(
        self, X: Any, y: Any, sample_weight: Any
    ) -> tuple[list[Recognised], list[np.ndarray], np.ndarray]:
        if self.scheme not in ("folds", "ordered"):
            raise ValueError(f"scheme must be 'folds' or 'ordered', got {self.scheme!r}")
        smooth = self.smooth
        if smooth != "auto" and not (isinstance(smooth, Real) and float(smooth) >= 0):
            raise ValueError(f"smooth must be 'auto' or a number from 0 on, got {smooth!r}")
        if y is None:
            raise ValueError("TargetEncoder requires y to be passed, but the target y is None")
        check_consistent_length(X, y)
        columns = learn_categories(self, X, handle_unknown="ignore")
        targets = self._targets(y)
        n = len(targets[0])
        weight = np.ones(n)
        if sample_weight is not None:
            weight = _check_sample_weight(
                sample_weight, np.empty((n, 1)), dtype=np.float64, ensure_non_negative=True
            )
        total = weight.sum()
        means = np.array([float(weight @ t) / total for t in targets])
        self.target_mean_ = means if self.target_type_ == "multiclass" else means[0]
        nothing = np.zeros(n, np.int32)
        encoded = each(
            lambda column: self._fold_codes(column, targets, weight, nothing, 1, means)[0],
            columns,
        )
        self.encodings_ = [table[0] for tables in encoded for table in tables]
        return columns, targets, weight

    def _targets(self, y: Any) -> list[np.ndarray]:
        kinds = ("binary", "multiclass", "continuous")
        kind = self.target_type
        given = np.asarray(y)
        if given.dtype.kind == "f" and not np.isfinite(given).all():
            raise ValueError("Input y contains NaN or infinity.")
        if kind == "auto":
            kind = type_of_target(y, input_name="y")
            if kind not in kinds:
                raise ValueError(
                    f"Unknown label type: Target type was inferred to be {kind!r}. "
                    f"Only {kinds} are supported."
                )
        elif kind not in kinds:
            raise ValueError(f"target_type must be 'auto' or one of {kinds}, got {kind!r}")
        self.target_type_, self.classes_ = kind, None
        if kind == "continuous":
            return [np.ascontiguousarray(column_or_1d(y, warn=True).astype(np.float64))]
        self.classes_, codes = np.unique(column_or_1d(y), return_inverse=True)
        if kind == "binary" and len(self.classes_) > 2:
            raise ValueError(f"target_type='binary', but y has {len(self.classes_)} classes")
        if kind == "binary":
            return [codes.astype(np.float64)]
        return [(codes == k).astype(np.float64) for k in range(len(self.classes_))]

    def _fold_codes(
        self,
        column: Recognised,
        targets: list[np.ndarray],
        weight: np.ndarray,
        fold: np.ndarray,
        n_folds: int,
        means: np.ndarray,
    ) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
        """For every target: codes (fold, category) from the other folds, their means by fold."""
        codes = column.index[column.codes]
        size = max(1, int(column.index.max(initial=-1)) + 1)
        tables, fold_means = [], []
        for y, centre in zip(targets, means):
            # Deviations from the overall mean: sums of 0 and 1 stay exact without.
            c = centre if self.target_type_ == "continuous" else 0.0
            sums = np.zeros((3, n_folds, size))
            target_sums(codes, fold, y - c if c else y, weight, sums)
            known = sums.sum(axis=2)
            absent = codes < 0
            if absent.any():
                extra = np.zeros((3, n_folds, 1))
                every = np.where(absent, 0, -1).astype(np.int32)
                target_sums(every, fold, y - c if c else y, weight, extra)
                known = known + extra[:, :, 0]
            others = sums if n_folds == 1 else _others(sums)
            total = known if n_folds == 1 else _others(known[:, :, None])[:, :, 0]
            table, mean = _codes(others, total, self.smooth)
            tables.append(table + c)
            fold_means.append(mean + c)
        return tables, fold_means, codes

    def _folds(self, n: int, y: Any) -> tuple[np.ndarray, int]:
        from sklearn.model_selection import check_cv

        splitter = check_cv(self.cv, y, classifier=self.target_type_ != "continuous")
        if isinstance(self.cv, int | np.integer) and self.shuffle:
            seed = int(generator(self.random_state).integers(2**31 - 1))
            splitter = type(splitter)(int(self.cv), shuffle=True, random_state=seed)
        fold = np.full(n, -1, np.int32)
        n_folds = 0
        for n_folds, (_, rows) in enumerate(splitter.split(np.empty((n, 1)), y), start=1):  # noqa: B007
            if (fold[rows] >= 0).any():
                fold[:] = -1
                break
            fold[rows] = n_folds - 1
        if (fold < 0).any():
            raise ValueError(
                "Validation indices from `cv` must cover each sample index exactly once with no "
                "overlap. Pass a splitter with non-overlapping validation folds as `cv`."
            )
        return fold, n_folds

    def _out_of_fold(
        self,
        columns: list[Recognised],
        targets: list[np.ndarray],
        weight: np.ndarray,
        fold: np.ndarray,
        n_folds: int,
    ) -> np.ndarray:
        means = np.atleast_1d(self.target_mean_)
        out = np.empty((len(columns) * len(targets), fold.size))

        def encode(j: int) -> None:
            made = self._fold_codes(columns[j], targets, weight, fold, n_folds, means)
            for k, (table, mean) in enumerate(zip(made[0], made[1])):
                gather(made[2], fold, table, mean, out[j * len(targets) + k])

        each(encode, range(len(columns)))
        return out.T

    def _ordered(
        self, columns: list[Recognised], targets: list[np.ndarray], weight: np.ndarray
    ) -> np.ndarray:
        order = generator(self.random_state).permutation(weight.size)
        strength = 1.0 if self.smooth == "auto" else max(float(self.smooth), 1e-12)
        means = np.atleast_1d(self.target_mean_)
        out = np.empty((len(columns) * len(targets), weight.size))

        def encode(j: int) -> None:
            codes = columns[j].index[columns[j].codes]
            size = max(1, int(columns[j].index.max(initial=-1)) + 1)
            for k, (y, mean) in enumerate(zip(targets, means)):
                sums = np.zeros((2, size))
                row = out[j * len(targets) + k]
                ordered_means(codes, order, y, weight, float(mean), strength, sums, row)

        each(encode, range(len(columns)))
        return out.T

    def transform(self, X: Any) -> np.ndarray:
        """The code of every value, learned from all training rows."""
        check_is_fitted(self)
        columns = recognise(self, X, handle_unknown="ignore")
        means = np.atleast_1d(self.target_mean_)
        k = len(means)
        n = columns[0].codes.size
        out = np.empty((n, len(self.encodings_)))
        for at, encoding in enumerate(self.encodings_):
            column = columns[at // k]
            table = np.append(encoding, means[at % k])
            out[:, at] = table[column.index][column.codes]
        return out

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The input names; with several classes ``name_class``."""
        check_is_fitted(self)
        names = _check_feature_names_in(self, input_features)
        if self.target_type_ != "multiclass":
            return names
        classes: Any = self.classes_
        return np.array([f"{name}_{c}" for name in names for c in classes], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.target_tags.required = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _others(sums: np.ndarray) -> np.ndarray:
    """For every fold the sums over the other folds, added rather than subtracted from the total.

    A row's own target so leaves no trace, not even a rounding error.
    """
    before = np.zeros_like(sums)
    after = np.zeros_like(sums)
    before[:, 1:] = np.cumsum(sums[:, :-1], axis=1)
    after[:, :-1] = np.cumsum(sums[:, :0:-1], axis=1)[:, ::-1]
    return before + after


def _codes(sums: np.ndarray, total: np.ndarray, smooth: Any) -> tuple[np.ndarray, np.ndarray]:
    """Codes (fold, category) and means by fold from sums of w, w y, w y^2."""
    count, first, second = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total[1] / total[0]
        prior = mean[:, None]
        if smooth == "auto":
            variance = np.maximum(total[2] / total[0] - mean * mean, 0.0)[:, None]
            own = first / count
            spread = np.maximum(second / count - own * own, 0.0)
            # Rounding leaves about eps m_c^2 where every target of a category is the same.
            spread = np.where(spread <= 8 * np.finfo(float).eps * own * own, 0.0, spread)
            share = variance * count / (variance * count + spread)
            table = np.where(np.isnan(share), prior, share * own + (1 - share) * prior)
        else:
            table = (first + smooth * prior) / (count + smooth)
            table = np.where(count + smooth == 0, prior, table)
    return table, mean
