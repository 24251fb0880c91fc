"""Categories whose class tables do not differ significantly become one."""

from __future__ import annotations

import math

import numpy as np

from ._jit import kernel, subroutine


@subroutine
def log_erfc(z):
    """log erfc(z) for z >= 0, also where erfc is less than the smallest float."""
    if z < 25.0:
        return math.log(math.erfc(z))
    s = 1.0 / (2.0 * z * z)
    series = 1.0 - s * (1.0 - 3.0 * s * (1.0 - 5.0 * s * (1.0 - 7.0 * s)))
    return -z * z - math.log(z * math.sqrt(math.pi)) + math.log(series)


@subroutine
def log_tail(x, freedom):
    """log P(chi-squared > x) for whole degrees: Q(a + 1, h) = Q(a, h) + h^a e^-h / gamma(a + 1)."""
    if freedom == 0 or x <= 0.0:
        return 0.0
    h = 0.5 * x
    a = 0.5 if freedom % 2 else 1.0
    log_q = log_erfc(math.sqrt(h)) if freedom % 2 else -h
    while a < 0.5 * freedom - 0.25:
        more = a * math.log(h) - h - math.lgamma(a + 1.0)
        top = max(log_q, more)
        log_q = top + math.log(math.exp(log_q - top) + math.exp(more - top))
        a += 1.0
    return min(log_q, 0.0)


@subroutine
def log_p_of_two(a, b, ratio):
    """log p-value of the test that two rows of class weights are of one distribution."""
    first = 0.0
    second = 0.0
    classes = 0
    for c in range(a.size):
        first += a[c]
        second += b[c]
        classes += a[c] + b[c] > 0.0
    total = first + second
    value = 0.0
    for c in range(a.size):
        column = a[c] + b[c]
        if column <= 0.0:
            continue
        for row in range(2):
            seen = a[c] if row == 0 else b[c]
            expected = (first if row == 0 else second) * column / total
            if ratio:
                if seen > 0.0:
                    value += 2.0 * seen * math.log(seen / expected)
            elif expected > 0.0:
                value += (seen - expected) * (seen - expected) / expected
    return log_tail(max(value, 0.0), classes - 1 if first > 0.0 and second > 0.0 else 0)


@subroutine
def may_join(i, j, alive, bare, ordered):
    """Whether two groups may: any two of a nominal feature, neighbours of an ordered one.

    bare: the group that is missing values alone, which may join any and lies between none; i < j.
    """
    if not ordered or i == bare or j == bare:
        return True
    for m in range(i + 1, j):
        if alive[m] and m != bare:
            return False
    return True


@kernel(("f8[:, ::1]", "b1", "i8", "f8", "f8", "b1", "i8[::1]"))
def merge_categories(tables, ordered, free, log_alpha, least, ratio, owner):
    """Merge until all pairs differ and all groups weigh `least`; returns how many are left.

    owner[i]: the first category of i's group; `tables` (c, k) become the groups' class weights, in the
    rows of the owners.  free: the category of missing values among ordered ones, or -1.
    """
    size = tables.shape[0]
    alive = np.ones(size, np.bool_)
    for i in range(size):
        owner[i] = i
    bare = free
    log_p = np.full((size, size), -np.inf)
    for i in range(size):
        for j in range(i + 1, size):
            if may_join(i, j, alive, bare, ordered):
                log_p[i, j] = log_p_of_two(tables[i], tables[j], ratio)
    groups = size
    by_mass = False
    while groups > 1:
        small = -1
        if by_mass:
            lightest = np.inf
            for i in range(size):
                if alive[i]:
                    mass = tables[i].sum()
                    if mass < lightest:
                        lightest = mass
                        small = i
            if lightest >= least - 1e-9:
                break
        best = -np.inf
        for i in range(size):
            for j in range(i + 1, size):
                if alive[i] and alive[j] and (small < 0 or i == small or j == small):
                    best = max(best, log_p[i, j])
        if not by_mass and best <= log_alpha:
            by_mass = True
            continue
        at = -1
        to = -1
        for i in range(size):
            for j in range(i + 1, size):
                if alive[i] and alive[j] and (small < 0 or i == small or j == small):
                    if at < 0 and log_p[i, j] >= best - 1e-12 and log_p[i, j] > -np.inf:
                        at = i
                        to = j
        if at < 0:
            break
        for c in range(tables.shape[1]):
            tables[at, c] += tables[to, c]
        alive[to] = False
        for i in range(size):
            if owner[i] == to:
                owner[i] = at
        if at == bare or to == bare:
            bare = -1
        groups -= 1
        for j in range(size):
            if alive[j] and j != at:
                i0 = min(at, j)
                j0 = max(at, j)
                log_p[i0, j0] = -np.inf
                if may_join(i0, j0, alive, bare, ordered):
                    log_p[i0, j0] = log_p_of_two(tables[i0], tables[j0], ratio)
    return groups
