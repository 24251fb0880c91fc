"""Numeric columns that others determine: correlated pairs and variance inflation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.finding import Finding
from .view import View, columns, some

HIGH_R, HIGH_VIF = 0.95, 10.0
#: Beyond so many columns no inverse is taken; pairs are compared on fewer rows.
MOST_VIF, MOST_ROWS, WIDE_ROWS, BLOCK = 1000, 50_000, 2000, 2000


def check(view: View) -> Iterator[Finding]:
    """Pairs with |r| of 0.95 and more; columns with VIF of 10 and more.

    VIF_j = 1 / (1 - R2_j), where R2_j is that of column j regressed on the others; all of them are
    the diagonal of the inverse correlation matrix.  Missing values count as the mean.
    """
    Z, names, rows = _standardised(view)
    if Z.shape[1] < 2:
        return
    pairs = _pairs(Z, names)
    if pairs:
        (a, b), r = next(iter(pairs.items()))
        yield Finding(
            "correlated-columns",
            "tip",
            f"{len(pairs):,} pair{'s' * (len(pairs) > 1)} of columns with |r| of {HIGH_R} and more, "
            f"most {a!r} and {b!r} ({r:.3f})",
            where=some(list(dict.fromkeys(name for pair in pairs for name in pair))),
            evidence={
                "pairs": [[a, b, r] for (a, b), r in list(pairs.items())[:100]],
                "n": len(pairs),
                "rows": rows,
            },
            cause="measures of the same thing, sums and their parts, or neighbouring times",
            remedy="keep one of each pair, or let an L2 penalty share the weight",
        )
    if Z.shape[1] <= MOST_VIF and rows > 2 * Z.shape[1]:
        yield from _inflated(Z, names, rows)


def _standardised(view: View) -> tuple[np.ndarray, list[str], int]:
    """Varying columns with mean 0 and length 1, NaN as 0, on a sample of the rows."""
    most = MOST_ROWS if len(view.numeric) <= MOST_VIF else WIDE_ROWS
    use = np.flatnonzero(view.moments.std > 0)
    X = view.X[:, use] if len(use) < len(view.numeric) else view.X
    if view.n > most:
        X = X[np.sort(np.random.default_rng(0).choice(view.n, most, replace=False))]
    Z = np.array(X, order="F")
    gone = np.isnan(Z)
    count = np.maximum((~gone).sum(axis=0), 1)
    Z[gone] = 0.0
    Z /= np.maximum(np.abs(Z).max(axis=0), np.finfo(Z.dtype).tiny)
    Z -= Z.sum(axis=0) / count
    Z[gone] = 0.0
    length = np.sqrt((Z**2).sum(axis=0))
    vary = length > 1e-7 * np.sqrt(len(X))
    if Z.shape[1] > MOST_VIF:
        Z = Z.astype(np.float32)
    return Z[:, vary] / length[vary], [view.numeric[j] for j in use[vary]], len(X)


def _pairs(Z: np.ndarray, names: list[str]) -> dict[tuple[str, str], float]:
    """Correlated pairs, the strongest first, block by block so that memory stays small."""
    p = Z.shape[1]
    found: list[tuple[int, int, float]] = []
    for i in range(0, p, BLOCK):
        for j in range(i, p, BLOCK):
            R = Z[:, i : i + BLOCK].T @ Z[:, j : j + BLOCK]
            for a, b in zip(*np.nonzero(np.abs(R) >= HIGH_R)):
                if i + a < j + b:
                    found.append((i + int(a), j + int(b), float(R[a, b])))
            if len(found) > 100_000:
                break
    found.sort(key=lambda item: (-abs(round(item[2], 9)), item[0], item[1]))
    return {(names[a], names[b]): float(np.clip(r, -1, 1)) for a, b, r in found}


def _inflated(Z: np.ndarray, names: list[str], rows: int) -> Iterator[Finding]:
    R = Z.T @ Z
    # 1e-12 bounds the inverse where columns determine each other exactly.
    vif = np.diag(np.linalg.inv(R + 1e-12 * np.eye(len(R))))
    high = np.flatnonzero((vif >= HIGH_VIF) | (vif < 0))
    if not high.size:
        return
    vif = np.where((vif > 1e9) | (vif < 0), np.inf, vif)
    high = high[np.argsort(-vif[high], kind="stable")]
    exact = [names[j] for j in high if np.isinf(vif[j])]
    worst = high[0]
    size = "infinite" if exact else f"{vif[worst]:,.0f}"
    yield Finding(
        "multicollinearity",
        "tip",
        f"{columns(len(high))} with a variance inflation (VIF) of {HIGH_VIF:.0f} and more, "
        f"{'e.g.' if exact else 'most'} {names[worst]!r}: {size}",
        where=some([names[j] for j in high]),
        evidence={
            # JSON knows no infinity: None stands for it.
            "vif": {names[j]: None if np.isinf(vif[j]) else float(vif[j]) for j in high[:100]},
            "exact": exact[:100],
            "rows": rows,
        },
        cause="sums and their parts, the same thing in two units, polynomial terms",
        remedy="coefficients of these columns cannot be read one by one; drop some, or use L2",
    )
