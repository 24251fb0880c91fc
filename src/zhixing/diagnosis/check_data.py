"""Values no model should be given without a look."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ..core.finding import Finding
from ..core.quiet import quiet
from ..losses.domain import DOMAINS, check_domain

#: Spreads of columns that differ by more than this factor are unscaled.
UNSCALED = 1e3
#: Distance from the median, in spreads between the quartiles, from which a value is extreme.
EXTREME = 10.0


def check_data(
    X: Any, y: Any = None, *, bounds: dict[str, tuple[float, float]] | None = None, loss: Any = None
) -> list[Finding]:
    """NaN, infinity, values out of their domain, extreme values and unscaled columns.

    Parameters
    ----------
    X : numeric array or frame, dense or sparse.
    y : numeric targets, checked too.
    bounds : lowest and highest allowed value by column name (``"x0"`` for arrays without names).
    loss : the loss to be used; y must lie in its domain.

    Returns
    -------
    Findings with columns and first rows named; an empty list if there is nothing to say.
    `apply(X)` of the finding on extreme values clips them.  Cost O(n p).

    Examples
    --------
    >>> X = np.array([[1.0, 1e6], [2.0, 2e6], [np.nan, 3e6], [4.0, 4e6]])
    >>> [f.code for f in check_data(X)]
    ['missing-values', 'unscaled-columns']
    """
    names = [str(c) for c in getattr(X, "columns", [f"x{j}" for j in range(np.shape(X)[1])])]
    A = X.toarray() if sparse.issparse(X) else np.asarray(X)
    try:
        A = A.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"check_data reads numbers: {error}") from None
    findings = [
        *_not_numbers("X", A, names),
        *_out_of_bounds(A, names, bounds or {}),
        *_extreme(A, names),
        *_unscaled(A, names),
    ]
    if y is not None:
        target = np.asarray(y)
        if target.dtype.kind in "fiub":
            column = target.astype(np.float64).reshape(len(target), -1)
            labels = ["y"] if column.shape[1] == 1 else [f"y{k}" for k in range(column.shape[1])]
            findings += _not_numbers("y", column, labels)
            findings += _out_of_domain(column, loss)
            findings += _extreme(column, labels)
    return findings


def _rows(mask: Any) -> list[int]:
    return np.flatnonzero(mask)[:10].tolist()


def _not_numbers(what: str, A: np.ndarray, names: list[str]) -> list[Finding]:
    found = []
    for code, bad, title in (
        ("missing-values", np.isnan(A), "missing values (NaN)"),
        ("infinite-values", np.isinf(A), "infinite values"),
    ):
        count = bad.sum(axis=0)
        if not count.any():
            continue
        columns = [names[j] for j in np.flatnonzero(count)]
        found.append(
            Finding(
                code,
                "error" if what == "y" or code == "infinite-values" else "warning",
                f"{int(count.sum())} {title} in {len(columns)} column(s)",
                where=", ".join(columns),
                evidence={
                    "count": {names[j]: int(count[j]) for j in np.flatnonzero(count)},
                    "rows": _rows(bad.any(axis=1)),
                },
                cause="not recorded" if code == "missing-values" else "a division or log of zero",
                remedy="impute, or drop the rows"
                if code == "missing-values"
                else "find the computation that made them, or treat them as missing",
            )
        )
    return found


def _out_of_bounds(
    A: np.ndarray, names: list[str], bounds: dict[str, tuple[float, float]]
) -> list[Finding]:
    unknown = sorted(set(bounds) - set(names))
    if unknown:
        raise ValueError(f"bounds names {unknown}, which are not columns")
    found = []
    for name, (low, high) in bounds.items():
        column = A[:, names.index(name)]
        bad = (column < low) | (column > high)
        if bad.any():
            found.append(
                Finding(
                    "out-of-domain",
                    "error",
                    f"{int(bad.sum())} value(s) of {name} lie outside [{low:g}, {high:g}]",
                    where=name,
                    evidence={"rows": _rows(bad), "values": column[bad][:10].tolist()},
                    cause="an error of recording, or another unit",
                    remedy="correct them, or treat them as missing",
                )
            )
    return found


def _out_of_domain(y: np.ndarray, loss: Any) -> list[Finding]:
    if loss is None or y.shape[1] != 1:
        return []
    try:
        check_domain(loss, y[:, 0])
    except ValueError as error:
        return [
            Finding(
                "target-out-of-domain",
                "error",
                str(error),
                where="y",
                evidence={"domain": DOMAINS[loss.domain]},
                cause="the loss is not meant for such a target",
                remedy="choose a loss whose domain holds every y, or correct the targets",
            )
        ]
    return []


def _quartiles(A: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    finite = np.where(np.isfinite(A), A, np.nan)
    with quiet(RuntimeWarning):  # columns without a finite value
        low, middle, high = np.nanpercentile(finite, [25, 50, 75], axis=0)
    return low, middle, high


def _extreme(A: np.ndarray, names: list[str]) -> list[Finding]:
    low, middle, high = _quartiles(A)
    spread = high - low
    limit = EXTREME * np.where(spread > 0, spread, np.inf)
    with np.errstate(invalid="ignore"):
        bad = np.abs(A - middle) > limit
    count = bad.sum(axis=0)
    if not count.any():
        return []
    columns = np.flatnonzero(count)

    def clip(X: Any) -> Any:
        """X with every column held within ten quartile distances of its median."""
        bounds = (middle - limit, middle + limit)
        return X.clip(*bounds, axis=1) if hasattr(X, "columns") else np.clip(X, *bounds)

    return [
        Finding(
            "extreme-values",
            "warning",
            f"{int(count.sum())} value(s) lie more than {EXTREME:g} quartile distances from the median",
            where=", ".join(names[j] for j in columns),
            evidence={
                "count": {names[j]: int(count[j]) for j in columns},
                "rows": _rows(bad.any(axis=1)),
                "worst": {
                    names[j]: float(A[bad[:, j], j][np.argmax(np.abs(A[bad[:, j], j]))])
                    for j in columns
                },
            },
            cause="an error of recording, a code for missing (-999), or a heavy tail",
            remedy="correct codes, clip, take logarithms, or use a robust loss",
            apply=clip,
        )
    ]


def _unscaled(A: np.ndarray, names: list[str]) -> list[Finding]:
    finite = np.where(np.isfinite(A), A, 0.0)
    spread = finite.std(axis=0)
    used = np.flatnonzero(spread > 0)
    if len(used) < 2:
        return []
    small, large = used[np.argmin(spread[used])], used[np.argmax(spread[used])]
    ratio = float(spread[large] / spread[small])
    if ratio < UNSCALED:
        return []
    return [
        Finding(
            "unscaled-columns",
            "tip",
            f"the spread of {names[large]} is {ratio:.2g} times that of {names[small]}",
            where=f"{names[large]}, {names[small]}",
            evidence={"ratio": ratio, "spread": {names[j]: float(spread[j]) for j in used[:50]}},
            cause="columns are in different units",
            remedy="scale them (StandardScaler): penalties, distances and gradient steps have no units",
        )
    ]
