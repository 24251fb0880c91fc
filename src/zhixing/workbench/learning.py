"""The learning curve and its verdict: underfits, overfits, limited by noise, limited by data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats
from sklearn.base import clone

from ..core.parallel import each
from ..core.quiet import quiet
from ..data import Table
from .folds import Folds, goal
from .measure import Measure
from .plan import Entry
from .predicted import fit, predicted
from .progress import Progress
from .writing import interval, score

#: Folds the curve is drawn over, sizes along it, and rows of which training scores are taken.
FOLDS, SIZES, SCORED = 5, 5, 20_000
#: A gap of this share of the gain over the baseline is called overfitting; a growth of this share
#: by doubling the rows is called a lack of data.
GAP, GROWTH = 0.10, 0.01


@dataclass(frozen=True)
class Curve:
    """Scores by number of rows: arrays of shape (sizes, folds)."""

    sizes: list[int]
    train: np.ndarray
    validation: np.ndarray

    def facts(self) -> dict[str, Any]:
        points = []
        for i, rows in enumerate(self.sizes):
            point: dict[str, Any] = {"rows": rows}
            for name, values in (("train", self.train[i]), ("validation", self.validation[i])):
                mean, low, high = _mean(values)
                point |= {name: mean, f"{name}_low": low, f"{name}_high": high}
            points.append(point)
        return {
            "points": points,
            "train": self.train.tolist(),
            "validation": self.validation.tolist(),
        }


def _mean(values: np.ndarray) -> tuple[float, float, float]:
    seen = values[np.isfinite(values)]
    if len(seen) < 2:
        only = float(seen[0]) if len(seen) else math.nan
        return only, only, only
    mean = float(seen.mean())
    half = float(stats.t.ppf(0.975, len(seen) - 1) * seen.std(ddof=1) / math.sqrt(len(seen)))
    return mean, mean - half, mean + half


def learning_curve(
    folds: Folds,
    entry: Entry,
    params: dict[str, Any],
    measure: Measure,
    seed: int,
    k: int | None,
    progress: Progress,
) -> Curve:
    """The proposed settings learned from ever more rows of the same folds.

    Smaller sets are parts of the larger, drawn in proportion to the classes; in order of time the
    last rows before the fold.  Preparation is learned anew from every set.
    """
    table, used = folds.table, _spread(len(folds), FOLDS)
    largest = min(len(folds.splits[i][0]) for i in used)
    sizes = _sizes(largest, k)
    train = np.full((len(sizes), len(used)), np.nan)
    validation = np.full_like(train, np.nan)
    y, weight, frame = goal(table), table.weight, table.X
    orders = [_nested(table, folds.splits[i][0], y, k, seed + i) for i in used]

    def one(place: tuple[int, int]) -> tuple[float, float]:
        s, j = place
        learn, test = folds.splits[used[j]]
        rows = np.sort(orders[j][: sizes[s]])
        if len(rows) == len(learn):
            fold = folds[used[j]]
            X, truth, own, X_test = fold.X, fold.y, fold.weight, fold.X_test
            categorical = fold.categorical
        else:
            own = None if weight is None else weight[rows]
            preparation, truth = clone(folds.preparation), y[rows]
            X = preparation.fit_transform(frame[rows], truth, own)
            X_test = preparation.transform(frame[test])
            categorical = preparation.categorical()
        made = _fitted(entry.make(params, seed, categorical=categorical), X, truth, own)
        if made is None:
            return math.nan, math.nan
        some = slice(0, SCORED)
        on_own = measure(
            truth[some], predicted(made, X[some], k), None if own is None else own[some]
        )
        own = None if weight is None else weight[test]
        return on_own, measure(y[test], predicted(made, X_test, k), own)

    # The largest first, so that no thread ends long after the others.
    places = [(s, j) for s in reversed(range(len(sizes))) for j in range(len(used))]
    with quiet(), progress.bar("learning curve", len(places)) as advance:
        for batch in range(0, len(places), len(used)):
            part = places[batch : batch + len(used)]
            for (s, j), (a, b) in zip(part, each(one, part)):
                train[s, j], validation[s, j] = a, b
                advance(f"{sizes[s]:,} rows")
    return Curve(sizes, train, validation)


def _spread(n: int, wanted: int) -> list[int]:
    """At most `wanted` of n folds; in order of time the last ones know most."""
    return list(range(max(0, n - wanted), n))


def _sizes(largest: int, k: int | None) -> list[int]:
    smallest = min(max(30, 10 * (k or 1), largest // 32), largest)
    sizes = np.geomspace(smallest, largest, SIZES).astype(int)
    return sorted({int(s) for s in sizes})


def _nested(table: Table, learn: np.ndarray, y: np.ndarray, k: int | None, seed: int) -> np.ndarray:
    """An order of the rows whose every beginning is a fair sample."""
    rng = np.random.default_rng(seed)
    if table.time is not None:
        return learn[np.argsort(-table.time[learn], kind="stable")]
    if k is None:
        return rng.permutation(learn)
    # Within its class every row gets an even place in [0, 1): classes interleave in proportion.
    place = np.empty(len(learn))
    for code in np.unique(y[learn]):
        own = np.flatnonzero(y[learn] == code)
        place[rng.permutation(own)] = (np.arange(len(own)) + rng.random()) / len(own)
    return learn[np.argsort(place, kind="stable")]


def _fitted(estimator: Any, X: Any, y: np.ndarray, weight: np.ndarray | None) -> Any:
    try:
        with np.errstate(all="ignore"):
            return fit(estimator, X, y, weight)
    except (ValueError, ArithmeticError, np.linalg.LinAlgError):
        return None  # too few rows for this estimator, e.g. one class only


def growth(curve: Curve, sign: int) -> tuple[float, float, float]:
    """What doubling the rows would add to the validation score: value and 95 % interval.

    The score is taken to follow ``a - b n^-c`` (Cortes et al. 1993, eq. 5) with c between 0.25 and
    1, fitted to each fold through the three largest sizes; the interval is Student's over folds.
    """
    added = []
    for j in range(curve.validation.shape[1]):
        good = np.isfinite(curve.validation[:, j])
        n = np.array(curve.sizes, dtype=float)[good]
        v = sign * curve.validation[good, j]
        if len(n) < 3:
            continue
        n, v = n[-3:], v[-3:]
        best = (math.inf, 0.0)
        for c in (0.25, 0.35, 0.5, 0.7, 1.0):
            basis = np.column_stack([np.ones_like(n), -(n**-c)])
            coef, *_ = np.linalg.lstsq(basis, v, rcond=None)
            error = float(np.sum((basis @ coef - v) ** 2))
            gain = float(coef[1] * (n[-1] ** -c - (2 * n[-1]) ** -c))
            best = min(best, (error, gain))
        added.append(best[1])
    mean, low, high = _mean(np.array(added)) if added else (math.nan,) * 3
    return mean, low, high


def verdict(
    curve: Curve,
    measure: Measure,
    baseline: float,
    beats_baseline: bool,
    flexible: dict[str, Any] | None,
) -> dict[str, Any]:
    """What limits the model, in one word, one short phrase and one sentence with the numbers.

    In this order: no better than the baseline; overfits (training score ahead of validation by 10 %
    of the gain over the baseline, and detectably); limited by data (doubling the rows would add 1 %
    of it, detectably); underfits (the same model with products of its leading columns is detectably
    better); else limited by noise.
    """
    sign = measure.sign
    train, validation = sign * curve.train[-1], sign * curve.validation[-1]
    gap, gap_low, gap_high = _mean(train - validation)
    gain, gain_low, gain_high = growth(curve, sign)
    skill = abs(float(np.nanmean(validation)) - sign * baseline)
    numbers = {
        "train": sign * float(np.nanmean(train)),
        "validation": sign * float(np.nanmean(validation)),
        "gap": gap,
        "gap_low": gap_low,
        "gap_high": gap_high,
        "doubling": gain,
        "doubling_low": gain_low,
        "doubling_high": gain_high,
        "skill": skill,
        "flexible": flexible,
    }
    ends = (
        f"{score(numbers['train'])} on the rows learned from, {score(numbers['validation'])} on others"
        f" (gap {score(gap)} {interval(gap_low, gap_high)})"
    )
    doubling = f"doubling the rows would add about {score(gain)} {interval(gain_low, gain_high)}"
    more = ""
    if flexible is not None:
        more = (
            f"with products of its leading columns it gains {score(flexible['gain'])} "
            f"{interval(flexible['low'], flexible['high'])}"
        )
    if not beats_baseline:
        word, short = "no signal found", "not detectably better than the baseline"
        sentence = f"The model is not detectably better than the baseline: {ends}."
    elif gap > GAP * skill and gap_low > 0:
        word, short = "overfits", f"{score(gap)} ahead on the rows it learned from"
        sentence = f"It overfits: {ends}. More rows or fewer columns close the gap; {doubling}."
    elif gain > GROWTH * skill and gain_low > 0:
        word, short = "limited by data", doubling
        sentence = f"Its curve still rises: {doubling}. Now {ends}."
    elif flexible is not None and flexible["detectable"]:
        word, short = "underfits", f"products of columns would add {score(flexible['gain'])}"
        sentence = f"It is too simple: {more}. More rows would not help ({doubling}); {ends}."
    else:
        word, short = "limited by noise", f"doubling the rows would add {score(max(gain, 0.0))}"
        sentence = (
            f"Scores meet: {ends}, and {doubling}"
            + (f"; {more}, which could be chance or is too little to matter" if more else "")
            + ". Better columns would help, more rows of these hardly."
        )
    return {"word": word, "short": short, "sentence": sentence, "numbers": numbers}
