"""A classifier that tries to tell two tables apart: 0.5 where they are alike."""

from __future__ import annotations

import numpy as np

from ...core.parallel import single_threaded_blas
from .view import View

FOLDS, MOST_ROWS, MOST_COLUMNS, TOP = 5, 20_000, 300, 10


def domain_auc(a: View, b: View, seed: int = 0) -> tuple[float, float]:
    """Cross-validated AUC of a linear discriminant on ranks and common categories, and its 99 % low.

    Columns: numbers as normalised ranks and their squares (so that spread counts, not only place),
    missingness, the ten commonest categories.  Equal rows of `a` and `b` get equal say.  The
    discriminant is a ridge regression on the membership, which has the same direction as Fisher's.
    """
    rng = np.random.default_rng(seed)
    X = _features(a, b)
    if not X.shape[1]:
        return 0.5, 0.5
    member = np.repeat([0, 1], [a.n, b.n])
    rows = np.concatenate([_some(np.flatnonzero(member == k), rng) for k in (0, 1)])
    X, member = X[rows], member[rows]
    fold = rng.permutation(len(rows)) % FOLDS
    aucs, sizes = [], []
    with single_threaded_blas():
        X -= X.mean(axis=0)
        weight = np.where(member == 1, 0.5 / member.mean(), 0.5 / (1 - member.mean()))
        parts = [_sums(X[fold == k], member[fold == k], weight[fold == k]) for k in range(FOLDS)]
        for k in range(FOLDS):
            test = fold == k
            if 0 < member[test].sum() < test.sum():
                rest = [sum(s[i] for s in parts) - parts[k][i] for i in range(4)]
                aucs.append(_auc(X[test] @ _direction(*rest), member[test]))
                sizes.append(test.sum())
    if not aucs:
        return 0.5, 0.5
    auc = float(np.average(aucs, weights=sizes))
    n1, n0 = int(member.sum()), int((1 - member).sum())
    # Hanley and McNeil (1982), eq. 1, with the exponential approximation for Q1 and Q2.
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (n1 - 1) * (q1 - auc**2) + (n0 - 1) * (q2 - auc**2)
    return auc, auc - 2.576 * float(np.sqrt(max(variance, 0.0) / (n0 * n1)))


def _some(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rows if len(rows) <= MOST_ROWS else rng.choice(rows, MOST_ROWS, replace=False)


def _sums(X: np.ndarray, member: np.ndarray, weight: np.ndarray) -> tuple:
    """Weight, weighted sum, weighted products and weighted sum of X by membership: they add."""
    WX = X * weight[:, None]
    return float(weight.sum()), WX.sum(axis=0), WX.T @ X, WX.T @ (member - 0.5)


def _direction(w: float, s: np.ndarray, gram: np.ndarray, xy: np.ndarray) -> np.ndarray:
    gram = gram - np.outer(s, s) / w
    gram[np.diag_indices_from(gram)] += 1e-3 * max(np.trace(gram) / len(gram), 1e-12) + 1e-12
    return np.linalg.solve(gram, xy)


def _features(a: View, b: View) -> np.ndarray:
    made = []
    for name in [n for n in a.numeric if n in b.place][:MOST_COLUMNS]:
        x = np.concatenate([v.X[:, v.place[name]] for v in (a, b)])
        gone = np.isnan(x)
        ordered = np.sort(x[~gone])
        if not ordered.size:
            continue
        left, right = (np.searchsorted(ordered, x, side=s) for s in ("left", "right"))
        rank = np.where(gone, 0.0, (left + right) / ordered.size - 1.0)
        made += [rank, rank**2] + ([gone.astype(float)] if gone.any() else [])
    for name in [*a.words, *a.table.columns("boolean")][:MOST_COLUMNS]:
        if name not in b.table.frame.columns:
            continue
        cells = [v.table.frame[name].cast(str).fill_null("\0missing") for v in (a, b)]
        both = cells[0].append(cells[1])
        common = both.value_counts(sort=True)[both.name].head(TOP)
        made += [(both == level).to_numpy().astype(float) for level in common]
    return np.column_stack(made) if made else np.empty((a.n + b.n, 0))


def _auc(score: np.ndarray, member: np.ndarray) -> float:
    ordered = np.sort(score)
    rank = np.searchsorted(ordered, score, side="left") + np.searchsorted(
        ordered, score, side="right"
    )
    n1 = member.sum()
    return float(
        ((rank[member == 1] + 1).sum() / 2 - n1 * (n1 + 1) / 2) / (n1 * (len(member) - n1))
    )
