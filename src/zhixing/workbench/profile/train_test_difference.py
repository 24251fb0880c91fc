"""Rows to learn from and rows held out (or new) that do not come from one distribution."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from ...core.finding import Finding
from .domain_classifier import domain_auc
from .view import View, columns, some

#: False discovery rate over the columns, and the least difference worth telling.
FDR, LEAST = 0.01, 0.05
AUC_DIFFERS = 0.55


def check(view: View) -> Iterator[Finding]:
    """Column by column (Kolmogorov-Smirnov, or chi-square on categories) and all at once.

    p-values are adjusted by Benjamini-Hochberg; the size told is the KS distance or half the sum of
    absolute differences in shares, both in [0, 1].  The target is compared too.
    """
    other = view.holdout
    if other is None:
        return
    found = dict(_by_column(view, other))
    if found:
        order = np.argsort([p for _, p in found.values()], kind="stable")
        names = [list(found)[i] for i in order]
        ranked = np.array([found[name][1] for name in names])
        adjusted = ranked * len(ranked) / np.arange(1, len(ranked) + 1)
        adjusted = np.minimum(np.minimum.accumulate(adjusted[::-1])[::-1], 1.0)
        moved = {
            name: {"distance": found[name][0], "p_adjusted": float(q)}
            for name, q in zip(names, adjusted)
            if q < FDR and found[name][0] >= LEAST
        }
        if moved:
            largest = max(moved, key=lambda name: moved[name]["distance"])
            yield Finding(
                "train-test-difference",
                "warning",
                f"{columns(len(moved))} differ{'s' * (len(moved) == 1)} between training and "
                f"hold-out, most {largest!r} (distance {moved[largest]['distance']:.2f})",
                where=some(list(moved)),
                evidence={"columns": moved, "compared": len(found), "fdr": FDR},
                cause="another time, place or way of collecting",
                remedy="scores on the hold-out speak of those rows; see which rows come next",
            )
    auc, low = domain_auc(view, other)
    if low > AUC_DIFFERS:
        yield Finding(
            "train-test-recognised",
            "warning",
            f"a classifier tells training from hold-out rows: AUC {auc:.2f} (0.5 if alike)",
            evidence={"auc": auc, "low": low},
            cause="the two differ in combinations of columns, if not in one",
            remedy="do not expect the cross-validated score on the hold-out",
        )


def _by_column(view: View, other: View) -> Iterator[tuple[str, tuple[float, float]]]:
    """Name, distance and p-value of every column that both tables have."""
    for name in view.numeric:
        if name in other.place:
            a, b = (v.X[:, v.place[name]] for v in (view, other))
            a, b = a[~np.isnan(a)], b[~np.isnan(b)]
            if min(len(a), len(b)) >= 10:
                yield name, _ks(a, b)
    for name in [*view.words, *view.table.columns("boolean")]:
        if name in other.table.frame.columns:
            yield name, _shares(view, other, name)
    for name in view.table.columns("datetime"):
        if name in other.table.frame.columns:
            a, b = (
                v.table.frame[name].drop_nulls().dt.epoch("s").cast(float).to_numpy()
                for v in (view, other)
            )
            if min(len(a), len(b)) >= 10:
                yield name, _ks(a, b)
    target = view.table.target
    if target is not None and other.table.target is not None:
        if target.classes is None:
            yield target.name, _ks(view.table.y, other.table.y)
        else:
            yield target.name, _shares(view, other, target.name)


def _ks(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """The KS distance and its asymptotic p-value."""
    a, b = np.sort(a), np.sort(b)
    both = np.concatenate([a, b])
    gap = np.searchsorted(a, both, side="right") / len(a)
    gap -= np.searchsorted(b, both, side="right") / len(b)
    d = float(np.abs(gap).max())
    return d, float(stats.kstwobign.sf(d * np.sqrt(len(a) * len(b) / (len(a) + len(b)))))


def _shares(view: View, other: View, name: str) -> tuple[float, float]:
    """Half the sum of differences in shares, and the chi-square p-value; rare values pooled."""
    counts = []
    for v in (view, other):
        values = v.table.frame[name].cast(str).fill_null("\0missing")
        counts.append(dict(values.value_counts(name="rows").iter_rows()))
    names = sorted(set(counts[0]) | set(counts[1]))
    table = np.array([[c.get(k, 0) for k in names] for c in counts], dtype=float)
    n = table.sum(axis=1, keepdims=True)
    expected = n * table.sum(axis=0) / n.sum()
    rare = expected.min(axis=0) < 5
    table = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return 0.0, 1.0
    distance = float(np.abs(table[0] / n[0] - table[1] / n[1]).sum() / 2)
    expected = n * table.sum(axis=0) / n.sum()
    chi2 = ((table - expected) ** 2 / expected).sum()
    return distance, float(stats.chi2.sf(chi2, table.shape[1] - 1))
