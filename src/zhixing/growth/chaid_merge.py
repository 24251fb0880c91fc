"""CHAID's categories of one feature: which differ, which are one, and what the best grouping is worth."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, logsumexp

from ..kernels.merge_categories import merge_categories
from .chi_squared import log_p_value, statistic


class Merged(NamedTuple):
    """Groups of codes, the chi-squared of their table, and its log p-value after Bonferroni's adjustment."""

    groups: list[list[int]]
    statistic: float
    log_p: float


class Merging(NamedTuple):
    """How categories are merged."""

    alpha: float  # two groups whose difference has a larger p-value become one
    alpha_resplit: (
        float | None
    )  # a group of three or more whose best halves differ by less is cut in two
    least: float  # weight below which a group is merged with its nearest
    kind: str  # of statistic
    bonferroni: bool


def merge(
    codes: np.ndarray, totals: np.ndarray, rules: Merging, *, ordered: bool, floating: int | None
) -> Merged | None:
    """Kass (1980), steps 1 and 2, for one feature in one node.

    codes (c,): those present, ascending; totals (c, k) their class weights.  `ordered` features merge
    neighbours only, but `floating`, the code of missing values, may join any group.  None where one
    group is left.
    """
    held = totals.astype(np.float64)
    held = held[:, held.sum(axis=0) > 0]
    loose = int(np.flatnonzero(codes == floating)[0]) if floating in codes else None
    free = loose if ordered else None
    if rules.alpha_resplit is None:
        groups, table = _merged(held, rules, ordered, free)
    else:
        groups, table = merged_and_cut(held, rules, ordered, free)
    if len(groups) < 2:
        return None
    value, freedom = statistic(table, rules.kind)
    log_p = float(log_p_value(value, freedom))
    if rules.bonferroni:
        log_p = min(log_p + log_multiplier(len(codes), len(groups), ordered, free is not None), 0.0)
    ordered_groups = sorted((sorted(g) for g in groups), key=lambda g: g[0])
    return Merged([[int(codes[at]) for at in g] for g in ordered_groups], float(value), log_p)


def _merged(
    held: np.ndarray, rules: Merging, ordered: bool, free: int | None
) -> tuple[list[list[int]], np.ndarray]:
    """Groups and their tables, by the compiled loop."""
    owner = np.empty(len(held), np.int64)
    table = np.ascontiguousarray(held).copy()
    merge_categories(
        table, ordered, -1 if free is None else free, float(np.log(rules.alpha)), rules.least,
        rules.kind == "likelihood_ratio", owner,
    )  # fmt: skip
    owners = np.unique(owner)
    return [np.flatnonzero(owner == o).tolist() for o in owners], table[owners]


def merged_and_cut(
    held: np.ndarray, rules: Merging, ordered: bool, free: int | None
) -> tuple[list[list[int]], np.ndarray]:
    """The same, and groups that differ within are cut in two again: the definition, step by step."""
    groups = [[at] for at in range(len(held))]
    tables = list(held)
    pairs = _Pairs(tables, groups, ordered, free, rules.kind)
    seen: set[tuple[tuple[int, ...], ...]] = set()
    while len(groups) > 1:
        i, j, log_p = pairs.best()
        if log_p <= np.log(rules.alpha):
            break
        pairs.join(i, j)
        if rules.alpha_resplit is None or len(groups[i]) < 3:
            continue
        state = tuple(sorted(tuple(sorted(g)) for g in groups))
        halves = _best_halves(groups[i], held, ordered, free, rules.kind)
        # A group cut in two may be merged again the same way for ever: once a state is enough.
        if halves is not None and halves[0] <= np.log(rules.alpha_resplit) and state not in seen:
            seen.add(state)
            pairs.cut(i, halves[1], halves[2], held)
    while len(groups) > 1:
        masses = np.array([t.sum() for t in tables])
        small = int(masses.argmin())
        if masses[small] >= rules.least - 1e-9:
            break
        i, j, _ = pairs.best(of=small)
        pairs.join(i, j)
    return groups, np.array(tables)


