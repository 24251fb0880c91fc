"""The paired bootstrap: how far would the difference move if the test rows were drawn again?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from ..core.errors import InputError
from ..core.estimate import Estimate
from ..core.parallel import each, single_threaded_blas, slices
from ..core.random import RandomState, generator
from .comparison import Comparison, check_levels
from .pairing import Pairing, pair

# Counts of one block of resamples: about 16 MB.
BLOCK = 2_000_000
# Leave-one-out values for the acceleration; beyond this many units they are left out in groups.
JACKKNIFE = 400


class Resampled(NamedTuple):
    """The difference on all rows, on each resample, and with each (group of) units left out."""

    observed: float
    replicates: np.ndarray
    left_out: np.ndarray
    weight: np.ndarray


def paired_bootstrap(
    y: ArrayLike,
    pred_a: ArrayLike,
    pred_b: ArrayLike,
    metric: str | Callable[..., Any] = "accuracy",
    *,
    method: Literal["percentile", "bca"] = "percentile",
    n_resamples: int = 5000,
    stratify: ArrayLike | bool | None = None,
    groups: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    greater_is_better: bool | None = None,
    pos_label: Any = None,
    rope: float | None = None,
    alpha: float = 0.05,
    random_state: RandomState = 0,
    names: tuple[str, str] = ("A", "B"),
) -> Comparison:
    """Interval and p-value for the difference of any metric, resampling test rows jointly for both.

    Rows (or whole groups) are drawn with replacement B times, the same ones for A and B, and ``m(A)
    - m(B)`` is taken on each draw.  "percentile" reads the interval off their quantiles; "bca"
    first corrects the quantile levels for bias and for a spread that changes with the value:
    ``Phi(z0 + (z0 + z) / (1 - a (z0 + z)))``.

    Parameters
    ----------
    y : array of shape (n,)
        Truth; (n, k) for several outputs.
    pred_a, pred_b : arrays
        What the metric reads: labels; probabilities of the positive class, (n,), or of all, (n, k);
        scores; values.
    metric : str or callable
        A name (`zhixing.model_comparison.MEASURES`, scikit-learn's scorer names too) or any
        ``metric(y_true, y_pred) -> float``, which costs two calls per resample.
    stratify : True or array of shape (n,), optional
        Draw within strata, so that their sizes stay; True takes the classes of y.
    groups : array of shape (n,), optional
        Rows of one group (patient, day) are drawn together, because they are not independent.
    sample_weight : array of whole numbers, optional
        How often each row occurs.
    greater_is_better : bool, optional
        Known for named metrics; True by default for a function.
    rope : float, optional
        Half-width of the region of practical equivalence in units of the metric.

    Returns
    -------
    Comparison
        The p-value is the level at which the interval just touches zero, so both always agree; it
        is never below ``2 / (B + 1)``.  Effect size: difference over its bootstrap standard error.

    Notes
    -----
    Source: Efron and Tibshirani (1993), *An introduction to the bootstrap*, eq. 14.9 to 14.15;
    p-value: section 15.4, by inversion.  Cost O(B n), for label metrics O(B c) with c the number of
    distinct (y, A, B). Coverage is asymptotic: with 30 rows the percentile interval of a mean
    covers about 93 % instead of 95 %, and more rarely where losses are skewed
    (`benchmarks/STUDY_COMPARISON.md`).  The same seed gives the same bits for any number of
    threads.

    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> y = rng.normal(size=200)
    >>> a, b = y + rng.normal(0, 1.0, 200), y + rng.normal(0, 1.5, 200)
    >>> paired_bootstrap(y, a, b, "mean_absolute_error").verdict
    'A better'
    """
    check_levels(alpha, rope)
    if method not in ("bca", "percentile"):
        raise InputError(f"method is 'bca' or 'percentile', not {method!r}")
    if n_resamples < 100:
        raise InputError(f"an interval needs at least 100 resamples, not {n_resamples}")
    paired = pair(
        y,
        pred_a,
        pred_b,
        metric,
        greater_is_better=greater_is_better,
        pos_label=pos_label,
        groups=groups,
        stratify=stratify,
        sample_weight=sample_weight,
    )
    if paired.n_units < 2:
        raise InputError("one unit cannot be resampled; the bootstrap needs at least two")
    # Threads work on blocks; BLAS threads of their own would wait for each other.
    with single_threaded_blas():
        drawn = resample(paired, n_resamples, random_state)
    known = drawn.replicates[np.isfinite(drawn.replicates)]
    notes = []
    if known.size < drawn.replicates.size:
        notes.append(
            f"{drawn.replicates.size - known.size} of {drawn.replicates.size} resamples left the metric "
            "undefined and were dropped; stratify=True keeps every class"
        )
    if known.size < 100:
        raise InputError("the metric is undefined on nearly all resamples", do="stratify=True")
    stretch = expansion(paired.n_units, alpha)
    levels = _bca(drawn, known, stretch) if method == "bca" else _Percentile(stretch)
    equivalence = float("nan")
    if rope is not None:
        equivalence = max(levels.below(known, -rope), 1 - levels.below(known, rope))
    low, high = (levels.quantile(known, q) for q in (alpha / 2, 1 - alpha / 2))
    tail = levels.below(known, 0.0)
    tied = levels.below(known, 0.0, strict=True)
    spread = float(np.std(known, ddof=1))
    if spread == 0.0:
        notes.append("the difference is the same on every resample")
    return Comparison(
        difference=Estimate(
            drawn.observed, low, high, 1 - alpha, f"bootstrap {_NAMES[method]}", spread
        ),
        p_value=min(1.0, max(2 * min(tail, 1 - tied), 2 / (known.size + 1))),
        test=f"paired bootstrap of {paired.measure.name}, {_NAMES[method]}, {known.size} resamples",
        effect_size=drawn.observed / spread if spread else 0.0,
        effect_name="difference / standard error",
        n=paired.n_units,
        scores=paired.scores(),
        alpha=alpha,
        rope=rope,
        p_equivalence=equivalence,
        greater_is_better=paired.measure.greater_is_better,
        names=names,
        notes=tuple(notes),
    )


_NAMES = {"bca": "BCa", "percentile": "percentile"}


def resample(paired: Pairing, n_resamples: int, random_state: RandomState) -> Resampled:
    """The difference on resamples, drawn in blocks over the threads."""
    if (cut := paired.cells()) is not None:
        paired, counts = cut
    else:
        counts = np.ones(paired.n_units, dtype=np.intp)
    first, second = paired.statistics()
    by_rows = _expander(paired)

    def difference(units: np.ndarray) -> np.ndarray:
        rows = by_rows(units)
        return first(rows) - second(rows)

    strata = [np.flatnonzero(paired.strata == s) for s in range(int(paired.strata.max()) + 1)]
    size = max(1, min(256, BLOCK // max(1, len(paired.y))))
    blocks = slices(n_resamples, size)
    seeds = generator(random_state).spawn(len(blocks))

    def block(job: tuple[slice, np.random.Generator]) -> np.ndarray:
        cut, rng = job
        units = np.empty((cut.stop - cut.start, counts.size))
        for members in strata:
            units[:, members] = _draw(rng, counts[members], units.shape[0])
        return difference(units)

    replicates = np.concatenate(each(block, list(zip(blocks, seeds))))
    left_out, weight = _leave_out(difference, counts)
    return Resampled(float(difference(counts[None, :])[0]), replicates, left_out, weight)


def _draw(rng: np.random.Generator, counts: np.ndarray, resamples: int) -> np.ndarray:
    m, total = counts.size, int(counts.sum())
    if total > m:
        return rng.multinomial(total, counts / total, size=resamples)
    places = rng.integers(0, m, size=(resamples, m))
    places += np.arange(resamples)[:, None] * m
    return np.bincount(places.ravel(), minlength=resamples * m).reshape(resamples, m)


def _expander(paired: Pairing) -> Callable[[np.ndarray], np.ndarray]:
    if not paired.grouped:
        return lambda units: units
    return lambda units: units[:, paired.units]


def _leave_out(
    difference: Callable[[np.ndarray], np.ndarray], counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The difference without each unit, and how many units each value stands for."""
    m, total = counts.size, int(counts.sum())
    if total > m or m <= JACKKNIFE:
        without = np.tile(counts, (m, 1)) - np.eye(m, dtype=counts.dtype)
        weight = counts.astype(float)
    else:
        # Groups of neighbours in a fixed shuffle: sums of influences keep their third moment's ratio.
        group = np.random.default_rng(0).permutation(m) % JACKKNIFE
        without = (group[None, :] != np.arange(JACKKNIFE)[:, None]).astype(float)
        weight = np.ones(JACKKNIFE)
    size = max(1, BLOCK // m)
    parts = [difference(without[cut]) for cut in slices(len(without), size)]
    return np.concatenate(parts), weight


def expansion(n: int, alpha: float) -> float:
    """How much too short the quantiles of n units are: Hesterberg (2015), section 5.5.

    The bootstrap's spread is too small by ``sqrt((n - 1) / n)``, and it knows its own spread as
    little as Student did; for a mean of normal values this factor mends both.

    >>> round(expansion(20, 0.05), 3), round(expansion(2000, 0.05), 3)
    (1.096, 1.001)
    """
    t, z = stats.t.ppf(1 - alpha / 2, n - 1), special.ndtri(1 - alpha / 2)
    return float(np.sqrt(n / (n - 1)) * t / z)


class _Percentile(NamedTuple):
    stretch: float

    def quantile(self, replicates: np.ndarray, level: float) -> float:
        return float(np.quantile(replicates, special.ndtr(self.stretch * special.ndtri(level))))

    def below(self, replicates: np.ndarray, value: float, strict: bool = False) -> float:
        """The level whose quantile is the value: `quantile` solved for `level`."""
        return float(special.ndtr(_deviate(replicates, value, strict) / self.stretch))


class _Bca(NamedTuple):
    bias: float
    acceleration: float
    stretch: float

    def quantile(self, replicates: np.ndarray, level: float) -> float:
        z = self.bias + self.stretch * special.ndtri(level)
        adjusted = special.ndtr(self.bias + z / (1 - self.acceleration * z))
        return float(np.quantile(replicates, adjusted))

    def below(self, replicates: np.ndarray, value: float, strict: bool = False) -> float:
        """The level whose quantile is the value: `quantile` solved for `level`."""
        w = _deviate(replicates, value, strict) - self.bias
        return float(special.ndtr((w / (1 + self.acceleration * w) - self.bias) / self.stretch))


def _deviate(replicates: np.ndarray, value: float, strict: bool) -> float:
    """The normal deviate of the share of replicates at or below a value, never infinite."""
    ahead = replicates < value if strict else replicates <= value
    return float(special.ndtri((np.count_nonzero(ahead) + 0.5) / (replicates.size + 1)))


def _bca(drawn: Resampled, known: np.ndarray, stretch: float) -> _Bca | _Percentile:
    # Ties with the observed value count half: label metrics move in steps of 1 / n.
    below = np.count_nonzero(known < drawn.observed) + 0.5 * np.count_nonzero(
        known == drawn.observed
    )
    share = min(max(below / known.size, 0.5 / known.size), 1 - 0.5 / known.size)
    usable = np.isfinite(drawn.left_out)
    weight, values = drawn.weight[usable], drawn.left_out[usable]
    gap = np.average(values, weights=weight) - values
    squares = float(weight @ gap**2)
    if squares <= 0.0:
        return _Percentile(stretch)
    acceleration = float(weight @ gap**3) / (6 * squares**1.5)
    return _Bca(float(special.ndtri(share)), acceleration, stretch)
