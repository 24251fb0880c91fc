"""What forests share: trees grown on samples of the rows, and what they say together."""

from __future__ import annotations

import contextlib
import warnings
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from ..core.estimator import Estimator
from ..core.parallel import threads
from ..core.random import seed
from ..core.validation import refuse_infinite
from ..growth.bins import Bins
from ..growth.class_target import row_weights
from ..growth.coded import Coded, by_bins, coded
from ..growth.explained import ExplainedTrees
from ..growth.grown_forest import Sample, grow_forest
from ..growth.mean_value import apply, mean_value
from ..growth.rows_in import rows_for_fit, rows_for_predict
from ..growth.statistics import statistics
from ..growth.tree import Forest
from ..growth.tree_parameters import check_medians, impurity_tree, is_whole
from ..growth.tree_sum import TreeSum
from .drawing_rows import units
from .forest_draws import Draws
from .forest_insight import ForestInsight


class TreesForest(ForestInsight, ExplainedTrees, Estimator):
    """Independent trees whose answers are averaged."""

    #: Whether cuts are drawn at random.
    _random_cuts = False

    _forest: Forest
    _bins: Bins
    is_categorical_: np.ndarray | None

    def _check(self) -> None:
        n = self.n_estimators
        if not is_whole(n) or n < 1:
            raise ValueError(f"n_estimators={n!r} must be a whole number from 1")
        bins = self.max_bins
        if bins is not None and (not is_whole(bins) or not 2 <= bins <= 255):
            raise ValueError(f"max_bins={bins!r} must be None or a whole number from 2 to 255")
        if self.max_samples is not None and not self.bootstrap:
            raise ValueError(
                "max_samples asks for bootstrap=True: without it every tree has all rows"
            )
        if self.oob_score and not self.bootstrap:
            raise ValueError("oob_score asks for bootstrap=True: without it no row is out of bag")
        if not self.ccp_alpha >= 0.0:
            raise ValueError(f"ccp_alpha={self.ccp_alpha!r} must not be negative")

    def _rows_fit(self, X: Any, y: Any, sample_weight: Any, **options: Any) -> tuple[Any, Any, Any]:
        self._check()
        before = vars(self).get("_categories")
        X, y = rows_for_fit(
            self, X, y, self.categorical_features, multi_output=True, accept_sparse="csc", **options
        )
        if self._goes_on() and before is not None:
            known = {j: np.asarray(c).tolist() for j, c in before.items()}
            if known != {j: np.asarray(c).tolist() for j, c in self._categories.items()}:
                raise ValueError("warm_start: the categories of X are not those of the first fit")
        refuse_infinite(self, X)
        if sparse.issparse(X) and self.is_categorical_ is not None and self.is_categorical_.any():
            raise ValueError("categorical_features need a dense table")
        return X, y, row_weights(sample_weight, X)

    def _goes_on(self) -> bool:
        return bool(self.warm_start) and hasattr(self, "_forest")

    def _fit_forest(
        self, X: Any, y: np.ndarray, drawn: np.ndarray | None, by_class: np.ndarray | None,
        criterion: Any,
    ) -> None:  # fmt: skip
        """Grow the trees: y (n, outputs) codes or numbers; rows are drawn by the weights `drawn`, and weigh
        by their classes beside.
        """
        n, p = X.shape
        warm = self._goes_on()
        if not warm:
            self._seed = seed(self.random_state)
        elif n != self._drawn_from:
            raise InputError(
                f"warm_start: X has {n} rows; the forest was fitted on {self._drawn_from}",
                do="give the same rows, or set warm_start=False",
            )
        trees = self.n_estimators - (len(self._forest) if warm else 0)
        if trees < 0:
            raise ValueError(
                f"n_estimators={self.n_estimators} must not be less than the {len(self._forest)} trees there "
                "are (warm_start=True)"
            )
        if trees == 0:
            warnings.warn(
                "Warm-start fitting without increasing n_estimators does not fit new trees.",
                stacklevel=3,
            )
            return
        with self._threads():
            table = self._table(X, warm, drawn)
            # Drawn rows count as often as they are drawn; else they weigh what they weigh.
            weight = drawn if not self.bootstrap else None
            if by_class is not None:
                weight = by_class if weight is None else weight * by_class
            per_tree = getattr(self, "class_weight", None) == "balanced_subsample"
            stats = statistics(criterion, y, weight, fine=per_tree)
            w = np.ones(n) if weight is None else weight
            params = impurity_tree(self, n, p, float(w.sum()), random=self._random_cuts)
            check_medians(criterion, params.monotone is not None, self.is_categorical_)
            if params.monotone is not None:
                self._check_monotone(y, params.monotone)
            first = self.n_estimators - trees
            seeds = _seeds(self._seed, first, trees)
            draws = Draws(units(X, y, drawn), self.max_samples, n) if self.bootstrap else None
            marks = np.empty((trees, 0 if draws is None else (n + 7) // 8), np.uint8)

            def sample(t: int) -> Sample:
                if draws is None:
                    return Sample(None if w.all() else np.flatnonzero(w).astype(np.uint32))
                counts, marks[t] = draws.draw(seeds[t])
                index = np.flatnonzero(counts if by_class is None else counts * (w > 0))
                factor = self._balance(y, counts) if per_tree else None
                return Sample(index.astype(np.uint32), counts, factor)

            grown = grow_forest(
                params, table, stats, criterion, y, w, sample, seeds, ccp_alpha=self.ccp_alpha
            )
            held_before = [self._forest] if warm else []
            self._forest, self._bins = Forest.join([*held_before, *grown]), table.bins
            self._outside_bits = np.concatenate([self._outside_bits, marks]) if warm else marks
            self._drawn_from = n
            self._kept = self._keep(table, y)
            if self.bootstrap and self.oob_score:
                self._score_out_of_bag(X, y)

    def _table(self, X: Any, warm: bool, weight: np.ndarray | None) -> Coded:
        if warm and self.max_bins is not None and not sparse.issparse(X):
            return by_bins(X, self._bins)
        return coded(X, self.max_bins, self.is_categorical_, self._seed, weight)

    def _threads(self) -> Any:
        jobs = self.n_jobs
        if jobs is None or jobs < 1:
            return contextlib.nullcontext()
        return threads(jobs)

    def _balance(self, y: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Weights that give every class of the sample the same total."""
        factor = np.ones(len(y))
        for codes in y.T:
            by_class = np.bincount(codes, weights=counts)
            seen = by_class > 0
            each_class = np.where(
                seen, counts.sum() / (seen.sum() * np.where(seen, by_class, 1)), 0
            )
            factor *= each_class[codes]
        return factor

    def _check_monotone(self, y: np.ndarray, signs: np.ndarray) -> None:
        if y.shape[1] > 1:
            raise ValueError("monotonic_cst is not supported for several outputs")
        if self.is_categorical_ is not None and signs[self.is_categorical_].any():
            raise ValueError("a categorical feature cannot be monotone")

    def _keep(self, table: Coded, y: np.ndarray) -> Any:
        return None

    def _outside(self, n: int) -> list[np.ndarray]:
        """For every tree the rows of which no copy was drawn."""
        return [np.flatnonzero(np.unpackbits(b, count=n)) for b in self._outside_bits]

    def _out_of_bag(
        self, rows: Any, n: int, outside: list[np.ndarray], *, warn: bool = True
    ) -> np.ndarray:
        """(n, k) the mean over the trees that did not see a row, NaN where all did.

        rows(chosen) are numbers of the chosen rows.
        """
        k = self._forest.value.reshape(len(self._forest.value), -1).shape[1]
        total, count = np.zeros((n, k)), np.zeros(n)
        for t, chosen in enumerate(outside):
            if len(chosen):
                found = np.zeros((len(chosen), k))
                self._forest.only(slice(t, t + 1)).add(rows(chosen), self._bins, None, found)
                total[chosen] += found
                count[chosen] += 1
        if warn and not count.all():
            warnings.warn(
                "Some inputs do not have OOB scores. This probably means too few trees were used to "
                "compute any reliable OOB estimates.",
                stacklevel=5,
            )
        with np.errstate(invalid="ignore"):
            return total / count[:, None]

    def _rows_of(self, X: Any) -> Any:
        """A function that gives numbers of chosen rows."""
        if not sparse.issparse(X):
            return lambda chosen: X[chosen]
        by_row = X.tocsr()
        return lambda chosen: by_row[chosen].toarray()

    def _score_out_of_bag(self, X: Any, y: np.ndarray) -> None:
        raise NotImplementedError

    def apply(self, X: Any) -> np.ndarray:
        """(n, trees) the leaf in which each row ends: the node's number within its tree."""
        return apply(self._forest, self._bins, self._rows(X))

    def _mean(self, X: Any) -> np.ndarray:
        X = self._rows(X)
        with self._threads():
            return mean_value(self._forest, self._bins, X)

    def _rows(self, X: Any) -> Any:
        check_is_fitted(self, "_forest")
        return rows_for_predict(self, X, accept_sparse="csr")

    def _tree_sum(self) -> TreeSum:
        check_is_fitted(self, "_forest")
        columns = self._forest.value.reshape(len(self._forest.value), -1).shape[1]
        return TreeSum(self._forest, self._bins, np.zeros(columns), None, 1.0 / len(self._forest))

    def _check_loaded(self) -> None:
        """Refuse attributes from a model file that do not fit one another."""
        if "_forest" not in vars(self):
            return
        self._bins.check(self.n_features_in_)
        self._forest.check(self.n_features_in_)
        shape = self._outside_bits.shape
        if shape not in ((len(self._forest), k) for k in (0, (self._drawn_from + 7) // 8)):
            raise InputError("the marks of rows out of bag do not fit the forest")
        if self._forest.value.ndim != 2 or self._forest.value.shape[1] % self.n_outputs_:
            raise InputError("the values of the nodes do not fit the outputs")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = True
        tags.target_tags.multi_output = True
        return tags


def _seeds(base: int, first: int, count: int) -> np.ndarray:
    """A seed for every tree from the first on, the same whatever is grown before."""
    return np.array([
        np.random.SeedSequence((base, t)).generate_state(1, np.uint64)[0] >> np.uint64(1)
        for t in range(first, first + count)
    ])  # fmt: skip
