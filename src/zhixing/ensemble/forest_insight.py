"""What a forest says of itself: importances, proximities, how much its trees agree."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from ..core.parallel import each
from ..core.random import seed
from ..growth.bins import Bins
from ..growth.mean_value import apply as leaves
from ..growth.tree import Forest


class ForestInsight:
    """Measures of a fitted forest; a mixin of `TreesForest`, which has what is named here."""

    _forest: Forest
    _bins: Bins
    _drawn_from: int
    n_features_in_: int
    bootstrap: bool
    apply: Any
    _rows: Any
    _rows_of: Any
    _codes: Any
    _outside: Any
    _tree_loss: Any

    @property
    def feature_importances_(self) -> np.ndarray:
        """(p,) the share of each feature in the fall of the impurity, the mean over the trees.

        It favours features of many values, which find a good cut by chance in small nodes;
        `oob_importances` does not.
        """
        check_is_fitted(self, "_forest")
        forest, p, T = self._forest, self.n_features_in_, len(self._forest)
        tree = np.searchsorted(forest.roots, np.arange(len(forest.feature)), side="right") - 1
        inner = forest.feature >= 0
        places = tree[inner] * p + forest.feature[inner]
        found = np.bincount(places, weights=forest.gain[inner], minlength=T * p).reshape(T, p)
        total = found.sum(axis=1, keepdims=True)
        grown = total[:, 0] > 0
        if not grown.any():
            return np.zeros(p)
        mean = (found[grown] / total[grown]).mean(axis=0)
        return mean / mean.sum()

    def oob_importances(
        self, X: Any, y: Any, *, n_repeats: int = 1, random_state: Any = 0
    ) -> np.ndarray:
        """(p,) how much the trees' errors on rows out of bag grow when a feature is permuted among them.

        X and y are the rows of training.  The mean over the trees of the rise of the error rate, or of the
        squared error: about 0 for a feature that says nothing, however many values it has.
        Breiman (2001a), section 10.  Cost: every row goes down every tree once more for every feature that
        the tree uses.
        """
        check_is_fitted(self, "_forest")
        if not self.bootstrap:
            raise InputError("without bootstrap no row is out of bag", do="fit with bootstrap=True")
        rows = self._rows(X)
        truth = self._codes(y)
        if rows.shape[0] != self._drawn_from or len(truth) != self._drawn_from:
            raise InputError(
                f"X has {rows.shape[0]} rows and y {len(truth)}; the forest was fitted on {self._drawn_from}"
            )
        outside = self._outside(self._drawn_from)
        take = self._rows_of(rows)
        base = seed(random_state)

        def one(t: int) -> np.ndarray:
            tree, chosen = self._forest.only(slice(t, t + 1)), outside[t]
            found = np.zeros(self.n_features_in_)
            if not len(chosen):
                return found
            rng = np.random.default_rng((base, t))
            held = np.array(take(chosen), dtype=np.float64)
            loss = self._loss_of(tree, held, truth[chosen])
            stop = (
                self._forest.roots[t + 1]
                if t + 1 < len(self._forest)
                else len(self._forest.feature)
            )
            used = np.unique(self._forest.feature[self._forest.roots[t] : stop])
            for j in used[used >= 0]:
                column = held[:, j].copy()
                for _ in range(n_repeats):
                    held[:, j] = column[rng.permutation(len(column))]
                    found[j] += self._loss_of(tree, held, truth[chosen]) - loss
                held[:, j] = column
            return found / n_repeats

        return np.mean(each(one, range(len(self._forest))), axis=0)

    def _loss_of(self, tree: Forest, rows: np.ndarray, y: np.ndarray) -> float:
        found = np.zeros((len(rows), tree.value.shape[1]))
        tree.add(rows, self._bins, None, found)
        return float(self._tree_loss(found, y).mean())

    def proximity(self, X: Any) -> np.ndarray:
        """(n, n) the share of the trees in which two rows end in the same leaf.

        Breiman (2001b).  Memory O(n^2); time O(trees n^2 / leaves) and more for trees of few leaves.
        """
        ends = self.apply(X).astype(np.int64)
        n, T = ends.shape
        size = np.array([int(e.max()) + 1 for e in ends.T])
        columns = (ends + np.concatenate([[0], np.cumsum(size)[:-1]])).ravel()
        held = sparse.csr_array(
            (np.ones(n * T), columns, np.arange(0, n * T + 1, T)), shape=(n, int(size.sum()))
        )
        return (held @ held.T).toarray() / T

    def _tree_values(self, X: Any) -> np.ndarray:
        """(trees, n, k) what each tree says of each row."""
        rows = self._rows(X)
        ends = leaves(self._forest, self._bins, rows) + self._forest.roots
        return self._forest.value.reshape(len(self._forest.value), -1)[ends].swapaxes(0, 1)

    def tree_correlation(self, X: Any) -> float:
        """The mean correlation between two trees' answers over the rows of X.

        The variance of the forest is ``rho s^2 + (1 - rho) s^2 / trees``: fewer `max_features` lower rho.
        Breiman (2001a), section 2.2; Hastie et al. (2009), eq. 15.1.
        """
        values = self._tree_values(X)
        values = values[:, :, -1] if values.shape[2] == 2 else values.reshape(len(values), -1)
        if len(values) < 2:
            raise InputError("the correlation of trees needs at least two trees")
        moving = values[values.std(axis=1) > 0]
        found = np.corrcoef(moving) if len(moving) > 1 else np.ones((2, 2))
        T = len(found)
        return float((found.sum() - T) / (T * (T - 1)))
