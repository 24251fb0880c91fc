"""How much is missing, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.finding import Finding
from .missing import missing_mask
from .table_columns import named_columns

#: Up to the first rate a simple statistic, up to the second regression, up to the third chained
#: equations with an indicator, above it the column is dropped.
RATES = (0.05, 0.3, 0.8)


@dataclass(frozen=True)
class ColumnReport:
    """Missing values of one column and the strategy proposed for them."""

    name: str
    n_missing: int
    rate: float
    kind: str
    strategy: str


@dataclass(frozen=True)
class MissingReport:
    """Missing values of a table: by column, and in patterns over rows."""

    n_rows: int
    columns: tuple[ColumnReport, ...]
    complete_rows: int
    patterns: tuple[tuple[tuple[str, ...], int], ...]

    @property
    def findings(self) -> list[Finding]:
        """One finding for every column with missing values, the worst first."""
        found = []
        for column in sorted(self.columns, key=lambda c: -c.rate):
            if not column.n_missing:
                continue
            found.append(
                Finding(
                    "missing-values",
                    "warning" if column.rate > RATES[1] else "info",
                    f"{100 * column.rate:.1f} % of the values are missing",
                    where=f"column {column.name!r}",
                    evidence={"rate": column.rate, "n_missing": column.n_missing},
                    remedy=_REMEDIES[column.strategy],
                )
            )
        return found

    def __str__(self) -> str:
        width = max([len(c.name) for c in self.columns] + [6])
        lines = [f"{self.complete_rows} of {self.n_rows} rows are complete"]
        for c in sorted(self.columns, key=lambda c: -c.rate):
            if c.n_missing:
                lines.append(f"{c.name:{width}}  {100 * c.rate:5.1f} %  {c.strategy}")
        return "\n".join(lines)


_REMEDIES = {
    "none": "nothing to do",
    "median": "fill with the median",
    "most_frequent": "fill with the most frequent value",
    "category": 'make "missing" a category of its own',
    "regression": "predict from the other columns",
    "chained": "chained equations, and a column that says what was missing",
    "drop": "drop the column",
}


def missing_report(X: Any, *, rates: tuple[float, float, float] = RATES) -> MissingReport:
    """Missing rate of every column, the strategy for it, and the most frequent patterns.

    Rates up to 5 %: the median, or the most frequent value of a categorical column.  Up to 30 %:
    regression on the other columns.  Up to 80 %: chained equations with an indicator column.
    Above: drop the column.  Categorical columns beyond 5 % get a category "missing".

    Parameters
    ----------
    X : frame or array-like of shape (n_samples, n_features)
    rates : (low, medium, high), default=(0.05, 0.3, 0.8)

    Examples
    --------
    >>> X = np.array([[1.0, 2.0, np.nan], [2.0, np.nan, np.nan], [3.0, 4.0, np.nan], [4.0, 5.0, 6.0]])
    >>> print(missing_report(X))
    1 of 4 rows are complete
    x2       75.0 %  chained
    x1       25.0 %  regression
    """
    low, medium, high = rates
    if not 0 <= low <= medium <= high <= 1:
        raise ValueError(f"rates must ascend from 0 to 1, got {rates}")
    names, masks, kinds = [], [], []
    for name, column in named_columns(X):
        names.append(name)
        masks.append(missing_mask(column))
        kinds.append("numeric" if column.dtype.kind in "biufM" else "categorical")
    if not masks or not len(masks[0]):
        raise ValueError("there are no rows or no columns to report on")
    mask = np.column_stack(masks)
    columns = []
    for name, kind, missing in zip(names, kinds, mask.T):
        rate = float(missing.mean())
        columns.append(
            ColumnReport(name, int(missing.sum()), rate, kind, _strategy(rate, kind, rates))
        )
    packed, counts = np.unique(mask, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:10]
    patterns = tuple(
        (tuple(np.array(names, object)[packed[k]].tolist()), int(counts[k])) for k in order
    )
    return MissingReport(len(mask), tuple(columns), int((~mask.any(axis=1)).sum()), patterns)


def _strategy(rate: float, kind: str, rates: tuple[float, float, float]) -> str:
    low, medium, high = rates
    if rate == 0:
        return "none"
    if rate > high:
        return "drop"
    if kind == "categorical":
        return "most_frequent" if rate <= low else "category"
    if rate <= low:
        return "median"
    return "regression" if rate <= medium else "chained"
