"""The paired permutation test: models that are exchangeable can be swapped row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from ..core.errors import InputError
from ..core.estimate import Estimate
from ..core.parallel import each, single_threaded_blas, slices
from ..core.random import RandomState, generator
from .comparison import Comparison, check_levels
from .pairing import Pairing, pair
from .statistics import RowStatistic

BLOCK = 2_000_000


def permutation_test(
    y: ArrayLike,
    pred_a: ArrayLike,
    pred_b: ArrayLike,
    metric: str | Callable[..., Any] = "accuracy",
    *,
    n_permutations: int = 9999,
    groups: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    greater_is_better: bool | None = None,
    pos_label: Any = None,
    rope: float | None = None,
    alpha: float = 0.05,
    random_state: RandomState = 0,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """Paired permutation test of any metric: each row's two predictions swap with probability 1/2.

    Under the hypothesis that A and B are exchangeable row by row, every pattern of swaps was
    equally likely, so ``p = #{|d*| >= |d|} / #patterns``.  All patterns are tried where there are
    at most `n_permutations`; otherwise that many are drawn, and ``p = (1 + #{|d*| >= |d|}) / (1 +
    n_permutations)`` keeps the level exactly.

    Parameters
    ----------
    y, pred_a, pred_b, metric, sample_weight, greater_is_better, pos_label, rope
        As in `paired_bootstrap`.
    groups : array of shape (n,), optional
        Rows of one group swap together.

    Returns
    -------
    Comparison
        The interval is ``d -+ q``, q the ``1 - alpha`` quantile of ``|d*|``: it excludes zero
        exactly where ``p <= alpha``.  When the models truly differ it is wider than necessary.

    Notes
    -----
    Source: Fisher (1935), *The design of experiments*, section 21; Good (2005); the added 1:
    Phipson and Smyth (2010).  For ranking metrics each model's scores are first replaced by their
    ranks, since swapping numbers of two scales would compare scales (Bandos, Rockette and Gur
    2005).  For accuracy the exact form is McNemar's exact test. Exchangeable is more than "equal
    metric": two models with equal F1 at different precision are not exchangeable.  Cost O(B n).

    >>> permutation_test([1, 1, 0, 0, 1, 0], [1, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 0]).p_value
    0.125
    """
    check_levels(alpha, rope)
    if n_permutations < 100:
        raise InputError(
            f"a permutation test needs at least 100 permutations, not {n_permutations}"
        )
    paired = pair(
        y,
        pred_a,
        pred_b,
        metric,
        greater_is_better=greater_is_better,
        pos_label=pos_label,
        groups=groups,
        sample_weight=sample_weight,
    )
    if paired.measure.kind == "ranks":
        paired = replace(paired, a=rankdata(paired.a), b=rankdata(paired.b))
    scores = paired.scores()
    observed = scores[0] - scores[1]
    # Threads work on blocks; BLAS threads of their own would wait for each other.
    with single_threaded_blas():
        null, exact = permuted_differences(paired, n_permutations, random_state)
    null = np.abs(null[np.isfinite(null)])
    # A pattern that gives the observed value must count although sums were rounded differently.
    slack = 1e-12 * max(1.0, abs(scores[0]), abs(scores[1]))

    def tail(value: float) -> float:
        beyond = int(np.count_nonzero(null >= value - slack))
        return beyond / null.size if exact else (1 + beyond) / (1 + null.size)

    place = int(np.ceil((1 - alpha) * (null.size + (not exact)))) - 1
    reach = float(np.sort(null)[place]) if place < null.size else float("inf")
    spread = float(np.sqrt(np.mean(null**2)))
    equivalence = float("nan")
    if rope is not None:
        # TOST by the reflected distribution: |d| + q(1 - 2 alpha) must stay within the region.
        equivalence = 1.0 if abs(observed) >= rope else 0.5 * tail(rope - abs(observed))
    how = "all patterns" if exact else f"{null.size} permutations"
    return Comparison(
        difference=Estimate(
            observed, observed - reach, observed + reach, 1 - alpha, "permutation", spread
        ),
        p_value=min(1.0, tail(abs(observed))),
        test=f"paired permutation test of {paired.measure.name}, {how}",
        effect_size=observed / spread if spread else 0.0,
        effect_name="difference / null deviation",
        n=paired.n_units,
        scores=scores,
        alpha=alpha,
        rope=rope,
        p_equivalence=equivalence,
        greater_is_better=paired.measure.greater_is_better,
        names=names,
        notes=("the predictions never differ",) if spread == 0.0 else (),
    )


def permuted_differences(
    paired: Pairing, n_permutations: int, random_state: RandomState
) -> tuple[np.ndarray, bool]:
    """The difference under swaps, and whether these are all swaps there are."""
    apart = paired.a != paired.b
    apart = apart.reshape(len(paired.y), -1).any(axis=1)
    active = np.flatnonzero(np.bincount(paired.units[apart], minlength=paired.n_units))
    if active.size < 63 and 2**active.size <= n_permutations:
        patterns = np.arange(2**active.size)[:, None] >> np.arange(active.size) & 1
        swaps = np.zeros((len(patterns), paired.n_units))
        swaps[:, active] = patterns
        return _difference_after(paired)(swaps), True
    counts = None
    if (cut := paired.cells()) is not None:
        paired, counts = cut
        active = np.flatnonzero(paired.a != paired.b)
    after = _difference_after(paired, counts)
    size = max(1, min(512, BLOCK // max(1, paired.n_units)))
    blocks = slices(n_permutations, size)

    def block(job: tuple[slice, np.random.Generator]) -> np.ndarray:
        cut, rng = job
        rows = cut.stop - cut.start
        swaps = np.zeros((rows, paired.n_units))
        if counts is None:
            swaps[:, active] = rng.integers(0, 2, size=(rows, active.size), dtype=np.int8)
        else:
            swaps[:, active] = rng.binomial(counts[active], 0.5, size=(rows, active.size))
        return after(swaps)

    jobs = list(zip(blocks, generator(random_state).spawn(len(blocks))))
    return np.concatenate(each(block, jobs)), False


def _difference_after(
    paired: Pairing, counts: np.ndarray | None = None
) -> Callable[[np.ndarray], np.ndarray]:
    """Maps swaps of shape (resamples, units), 0 or 1 or how many of a cell, to ``m(A) - m(B)``."""
    first, second = paired.statistics()
    if isinstance(first, RowStatistic) and isinstance(second, RowStatistic):
        times = np.ones(len(paired.y)) if counts is None else counts.astype(float)
        moved = second.columns - first.columns
        if paired.grouped:
            moved = np.array(
                [np.bincount(paired.units, column, paired.n_units) for column in moved.T]
            ).T
        of_a, of_b, finish = times @ first.columns, times @ second.columns, first.finish

        def by_sums(swaps: np.ndarray) -> np.ndarray:
            shift = swaps @ moved
            return finish((of_a + shift) / times.sum()) - finish((of_b - shift) / times.sum())

        return by_sums
    both = replace(
        paired,
        y=np.concatenate([paired.y, paired.y]),
        a=np.concatenate([paired.a, paired.b]),
        b=np.concatenate([paired.a, paired.b]),
    )
    stacked = both.measure.statistic(both.y, both.a, both.n_classes)

    def by_rows(swaps: np.ndarray) -> np.ndarray:
        rows = swaps[:, paired.units]
        stay = 1 - rows
        return stacked(np.hstack([stay, rows])) - stacked(np.hstack([rows, stay]))

    return by_rows
