"""How well each column alone predicts the target, cross-validated, by means within bins.

Numbers are cut into up to 64 quantile bins, words are their own bins; the prediction for a bin is the
target's mean (or class shares) there in the other four folds, drawn towards the overall mean.  All
of it is computed from counts by bin and fold, so a column costs one pass over the rows.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from .view import View

BINS, FOLDS = 64, 5
#: Weight of the overall mean in a bin, in rows.
PRIOR = 2.0


class Score(NamedTuple):
    """AUC (two classes), weighted one-vs-rest AUC (more) or R2 (numbers), and a test of chance.

    `kappa` is the accuracy beyond always answering the commonest class, as a share of what is
    there to gain (for numbers: R2).  `z` is about normal where the column tells nothing.
    """

    name: str
    score: float
    kappa: float
    z: float


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
        found.append(Score(name, *made))
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


def _classes(bins: np.ndarray, y: np.ndarray, fold: np.ndarray, k: int) -> tuple:
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
    weights = total[list(classes)]
    auc = float(np.average(aucs, weights=weights))
    best = int(np.argmax(aucs))
    pos = weights[best]
    neg = total.sum() - pos
    z = (aucs[best] - 0.5) / np.sqrt((pos + neg + 1) / (12 * pos * neg))
    return auc, float(kappa), float(z)


def _auc(p: np.ndarray, pos: np.ndarray, neg: np.ndarray) -> float:
    """The mean over folds of the AUC of bin scores `p` (bins, folds), ties counted half."""
    over = (p[:, None] > p[None]) + 0.5 * (p[:, None] == p[None])
    pairs = np.einsum("if,ijf,jf->f", pos, over, neg)
    possible = pos.sum(axis=0) * neg.sum(axis=0)
    some = possible > 0
    return float((pairs[some] / possible[some]).mean()) if some.any() else 0.5


def _numbers(bins: np.ndarray, y: np.ndarray, fold: np.ndarray) -> tuple:
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
    r2 = 1 - error / max(q, 1e-300)
    spread = np.sqrt(max((m**2 * n).sum() / n.sum() - ((m * n).sum() / n.sum()) ** 2, 1e-300))
    r = (m * s).sum() / n.sum() / spread
    return float(r2), float(r2), float(r * np.sqrt(n.sum()))
