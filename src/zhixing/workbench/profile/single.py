"""How well each column alone predicts the target, cross-validated, by means within bins.

Numbers are cut into up to 64 quantile bins, words are their own bins; the prediction for a bin is the
target's mean (or class shares) there in the other four folds, drawn towards the overall mean.  All
of it is computed from counts by bin and fold, so a column costs one pass over the rows.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from scipy import special

from .view import View

BINS, FOLDS = 64, 5
#: Weight of the overall mean in a bin, in rows.
PRIOR = 2.0


class Score(NamedTuple):
    """AUC (two classes), weighted one-vs-rest AUC (more) or R2 (numbers), and a test of chance.

    `kappa` is the accuracy beyond always answering the commonest class, as a share of what is
    there to gain (for numbers: R2).  `p_value` tests that the target does not depend on the column:
    chi-square for classes, F for numbers, on about ten groups of bins.
    """

    name: str
    score: float
    kappa: float
    p_value: float


_made: WeakKeyDictionary[View, list[Score]] = WeakKeyDictionary()


def scores(view: View) -> list[Score]:
    """Scores of every usable column but texts, the best first; computed once per view."""
    if view not in _made:
        _made[view] = _scores(view)
    return _made[view]


def _scores(view: View) -> list[Score]:
    goal = view.goal
    if goal is None or view.n < 20:
        return []
    fold = np.random.default_rng(0).permutation(view.n) % FOLDS
    names = view.table.columns("numeric", "categorical", "boolean", "datetime")
    n_classes = len(view.table.classes) if view.table.classes is not None else 0
    found = []
    for name in names:
        bins = _bins(view, name)
        made = _classes(bins, goal, fold, n_classes) if n_classes else _numbers(bins, goal, fold)
        by_size = view.table.schema[name].kind in ("categorical", "boolean")
        found.append(Score(name, *made, _p_value(bins, goal, n_classes, by_size)))
    return sorted(found, key=lambda s: -s.score)


def _bins(view: View, name: str) -> np.ndarray:
    """The bin of every row; missing values have one of their own."""
    kind = view.table.schema[name].kind
    if kind == "categorical":
        codes, levels = view.codes[name]
        if len(levels) <= 4 * BINS:
            return codes + 1
        counts = np.bincount(codes + 1, minlength=len(levels) + 1)
        rank = np.empty(len(counts), dtype=np.int64)
        rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
        return np.minimum(rank, 4 * BINS)[codes + 1]
    if kind == "boolean":
        return view.table.frame[name].cast(int).fill_null(2).to_numpy()
    if kind == "numeric":
        j = view.place[name]
        values, ordered = view.X[:, j], view.ordered[:, j]
    else:
        values = view.table.frame[name].dt.epoch("us").cast(float).to_numpy()
        ordered = np.sort(values)
    present = int((~np.isnan(ordered)).sum())
    if not present:
        return np.zeros(view.n, dtype=np.int64)
    n_bins = max(2, min(BINS, present // 20))
    edges = np.unique(ordered[(np.arange(1, n_bins) * present) // n_bins])
    bins = np.searchsorted(edges, values, side="left")
    return np.where(np.isnan(values), len(edges) + 1, bins)


def _classes(bins: np.ndarray, y: np.ndarray, fold: np.ndarray, k: int) -> tuple[float, float]:
    b = int(bins.max()) + 1
    counts = np.bincount((bins * FOLDS + fold) * k + y, minlength=b * FOLDS * k)
    counts = counts.reshape(b, FOLDS, k).astype(float)
    total = counts.sum(axis=(0, 1))
    rest = counts.sum(axis=1, keepdims=True) - counts
    prior = (total - counts.sum(axis=0)) / (total.sum() - counts.sum(axis=(0, 2)))[:, None]
    p = (rest + PRIOR * prior) / (rest.sum(axis=2, keepdims=True) + PRIOR)
    right = np.take_along_axis(counts, p.argmax(axis=2)[:, :, None], axis=2).sum()
    commonest = total.max() / total.sum()
    kappa = (right / total.sum() - commonest) / (1 - commonest)
    classes = range(1, 2) if k == 2 else range(k)
    aucs = [
        _auc(p[:, :, c], counts[:, :, c], counts.sum(axis=2) - counts[:, :, c]) for c in classes
    ]
    return float(np.average(aucs, weights=total[list(classes)])), float(kappa)


def _auc(p: np.ndarray, pos: np.ndarray, neg: np.ndarray) -> float:
    """The mean over folds of the AUC of bin scores `p` (bins, folds), ties counted half."""
    over = (p[:, None] > p[None]) + 0.5 * (p[:, None] == p[None])
    pairs = np.einsum("if,ijf,jf->f", pos, over, neg)
    possible = pos.sum(axis=0) * neg.sum(axis=0)
    some = possible > 0
    return float((pairs[some] / possible[some]).mean()) if some.any() else 0.5


def _numbers(bins: np.ndarray, y: np.ndarray, fold: np.ndarray) -> tuple[float, float]:
    b = int(bins.max()) + 1
    cell, size = bins * FOLDS + fold, b * FOLDS
    y = (y - y.mean()) / (y.std() or 1.0)
    n = np.bincount(cell, minlength=size).reshape(b, FOLDS).astype(float)
    s = np.bincount(cell, y, minlength=size).reshape(b, FOLDS)
    q = float(y @ y)
    rest_n, rest_s = n.sum(axis=1, keepdims=True) - n, s.sum(axis=1, keepdims=True) - s
    overall = (s.sum() - s.sum(axis=0)) / (n.sum() - n.sum(axis=0))
    m = (rest_s + PRIOR * overall) / (rest_n + PRIOR)
    error = q - 2 * (m * s).sum() + (m**2 * n).sum()
    r2 = float(1 - error / max(q, 1e-300))
    return r2, r2


def _p_value(bins: np.ndarray, y: np.ndarray, k: int, by_size: bool) -> float:
    """The chance of so much dependence on groups of bins where there is none.

    Neighbouring bins are joined to ten groups (words: bins of fewer than 20 rows to one).
    """
    size = np.bincount(bins)
    used = np.flatnonzero(size)
    if by_size:
        group = np.where(size >= 20, np.cumsum(size >= 20), 0)
    else:
        group = np.zeros(len(size), dtype=np.int64)
        group[used] = np.arange(len(used)) * min(10, len(used)) // len(used)
    group = group[bins]
    n = np.bincount(group)
    if (n > 0).sum() < 2:
        return 1.0
    if k:
        table = np.bincount(group * k + y, minlength=len(n) * k).reshape(-1, k).astype(float)
        table = table[n > 0][:, table.sum(axis=0) > 0]
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / len(y)
        chi2 = ((table - expected) ** 2 / expected).sum()
        return float(special.chdtrc((table.shape[0] - 1) * (table.shape[1] - 1), chi2))
    n, means = n[n > 0], (np.bincount(group, y) / np.maximum(n, 1))[n > 0]
    between = float((n * (means - y.mean()) ** 2).sum())
    within = float(((y - y.mean()) ** 2).sum()) - between
    df1, df2 = len(n) - 1, len(y) - len(n)
    return float(special.fdtrc(df1, df2, between / df1 / max(within / df2, 1e-300)))
