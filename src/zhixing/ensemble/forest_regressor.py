"""Forests for numbers: means of the rows' leaves averaged, and what is known of their spread."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils.validation import check_is_fitted

from ..core.errors import InputError
from ..growth.coded import Coded
from ..growth.kept_rows import KeptRows
from ..growth.mean_value import apply
from ..growth.tree_parameters import criterion_for
from .forest import TreesForest


class ForestRegressor(RegressorMixin, TreesForest):
    """A forest whose trees hold means."""

    _kept: KeptRows | None

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Fit on X (n, p), missing values as NaN, and numbers y (n,) or (n, outputs); returns self."""
        X, y, weight = self._rows_fit(X, y, sample_weight, y_numeric=True)
        single = y.ndim == 1
        y = np.ascontiguousarray(y[:, None] if single else y, dtype=np.float64)
        if self._goes_on() and y.shape[1] != self.n_outputs_:
            raise ValueError("warm_start: y has other outputs than in the first fit")
        self.n_outputs_, self._single = y.shape[1], single
        criterion = criterion_for(self.criterion, self.n_outputs_)
        if criterion.target == "counts" and (y.min() < 0 or y.sum() <= 0):
            raise ValueError("criterion='poisson' needs y that are not negative and not all zero")
        self._row_weight = np.ones(len(y)) if weight is None else weight
        self._fit_forest(X, y, weight, None, criterion)
        del self._row_weight
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The mean over the trees, (n,) or (n, outputs)."""
        found = self._mean(X)
        return found[:, 0] if self._single else found

    def predict_quantiles(self, X: Any, q: Any = 0.5) -> np.ndarray:
        """Quantiles of y given the rows: (n,) for a number q, (n, quantiles) for several.

        A training row weighs its share of the leaf, averaged over the trees; all training rows count,
        those out of bag too.  Shape (n, outputs) or (n, quantiles, outputs) for several outputs.
        Consistent where the forest is: Meinshausen (2006), theorem 1.  Cost: every training row is sent
        down every tree once a call.
        """
        kept = self._known_rows("quantiles")
        asked = np.atleast_1d(np.asarray(q, dtype=np.float64))
        if asked.ndim != 1 or not ((asked >= 0.0) & (asked <= 1.0)).all():
            raise ValueError(f"q={q!r} must be a number in [0, 1] or a list of them")
        ends = apply(self._forest, self._bins, self._rows(X)) + self._forest.roots
        order = np.argsort(asked, kind="stable")
        found = np.empty((len(ends), len(asked), self.n_outputs_))
        for o in range(self.n_outputs_):
            found[:, order, o] = kept.quantiles(self._forest, ends, asked[order], o)
        found = found[:, :, 0] if self._single else found
        return found[:, 0] if np.ndim(q) == 0 else found

    def predict_interval(
        self, X: Any, coverage: float = 0.9, *, method: str = "out_of_bag"
    ) -> np.ndarray:
        """(n, 2) an interval that holds a new y with the probability `coverage`.

        method : ``"out_of_bag"`` adds to the prediction the quantiles of the out-of-bag residuals: its width
        is the same everywhere, and over rows like those of training it covers as often as it says
        (Zhang et al. 2020, theorem 1).  ``"quantile"`` takes `predict_quantiles`: wide where y spreads,
        but its ends are of rows that the trees have fitted themselves, so it may cover less.
        """
        if not 0.0 < coverage < 1.0:
            raise ValueError(f"coverage={coverage!r} must be in (0, 1)")
        if not self._single:
            raise InputError("intervals are for one output; fit a forest for each")
        tails = np.array([0.5 - coverage / 2, 0.5 + coverage / 2])
        if method == "quantile":
            return self.predict_quantiles(X, tails)
        if method != "out_of_bag":
            raise ValueError(f"method={method!r} is neither 'out_of_bag' nor 'quantile'")
        kept = self._known_rows("intervals")
        if not self.bootstrap:
            raise InputError(
                "without bootstrap no row is out of bag",
                do="fit with bootstrap=True or method='quantile'",
            )
        residual = kept.y[:, 0] - self._kept_prediction(kept)[:, 0]
        known = np.flatnonzero(~np.isnan(residual) & (kept.weight > 0))
        known = known[np.argsort(residual[known], kind="stable")]
        below = np.cumsum(kept.weight[known]) / kept.weight[known].sum()
        # As in split conformal prediction an end is one row further out: (n + 1) times the share.
        m = len(known)
        low = np.searchsorted(below, max(tails[0] * (m + 1) / m - 1.0 / m, 0.0), side="right") - 1
        high = np.searchsorted(below, min(tails[1] * (m + 1) / m, 1.0) - 1e-12)
        ends = residual[known][np.clip([low, high], 0, m - 1)]
        return self.predict(X)[:, None] + ends

    def _kept_prediction(self, kept: KeptRows) -> np.ndarray:
        """(n, outputs) what the trees that did not see a training row say of it."""
        n = len(kept.y)
        return self._out_of_bag(kept.table.rows, n, self._outside(n), warn=False)

    def _known_rows(self, what: str) -> KeptRows:
        check_is_fitted(self, "_forest")
        if self._kept is None:
            raise InputError(
                f"{what} are read from the training rows", do="fit with keep_rows=True"
            )
        return self._kept

    def _keep(self, table: Coded, y: np.ndarray) -> KeptRows | None:
        if not self.keep_rows:
            return None
        return KeptRows(table, y, self._row_weight)

    def _score_out_of_bag(self, X: Any, y: np.ndarray) -> None:
        found = self._out_of_bag(self._rows_of(X), len(y), self._outside(len(y)))
        known = ~np.isnan(found).any(axis=1)
        self.oob_prediction_ = found[:, 0] if self._single else found
        say: Any = self.oob_score if callable(self.oob_score) else r2_score
        if self._single:
            self.oob_score_ = float(say(y[known, 0], found[known, 0]))
        else:
            self.oob_score_ = float(say(y[known], found[known]))

    def _tree_loss(self, values: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The squared errors of a tree's answers (n, k), row by row."""
        return ((values - y) ** 2).mean(axis=1)

    def _codes(self, y: Any) -> np.ndarray:
        y = np.asarray(y, dtype=np.float64)
        return y[:, None] if y.ndim == 1 else y

    def _check_loaded(self) -> None:
        super()._check_loaded()
        if "_forest" not in vars(self):
            return
        if self._forest.value.shape[1] != self.n_outputs_:
            raise InputError("the values of the nodes are not a number of each output")
        if self._kept is not None:
            self._kept.check(self.n_features_in_)
            if self._kept.y.shape != (self._drawn_from, self.n_outputs_):
                raise InputError("the kept rows are not those the forest was grown on")
