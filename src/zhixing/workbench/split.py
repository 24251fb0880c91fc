"""The held-out rows: set aside before anything is learned, looked at once at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.errors import InputError
from ..core.random import RandomState, generator
from ..data import Table

#: Fewer rows cannot be both learned from and judged on.
FEWEST_ROWS = 10
#: More held-out rows than this hardly narrow an interval.
MOST_TEST_ROWS = 50_000
_TEST_WORDS = ("test", "testing", "holdout", "hold-out", "hold_out", "held-out", "heldout")
_TRIALS = 64


@dataclass(frozen=True)
class Split:
    """Indices of the rows to learn from and of those held out, both ascending, and how in words."""

    train: np.ndarray
    test: np.ndarray
    how: str

    @property
    def share(self) -> float:
        """Held-out rows as a share of all."""
        return len(self.test) / (len(self.train) + len(self.test))


def default_test_size(n: int) -> float:
    """25 % of up to 1,000 rows, 20 % of more, at most 50,000 rows.

    >>> default_test_size(286), default_test_size(48_842), default_test_size(500_000)
    (0.25, 0.2, 0.1)
    """
    return 0.25 if n <= 1000 else min(0.2, MOST_TEST_ROWS / n)


def split(
    table: Table,
    *,
    test_size: float | None = None,
    seed: RandomState = 0,
    stratify: bool = True,
) -> Split:
    """Hold rows of a table out.

    The first rule that fits is used:

    1. a column of parts (role ``split``): the rows called test;
    2. time and groups: the groups whose last row is latest;
    3. time: the latest rows; rows of one moment stay together;
    4. groups: whole groups, of 64 random choices the one nearest to the wanted size and to the
       classes' shares;
    5. classes: each in proportion, with a row on either side;
    6. numbers: each of up to 20 quantile bins of the target in proportion (not if `stratify` is
       false).

    Errors (`InputError`): fewer than 10 rows, a single group, a share outside (0, 1), one side that
    would be empty or of one class.

    >>> from zhixing.data import read
    >>> table = read("zhixing:iris", target="species")
    >>> made = split(table, seed=0)
    >>> len(made.train), len(made.test), made.how
    (112, 38, 'stratified by class')
    """
    n = len(table)
    if test_size is not None and not 0 < test_size < 1:
        raise InputError(f"test size {test_size} is not between 0 and 1")
    if n < FEWEST_ROWS:
        raise InputError(
            f"{n} rows are too few to learn from and to judge on", where=table.name, do="find more"
        )
    share, rng = test_size or default_test_size(n), generator(seed)
    if table.parts is not None:
        test, how = _by_parts(table), "by the column of parts"
    elif table.time is not None and table.groups is not None:
        test, how = _by_group_time(table, share), "the groups that end last"
    elif table.time is not None:
        test, how = _by_time(table, share), "the latest rows"
    elif table.groups is not None:
        test, how = _by_group(table, share, rng), "by whole groups"
    elif table.classes is not None and stratify:
        test, how = _in_proportion(table.codes, share, rng), "stratified by class"
    elif table.target is not None and stratify:
        test, how = _in_proportion(quantile_bins(table.y), share, rng), "stratified by target size"
    else:
        test, how = _in_proportion(np.zeros(n, dtype=np.int64), share, rng), "at random"
    held = np.zeros(n, dtype=bool)
    held[test] = True
    made = Split(np.flatnonzero(~held), np.flatnonzero(held), how)
    _check(table, made)
    return made


def quantile_bins(y: np.ndarray, n_bins: int = 20) -> np.ndarray:
    """Codes of quantile bins of at least 5 values each; equal values share a bin.

    >>> np.bincount(quantile_bins(np.arange(40.0))).tolist()
    [5, 5, 5, 5, 5, 5, 5, 5]
    """
    n_bins = max(1, min(n_bins, len(y) // 5))
    edges = np.unique(np.quantile(y, np.arange(1, n_bins) / n_bins, method="higher"))
    return np.searchsorted(edges, y, side="right")


def _in_proportion(codes: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Of every class its share of rows, at least one and never all (of two rows or more)."""
    shuffled = rng.permutation(len(codes))
    order = shuffled[np.argsort(codes[shuffled], kind="stable")]
    counts = np.bincount(codes)
    wanted = counts * share
    take = np.floor(wanted).astype(np.int64)
    # What rounding down lost goes to the classes that lost most.
    left = max(0, round(len(codes) * share) - int(take.sum()))
    take[np.argsort(take - wanted, kind="stable")[:left]] += 1
    take = np.where(counts >= 2, np.clip(take, 1, counts - 1), np.minimum(take, counts))
    starts = np.cumsum(counts) - counts
    return np.concatenate([order[s : s + t] for s, t in zip(starts, take)])


