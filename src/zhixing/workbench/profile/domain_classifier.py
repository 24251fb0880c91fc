"""A classifier that tries to tell two tables apart: 0.5 where they are alike."""

from __future__ import annotations

import numpy as np

from ...core.parallel import single_threaded_blas
from .view import View

MOST_ROWS, MOST_COLUMNS, TOP = 20_000, 300, 10


def domain_auc(a: View, b: View, seed: int = 0) -> tuple[float, float]:
    """AUC of a linear discriminant on ranks and common categories, and its lower 99.5 % bound.

    Columns: numbers as normalised ranks and their squares (so that spread counts, not only place),
    missingness, the ten commonest categories; `a` and `b` have equal say.  The discriminant is a
    ridge regression on the membership, which has the direction of Fisher's.  It is fitted on one
    half and judged on the other, and the other way round; the bound takes the mean of the two for
    no more certain than one, because folds of one sample are not independent.
    """
    rng = np.random.default_rng(seed)
    X = _features(a, b)
    if not X.shape[1]:
        return 0.5, 0.5
    member = np.repeat([0, 1], [a.n, b.n])
    rows = np.concatenate([_some(np.flatnonzero(member == k), rng) for k in (0, 1)])
    X, member = X[rows], member[rows]
    half = np.zeros(len(rows), dtype=bool)
    for k in (0, 1):
        place = rng.permutation(np.flatnonzero(member == k))
        half[place[: len(place) // 2]] = True
    if min(member[half].sum(), (1 - member[half]).sum()) < 2:
        return 0.5, 0.5
    aucs = []
    with single_threaded_blas():
        for learn in (half, ~half):
            score = X[~learn] @ _direction(X[learn], member[learn])
            aucs.append(_auc(score, member[~learn]))
    auc = float(np.mean(aucs))
    n1, n0 = int(member[half].sum()), int((1 - member[half]).sum())
    # Hanley and McNeil (1982), eq. 1, with the exponential approximation for Q1 and Q2.
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (n1 - 1) * (q1 - auc**2) + (n0 - 1) * (q2 - auc**2)
    return auc, auc - 2.576 * float(np.sqrt(max(variance, 0.0) / (n0 * n1)))


def _some(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rows if len(rows) <= MOST_ROWS else rng.choice(rows, MOST_ROWS, replace=False)


def _direction(X: np.ndarray, member: np.ndarray) -> np.ndarray:
    weight = np.where(member == 1, 0.5 / member.mean(), 0.5 / (1 - member.mean()))
    Z = X - np.average(X, axis=0, weights=weight)
    WZ = Z * weight[:, None]
    gram = WZ.T @ Z
    gram[np.diag_indices_from(gram)] += 1e-3 * max(np.trace(gram) / len(gram), 1e-12) + 1e-12
    return np.linalg.solve(gram, WZ.T @ (member - 0.5))


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
        counts = both.value_counts(name="rows").sort("rows", both.name, descending=[True, False])
        common = counts[both.name].head(TOP)
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
