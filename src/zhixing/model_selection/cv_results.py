"""The table of a search: one row per candidate, in scikit-learn's columns."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from scipy.stats import rankdata

from .folds import FoldScore
from .search import Search


def cv_results(
    search: Search, seen: list[list[FoldScore]], metrics: list[str], n_splits: int
) -> dict[str, Any]:
    """Scores, times and parameters by candidate.

    Scores of folds that a pruned candidate never saw are NaN; its mean is over the folds it saw and
    its rank is below every complete candidate's.  Beyond scikit-learn's columns: `n_fits`,
    `pruned`.
    """
    trials = search.trials
    complete = np.array([trial.state != "pruned" for trial in trials])
    results: dict[str, Any] = {}
    for name, values in (
        ("fit_time", [[f.fit_seconds for f in row] for row in seen]),
        ("score_time", [[f.score_seconds for f in row] for row in seen]),
    ):
        results[f"mean_{name}"] = np.array([np.mean(row) for row in values])
        results[f"std_{name}"] = np.array([np.std(row) for row in values])
    for name in dict.fromkeys(name for trial in trials for name in trial.params):
        results[f"param_{name}"] = _column([trial.params.get(name, _ABSENT) for trial in trials])
    results["params"] = [trial.params for trial in trials]
    results["n_fits"] = np.array([len(row) for row in seen])
    results["pruned"] = ~complete
    for metric in metrics:
        test = [[f.scores[metric] for f in row] for row in seen]
        mean = _add(results, f"test_{metric}", test, n_splits)
        if not np.all(np.isfinite(mean)):
            warnings.warn(f"Some test scores are not finite: {mean}", UserWarning, stacklevel=3)
        results[f"rank_test_{metric}"] = _rank(mean, complete)
        if seen and seen[0] and seen[0][0].train_scores:
            train = [[f.train_scores[metric] for f in row] for row in seen]
            _add(results, f"train_{metric}", train, n_splits)
    return results


_ABSENT = object()


def _add(results: dict[str, Any], name: str, rows: list[list[float]], n_splits: int) -> np.ndarray:
    for split in range(n_splits):
        scores = [row[split] if split < len(row) else np.nan for row in rows]
        results[f"split{split}_{name}"] = np.array(scores)
    results[f"mean_{name}"] = np.array([np.mean(row) for row in rows])
    results[f"std_{name}"] = np.array([np.std(row) for row in rows])
    return results[f"mean_{name}"]


def _rank(mean: np.ndarray, complete: np.ndarray) -> np.ndarray:
    worth = np.where(np.isfinite(mean), mean, -np.inf)
    ranks = np.empty(mean.size, dtype=np.int32)
    ranks[complete] = rankdata(-worth[complete], method="min")
    ranks[~complete] = complete.sum() + rankdata(-worth[~complete], method="min")
    return ranks


def _column(values: list[Any]) -> np.ma.MaskedArray:
    """Values of one parameter; masked where a candidate does not have it."""
    absent = [value is _ABSENT for value in values]
    held = [value for value in values if value is not _ABSENT]
    kinds = {type(value) for value in held}
    plain = kinds <= {int, float} or kinds in ({bool}, {str})
    dtype = np.result_type(*[np.asarray(v) for v in held]) if plain and kinds != {str} else object
    column = np.ma.MaskedArray(np.empty(len(values), dtype=dtype), mask=absent)
    for i, value in enumerate(values):
        if not absent[i]:
            column[i] = value
    return column