class _Pairs:
    """log p-values of all pairs of groups that may be merged; -inf for those that may not."""

    def __init__(
        self, tables: list[np.ndarray], groups: list[list[int]], ordered: bool, free: int | None,
        kind: str,
    ) -> None:  # fmt: skip
        self.tables, self.groups = tables, groups
        self.ordered, self.free, self.kind = ordered, free, kind
        self._all()

    def _all(self) -> None:
        size = len(self.groups)
        self.log_p = np.full((size, size), -np.inf)
        pairs = [(i, j) for i in range(size) for j in range(i + 1, size) if self._allowed(i, j)]
        if pairs:
            a, b = np.array(pairs).T
            table = np.array(self.tables)
            found = log_p_value(*statistic(np.stack([table[a], table[b]], axis=1), self.kind))
            self.log_p[a, b] = self.log_p[b, a] = found

    def _fill(self, i: int, others: np.ndarray) -> None:
        allowed = [int(j) for j in others if self._allowed(i, int(j))]
        if not allowed:
            return
        both = np.array([[self.tables[i], self.tables[j]] for j in allowed])
        self.log_p[i, allowed] = log_p_value(*statistic(both, self.kind))
        self.log_p[allowed, i] = self.log_p[i, allowed]

    def _allowed(self, i: int, j: int) -> bool:
        if not self.ordered:
            return True
        a = [at for at in self.groups[i] if at != self.free]
        b = [at for at in self.groups[j] if at != self.free]
        if not a or not b:
            return True  # missing values alone may join any group
        low, high = (a, b) if a[0] < b[0] else (b, a)
        between = range(max(low) + 1, min(high))
        return all(at == self.free for at in between)

    def best(self, of: int | None = None) -> tuple[int, int, float]:
        """The two groups most alike, the first of equals; `of` one group only."""
        held = np.triu(self.log_p, 1)
        held[np.tril_indices(len(held))] = -np.inf
        if of is not None:
            row = self.log_p[of].copy()
            row[of] = -np.inf
            j = int(row.argmax())
            return min(of, j), max(of, j), float(row[j])
        top = held.max()
        i, j = np.unravel_index(int((held >= top - 1e-12).argmax()), held.shape)
        return int(i), int(j), float(top)

    def join(self, i: int, j: int) -> None:
        """Group j into group i; i < j."""
        self.groups[i] = sorted(self.groups[i] + self.groups.pop(j))
        self.tables[i] = self.tables[i] + self.tables.pop(j)
        self.log_p = np.delete(np.delete(self.log_p, j, axis=0), j, axis=1)
        self.log_p[i] = self.log_p[:, i] = -np.inf
        self._fill(i, np.array([m for m in range(len(self.groups)) if m != i]))

    def cut(self, i: int, a: list[int], b: list[int], held: np.ndarray) -> None:
        """Group i into a and b."""
        self.groups[i] = a
        self.tables[i] = held[a].sum(axis=0)
        self.groups.append(b)
        self.tables.append(held[b].sum(axis=0))
        self._all()


def _best_halves(
    group: list[int], held: np.ndarray, ordered: bool, free: int | None, kind: str
) -> tuple[float, list[int], list[int]] | None:
    """The two halves of a group that differ most: all cuts of an order, else the cuts of categories
    sorted by their share of the commonest class (with two classes the best of all halves)."""
    table = held[group]
    if ordered:
        order = [at for at in group if at != free]
        loose = [free] if free is not None and free in group else []
    else:
        common = int(table.sum(axis=0).argmax())
        share = table[:, common] / table.sum(axis=1)
        order, loose = [group[at] for at in np.argsort(share, kind="stable")], []
    halves = []
    for cut in range(1, len(order)):
        a, b = order[:cut], order[cut:]
        halves += [(a + loose, b), (a, b + loose)] if loose else [(a, b)]
    if loose:
        halves.append((order, list(loose)))
    if not halves:
        return None
    both = np.array([[held[a].sum(axis=0), held[b].sum(axis=0)] for a, b in halves])
    log_p = log_p_value(*statistic(both, kind))
    at = int(log_p.argmin())
    return float(log_p[at]), sorted(halves[at][0]), sorted(halves[at][1])


def log_multiplier(c: int, r: int, ordered: bool, floating: bool) -> float:
    """log of the number of ways to merge c categories into r groups: Kass (1980), section 4.

    Nominal: S(c, r), Stirling's number of the second kind; ordered: C(c - 1, r - 1); ordered but for a
    floating category: C(c - 2, r - 2) + r C(c - 2, r - 1).

    >>> import math
    >>> [round(math.exp(log_multiplier(5, 3, o, f)), 6) for o, f in ((0, 0), (1, 0), (1, 1))]
    [25.0, 6.0, 12.0]
    """
    if not ordered:
        return _log_stirling(c, r)
    if not floating:
        return _log_choose(c - 1, r - 1)
    return float(np.logaddexp(_log_choose(c - 2, r - 2), np.log(r) + _log_choose(c - 2, r - 1)))


def _log_choose(n: int, k: int) -> float:
    if k < 0 or k > n or n < 0:
        return -np.inf
    return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


@cache
def _log_stirling(c: int, r: int) -> float:
    """By the recurrence S(c, r) = r S(c - 1, r) + S(c - 1, r - 1), in logarithms: no cancellation."""
    row = np.full(r + 1, -np.inf)
    row[0] = 0.0
    whole = np.log(np.maximum(np.arange(r + 1), 1e-300))
    for _ in range(c):
        shifted = np.concatenate([[-np.inf], row[:-1]])
        row = logsumexp(np.stack([row + whole, shifted]), axis=0)
        row[0] = -np.inf
    return float(row[r])