def _by_parts(table: Table) -> np.ndarray:
    parts = table.parts
    assert parts is not None
    test = parts.str.to_lowercase().is_in(list(_TEST_WORDS)).fill_null(False).to_numpy()
    if not test.any():
        seen = ", ".join(map(repr, parts.unique().sort().to_list()[:5]))
        raise InputError(
            f"no row of {parts.name!r} is called 'test'; there are {seen}",
            where=table.name,
            do="name the held-out part 'test'",
        )
    return np.flatnonzero(test)


def _by_time(table: Table, share: float) -> np.ndarray:
    time = table.time
    assert time is not None
    ordered = np.sort(time)
    at = min(len(time) - 1, round(len(time) * (1 - share)))
    cut = ordered[at]
    # The moment of the cut goes whole to the side where it lies for the larger part.
    first, last = np.searchsorted(ordered, [cut, np.nextafter(cut, np.inf)])
    later = (
        time > cut if (at - first > last - at and last < len(time)) or first == 0 else time >= cut
    )
    return np.flatnonzero(later)


def _by_group_time(table: Table, share: float) -> np.ndarray:
    time, groups = table.time, table.groups
    assert time is not None and groups is not None
    sizes = _group_sizes(table, groups)
    end = np.full(len(sizes), -np.inf)
    np.maximum.at(end, groups, time)
    order = np.lexsort((np.arange(len(end)), end))[::-1]
    chosen = order[: _until(sizes[order], share * len(time))]
    return np.flatnonzero(np.isin(groups, chosen))


def _by_group(table: Table, share: float, rng: np.random.Generator) -> np.ndarray:
    groups = table.groups
    assert groups is not None
    sizes, n = _group_sizes(table, groups), len(groups)
    codes = table.codes if table.classes is not None else quantile_bins(table.y, 5)
    counts = np.zeros((len(sizes), int(codes.max()) + 1))
    np.add.at(counts, (groups, codes), 1)
    whole = counts.sum(axis=0)
    best, chosen = np.inf, np.zeros(0, dtype=np.int64)
    for _ in range(_TRIALS if len(sizes) < 100_000 else 4):
        order = rng.permutation(len(sizes))
        picked = order[: _until(sizes[order], share * n)]
        got = counts[picked].sum(axis=0)
        away = abs(got.sum() / n - share) / share
        away += np.abs(got / got.sum() - whole / n).sum() + 10 * np.sum((got == 0) | (got == whole))
        if away < best:
            best, chosen = away, picked
    return np.flatnonzero(np.isin(groups, chosen))


def _group_sizes(table: Table, groups: np.ndarray) -> np.ndarray:
    sizes = np.bincount(groups)
    if len(sizes) < 2:
        raise InputError(
            "there is one group only: it cannot be on both sides",
            where=table.name,
            do="choose another group column, or none",
        )
    return sizes


def _until(sizes: np.ndarray, wanted: float) -> int:
    """How many of these groups come nearest to the wanted number of rows: one at least, not all."""
    total = np.cumsum(sizes)
    return int(np.clip(np.argmin(np.abs(total - wanted)) + 1, 1, len(sizes) - 1))


def _check(table: Table, made: Split) -> None:
    if not len(made.train) or not len(made.test):
        side = "learned from" if not len(made.train) else "held out"
        raise InputError(f"no row would be {side}", where=table.name, do="change the split")
    if table.classes is not None and len(np.unique(table.codes[made.train])) < 2:
        raise InputError(
            "every row to learn from would be of one class",
            where=table.name,
            do="the classes change with time or group: split another way",
        )
