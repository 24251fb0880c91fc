"""Many candidates on the same folds: which cannot be told from the best, and which is simplest?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..core.estimate import Estimate
from ..model_selection.fold_mean import fold_mean
from .comparison import Comparison, check_levels
from .corrected_ttest import corrected_ttest
from .multiplicity import holm


@dataclass(frozen=True)
class Ranking:
    """Candidates in order of their mean score, and what the data can tell about them.

    Attributes
    ----------
    order : tuple of str
        Names, best mean first.
    scores : dict of Estimate
        Mean score by name, each with its own corrected interval.
    against_best : dict of Comparison
        The best (A) against each other (B); p-values are adjusted over all pairs.
    pairwise : dict of Comparison
        Every pair of names, in the order given; p-values are adjusted.
    not_worse : tuple of str
        The best and all that are not detectably worse, or practically equivalent to it.
    proposed : str
        The simplest of `not_worse`; among equally simple ones the best mean.
    """

    order: tuple[str, ...]
    scores: dict[str, Estimate]
    against_best: dict[str, Comparison]
    pairwise: dict[tuple[str, str], Comparison]
    not_worse: tuple[str, ...]
    proposed: str
    simplicity: dict[str, float]
    alpha: float

    @property
    def best(self) -> str:
        """The best mean score: not by itself a claim that it is the best model."""
        return self.order[0]

    def table(self) -> list[dict[str, Any]]:
        """One row per candidate, best first, for a report."""
        rows = []
        for name in self.order:
            versus = self.against_best.get(name)
            rows.append(
                {
                    "name": name,
                    "score": self.scores[name],
                    "difference": None if versus is None else versus.difference,
                    "p_value": None if versus is None else versus.p_value,
                    "verdict": "best mean" if versus is None else _plain(versus),
                    "not_worse": name in self.not_worse,
                    "proposed": name == self.proposed,
                    "simplicity": self.simplicity[name],
                }
            )
        return rows

    def __str__(self) -> str:
        width = max(map(len, self.order))
        lines = []
        for row in self.table():
            mark = "->" if row["proposed"] else "  "
            p = "" if row["p_value"] is None else f"  p = {row['p_value']:.3g}"
            lines.append(f"{mark} {row['name']:<{width}}  {row['score']}  {row['verdict']}{p}")
        return "\n".join(lines)


def _plain(versus: Comparison) -> str:
    return "worse" if versus.winner == "A" else versus.verdict


def compare_many(
    scores_by_model: Mapping[str, ArrayLike],
    n_train: ArrayLike,
    n_test: ArrayLike,
    *,
    rope: float | None = None,
    alpha: float = 0.05,
    greater_is_better: bool = True,
    simplicity: Mapping[str, float] | None = None,
    limits: tuple[float, float] | None = None,
) -> Ranking:
    """Compare all candidates on the same folds; propose the simplest not detectably worse.

    Every pair gets the corrected resampled t-test, and Holm's adjustment runs over all
    M (M - 1) / 2 pairs, not over the M - 1 that involve the best: which one is best was read from
    the same scores, and adjusting for M - 1 alone calls one of several equal models worse too
    often (`benchmarks/STUDY_COMPARISON.md` has the rates of both).

    Parameters
    ----------
    scores_by_model : mapping of name to array of shape (J,)
        One score per fold; all on the same folds, in the same order.
    n_train, n_test : int or arrays of shape (J,)
        Rows trained on and tested on, per fold.
    rope : float, optional
        Half-width of the region of practical equivalence in units of the score; a model worse by
        certainly less stays in the set.  TOST p-values are adjusted over the pairs too.
    alpha : float
        Probability of any false "worse" (familywise).
    greater_is_better : bool
        False for losses.
    simplicity : mapping of name to number, optional
        Lower is simpler; without it the best mean is proposed.
    limits : (float, float), optional
        Of the score, e.g. (0, 1) for accuracy: intervals of scores are cut off there.

    Returns
    -------
    Ranking

    Notes
    -----
    Cost O(M^2 J).  Holm (1979).  A set of models that contains the best with probability at least
    ``1 - alpha`` is the idea of Hsu (1984), "Constrained simultaneous confidence intervals for
    multiple comparisons with the best".

    >>> folds = {"ridge": [.80, .79, .83, .80, .82], "boosting": [.81, .79, .84, .80, .83],
    ...          "prior": [.60, .61, .60, .59, .60]}
    >>> ranking = compare_many(folds, 80, 20, simplicity={"prior": 0, "ridge": 10, "boosting": 40})
    >>> ranking.not_worse, ranking.proposed
    (('boosting', 'ridge'), 'ridge')
    """
    check_levels(alpha, rope)
    if not scores_by_model:
        raise ValueError("no candidates to compare")
    folds = {name: np.asarray(s, dtype=float).ravel() for name, s in scores_by_model.items()}
    if len({s.size for s in folds.values()}) > 1:
        sizes = ", ".join(f"{name}: {s.size}" for name, s in folds.items())
        raise ValueError(f"every candidate needs a score from every fold ({sizes})")
    simple = {name: float((simplicity or {}).get(name, 0.0)) for name in folds}
    if simplicity is not None and (missing := [name for name in folds if name not in simplicity]):
        raise ValueError(f"simplicity is missing for {', '.join(missing)}")

    sign = 1.0 if greater_is_better else -1.0
    order = tuple(sorted(folds, key=lambda name: -sign * float(np.mean(folds[name]))))
    options = dict(rope=rope, alpha=alpha, greater_is_better=greater_is_better)
    pairs = {
        (a, b): corrected_ttest(folds[a], folds[b], n_train, n_test, names=(a, b), **options)  # type: ignore[arg-type]
        for a, b in combinations(order, 2)
    }
    pairs = _adjusted(pairs)
    against_best = {b: c for (a, b), c in pairs.items() if a == order[0]}
    kept = (order[0], *(b for b, c in against_best.items() if c.winner is None))
    return Ranking(
        order=order,
        scores={
            name: fold_mean(folds[name], n_train, n_test).interval(1 - alpha, limits=limits)
            for name in order
        },
        against_best=against_best,
        pairwise=pairs,
        not_worse=kept,
        proposed=min(kept, key=lambda name: (simple[name], order.index(name))),
        simplicity=simple,
        alpha=alpha,
    )


def _adjusted(pairs: dict[tuple[str, str], Comparison]) -> dict[tuple[str, str], Comparison]:
    if not pairs:
        return {}
    p = holm([c.p_value for c in pairs.values()])
    equivalence = np.array([c.p_equivalence for c in pairs.values()])
    if not np.any(np.isnan(equivalence)):
        equivalence = holm(equivalence)
    return {
        pair: replace(
            c,
            p_value=float(p_i),
            p_equivalence=float(e_i),
            test=f"{c.test}, Holm over {p.size} pairs",
        )
        for (pair, c), p_i, e_i in zip(pairs.items(), p, equivalence)
    }
